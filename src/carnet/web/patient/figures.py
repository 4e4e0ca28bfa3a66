"""Numbers, and curves as the coordinates of an SVG. Pure: what is plotted is said by `health.trends`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Context, Decimal
from itertools import pairwise
from math import floor, log10
from typing import Final

from carnet.formats.clinical.values import Quantity, Range
from carnet.formats.terminology import units
from carnet.health.trends import Point
from carnet.web import words
from carnet.web.i18n import FRENCH, PARIS, birth, gettext, language, short_day

_FIXED: Final = "\N{NO-BREAK SPACE}"
_STEPS: Final = (1, 2, 2.5, 5, 10)
_THOUSANDS: Final = 10_000
_TWO: Final = 2
_CLEAR: Final = 62.0
# Half the width of a written value, how far its middle is above its base, and the room about it.
_HALF, _RISE, _ROOM = 30.0, 5.0, 10.0
_LOW: Final = 26.0


def number(value: Decimal) -> str:
    """With the decimals that its source gave, and a comma in French: 7,10 is not 7,1."""
    text = f"{value:f}"
    whole, _, rest = text.partition(".")
    if abs(value) >= _THOUSANDS:
        whole = f"{int(whole):,}".replace(",", "\u202f" if language() == FRENCH else ",")
    return whole + ((("," if language() == FRENCH else ".") + rest) if rest else "")


def quantity(found: Quantity) -> str:
    """« moins de 0,5 mUI/L »: the typeface has no ≤."""
    return _told(found) + unit_after(found)


def together(parts: Sequence[Quantity]) -> str:
    """« au plus 135 / 85 mmHg »: what they share is said once."""
    alike = len({each.comparator for each in parts}) == 1
    said = [number(trim(each.value)) if alike else _told(each) for each in parts]
    numbers = " / ".join(said)
    return " ".join(filter(None, (than(parts[0].comparator) if alike else "", numbers))) + unit_after(parts[0])


def _told(found: Quantity) -> str:
    return " ".join(filter(None, (than(found.comparator), number(found.value))))


def than(comparator: str) -> str:
    words = {
        "<": gettext("moins de"),
        "<=": gettext("au plus"),
        ">": gettext("plus de"),
        ">=": gettext("au moins"),
    }
    return words.get(comparator, "")


def unit_of(found: Quantity) -> str:
    """As its source printed it; a code is no print."""
    shown = units.printed(found.ucum) if found.unit in {"", found.ucum} and found.ucum else found.unit
    return "" if shown == "1" else words.unit(shown)


def printed(ucum: str) -> str:
    return words.unit(units.printed(ucum))


def unit_after(found: Quantity) -> str:
    shown = unit_of(found)
    return f"{_FIXED}{shown}" if shown else ""


def bounds(found: Range) -> str:
    """« 4,0 à 6,0 % », « au plus 5 mg/L », or the words of the source."""
    low, high = found.low, found.high
    if low is not None and high is not None:
        both = {"low": number(low.value), "high": number(high.value)}
        return gettext("%(low)s à %(high)s") % both + unit_after(high)
    if high is not None:
        return quantity(replace(high, comparator=high.comparator or "<="))
    if low is not None:
        return quantity(replace(low, comparator=low.comparator or ">="))
    return found.text


def trim(value: Decimal) -> Decimal:
    """Without the zeros that a column adds."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short


def factor(value: Decimal) -> str:
    """Of a conversion, in four significant digits."""
    return number(trim(Context(prec=4).plus(value)))


@dataclass(frozen=True, slots=True)
class Scale:
    """A number line: where the zone of the laboratory begins, how wide it is, and where the value is, in per cent."""

    zone: float
    wide: float
    at: float


def scale(value: Decimal, low: Decimal | None, high: Decimal | None) -> Scale | None:
    if low is not None and high is not None and low < high:
        span = float(high - low)
        first, last = float(low) - span / 2, float(high) + span / 2
    elif high is not None and low is None and high > 0:
        first, last = 0.0, float(high) * 1.5
    elif low is not None and high is None and low > 0:
        first, last = 0.0, float(low) * 2
    else:
        return None

    def share(of: float) -> float:
        return round(min(max((of - first) / (last - first), 0.0), 1.0) * 100, 1)

    begins = share(float(low)) if low is not None else 0.0
    ends = share(float(high)) if high is not None else 100.0
    return Scale(begins, round(ends - begins, 1), min(max(share(float(value)), 4.0), 96.0))


