"""What one screen shows of a record: read in one transaction, under one decision, with two lines in the trail (the
structured record, the documents). Nothing is asked again row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

from carnet.consent import circle
from carnet.consent.access import reading
from carnet.consent.circle import Circle
from carnet.documents.queries import DocumentLine, plain
from carnet.formats.clinical.model import Kind
from carnet.formats.terminology import document_types
from carnet.formats.terminology.document_types import DocumentType
from carnet.health import flags, queries, stays
from carnet.health.columns import KINDS
from carnet.health.profile import Profile, Said, SourceDocument, Word
from carnet.health.profile_models import Own
from carnet.health.queries import Line
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, note, open_record, rows, statements
from carnet.people import queries as people

__all__ = ["FRESH", "MOST", "Changed", "News", "Paper", "Screen", "Wanted", "read"]

_SQL = statements("carnet.health", "screen.sql")
_PROFILE = statements("carnet.health", "profile.sql")

_VALUES: Final = (Kind.RESULT, Kind.MEASURE)
# What is over by its dates alone (see `treatment_rules`) is not read; what somebody says they take, always.
_LASTING: Final = frozenset({Kind.PRESCRIPTION, Kind.DISPENSATION})
_CAPPED: Final = frozenset({Kind.ENCOUNTER, Kind.PROCEDURE, Kind.SOCIAL, Kind.FUNCTION, Kind.BIRTH})
_YEAR: Final = timedelta(days=366)
_OFF: Final = ["cancelled", "entered-in-error"]
_MOST_OF_A_KIND: Final = 12
_MOST_NEWS: Final = 400
FRESH: Final = timedelta(days=30)
"""A result outside its laboratory's range, or flagged by it, comes before those that a profession asks for, as long."""
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """`kinds` of facts, beside results and measures. Of results the last `each` of the `few` series that come first, as
    `first` orders them; `series` of results that are told whenever they were made, and `types` of documents likewise.
    `since`: results and documents from then on, None for all. `seen`: what came before it is not new, nor what came
    before the last visit."""

    kinds: frozenset[Kind]
    values: bool = True
    series: Sequence[str] = ()
    types: Sequence[str] = ()
    since: datetime | None = None
    seen: datetime | None = None
    each: int = 8
    first: Sequence[str] = ()
    few: int = MOST


