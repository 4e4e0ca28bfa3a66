"""What was read of a document as the rows that are kept of it."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from carnet.formats.clinical import keys, sameness
from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.reading import Read
from carnet.formats.fhir import entries as fhir
from carnet.formats.fhir.search import entry_index
from carnet.formats.terminology import analytes, measures, systems
from carnet.health import columns, goals, naming
from carnet.kernel import vault
from carnet.kernel.ids import fhir_id, short

_LONGEST: Final = 400
"""Of a part of a series, in bytes."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that was read, or somebody's own words; `known_at`: since when what it says is known here."""

    record_id: UUID
    id: UUID
    said_by: str
    stated_at: datetime
    known_at: datetime


def of(source: Source, read: Read) -> Iterator[dict[str, Any]]:
    """A document that states the same twice means two (five stents, two doses): the second of one is the second of
    another."""
    seen: Counter[str] = Counter()
    for position, each in enumerate(read.entries):
        entry = replace(each, by=each.by or read.author)
        question = _question(source, entry)
        stated = keys.key(question, sameness.answer(entry))
        seen[stated] += 1
        rank = str(seen[stated])
        yield _row(
            source,
            entry,
            question=digest(source, "question", keys.key(question, rank)),
            fact=digest(source, "fact", keys.key(stated, rank)),
            position=position,
        )


def _question(source: Source, entry: Entry) -> str:
    """What joins it with what other sources state; what nothing joins is known by its place in its own."""
    named = sameness.names(entry)
    return sameness.question(entry) or (named[0] if named else keys.key("alone", str(source.id), entry.path))


def _row(source: Source, entry: Entry, *, question: UUID, fact: UUID, position: int) -> dict[str, Any]:
    written = fhir.write(
        entry,
        fhir.Written(
            id=fhir_id(source.record_id, fact),
            subject=f"Patient/{short(source.record_id)}",
            last_updated=source.known_at,
        ),
    )
    return {
        "record_id": source.record_id,
        "source_id": source.id,
        "position": position,
        "said_by": source.said_by,
        "fact": fact,
        "question": question,
        "series": series_of(entry),
        "tokens": entry_index.of_entry(entry, written),
        "fhir": fhir.dump(written).decode(),
        "words": naming.words(entry),
        "place": naming.place(entry),
        "setting": naming.setting(entry),
        "stated_at": source.stated_at,
        "known_at": source.known_at,
        **columns.of(entry),
    }


def series_of(entry: Entry) -> str:
    """The analyte or measure of which it is a value; its own code where no table joins it with others. What was tested
    of one germ is none of another's values."""
    if entry.kind is Kind.MEASURE:
        measure = measures.of(entry.code)
        return f"measure:{measure.key}" if measure else _own(entry)
    if isinstance(entry, Observation) and entry.kind is Kind.RESULT:
        if entry.isolate:
            return f"{_own(entry)}|{_bounded(keys.coded_or_words(entry.isolate))}" if entry.code.codings else ""
        analyte = analytes.of(entry.code)
        return f"analyte:{analyte.key}" if analyte else _own(entry)
    return ""


def _own(entry: Entry) -> str:
    if not entry.code.codings:
        return ""
    own = entry.code.codings[0]
    # That of a goal is the whole of another series.
    most = _LONGEST * 4 if own.system == goals.SYSTEM else _LONGEST
    return f"{_bounded(systems.to_uri(own.system))}|{_bounded(own.code, most)}"


def _bounded(text: str, most: int = _LONGEST) -> str:
    """No index holds thousands of bytes: what nobody writes by hand is known by its digest."""
    written = text.encode()
    return text if len(written) <= most else f"sha256:{hashlib.sha256(written).hexdigest()}"


def digest(source: Source, part: str, text: str) -> UUID:
    """Keyed: an id tells nothing of what it stands for, nor when it came. Whose words it is in is part of it."""
    named = f"{source.record_id}\x00{source.said_by}\x00{part}\x00{text}".encode()
    return UUID(bytes=hmac.digest(_key(), named, "sha256")[:16])


@cache
def _key() -> bytes:
    return vault.derive("facts")