@dataclass(frozen=True, slots=True)
class Spark:
    """A small curve: `d` is its path, `x` and `y` its last point."""

    d: str
    x: float
    y: float


def spark(points: Sequence[Point], wide: int = 96, high: int = 24) -> Spark | None:
    """Of one strand: that of the last point."""
    own = [each for each in points if each.strand == points[-1].strand] if points else []
    if len(own) < _TWO:
        return None
    x = scaled(own[0].at.timestamp(), own[-1].at.timestamp(), 3.0, wide - 5.0)
    values = [float(each.value) for each in own]
    y = scaled(min(values), max(values), high - 5.0, 5.0)
    placed = [(x(each.at.timestamp()), y(float(each.value))) for each in own]
    return Spark(path_of(placed), *placed[-1])


def scaled(first: float, last: float, begins: float, ends: float) -> Callable[[float], float]:
    if last == first:
        return lambda _value: round((begins + ends) / 2, 1)
    return lambda value: round(begins + (value - first) / (last - first) * (ends - begins), 1)


def path_of(placed: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in placed)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: `kind` is "" within the range of its laboratory or without one, "out" outside."""

    x: float
    y: float
    kind: str
    last: bool


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Label:
    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """A curve in one size. `lines` are the paths of its strands, the first one whole, the second in dashes; `more` are
    strands beyond two, whose points are not joined."""

    name: str
    wide: int
    high: int
    left: float
    right: float
    bottom: float
    rows: tuple[Label, ...]
    years: tuple[Label, ...]
    zones: tuple[Box, ...]
    aims: tuple[float, ...]
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    first: tuple[float, float, str]
    last: tuple[float, float, str]
    zone_at: tuple[float, float, str] | None
    aim_at: tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points that are joined where they are of one strand; `strands` in the order in which they are drawn."""

    points: tuple[Point, ...]
    strands: tuple[str, ...]


def curve(points: Sequence[Point]) -> Curve:
    counted = Counter(each.strand for each in points)
    return Curve(tuple(points), tuple(name for name, _ in counted.most_common()))


def charts(
    curves: Sequence[Curve],
    unit: str,
    aims: Sequence[Decimal] = (),
    out: Callable[[Point], bool] = lambda _point: False,
) -> tuple[Chart, ...]:
    """For a desk and for a phone; none where no curve has two points."""
    if max((len(each.points) for each in curves), default=0) < _TWO:
        return ()
    return (
        _chart("for-wide", 680, 293, curves, unit, aims, out, years=8),
        _chart("for-phone", 340, 253, curves, unit, aims, out, years=3),
    )


def _chart(
    name: str,
    wide: int,
    high: int,
    curves: Sequence[Curve],
    unit: str,
    aims: Sequence[Decimal],
    out: Callable[[Point], bool],
    *,
    years: int,
) -> Chart:
    points = [each for one in curves for each in one.points]
    values = [float(each.value) for each in points] + [float(each) for each in aims]
    edges = [float(edge) for each in points for edge in (each.low, each.high) if edge is not None]
    step, floor_, roof = steps([*values, *edges])
    labels = grid_rows(step, floor_, roof, unit)
    left = 16.0 + 7.6 * max(len(each.text) for each in labels)
    right, top, bottom = wide - 14.0, 22.0, high - 30.0
    y = scaled(floor_, roof, bottom, top)
    begins, ends = min(each.at for each in points), max(each.at for each in points)
    x = scaled(begins.timestamp(), ends.timestamp(), left + 10, right - 14)
    newest = max(points, key=lambda each: (each.at, each.fact))
    first, last = curves[0].points[0], curves[0].points[-1]
    begun, ended = ((x(each.at.timestamp()), y(float(each.value))) for each in (first, last))
    goals = [y(float(each)) for each in aims]
    placed = [(x(each.at.timestamp()), y(float(each.value))) for each in points]
    zones = tuple(_zones(curves[0].points, x, y, left, right, floor_, roof)) if len(curves) == 1 else ()
    first_at = _beside(begun, begun[0] + _HALF - 4, placed, goals, (top - 8, bottom - 4))
    last_at = _beside(ended, ended[0] - _HALF + 6, placed, goals, (top - 8, bottom - 4))
    return Chart(
        name=name,
        wide=wide,
        high=high,
        left=left,
        right=right,
        bottom=bottom,
        rows=tuple(Label(y(each.at), each.text) for each in labels),
        years=_years(begins, ends, x, years),
        zones=zones,
        zone_at=_zone_at(zones, placed, ((begun[0] + _HALF - 4, first_at), (ended[0] - _HALF + 6, last_at))),
        aim_at=_aim_at(goals, placed, left, right),
        aims=tuple(goals),
        lines=_joined(curves, x, y),
        marks=tuple(
            Mark(x(each.at.timestamp()), y(float(each.value)), "out" if out(each) else "", last=each is newest)
            for each in points
        ),
        first=(begun[0], first_at, number(_shown(first))),
        last=(ended[0], last_at, number(_shown(last))),
    )