class Paper(NamedTuple):
    line: DocumentLine
    type: DocumentType | None

    @property
    def at(self) -> datetime:
        return self.line.service_start or self.line.created_at

    def is_one_of(self, named: Sequence[str] | frozenset[str]) -> bool:
        """Of one of these types or categories, by their codes."""
        return self.type is not None and (self.type.code in named or self.type.category in named)


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact that came, or (`corrected`) that a document which came says otherwise, or (`called_off`) which holds no
    longer, though it was told before; `source_id`: that document, or the statement of who says it. `amends`: it stands
    for other words of theirs. `low` and `high` are in the unit of the value."""

    fact: UUID
    kind: Kind
    said_by: str
    series: str
    label: str
    since: datetime | None
    state: str
    value: Decimal | None
    ucum: str
    comparator: str
    low: Decimal | None
    high: Decimal | None
    interpretation: str
    known_at: datetime
    source_id: UUID
    corrected: bool
    called_off: bool = False
    amends: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """Since the last visit began, of what others brought. `since` is None for who was never here. `cut`: there are more
    facts than the newest, which `facts` has alone."""

    since: datetime | None = None
    papers: tuple[Paper, ...] = ()
    facts: tuple[Changed, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """`values`: results, measures and targets, each with its series; `every`: of how many series results there are,
    with those that are not told. `rest`: how many facts of a kind there are beyond the newest, which `lines` has alone.
    `documents`: by which a fact of `lines` or of the news is stated. Newest first."""

    lines: tuple[Line, ...] = ()
    rest: Mapping[Kind, int] = field(default_factory=dict)
    values: tuple[Line, ...] = ()
    every: int = 0
    papers: tuple[Paper, ...] = ()
    documents: Mapping[UUID, SourceDocument] = field(default_factory=dict)
    said: Mapping[UUID, Said] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    circle: Circle = circle.NOBODY
    news: News = News()

    def of(self, *kinds: Kind) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.kind in kinds)

    def profile(self, *kinds: Kind) -> Profile:
        """Facts of some kinds, for the pages that tell each subject once with whose words it is in."""
        return Profile(lines=self.of(*kinds), documents=self.documents, said=self.said, words=self.words)


def read(actor: Actor, purpose: Purpose, record_id: UUID, wanted: Wanted) -> Screen:
    """Raises `Refused`."""
    found, followers = reading(
        actor, purpose, record_id, partial(_read, wanted=wanted), action="entries-list", target_kind="entries"
    )
    # The names of professionals are no part of the record.
    said = found.pop("said")
    names = people.names({row["depositor_id"] for row in said}) if said else {}
    return Screen(
        **found,
        said={row["source_id"]: Said(**row, who=names.get(row["depositor_id"], "")) for row in said},
        circle=circle.named(followers),
    )


def _read(permit: Permit, *, wanted: Wanted) -> tuple[dict[str, Any], circle.Rows]:
    with open_record(permit, trace=Trace("entries-list", "entries")) as cursor:
        note(cursor, permit, Trace("documents-list", "documents"))
        # Values come as PostgreSQL holds them, which is the quickest to read.
        cursor.cursor.format = Format.BINARY
        asked: dict[str, Any] = {"record_id": permit.record_id, "actor_id": permit.actor.id, "since": wanted.since}
        facts = _rows(cursor, "facts", asked | _of_facts(wanted))
        many = {KINDS[row["kind"]]: row.pop("many") for row in facts}
        lines = [queries.line(row) for row in facts]
        of_values = asked | {
            "kinds": queries.ranks(_VALUES),
            "measure": KINDS.index(Kind.MEASURE),
            "each": wanted.each,
            "first": list(wanted.first),
            "few": wanted.few,
            "fresh": clock.now() - FRESH,
            "flags": list(flags.CODES),
        }
        values = _rows(cursor, "values", of_values) if wanted.values else []
        every = [row.pop("every") for row in values]
        always = [document_types.known(each).ordinal for each in wanted.types]
        papers = _rows(cursor, "papers", asked | {"always": always})
        news = _news(cursor, asked, wanted.seen)
        cursor.execute(_PROFILE["words"], asked)
        words = [Word(**row | {"kind": Own(row["kind"])}) for row in rows(cursor)]
        followers = circle.read(cursor, permit)
        cursor.execute(_PROFILE["documents"], asked | {"ids": _sources(lines, news)})
        documents = [SourceDocument(**row) for row in rows(cursor)]
        own = sorted({each.sources[0] for each in lines if each.said_by != "document"})
        said = _rows(cursor, "said", asked | {"ids": own}) if own else []
    return {
        "lines": tuple(lines),
        "rest": {kind: total - sum(each.kind is kind for each in lines) for kind, total in many.items()},
        "values": tuple(map(queries.line, values)),
        "every": max(every, default=0),
        "papers": tuple(map(_paper, papers)),
        "documents": {each.id: each for each in documents},
        "said": said,
        "words": tuple(words),
        "news": news,
    }, followers


def _of_facts(wanted: Wanted) -> dict[str, Any]:
    now = clock.now()
    plain_kinds = wanted.kinds - _LASTING - {Kind.ENCOUNTER, *_VALUES}
    return {
        "kinds": queries.ranks(sorted(plain_kinds)),
        "lasting": queries.ranks(sorted(wanted.kinds & _LASTING)),
        "visit": KINDS.index(Kind.ENCOUNTER) if Kind.ENCOUNTER in wanted.kinds else None,
        "stays": list(stays.SETTINGS),
        "series": list(wanted.series),
        "capped": queries.ranks(sorted(_CAPPED)),
        "most": _MOST_OF_A_KIND,
        "now": now,
        "year": now - _YEAR,
    }


def _news(cursor: CursorWrapper, asked: dict[str, Any], seen: datetime | None) -> News:
    (row,) = _rows(cursor, "last_visit", asked)
    last: datetime | None = row["at"]
    if last is None:
        return News()
    since = max(last, seen) if seen else last
    papers = _rows(cursor, "new_papers", asked | {"seen": since})
    of_facts = {"seen": since, "most": _MOST_NEWS + 1, "off": _OFF, "values": queries.ranks(_VALUES)}
    facts = [Changed(**each | {"kind": KINDS[each["kind"]]}) for each in _rows(cursor, "new_facts", asked | of_facts)]
    return News(
        since,
        tuple(map(_paper, papers)),
        tuple(_amending(cursor, asked, since, facts[:_MOST_NEWS])),
        len(facts) > _MOST_NEWS,
    )


def _amending(
    cursor: CursorWrapper, asked: dict[str, Any], since: datetime, facts: Sequence[Changed]
) -> Iterator[Changed]:
    """Of words of somebody's own, which stand for others that this reader knew."""
    said = [each.source_id for each in facts if each.said_by != "document"]
    found = _rows(cursor, "amending", asked | {"words": said, "seen": since}) if said else []
    amending = {row["id"] for row in found}
    for each in facts:
        yield replace(each, amends=True) if each.source_id in amending else each


def _paper(row: dict[str, Any]) -> Paper:
    kind = document_types.by_ordinal(row["type_ordinal"])
    return Paper(DocumentLine(**plain(row)), kind)


def _sources(lines: Sequence[Line], news: News) -> list[UUID]:
    """Of vaccinations the number alone leads to the document: there may be hundreds."""
    stated = {each.sources[0] for each in lines if each.kind is not Kind.VACCINATION and each.said_by == "document"}
    return sorted(stated | {each.source_id for each in news.facts})


def _rows(cursor: CursorWrapper, name: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[name], dict(asked))
    return rows(cursor)
