"""The last laboratory values and measures, each beside its own laboratory's range, and what is aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Range
from carnet.health import flags, goals, results, trends
from carnet.health.queries import Line
from carnet.health.results import Series, quantity_of
from carnet.health.trends import Place
from carnet.web.i18n import gettext, ngettext
from carnet.web.patient import figures, measures
from carnet.web.patient import result_words as words
from carnet.web.patient import results as patient_results
from carnet.web.patient.figures import Spark
from carnet.web.patient.result_words import Aim, Tag
from carnet.web.pro.screen.items import address, numeric

__all__ = ["FEW", "Aimed", "Lab", "Labs", "Measured", "Measures", "laboratory", "measured"]

FEW: Final = 10
_MOST_MEASURES: Final = 6
_WIDE, _HIGH = 74, 20
_OUT: Final = frozenset({Place.ABOVE, Place.BELOW})


@dataclass(frozen=True, slots=True)
class Lab:
    """`range`: the laboratory's own; `place`: above, inside or below it, in words; `flag`: what it says itself of the
    result, in words; `before`: the value before it."""

    name: str
    number: str
    unit: str
    value: str
    range: str
    place: Tag | None
    out: bool
    before: str
    spark: Spark | None
    day: str
    href: str
    aims: tuple[Aim, ...]
    whole: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Aimed:
    name: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class Labs:
    """`more`: how many analyses there are beyond those that are shown."""

    rows: tuple[Lab, ...]
    aims: tuple[Aimed, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    value: str
    unit: str
    day: str
    href: str
    said: str
    spark: Spark | None
    aims: tuple[Aim, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """`more`: what else was measured, by name; "" for nothing."""

    rows: tuple[Measured, ...]
    more: str


def laboratory(lines: Iterable[Line], first: Sequence[str], base: str, every: int, fresh: datetime) -> Labs:
    """What lies outside its range, or is flagged by its laboratory, and is not older than `fresh`, then `first`: the
    analytes that this reader's profession asks for; then what else lies outside, then the newest. `every`: of how many
    analyses these are the first."""
    groups, aimed = _groups(each for each in lines if each.kind is Kind.RESULT)
    order = {f"analyte:{key}": rank for rank, key in enumerate(first)}

    def rank(key: str) -> tuple[bool, int, float]:
        last = groups[key][0]
        outside = trends.outside(last.value, last.comparator, last.low, last.high)
        out = outside or flags.of_code(last.interpretation) is not None
        at = -last.since.timestamp() if last.since else 0.0
        now = out and last.since is not None and last.since > fresh
        return not now, order.get(key, len(order) + (0 if out else 1 if key in aimed else 2)), at

    keys = sorted(groups, key=rank)
    wanted = [line for key in keys for line in (*groups[key], *aimed.get(key, ()))]
    found = {each.key: each for each in results.joined((line, False) for line in wanted)}
    rows = tuple(_lab(found[key], base) for key in keys if key in found and found[key].found)
    aims = tuple(Aimed(row.name, aim) for row in rows for aim in row.aims)
    return Labs(rows, aims, max(every - len(keys), 0))


def _groups(lines: Iterable[Line]) -> tuple[dict[str, list[Line]], dict[str, list[Line]]]:
    """Values by their series, and targets by the series that each is about."""
    groups: dict[str, list[Line]] = {}
    aimed: dict[str, list[Line]] = {}
    for line in lines:
        about = goals.about(line.series)
        (aimed if about else groups).setdefault(about or line.series or str(line.fact), []).append(line)
    return groups, aimed


def _lab(series: Series, base: str) -> Lab:
    last = series.last or series.found[0]
    line, entry = last.line, last.entry
    stated = quantity_of(last)
    place = flags.stands(line.interpretation, stated, line.low, line.high)
    flag = flags.of_entry(entry)
    trend = series.trend
    before = patient_results.before_of(series, last, trend) if stated else None
    isolate = entry.isolate.label if entry else ""
    named = words.short(series) or words.name(series)
    return Lab(
        name=f"{named}, {isolate}" if isolate else named,
        number=patient_results.number_of(stated) if stated else "",
        unit=figures.unit_of(stated) if stated else "",
        value="" if stated else words.value(entry),
        range=_range(entry, line.low, line.high) or words.range_words(entry),
        place=words.tag(place),
        out=place in _OUT or flag is not None,
        before=figures.like(before, trend.unit, stated, series.substance) if before and stated else "",
        spark=figures.spark(trend.points, _WIDE, _HIGH),
        day=numeric(line.since, short=True),
        href=address(base, line.sources[0]) if line.said_by == "document" else "",
        aims=tuple(_of_professionals(series)),
        flag=words.flagged(flag, place),
        whole=words.name(series) if named != words.name(series) else "",
    )


def _range(entry: Observation | None, low: Decimal | None, high: Decimal | None) -> str:
    """« 4,0–6,0 », « < 1,60 »: with the decimals that the laboratory printed."""
    if low is None and high is None:
        return ""
    printed = entry.ranges[0] if entry and len(entry.ranges) == 1 else Range()
    low = printed.low.value if printed.low else low
    high = printed.high.value if printed.high else high
    if low is not None and high is not None:
        return f"{figures.number(low)}–{figures.number(high)}"
    return f"< {figures.number(high)}" if high is not None else f"> {figures.number(low or Decimal())}"


def _of_professionals(series: Series) -> list[Aim]:
    return [each for each in words.aims(series) if each.who]


def measured(lines: Iterable[Line], first: Sequence[str], base: str) -> Measures:
    found = [
        each for each in results.joined((line, False) for line in lines if line.kind is Kind.MEASURE) if each.found
    ]
    order = {f"measure:{key}": rank for rank, key in enumerate(first)}
    ranked = sorted(found, key=lambda each: order.get(each.key, len(order)))
    left = [_short(words.name(each)) for each in ranked[_MOST_MEASURES:]]
    more = ngettext("et %(count)s autre : %(names)s", "et %(count)s autres : %(names)s", len(left))
    rows = tuple(_measured(each, base) for each in ranked[:_MOST_MEASURES])
    return Measures(rows, more % {"count": len(left), "names": ", ".join(left)} if left else "")


def _measured(series: Series, base: str) -> Measured:
    last = series.last or series.found[0]
    value, unit = measures.value_of(series.measure, last)
    return Measured(
        name=_short(words.name(series)),
        value=value.replace(" / ", "/"),
        unit=unit,
        day=numeric(last.line.since),
        href=address(base, last.line.sources[0]) if last.line.said_by == "document" else "",
        said="" if last.line.said_by == "document" else _said(last.line),
        spark=figures.spark(measures.first_of(series).points, _WIDE, _HIGH),
        aims=tuple(_of_professionals(series)),
    )


def _short(name: str) -> str:
    """« Indice de masse corporelle (IMC) »: a professional reads its abbreviation."""
    return name.rpartition("(")[2].removesuffix(")") if name.endswith(")") else name


def _said(line: Line) -> str:
    if line.mine:
        return gettext("Noté par vous")
    return gettext("Noté par un soignant") if line.said_by == "professional" else gettext("Dit par la personne")