def _zone_at(
    zones: Sequence[Box], placed: Sequence[tuple[float, float]], written: Sequence[tuple[float, float]]
) -> tuple[float, float, str] | None:
    """Where the zone is named: at an end of it, above or below, where no value is `written` and the curve is least in
    the way; nowhere in a zone that is too low, or where values are written all over. The legend names it as well."""
    if not zones or zones[-1].high < _LOW:
        return None
    between = [
        (a[0] + (b[0] - a[0]) * share / 8, a[1] + (b[1] - a[1]) * share / 8)
        for a, b in pairwise(placed)
        for share in range(8)
    ]
    half = 76.0

    def met(centre: float, y: float, points: Sequence[tuple[float, float]], wide: float, high: float) -> int:
        return sum(abs(x - centre) < half + wide and abs(each - y) < high for x, each in points)

    first, last = zones[0], zones[-1]
    places = [
        (box.x + 8 + half if anchor == "start" else box.x + box.wide - 8 - half, x, base, anchor)
        for box, x, anchor in ((last, last.x + last.wide - 8, "end"), (first, first.x + 8, "start"))
        for base in (box.y + 18, box.y + box.high - 8)
    ]
    free = [
        (met(centre, base - 4, (*placed, *between), 4, 12), rank, x, base, anchor)
        for rank, (centre, x, base, anchor) in enumerate(places)
        if not met(centre, base, written, _HALF, 15)
    ]
    if not free:
        return None
    _, _, x, base, anchor = min(free)
    return round(x, 1), round(base, 1), anchor


def _aim_at(
    aims: Sequence[float], placed: Sequence[tuple[float, float]], left: float, right: float
) -> tuple[float, float, str]:
    """Where the first target is named: above or below its line, where the curve is least in the way."""
    if not aims:
        return 0.0, 0.0, "start"
    between = [
        (a[0] + (b[0] - a[0]) * share / 8, a[1] + (b[1] - a[1]) * share / 8)
        for a, b in pairwise(placed)
        for share in range(8)
    ]
    half = 80.0
    places = ((left + 10, left + 10 + half, "start"), ((left + right) / 2, (left + right) / 2, "middle"))

    def met_at(centre: float, y: float) -> int:
        return sum(abs(at - centre) < half and abs(each - y) < half / 5 for at, each in (*placed, *between))

    _, x, y, anchor = min(
        (met_at(centre, aims[0] + drop - 4), x, aims[0] + drop, anchor)
        for x, centre, anchor in places
        for drop in (18.0, -8.0)
    )
    return round(x, 1), round(y, 1), anchor


def _shown(point: Point) -> Decimal:
    return trim(Context(prec=3).plus(point.value)) if point.converted else trim(point.value)


def _beside(
    at: tuple[float, float],
    middle: float,
    placed: Sequence[tuple[float, float]],
    aims: Sequence[float],
    within: tuple[float, float],
) -> float:
    """Where the value of a point is written, its text about `middle`: above or below the point, clear of the curve and
    of the targets; where neither is, above all that is near."""
    x, y = at
    between = [
        (a[0] + (b[0] - a[0]) * share / 8, a[1] + (b[1] - a[1]) * share / 8)
        for a, b in pairwise(placed)
        for share in range(1, 8)
    ]
    crossed = [(middle, aim) for aim in aims]

    def met(base: float) -> int:
        return sum(
            abs(there - middle) < _HALF and abs(each - base + _RISE) < _ROOM
            for there, each in (*placed, *between, *crossed)
        )

    near = [each for there, each in placed if abs(there - x) < _CLEAR and y - each < _CLEAR]
    highest, lowest = within
    places = (max(y - 13, highest), min(y + 24, lowest), max(min([y, *near]) - 13, highest))
    best: float = min(places, key=met)
    return round(best, 1)


