"""What a search asks for, in the form in which the store answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from carnet.formats.fhir.search.dates import Interval, PeriodTest
from carnet.formats.fhir.search.tokens import Token
from carnet.formats.folding import Term

__all__ = [
    "DEFAULT_COUNT",
    "MAX_COUNT",
    "AuditSearch",
    "ConsentSearch",
    "DocumentSearch",
    "EntrySearch",
    "ListSearch",
    "Search",
    "SortKey",
    "Words",
]

DEFAULT_COUNT: Final = 20
MAX_COUNT: Final = 200


class Words(NamedTuple):
    """Of `among` one holds: every term of it stands in the document, or in its heading alone."""

    heading: bool
    among: tuple[tuple[Term, ...], ...]


class SortKey(NamedTuple):
    """`field` is creation, date, period (its start) or _lastUpdated, as far as the resource has it."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All that is asked must hold together; an empty tuple asks nothing.

    `patient_ids` and `patient_identifiers` must all name the one record (`ins_systems` for a number without
    system). `ids` and `statuses` are alternatives; `impossible` says that repetitions of them exclude each other:
    nothing is found. Of each group in `tokens` (`keys`) the row has at least one, of those in `without` none.
    Of each group in `names` at least one LIKE pattern fits one of the row's names. `instants` and `periods` give
    by field (creation, date, _lastUpdated, period-start, period-end; period) groups of which one alternative
    holds each; what the row does not have is in no interval. `words` must all hold.

    `count` 0 with `summary_count` asks for the total only; `total` False asks for none. `cursor` is the opaque
    page mark of our own next links. `understood` are the pairs that count, for the links, without the cursor;
    `ignored` the names of parameters that do not.
    """

    patient_ids: tuple[str, ...] = ()
    patient_identifiers: tuple[Token, ...] = ()
    ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    impossible: bool = False
    identifiers: tuple[Token, ...] = ()
    tokens: tuple[tuple[int, ...], ...] = ()
    without: tuple[tuple[int, ...], ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    instants: Mapping[str, tuple[tuple[Interval, ...], ...]] = field(default_factory=lambda: MappingProxyType({}))
    periods: tuple[tuple[PeriodTest, ...], ...] = ()
    words: tuple[Words, ...] = ()
    sort: tuple[SortKey, ...] = ()
    count: int = DEFAULT_COUNT
    summary_count: bool = False
    total: bool = True
    cursor: str = ""
    understood: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSearch(Search):
    """ITI-67. `identifiers` are the alternatives of the first `identifier`, also among the `tokens`: they find the
    record when no patient is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSearch(Search):
    """ITI-66: submission sets and folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySearch(Search):
    """Clinical entries of one type. `provenance`: with where each is from. `targets`: those whose Provenance is asked
    for, as type and id; nothing asks nothing."""

    provenance: bool = False
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentSearch(Search):
    """What was agreed to or refused, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch(Search):
    """Who did what, newest first; a total alone or none. `actions`, `outcomes` and `types` are alternatives of codes,
    of which nothing asks nothing; `instants` has only `date`."""

    actions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def at(self, moment: datetime) -> bool:
        """Whether something of that moment is asked for."""
        return all(any(_within(each, moment) for each in group) for group in self.instants.get("date", ()))

    @property
    def before(self) -> datetime | None:
        """From when on nothing is asked for; None without such an end."""
        ends = [_latest(group) for group in self.instants.get("date", ())]
        return min((end for end in ends if end), default=None)

    @property
    def since(self) -> datetime | None:
        """Before which nothing is asked for."""
        starts = [_earliest(group) for group in self.instants.get("date", ())]
        return max((start for start in starts if start), default=None)


def _within(interval: Interval, moment: datetime) -> bool:
    return (interval.lo is None or interval.lo <= moment) and (interval.hi is None or moment < interval.hi)


def _latest(group: tuple[Interval, ...]) -> datetime | None:
    ends = [each.hi for each in group]
    return None if None in ends else max((end for end in ends if end), default=None)


def _earliest(group: tuple[Interval, ...]) -> datetime | None:
    starts = [each.lo for each in group]
    return None if None in starts else min((start for start in starts if start), default=None)
