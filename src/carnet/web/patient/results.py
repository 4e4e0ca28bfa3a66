"""Results of laboratories: the last of each analysis, and all of one over years and laboratories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Quantity
from carnet.formats.folding.fold import fold
from carnet.formats.terminology import analytes
from carnet.health import flags, results, trends
from carnet.health.results import Found, Series, measured, quantity_of
from carnet.health.trends import Place, Point, Trend, Way
from carnet.web.i18n import gettext, language
from carnet.web.patient import antibiogram, figures
from carnet.web.patient import result_words as words
from carnet.web.patient.analyte_words import explained
from carnet.web.patient.figures import Chart, Scale, Spark
from carnet.web.patient.remarks import Remark, Reported, of_goals, remark, reported_by
from carnet.web.patient.result_words import Aim, Tag
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page
from carnet.web.words import marked

PREFIX: Final = "analyte:"
_LIST: Final = "/sante/resultats"
_OTHERS: Final = "autres"
_LONGEST: Final = 100
_NEW: Final = "nouveaux"
_OUT: Final = frozenset({Place.ABOVE, Place.BELOW})
_MOST: Final = 60
"""Analyses of the first view, the newest: those that are asked for are shown all."""
_DRAWN: Final = (
    marked("Trait plein : résultats donnés en %(unit)s."),
    marked("Tirets : résultats donnés en %(unit)s."),
)
_ALONE: Final = marked("Points sans trait : résultats donnés en %(unit)s.")


@dataclass(frozen=True, slots=True)
class Head:
    """What the list must know of every analysis, to count and to find it. `href`: a document's, where it has no page of
    its own: a result without a code stands alone."""

    series: Series
    last: Found
    name: str
    sub: str
    chapter: str
    href: str
    place: Place | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An analysis in the list."""

    name: str
    sub: str
    chapter: str
    href: str
    value: str
    number: str
    unit: str
    day: str
    range: str
    scale: Scale | None
    place: Tag | None
    before: str
    way: Way | None
    spark: Spark | None
    fresh: bool
    aims: Sequence[Aim]


@dataclass(frozen=True, slots=True)
class Chapter:
    key: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    id: str
    text: str
    href: str
    count: int
    chosen: bool


@patient_page(helps=Helps.READS_ALL)
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "")[:_LONGEST].split())
    chosen = request.GET.get("chapitre", "")
    most = None if asked or chosen or request.GET.get("tout") else _MOST
    found = results.latest(visit.actor, visit.purpose, visit.record_id, Kind.RESULT, whole=most)
    heads = [_head(each, visit.since) for each in found if each.found]
    # Where everything is new, nothing is.
    if all(head.fresh for head in heads):
        heads = [replace(head, fresh=False) for head in heads]
    sought = [head for head in heads if _answers(head, asked)]
    kept = [head for head in sought if chosen in {"", head.chapter} or (chosen == _NEW and head.fresh)]
    shown = kept[:most]
    context = {
        "section": "health",
        "alone": words.aims_alone(found),
        "any": bool(heads),
        "asked": asked,
        "chosen": chosen,
        "chips": _chips(sought, asked, chosen),
        "chapters": _chapters(map(_row, shown)),
        "total": len(kept),
        "rest": len(kept) - len(shown),
        "outside": sum(1 for head in kept if head.place in _OUT),
        "inside": sum(1 for head in kept if head.place is Place.INSIDE),
    }
    return page(request, "patient/results.html", context)


def _head(series: Series, since: datetime | None) -> Head:
    last = series.last or series.found[0]
    line, known = last.line, series.analyte
    # What a table knows is told by its key alone.
    isolate = last.entry.isolate.label if not known and last.entry else ""
    named = words.name(series)
    return Head(
        series=series,
        last=last,
        name=named,
        sub=isolate or (words.short(series) if known and known.short.casefold() not in named.casefold() else ""),
        chapter=_chapter_of(series, last),
        href=_href(series, line.sources[0]),
        place=flags.stands(line.interpretation, measured(last), line.low, line.high),
        fresh=bool(since and line.known_at > since),
    )


def _row(head: Head) -> Row:
    series, last = head.series, head.last
    line, entry = last.line, last.entry
    trend = series.trend
    points = trend.points
    stated = quantity_of(last)
    before = before_of(series, last, trend)
    number = number_of(stated) if stated else ""
    told = figures.like(before, trend.unit, stated, series.substance) if before and stated else ""
    way = trends.way(before, _point(points, line.fact)) if before else None
    return Row(
        name=head.name,
        sub=head.sub,
        chapter=head.chapter,
        href=head.href,
        value="" if stated else words.value(entry),
        number=number,
        unit=figures.unit_of(stated) if stated else "",
        day=words.moment(line),
        range=words.range_words(entry),
        scale=figures.scale(stated.value, line.low, line.high) if stated and head.place else None,
        place=words.tag(head.place),
        before=told,
        # As far as the two numbers that are shown say it: a conversion adds digits.
        way=Way.SAME if way and told == number else way,
        spark=figures.spark(points),
        fresh=head.fresh,
        aims=words.aims(series),
    )