def _joined(curves: Sequence[Curve], x: Callable[[float], float], y: Callable[[float], float]) -> tuple[str, ...]:
    """At most two lines; further strands are points alone."""
    strands = [(one, name) for one in curves for name in one.strands][:_TWO]
    return tuple(
        path_of([(x(each.at.timestamp()), y(float(each.value))) for each in one.points if each.strand == name])
        for one, name in strands
    )


def _zones(
    points: Sequence[Point],
    x: Callable[[float], float],
    y: Callable[[float], float],
    left: float,
    right: float,
    floor_: float,
    roof: float,
) -> Iterator[Box]:
    """The range of each result holds half-way to the results beside it: laboratories change theirs in steps."""
    at = [x(each.at.timestamp()) for each in points]
    edges = [left, *(round((a + b) / 2, 1) for a, b in pairwise(at)), right]
    begins = 0
    for rank, each in enumerate(points):
        following = points[rank + 1] if rank + 1 < len(points) else None
        if following is not None and (following.low, following.high) == (each.low, each.high):
            continue
        if each.low is not None or each.high is not None:
            above = y(float(each.high)) if each.high is not None else y(roof)
            below = y(float(each.low)) if each.low is not None else y(floor_)
            if edges[rank + 1] > edges[begins] and below > above:
                yield Box(edges[begins], above, round(edges[rank + 1] - edges[begins], 1), round(below - above, 1))
        begins = rank + 1


def steps(values: Sequence[float]) -> tuple[float, float, float]:
    """Between the lines of the grid, and its lowest and highest."""
    least, most = min(values), max(values)
    span = (most - least) or abs(most) or 1.0
    rough = span / 4
    power = 10 ** floor(log10(rough))
    step = next(power * each for each in _STEPS if power * each >= rough * 0.999)
    lowest, highest = floor(least / step) * step, -floor(-most / step) * step
    if least == most:
        lowest, highest = lowest - step, highest + step
    if least - lowest < step * 0.15 and least > 0:
        lowest = max(lowest - step, 0.0)
    if highest - most < step * 0.15:
        highest += step
    return step, lowest, highest


def grid_rows(step: float, lowest: float, highest: float, unit: str) -> list[Label]:
    halves = 1 if round(step / 10 ** floor(log10(step)), 6) == _STEPS[2] else 0
    places = max(0, halves - floor(log10(step) + 1e-9))
    count = round((highest - lowest) / step)
    short = unit if len(unit) == 1 else ""
    return [
        Label(value, number(Decimal(f"{value:.{places}f}")) + (f"{_FIXED}{short}" if short else ""))
        for value in (lowest + step * each for each in range(count + 1))
    ]


def _years(begins: datetime, ends: datetime, x: Callable[[float], float], most: int) -> tuple[Label, ...]:
    first, last = begins.astimezone(PARIS).year, ends.astimezone(PARIS).year
    every = max(1, -(-(last - first) // most))
    placed = [
        Label(x(datetime(year, 1, 1, tzinfo=PARIS).timestamp()), str(year))
        for year in range(first + 1, last + 1, every)
    ]
    if placed:
        return tuple(placed)
    ends_at = x(ends.timestamp())
    return (Label(x(begins.timestamp()), short_day(begins), "start"), Label(ends_at, short_day(ends), "end"))


def month(value: datetime) -> str:
    """« mars 2019 »."""
    return birth(f"{value.astimezone(PARIS):%Y-%m}")


def like(point: Point, unit: str, model: Quantity, substance: str) -> str:
    """A value of the curve, which is in `unit`, in the unit and with the digits of another; "" where that cannot be."""
    there = units.convert(Quantity(point.value, "", unit), units.unit_of(model), substance)
    if there is None:
        return ""
    exact = point.source == units.unit_of(model)
    return number(trim(Context(prec=12).plus(there.value)) if exact else units.like(there.value, model.value))


def short(point: Point) -> Decimal:
    return _shown(point)


def rounded(point: Point, stated: Quantity | None, unit: str) -> str:
    """What a stated value is in the unit of the curve."""
    value = units.like(point.value, stated.value) if stated else point.value
    return quantity(Quantity(value, units.printed(unit), unit))
