"""A susceptibility among the others of its report: of one organism, what the laboratory says of each antibiotic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from carnet.formats.clinical.model import Observation
from carnet.formats.clinical.values import Quantity
from carnet.health.results import Found, Series
from carnet.web.i18n import gettext
from carnet.web.patient import figures
from carnet.web.patient import result_words as words
from carnet.web.words import marked

__all__ = ["Antibiogram", "of"]

# HL7's ObservationInterpretation, with the words of the French committee (CA-SFM, EUCAST).
_SAID: Final = {
    "S": marked("Sensible"),
    "I": marked("Sensible à forte posologie"),
    "SDD": marked("Sensible à forte posologie"),
    "R": marked("Résistant"),
}


@dataclass(frozen=True, slots=True)
class Tested:
    """`measured`: the concentration, where the laboratory gives one. `here`: the one whose page this is."""

    name: str
    said: str
    measured: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Antibiogram:
    organism: str
    day: str
    rows: tuple[Tested, ...]


def of(series: Series, every: Iterable[Series], prefix: str, home: str) -> Antibiogram | None:
    """None for what is no susceptibility, or stands alone."""
    last = series.last
    if last is None or last.entry is None or not last.entry.isolate.label:
        return None
    organism = last.entry.isolate.label
    rows = [
        _tested(each, found, each.key == series.key, f"{home}/{words.slug_of(each.key, prefix)}")
        for each in every
        for found in _in_report(each, last, organism)
    ]
    if len(rows) < 2:  # noqa: PLR2004 - a table of one is none
        return None
    return Antibiogram(organism, words.moment(last.line), tuple(sorted(rows, key=lambda row: row.name.casefold())))


def _in_report(series: Series, last: Found, organism: str) -> Iterator[Found]:
    """What the same document states of the same organism: of two isolates of it, both."""
    for found in series.found:
        same = set(found.line.sources) & set(last.line.sources)
        if same and found.entry is not None and found.entry.isolate.label == organism:
            yield found


def _tested(series: Series, found: Found, here: bool, href: str) -> Tested:  # noqa: FBT001
    entry = found.entry
    value = entry.value if entry else None
    measured = figures.quantity(value) if isinstance(value, Quantity) else ""
    said = _said(entry) if entry else ""
    return Tested(words.name(series), said or (words.value(entry) if not measured else ""), measured, href, here)


def _said(entry: Observation) -> str:
    codes = [each.code for concept in entry.interpretations for each in concept.codings]
    known = next((gettext(_SAID[code]) for code in codes if code in _SAID), "")
    return known or ", ".join(each.label for each in entry.interpretations if each.label)
