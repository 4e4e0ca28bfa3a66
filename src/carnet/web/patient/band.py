"""The band above the history: each health problem over the years that it lasted, from birth to this year. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.clinical.values import NEVER
from carnet.health.profile import Profile
from carnet.health.queries import Line
from carnet.health.sections import Section
from carnet.health.standing import Standing
from carnet.web.i18n import gettext
from carnet.web.patient.figures import Label, scaled
from carnet.web.patient.health_rows import Subject, Voice, shown_section

__all__ = ["Band", "band"]

MOST: Final = 6
_FEWEST: Final = 2
_YEAR, _DAY = 4, 10
_ROW, _ABOVE, _BAR, _EDGE, _GAP = 24.0, 18.0, 18.0, 4.0, 7.0
# As wide as a letter is at most on average, in the size of the letters of a figure.
_LETTER: Final = 7.0
_STEPS: Final = (1, 2, 5, 10, 20, 50)
_APART: Final = 52.0


@dataclass(frozen=True, slots=True)
class Lasted:
    """`title` is in a source's words where it is `foreign`. `when`: « depuis 2016 », « de 1988 à 1997 »."""

    title: str
    foreign: bool
    since: date
    until: date
    when: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    wide: float
    text: tuple[float, float, str]
    title: str
    foreign: bool
    colour: int


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    wide: int
    high: float
    bars: tuple[Bar, ...]
    years: tuple[Label, ...]
    axis: float


@dataclass(frozen=True, slots=True)
class Band:
    """`more`: how many problems with a date have no bar here."""

    charts: tuple[Chart, ...]
    told: tuple[Lasted, ...]
    more: int


def band(lines: Sequence[Line], born: str, today: date) -> Band | None:
    """Of the problems that hold, and of whose beginning there is a date; those that lasted longest. None for fewer than
    two: one bar compares nothing."""
    subjects = shown_section(Profile(tuple(lines)), Section.PROBLEMS, owns=False).subjects
    every = [each for each in (_lasted(one, today) for one in subjects) if each is not None]
    if len(every) < _FEWEST:
        return None
    longest = sorted(every, key=lambda each: (each.since - each.until, -each.until.toordinal()))[:MOST]
    told = tuple(sorted(longest, key=lambda each: (each.since, each.until)))
    first = min(int(born[:_YEAR]) if born[:_YEAR].isdigit() else today.year, told[0].since.year)
    charts = (_chart("for-wide", 760, 9, told, first, today), _chart("for-phone", 326, 5, told, first, today))
    return Band(charts, told, len(every) - len(told))


def _lasted(subject: Subject, today: date) -> Lasted | None:
    """By the newest voice that dates its beginning."""
    for voice in subject.voices:
        if voice.line.since is None or voice.struck or voice.line.absence or voice.standing is not Standing.HOLDS:
            continue
        when = voice.entry.when if voice.entry else NEVER
        begins = _first(when.start)
        if begins is not None and begins <= today:
            ends, said = _end(voice, begins, min(_last(when.end) or today, today), ended=bool(when.end))
            return Lasted(subject.title, subject.foreign, begins, ends, said)
    return None


def _end(voice: Voice, begins: date, until: date, *, ended: bool) -> tuple[date, str]:
    """Of what is over without a date of its end the beginning alone is told."""
    if not ended and not voice.over:
        return until, gettext("depuis %(year)s") % {"year": begins.year}
    ends = max(until, begins) if ended else begins
    if ends.year == begins.year:
        said = gettext("en %(year)s") if ended else gettext("à partir de %(year)s")
        return ends, said % {"year": begins.year}
    return ends, gettext("de %(first)s à %(last)s") % {"first": begins.year, "last": ends.year}


def _first(day: str) -> date | None:
    """Of a year, a month or a day as a source has it."""
    with suppress(ValueError):
        return date.fromisoformat((day + "-01-01"[len(day) - _YEAR :])[:_DAY]) if len(day) >= _YEAR else None
    return None


def _last(day: str) -> date | None:
    first = _first(day)
    return first.replace(month=12, day=31) if first and len(day) == _YEAR else first


def _chart(name: str, wide: int, most: int, told: Sequence[Lasted], first: int, today: date) -> Chart:
    begins = date(first, 1, 1)
    x = scaled(begins.toordinal(), max(today.toordinal(), begins.toordinal() + 1), _EDGE, wide - _EDGE)
    bars: list[Bar] = []
    y = _EDGE
    for rank, each in enumerate(told):
        left, right = x(each.since.toordinal()), x(each.until.toordinal())
        if right - left < _BAR / 2:
            left, right = _widened(left, right, wide)
        text = _beside(each.title, left, right, wide)
        if text is None:
            y += _ABOVE
            text = _over(each.title, left, wide)
            at = y - _GAP
        else:
            at = y + _BAR - 4.5
        title = _cut(each.title, wide)
        bars.append(Bar(left, y, round(right - left, 1), (text[0], at, text[1]), title, each.foreign, rank % 4 + 1))
        y += _ROW
    return Chart(name, wide, y + 28, tuple(bars), tuple(_years(first, today.year, x, wide, most)), y + 4)


def _widened(left: float, right: float, wide: int) -> tuple[float, float]:
    """What lasted days is seen too."""
    middle = min(max((left + right) / 2, _EDGE + _BAR / 4), wide - _EDGE - _BAR / 4)
    return round(middle - _BAR / 4, 1), round(middle + _BAR / 4, 1)


def _beside(title: str, left: float, right: float, wide: int) -> tuple[float, str] | None:
    """Right of the bar, else left of it, where there is room."""
    long = len(title) * _LETTER
    if right + _GAP + long <= wide:
        return round(right + _GAP, 1), "start"
    return (round(left - _GAP, 1), "end") if left - _GAP - long >= 0 else None


def _over(title: str, left: float, wide: int) -> tuple[float, str]:
    fits = left + len(title) * _LETTER <= wide
    return (left, "start") if fits else (wide - _EDGE, "end")


def _cut(title: str, wide: int) -> str:
    most = int(wide / _LETTER) - 1
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _years(first: int, last: int, x: Callable[[float], float], wide: int, most: int) -> Iterator[Label]:
    yield Label(_EDGE, str(first), "start")
    step = next(each for each in _STEPS if (last - first) / each <= most or each == _STEPS[-1])
    for year in range(first + 1, last):
        at = x(date(year, 1, 1).toordinal())
        if year % step == 0 and _APART <= at <= wide - _APART - 16:
            yield Label(at, str(year))
    if last > first:
        yield Label(wide - _EDGE, str(last), "end")
