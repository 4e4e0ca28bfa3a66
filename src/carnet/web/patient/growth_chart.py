"""A child's measures by age, among the curves of a reference, as the coordinates of an SVG. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from carnet.health.growth import Placed
from carnet.web.i18n import ngettext
from carnet.web.patient.figures import Label, Mark, grid_rows, path_of, scaled, steps

__all__ = ["Chart", "Guide", "charts", "span"]

_YEAR: Final = 12
_MOST_IN_MONTHS: Final = 30
Curves = Mapping[int, Sequence[Sequence[tuple[float, float]]]]


@dataclass(frozen=True, slots=True)
class Guide:
    """A centile: its path, and where its name stands at its end, None where the curves are too near."""

    centile: int
    d: str
    at: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    wide: int
    high: int
    left: float
    right: float
    bottom: float
    rows: tuple[Label, ...]
    ages: tuple[Label, ...]
    guides: tuple[Guide, ...]
    line: str
    marks: tuple[Mark, ...]


def span(placed: Sequence[Placed]) -> tuple[float, float]:
    """The ages to draw, in months: what is there, with some room, and at least a year."""
    first, last = min(each.months for each in placed), max(each.months for each in placed)
    room = max((last - first) * 0.08, 1.0)
    first, last = max(0.0, first - room), last + room
    if last - first < _YEAR:
        middle = (first + last) / 2
        first = max(0.0, middle - _YEAR / 2)
        last = first + _YEAR
    return first, last


def charts(placed: Sequence[Placed], curves: Curves) -> tuple[Chart, ...]:
    """For a desk and for a phone."""
    return (_chart("for-wide", 680, 380, placed, curves, 8), _chart("for-phone", 340, 340, placed, curves, 4))


def _chart(name: str, wide: int, high: int, placed: Sequence[Placed], curves: Curves, most: int) -> Chart:
    first, last = span(placed)
    values = [each.value for each in placed]
    values += [value for pieces in curves.values() for piece in pieces for _, value in piece]
    step, lowest, highest = steps(values)
    rows = grid_rows(step, lowest, highest, "")
    left = 16.0 + 7.6 * max(len(each.text) for each in rows)
    right, top, bottom = wide - (34.0 if curves else 14.0), 14.0, high - 30.0
    y, x = scaled(lowest, highest, bottom, top), scaled(first, last, left, right)
    newest = max(placed, key=lambda each: (each.point.at, each.point.fact))
    return Chart(
        name=name,
        wide=wide,
        high=high,
        left=left,
        right=right,
        bottom=bottom,
        rows=tuple(Label(y(each.at), each.text) for each in rows),
        ages=tuple(Label(x(months), text) for months, text in _ages(first, last, most)),
        guides=tuple(_guides(curves, x, y)),
        line=path_of([(x(each.months), y(each.value)) for each in placed]) if len(placed) > 1 else "",
        marks=tuple(Mark(x(each.months), y(each.value), "", last=each is newest) for each in placed),
    )


def _ages(first: float, last: float, most: int) -> list[tuple[float, str]]:
    """Whole months of a small child, else whole years."""
    size = 1 if last <= _MOST_IN_MONTHS else _YEAR
    count = (last - first) / size
    every = next(each for each in (1, 2, 3, 6, 12) if count / each <= most or each == _YEAR)
    found = []
    for number in range(ceil(first / size / every), floor(last / size / every) + 1):
        age = number * every
        words = (
            ngettext("%(count)s mois", "%(count)s mois", age)
            if size == 1
            else ngettext("%(count)s an", "%(count)s ans", age)
        )
        found.append((float(age * size), words % {"count": age}))
    return found


_APART: Final = 13.0


def _guides(curves: Curves, x: Callable[[float], float], y: Callable[[float], float]) -> list[Guide]:
    found: list[Guide] = []
    named: list[float] = []
    # The outer ones and the middle are named before those between them.
    for centile in sorted(curves, key=lambda each: (each in {25, 75}, each)):
        pieces = curves[centile]
        end = y(pieces[-1][-1][1])
        at = end if all(abs(end - each) >= _APART for each in named) else None
        if at is not None:
            named.append(at)
        d = "".join(path_of([(x(months), y(value)) for months, value in piece]) for piece in pieces)
        found.append(Guide(centile, d, at))
    return found
