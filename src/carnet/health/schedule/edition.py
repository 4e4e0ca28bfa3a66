"""One edition of the national schedule: its lines, each a vaccine for some diseases, as versioned data.

The file is checked when it is loaded; a fault names its row. Where the sources behind a line disagree the line holds
both (`…_or`), and nothing here chooses (`ways`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from carnet.formats.terminology.table import Row, Table, read
from carnet.health.schedule.ages import Length, length
from carnet.health.schedule.diseases import diseases

__all__ = ["Atom", "Campaign", "Cohort", "Edition", "Line", "Pattern", "Step", "Words", "edition_on", "parse"]

FILES: Final = ("france-2025.json",)
_SURE: Final = "stated"
_BASES: Final = (_SURE, "to_confirm")
_UNFINISHED: Final = ("unknown", "closed")


@dataclass(frozen=True, slots=True)
class Words:
    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """One dose: due from an age, late from another (`latest`: or from so long after the dose before). Nearer than `gap`
    to the dose before, or younger than `at_least`, it does not count. `pace`: how long after it is planned."""

    since: Length
    late: Length | None = None
    gap: Length | None = None
    pace: Length | None = None
    at_least: Length | None = None
    latest: Length | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """The doses of who began at an age (`started`), or with a product (`tag`). `last_is_sure`: False where the sources
    do not tell whether the last dose is still asked."""

    steps: tuple[Step, ...]
    started: Length | None = None
    tag: str = ""
    last_is_sure: bool = True
    ends: Length | None = None
    ends_or: Length | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Each year between two days, about: what was given `early` days before the first may count. `apart`: the least
    time since the dose before, to be confirmed."""

    first: tuple[int, int]
    last: tuple[int, int]
    early: int
    apart: Length | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    """Whom a line is for: all of it holds. Facts are those that somebody has to tell."""

    facts: tuple[str, ...] = ()
    since: Length | None = None
    until: Length | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Cohort:
    """For whom a line is compulsory."""

    born: date | None = None
    before: date | None = None
    on: date | None = None
    under: Length | None = None
    diseases: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """`unfinished`: what is said of a series begun and not ended at the age where the line ends. `spare`: a booster is
    not due within that time after a dose; `recent`: whether a dose so shortly before stands for it nobody tells.
    `counts`: tags of the products that count, all where it is empty; `perhaps`: that may."""

    id: str
    words: Words
    diseases: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    sure: bool = True
    born: date | None = None
    before: date | None = None
    starts_before: Length | None = None
    starts_before_or: Length | None = None
    unfinished: str = "unknown"
    contraindicated: frozenset[str] = frozenset()
    offered: bool = False
    booster: bool = False
    every: Length | None = None
    spare: Length | None = None
    recent: Length | None = None
    counts_from: Length | None = None
    counts: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    after_others: Length | None = None
    product_unsure: bool = False
    condition: tuple[Atom, ...] = ()
    campaign: Campaign | None = None
    weeks: tuple[int, int] | None = None
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    mandatory: tuple[Cohort, ...] = ()
    mandatory_or: tuple[Cohort, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """`facts`: in the words of whom a vaccine is for; `sayable`: of those that a person can say of themselves, in the
    words in which they do."""

    version: str
    effective: date
    source: str
    basis: str
    lines: tuple[Line, ...]
    doubts: Mapping[str, Words]
    facts: Mapping[str, Words]
    sayable: Mapping[str, Words]
    _of: Mapping[str, tuple[Line, ...]] = field(repr=False)

    def lines_of(self, disease: str) -> tuple[Line, ...]:
        return self._of.get(disease, ())

    @property
    def diseases(self) -> tuple[str, ...]:
        """In the order of the schedule."""
        return tuple(self._of)


def edition_on(day: date) -> Edition:
    """The edition in force that day; the oldest for a day before all."""
    found = [each for each in _editions() if each.effective <= day]
    return found[-1] if found else _editions()[0]


@cache
def _editions() -> tuple[Edition, ...]:
    return tuple(sorted((parse(read(name, __package__)) for name in FILES), key=lambda each: each.effective))


def parse(table: Table) -> Edition:
    lines = tuple(_line(row) for row in table.rows("lines"))
    if len({each.id for each in lines}) != len(lines):
        raise table.head.error("two lines have the same id")
    facts = _words(table, "facts")
    for line in lines:
        asked = {*line.contraindicated, *(name for each in line.condition for name in each.facts)}
        asked |= {name for each in (*line.mandatory, *line.mandatory_or) for name in each.facts}
        if asked - facts.keys():
            raise table.head.error(f"{line.id} asks a fact without words: {', '.join(sorted(asked - facts.keys()))}")
    of: dict[str, list[Line]] = {}
    for line in lines:
        for disease in line.diseases:
            of.setdefault(disease, []).append(line)
    return Edition(
        version=table.version,
        effective=table.effective,
        source=table.source,
        basis=table.basis,
        lines=lines,
        doubts=_words(table, "doubts"),
        facts=facts,
        sayable=_sayable(table),
        _of={disease: tuple(found) for disease, found in of.items()},
    )


def _words(table: Table, name: str) -> Mapping[str, Words]:
    return {row.required("key"): Words(row.required("fr"), row.required("en")) for row in table.rows(name)}


def _sayable(table: Table) -> Mapping[str, Words]:
    said = (row for row in table.rows("facts") if row.text("said_fr", ""))
    return {row.required("key"): Words(row.required("said_fr"), row.required("said_en")) for row in said}


def _line(row: Row) -> Line:
    unknown = set(row.texts("diseases")) - diseases().keys()
    if unknown or not row.texts("diseases"):
        raise row.error(f"unknown diseases: {', '.join(sorted(unknown)) or 'none at all'}")
    known = frozenset(row.texts("diseases"))
    return Line(
        id=row.required("id"),
        words=Words(row.required("fr"), row.required("en")),
        diseases=row.texts("diseases"),
        patterns=_patterns(row),
        sure=_one_of(row, "basis", _BASES, _SURE) == _SURE,
        born=_day(row, "born"),
        before=_day(row, "before"),
        starts_before=_length(row, "starts_before"),
        starts_before_or=_length(row, "starts_before_or"),
        unfinished=_one_of(row, "unfinished", _UNFINISHED, _UNFINISHED[0]),
        contraindicated=frozenset(_texts(row, "contraindicated")),
        offered=_flag(row, "offered"),
        booster=_flag(row, "booster"),
        every=_length(row, "every"),
        spare=_length(row, "spare"),
        recent=_length(row, "recent"),
        counts_from=_length(row, "counts_from"),
        counts=frozenset(_texts(row, "counts")),
        perhaps=frozenset(_texts(row, "perhaps")),
        after_others=_length(row, "after_others"),
        product_unsure=_flag(row, "product_unsure"),
        condition=tuple(map(_atom, _rows(row, "condition"))),
        campaign=_campaign(row),
        weeks=_weeks(row),
        season=_season(row),
        mandatory=tuple(_cohort(each, known) for each in _rows(row, "mandatory")),
        mandatory_or=tuple(_cohort(each, known) for each in _rows(row, "mandatory_or")),
        note=row.text("note", ""),
    )


def _patterns(row: Row) -> tuple[Pattern, ...]:
    """The plain one first, then by the age at which it was begun."""
    found = (_pattern(row), *map(_pattern, _rows(row, "variants")))
    special = _flag(row, "booster") or "campaign" in row.fields or "weeks" in row.fields
    if not special and not all(each.steps for each in found):
        raise row.error("has no doses, no campaign, no weeks")
    if _flag(row, "booster") and len(found[0].steps) != 1:
        raise row.error("a booster is one dose")
    if any(step.gap is None and step.pace is None for each in found for step in each.steps[1:]):
        raise row.error("a dose after the first needs 'gap' or 'pace'")
    return found


def _pattern(row: Row) -> Pattern:
    return Pattern(
        steps=tuple(map(_step, _rows(row, "doses"))),
        started=_length(row, "started"),
        tag=row.text("tag", ""),
        last_is_sure=_flag(row, "last_is_sure", default=True),
        ends=_length(row, "ends"),
        ends_or=_length(row, "ends_or"),
    )


def _step(row: Row) -> Step:
    since = _length(row, "from")
    if since is None:
        raise row.error("'from' is missing")
    late = _length(row, "late")
    if late and late.after(_ANY_DAY) <= since.after(_ANY_DAY):
        raise row.error("is late before it is due")
    return Step(
        since=since,
        late=late,
        **{name: _length(row, name) for name in ("gap", "pace", "at_least", "latest")},
    )


def _atom(row: Row) -> Atom:
    return Atom(
        facts=_texts(row, "facts"),
        since=_length(row, "from"),
        until=_length(row, "until"),
        sex=_one_of(row, "sex", ("female", "male"), ""),
    )


def _cohort(row: Row, known: frozenset[str]) -> Cohort:
    return Cohort(
        born=_day(row, "born"),
        before=_day(row, "before"),
        on=_day(row, "on"),
        under=_length(row, "under"),
        diseases=frozenset(_texts(row, "diseases")) or known,
        facts=_texts(row, "facts"),
    )


def _campaign(row: Row) -> Campaign | None:
    if "campaign" not in row.fields:
        return None
    own = _inner(row, "campaign", row.fields["campaign"])
    first, last = (_month_day(own, own.required(name)) for name in ("from", "until"))
    return Campaign(first, last, own.number("early"), _length(own, "apart"))


def _weeks(row: Row) -> tuple[int, int] | None:
    found = row.fields.get("weeks")
    if found is None:
        return None
    if not (isinstance(found, list) and len(found) == 2 and all(isinstance(each, int) for each in found)):  # noqa: PLR2004
        raise row.error("'weeks' must be two numbers")
    return found[0], found[1]


def _season(row: Row) -> tuple[tuple[int, int], tuple[int, int]] | None:
    found = _texts(row, "season")
    if not found:
        return None
    first, last = (_month_day(row, each) for each in found)
    return first, last


def _month_day(row: Row, written: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2001-{written}")
    except ValueError:
        raise row.error(f"{written!r} is no day of a year") from None
    return day.month, day.day


def _length(row: Row, name: str) -> Length | None:
    written = row.text(name, "")
    try:
        return length(written) if written else None
    except ValueError as fault:
        raise row.error(str(fault)) from None


def _day(row: Row, name: str) -> date | None:
    written = row.text(name, "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise row.error(f"{written!r} is no day") from None


def _flag(row: Row, name: str, *, default: bool = False) -> bool:
    return row.flag(name) if name in row.fields else default


def _texts(row: Row, name: str) -> tuple[str, ...]:
    return row.texts(name) if name in row.fields else ()


def _one_of(row: Row, name: str, allowed: tuple[str, ...], default: str) -> str:
    found = row.text(name, default)
    if found != default and found not in allowed:
        raise row.error(f"{name!r} must be one of {', '.join(allowed)}")
    return found


def _rows(row: Row, name: str) -> list[Row]:
    found = row.fields.get(name, [])
    if not isinstance(found, list):
        raise row.error(f"{name!r} must be a list")
    return [_inner(row, f"{name} {number}", each) for number, each in enumerate(found, start=1)]


def _inner(row: Row, name: str, fields: Any) -> Row:
    if not isinstance(fields, dict):
        raise row.error(f"{name} is not an object")
    return Row(f"{row.where}, {name}", fields)


_ANY_DAY: Final = date(2001, 1, 1)