def number_of(stated: Quantity) -> str:
    return " ".join(filter(None, (figures.than(stated.comparator), figures.number(stated.value))))


def _point(points: Iterable[Point], fact: UUID) -> Point | None:
    return next((each for each in points if each.fact == fact), None)


def before_of(series: Series, last: Found, trend: Trend) -> Point | None:
    """The newest that is older than the last, on the same curve."""
    own = _point(trend.points, last.line.fact)
    if own is None:
        return None
    older = [each for each in trend.points if each.at < own.at]
    return older[-1] if older else None


def _href(series: Series, source: UUID) -> str:
    if series.key == str(series.found[0].line.fact):
        return f"/documents/{source}"
    return f"{_LIST}/{words.slug_of(series.key, PREFIX)}"


def _chapter_of(series: Series, last: Found) -> str:
    if series.analyte:
        return series.analyte.chapter
    panels = last.entry.panels if last.entry else ()
    return panels[0].label if panels and panels[0].label else _OTHERS


def _chapter_name(key: str) -> str:
    known = next((each for each in analytes.chapters() if each.key == key), None)
    if known:
        return known.label if language() == "fr" else known.english
    return gettext("Autres analyses") if key == _OTHERS else key


def _chapters(rows: Iterable[Row]) -> list[Chapter]:
    """In the order of a French report; within a chapter too."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.chapter, []).append(row)
    return [
        Chapter(key, _chapter_name(key), tuple(sorted(groups[key], key=lambda row: (_rank(row), row.name))))
        for key in _in_order(groups)
    ]


def _in_order(keys: Iterable[str]) -> list[str]:
    order = [each.key for each in analytes.chapters()]
    rank = {key: order.index(key) if key in order else len(order) + (key == _OTHERS) for key in keys}
    return sorted(rank, key=lambda key: (rank[key], key))


def _rank(row: Row) -> int:
    ranks = _ranks()
    return ranks.get(row.href.removeprefix(f"{_LIST}/"), len(ranks))


@cache
def _ranks() -> Mapping[str, int]:
    return {each.key.replace("_", "-"): rank for rank, each in enumerate(analytes.every())}


def _answers(head: Head, asked: str) -> bool:
    if not asked:
        return True
    known = head.series.analyte
    said = fold(f"{head.name} {head.sub} {f'{known.label} {known.short} {known.english}' if known else ''}")
    return all(word in said for word in fold(asked).split())


def _chips(heads: Sequence[Head], asked: str, chosen: str) -> list[Chip]:
    counts = Counter(head.chapter for head in heads)
    fresh = sum(1 for head in heads if head.fresh)
    each = [("", gettext("Toutes"), len(heads))]
    each += [(_NEW, gettext("Nouveaux"), fresh)] if fresh or chosen == _NEW else []
    each += [(key, _chapter_name(key), counts[key]) for key in _in_order(counts)]
    return [
        Chip(f"c-{rank}", text, _address(asked, key), count, key == chosen)
        for rank, (key, text, count) in enumerate(each)
    ]


def _address(asked: str, chapter: str) -> str:
    query = urlencode({key: value for key, value in (("q", asked), ("chapitre", chapter)) if value})
    return f"{_LIST}?{query}" if query else _LIST


@dataclass(frozen=True, slots=True)
class Value:
    """A line of the table of all values. `corrected`: what stands in the place of a struck one."""

    day: str
    value: str
    range: str
    place: Tag | None
    laboratory: str
    document: UUID | None
    struck: bool
    corrected: str
    converted: str
    remark: Remark | None


@patient_page(helps=Helps.READS_ALL)
def detail(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    key = words.series_of(slug, PREFIX)
    series = results.one(visit.actor, visit.purpose, visit.record_id, Kind.RESULT, key) if key else None
    if series is None or not series.found:
        raise Http404
    tested: antibiogram.Antibiogram | None = None
    if series.last and series.last.entry and series.last.entry.isolate.label:
        every = results.latest(visit.actor, visit.purpose, visit.record_id, Kind.RESULT)
        tested = antibiogram.of(series, every, PREFIX, _LIST)
    return page(
        request, "patient/result.html", {"section": "health", "tested": tested, **_detail(series, reported_by(visit))}
    )


def _detail(series: Series, reported: Reported | None) -> dict[str, Any]:
    trend, last = series.trend, series.last
    unit = figures.printed(trend.unit) if trend.unit else ""
    isolate = last.entry.isolate.label if last and last.entry else ""
    return {
        "name": f"{words.name(series)}, {isolate}" if isolate else words.name(series),
        "short": words.short(series),
        "explained": explained(series.analyte.key) if series.analyte else "",
        "last": _value(series, last, trend, reported) if last else None,
        "number": number_of(stated) if last and (stated := quantity_of(last)) else "",
        "unit": figures.unit_of(stated) if last and stated else "",
        "whole_place": words.tag(_place(last), whole=True) if last else None,
        "aims": words.aims(series),
        "wrong": of_goals(series.goals, reported),
        "drawn": words.drawn(series, trend.unit).text,
        "unit_shown": unit,
        "charts": _charts(series, trend, unit),
        "story": _story(series, trend, unit),
        "strands": _strands(trend),
        "conversions": _conversions(series, trend, unit),
        "left": _left(trend, unit),
        "values": [_value(series, each, trend, reported) for each in series.found],
    }


def _place(found: Found) -> Place | None:
    line = found.line
    return flags.stands(line.interpretation, measured(found), line.low, line.high)


def _value(series: Series, found: Found, trend: Trend, reported: Reported | None) -> Value:
    line, point = found.line, _point(trend.points, found.line.fact)
    instead = [each for each in series.found if each.line.question == line.question and not each.line.struck]
    converted = point is not None and point.converted
    return Value(
        day=words.moment(line),
        value=words.value(found.entry),
        range=words.range_words(found.entry),
        place=words.tag(_place(found)),
        laboratory=words.laboratory(found.entry),
        document=line.sources[0] if line.said_by == "document" else None,
        struck=line.struck,
        corrected=words.value(instead[0].entry) if line.struck and instead else "",
        converted=figures.rounded(point, quantity_of(found), trend.unit) if point and converted else "",
        remark=remark(line, reported),
    )


def _charts(series: Series, trend: Trend, unit: str) -> Sequence[Chart]:
    if not trend.points:
        return ()
    outside = {each.line.fact for each in series.found if _place(each) in _OUT}
    targets = words.drawn(series, trend.unit).values
    made = figures.charts([figures.curve(trend.points)], unit, targets, lambda point: point.fact in outside)
    first, last = (_as_stated(series, trend.points[place]) for place in (0, -1))
    return [
        replace(
            each,
            first=(*each.first[:2], first or each.first[2]),
            last=(*each.last[:2], last or each.last[2]),
        )
        for each in made
    ]


def _as_stated(series: Series, point: Point) -> str:
    """With the digits of its laboratory: 2,10 is not 2,1. "" for what was converted."""
    found = next((each for each in series.found if each.line.fact == point.fact), None)
    stated = quantity_of(found) if found and not point.converted else None
    return figures.number(stated.value) if stated else ""


def _story(series: Series, trend: Trend, unit: str) -> str:
    """What the curve shows, for who does not see it."""
    if not trend.points:
        return ""
    first, last = trend.points[0], trend.points[-1]
    begins, ends = (_as_stated(series, each) or figures.number(figures.short(each)) for each in (first, last))
    return gettext("De %(first)s en %(since)s à %(last)s en %(until)s.") % {
        "first": f"{begins} {unit}".strip(),
        "since": figures.month(first.at),
        "last": f"{ends} {unit}".strip(),
        "until": figures.month(last.at),
    }


def _strands(trend: Trend) -> list[str]:
    """Which results the line joins, the dashes, and which stand alone, where there is more than one kind."""
    names = figures.curve(trend.points).strands
    if len(names) <= 1:
        return []
    units: dict[str, list[str]] = {}
    for rank, name in enumerate(names):
        own = [each for each in trend.points if each.strand == name]
        drawn = _DRAWN[rank] if rank < len(_DRAWN) and len(own) > 1 else _ALONE
        units.setdefault(drawn, []).append(" ; ".join(sorted({figures.printed(each.source) for each in own})))
    return [gettext(drawn) % {"unit": gettext(" et ").join(dict.fromkeys(each))} for drawn, each in units.items()]


def _conversions(series: Series, trend: Trend, unit: str) -> list[str]:
    said = []
    for source in dict.fromkeys(each.source for each in trend.points if each.converted):
        rule = trends.conversion(source, trend.unit, series.substance)
        if rule is None:
            continue
        about = {"source": figures.printed(source), "factor": figures.factor(rule.slope), "unit": unit}
        if rule.offset:
            about["offset"] = figures.factor(rule.offset)
            said.append(gettext("Converti de %(source)s en %(unit)s : × %(factor)s, puis + %(offset)s.") % about)
        else:
            said.append(gettext("Converti de %(source)s en %(unit)s : × %(factor)s.") % about)
    return said


def _left(trend: Trend, unit: str) -> list[str]:
    counted = Counter(each.why for each in trend.left)
    return [words.left_out(why, counted[why], unit) for why in trends.Why if counted[why]]
