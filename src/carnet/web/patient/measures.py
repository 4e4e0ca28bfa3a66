"""Measures: weight, blood pressure, and the others of the national table. Added in two taps, corrected and taken back
by whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Quantity, Range
from carnet.formats.terminology import growth as reference
from carnet.formats.terminology import measures as table
from carnet.formats.terminology import units
from carnet.formats.terminology.measures import Measure
from carnet.health import goals, growth, results, stating, trends
from carnet.health import profile as health
from carnet.health.growth import Placed
from carnet.health.profile import Said
from carnet.health.results import Found, Series, quantity_of
from carnet.health.stating import NotYours
from carnet.health.trends import Point, Trend
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.records.rules import earliest_birth
from carnet.web.auth import drafts
from carnet.web.i18n import gettext, hour, today
from carnet.web.patient import figures, growth_chart, measure_form
from carnet.web.patient import result_words as words
from carnet.web.patient.figures import Chart, Spark
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_rows import signature
from carnet.web.patient.measure_form import Faults, Fields
from carnet.web.patient.remarks import Remark, Reported, of_goals, remark, reported_by
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_form, patient_page
from carnet.web.render import page

PREFIX: Final = "measure:"
_LIST: Final = "/sante/mesures"
Sayers = Mapping[UUID, Said]
_ADULT: Final = 18
# What most people measure at home, first where nothing has been written down.
_USUAL: Final = ("weight", "blood_pressure", "height", "body_temperature", "heart_rate")


@dataclass(frozen=True, slots=True)
class Row:
    """`href` is "" where nothing has been measured; `add` where a person may add one."""

    key: str
    name: str
    href: str
    add: str
    value: str
    unit: str
    said: str
    spark: Spark | None = None
    fresh: bool = False
    mine: bool = False


@patient_page(helps=Helps.MEASURES)
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    found = results.latest(visit.actor, visit.purpose, visit.record_id, Kind.MEASURE)
    have = [each for each in found if each.found]
    said_by = health.sayers(visit.actor, visit.purpose, visit.record_id)
    rows = [_row(each, visit, said_by) for each in have]
    if all(row.fresh or row.mine for row in rows):
        rows = [replace(row, fresh=False) for row in rows]
    known = {each.key for each in have}
    rest = [_none(each) for each in table.every() if _says(visit) and f"{PREFIX}{each.key}" not in known]
    usual = [each for key in _USUAL for each in rest if each.key == key]
    context = {
        "section": "health" if visit.cover is None or visit.cover.reads_all else "measures",
        "rows": rows,
        "usual": usual,
        "rest": [each for each in rest if each not in usual],
        "alone": words.aims_alone(found),
        "done": request.GET.get("fait", ""),
        "child": _is_child(visit),
    }
    return page(request, "patient/measures.html", context)


def _says(visit: Visit) -> bool:
    return visit.cover is None or visit.cover.says_measures


def _is_child(visit: Visit) -> bool:
    born = earliest_birth(visit.cover.birth_date) if visit.cover and visit.cover.birth_date else None
    return born is not None and (today() - born).days < _ADULT * 365.25


def _row(series: Series, visit: Visit, said_by: Sayers) -> Row:
    measure, last = series.measure, series.last or series.found[0]
    value, unit = value_of(measure, last)
    trend = first_of(series)
    slug = words.slug_of(series.key, PREFIX)
    return Row(
        key=series.key,
        name=words.name(series),
        href=f"{_LIST}/{slug}",
        add=f"{_LIST}/{slug}/ajouter" if measure and _says(visit) else "",
        value=value,
        unit=unit,
        said=f"{words.moment(last.line)}. {said(last, said_by)}",
        spark=figures.spark(trend.points),
        fresh=bool(visit.since and last.line.known_at > visit.since and not last.line.mine),
        mine=last.line.mine,
    )


def first_of(series: Series) -> Trend:
    parts = series.parts
    return next(iter(parts.values())) if parts else series.trend


def _none(measure: Measure) -> Row:
    slug = measure.key.replace("_", "-")
    name = measure_form.named(measure)
    return Row(measure.key, name, "", f"{_LIST}/{slug}/ajouter", "", "", "")


def value_of(measure: Measure | None, found: Found) -> tuple[str, str]:
    """As people say it: in the unit of the page, a pair with a stroke."""
    shown = [_shown(measure, part, each, found) for part, each in _stated(measure, found)]
    return _said_together(shown) if shown else (words.value(found.entry), "")


def original_of(measure: Measure | None, found: Found) -> str:
    """As its document states it, where the page tells it in another unit; "" where it tells it as it is."""
    stated = _stated(measure, found) if found.line.said_by == "document" else []
    if measure is None or all(_converted(measure, part, each) is None for part, each in stated):
        return ""
    return " ".join(filter(None, _said_together([each for _, each in stated])))


def _stated(measure: Measure | None, found: Found) -> list[tuple[Measure | None, Quantity]]:
    """Its number, or those of all its parts, as its source states them."""
    parts = measure.components if measure else ()
    asked: list[tuple[Measure | None, Quantity | None]] = [(part, quantity_of(found, part)) for part in parts]
    asked = asked or [(measure, quantity_of(found))]
    return [(part, each) for part, each in asked if each] if all(each for _, each in asked) else []


def _converted(measure: Measure, part: Measure | None, stated: Quantity) -> Quantity | None:
    """In the unit of the page; None where it is in it already, or cannot be."""
    there = units.convert(stated, part.shown, measure.substance) if part else None
    return there if there and there.ucum != units.unit_of(stated) else None


def _shown(measure: Measure | None, part: Measure | None, stated: Quantity, found: Found) -> Quantity:
    """What a document states in another unit has as many digits here as there; what is noted on our pages all of them,
    for it was written in the unit of the page."""
    there = _converted(measure, part, stated) if measure else None
    if there is None:
        return replace(stated, value=figures.trim(stated.value)) if part is not measure else stated
    exact = found.line.said_by != "document"
    return replace(there, value=figures.trim(there.value) if exact else units.like(there.value, stated.value))


def _said_together(each: Sequence[Quantity]) -> tuple[str, str]:
    numbers = (" ".join(filter(None, (figures.than(one.comparator), figures.number(one.value)))) for one in each)
    return " / ".join(numbers), figures.unit_of(each[0])


def said(found: Found, said_by: Sayers) -> str:
    """Whose words they are."""
    line, entry = found.line, found.entry
    if line.said_by == "person":
        by = next((said_by[each] for each in line.sources if each in said_by), None)
        if line.mine or by is None:
            return gettext("Noté par vous") if line.mine else gettext("Noté par un proche")
        return gettext("Ajouté par %(who)s") % {"who": signature(by)}
    who = words.person(entry.by) if entry and entry.by else ""
    if line.said_by == "professional":
        return gettext("Noté par %(who)s") % {"who": who} if who else gettext("Noté par un soignant")
    where = words.laboratory(entry) or who
    return gettext("Document : %(where)s") % {"where": where} if where else gettext("Dans un document")


@dataclass(frozen=True, slots=True)
class Value:
    """`own`: where it is corrected or taken back, by whose it is; `original`: as its document states it, in a unit that
    is not that of the page."""

    day: str
    hour: str
    value: str
    unit: str
    original: str
    said: str
    struck: bool
    masked: bool
    secret: bool
    document: UUID | None
    own: str
    fact: UUID
    remark: Remark | None


@patient_page(helps=Helps.MEASURES)
def detail(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    key = words.series_of(slug, PREFIX)
    series = _series(visit, key)
    measure = series.measure
    if not series.found and measure is None:
        raise Http404
    last = series.last
    said_by, reported = health.sayers(visit.actor, visit.purpose, visit.record_id), reported_by(visit)
    line = partial(_line, series, slug, visit, said_by, reported)
    trend = first_of(series)
    unit = figures.printed(trend.unit) if trend.unit not in {"", "1"} else ""
    value, value_unit = value_of(measure, last) if last else ("", "")
    grown = _grown(visit, measure, trend)
    context = {
        "section": "health" if visit.cover is None or visit.cover.reads_all else "measures",
        "slug": slug,
        "grown": grown,
        "name": measure_form.named(measure) if measure else words.name(series),
        "known": measure is not None,
        "last": line(last) if last else None,
        "value": value,
        "unit": value_unit,
        "unit_shown": unit,
        "aims": words.aims(series),
        "wrong": of_goals(series.goals, reported),
        "drawn": words.drawn(series, trend.unit).text,
        "charts": () if grown else _charts(series),
        "parts": [measure_form.named(part) for part in measure.components] if measure else [],
        "story": _story(series, unit),
        "left": _left(series, unit),
        "values": [line(each) for each in series.found],
        "says": _says(visit),
        "owns": visit.purpose is not Purpose.CARER,
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/measure.html", context)


@dataclass(frozen=True, slots=True)
class Grown:
    """A child's measures by age. `reference` is "" where none is drawn; `weeks`: of who was born early; `where`: what
    is said of each fact."""

    charts: Sequence[growth_chart.Chart]
    unit: str
    reference: str
    weeks: int | None
    where: Mapping[UUID, str]
    last: str
    covered: bool


def _grown(visit: Visit, measure: Measure | None, trend: Trend) -> Grown | None:
    """Of whom is not of age, and what children are measured for; None for everything else."""
    if measure is None or measure.key not in growth.UNITS or not trend.points:
        return None
    who = growth.child(visit.actor, visit.purpose, visit.record_id, today())
    placed = growth.ages(who, trend.points, measure.key, trend.unit) if who else ()
    if who is None or not placed:
        return None
    curves = growth.drawn(who.sex, measure.key, *growth_chart.span(placed))
    said = {each.point.fact: _where(each) for each in placed}
    newest = max(placed, key=lambda each: (each.point.at, each.point.fact))
    return Grown(
        charts=growth_chart.charts(placed, curves),
        unit=figures.printed(growth.UNITS[measure.key]),
        reference=reference.version() if curves else "",
        weeks=who.weeks,
        where=said,
        last=said[newest.point.fact],
        covered=any(said.values()),
    )


def _where(placed: Placed) -> str:
    """Between which centiles: a place among other children, and no word on health."""
    about = {"low": placed.low, "high": placed.high, "reference": reference.version()}
    if placed.low is not None and placed.high is not None:
        return gettext("Entre le %(low)se et le %(high)se centile de la référence %(reference)s") % about
    if placed.low is not None:
        return gettext("Au-dessus du %(low)se centile de la référence %(reference)s") % about
    if placed.high is not None:
        return gettext("En dessous du %(high)se centile de la référence %(reference)s") % about
    return ""


def _series(visit: Visit, key: str) -> Series:
    if not key:
        raise Http404
    found = results.one(visit.actor, visit.purpose, visit.record_id, Kind.MEASURE, key)
    return found or Series(key, ())


def _line(series: Series, slug: str, visit: Visit, said_by: Sayers, reported: Reported | None, found: Found) -> Value:
    line = found.line
    value, unit = value_of(series.measure, found)
    own = line.said_by == "person" and series.measure is not None and _says(visit)
    own = own and (line.mine or visit.purpose is not Purpose.CARER)
    timed = line.since is not None and line.until is not None and (line.until - line.since).total_seconds() <= 3600  # noqa: PLR2004
    return Value(
        day=words.moment(line),
        hour=hour(line.since) if timed and line.since else "",
        value=value,
        unit=unit,
        original=original_of(series.measure, found),
        said=said(found, said_by),
        struck=line.struck,
        masked=found.masked,
        secret=any(said_by[each].secret for each in line.sources if each in said_by),
        document=line.sources[0] if line.said_by == "document" else None,
        own=f"{_LIST}/{slug}/{line.sources[0]}" if own else "",
        fact=line.fact,
        remark=remark(line, reported),
    )


def _charts(series: Series) -> Sequence[Chart]:
    parts = series.parts
    if parts:
        curves = [figures.curve(each.points) for each in parts.values() if each.points]
        return figures.charts(curves, "", words.drawn(series, first_of(series).unit).values)
    trend = series.trend
    targets = words.drawn(series, trend.unit).values
    return figures.charts([figures.curve(trend.points)], "", targets) if trend.points else ()


def _story(series: Series, unit: str) -> str:
    """Both numbers of a pair, though the first alone has the curve that is told."""
    points = first_of(series).points
    if not points:
        return ""
    pairs = {each.line.fact: value_of(series.measure, each) for each in series.found} if series.parts else {}
    first, last = points[0], points[-1]

    def told(point: Point) -> str:
        return " ".join(pairs.get(point.fact) or (figures.number(figures.short(point)), unit)).strip()

    return gettext("De %(first)s en %(since)s à %(last)s en %(until)s.") % {
        "first": told(first),
        "since": figures.month(first.at),
        "last": told(last),
        "until": figures.month(last.at),
    }


def _left(series: Series, unit: str) -> list[str]:
    counted = Counter(each.why for each in first_of(series).left)
    return [words.left_out(why, counted[why], unit) for why in trends.Why if counted[why]]


def _measure(slug: str) -> Measure:
    """One of the table, or a 404."""
    found = table.by_key(slug.replace("-", "_"))
    if found is None:
        raise Http404
    return found


@patient_form(helps=Helps.SAYS_MEASURES)
def add(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    measure = _measure(slug)
    stating.may_state(visit.actor, visit.purpose, visit.record_id)
    if request.method != "POST":
        kept = drafts.fields(request, visit.actor.id)
        fields = (
            measure_form.given(measure, {name: str(kept.get(name, "")) for name in kept})
            if kept
            else measure_form.empty(measure, clock.now())
        )
        return _form(request, slug, measure, fields)
    fields = _given(measure, request, visit)
    entry, faults = measure_form.read(measure, fields, clock.now())
    if entry is None:
        return _form(request, slug, measure, fields, faults)
    masked = fields.who == measure_form.MASKED
    stating.state(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=entry,
        masked=masked,
        secret=keeps_secret(visit, fields.secret),
    )
    return done(f"{_LIST}/{slug}?fait=ajoute")


@patient_form(helps=Helps.SAYS_MEASURES)
def own(request: HttpRequest, visit: Visit, slug: str, statement_id: UUID) -> HttpResponse:
    """One's own words, to correct or to take back."""
    measure = _measure(slug)
    series = _series(visit, f"{PREFIX}{measure.key}")
    found = next((each for each in series.found if statement_id in each.line.sources), None)
    if found is None or found.line.said_by != "person":
        raise Http404
    if visit.purpose is Purpose.CARER and not found.line.mine:
        raise Http404
    if request.method != "POST":
        before = health.sayers(visit.actor, visit.purpose, visit.record_id).get(statement_id)
        kept = replace(measure_form.of(measure, found), secret="oui" if before and before.secret else "")
        return _form(request, slug, measure, kept, statement_id=statement_id)
    target: dict[str, Any] = {"record_id": visit.record_id}
    try:
        if request.POST.get("acte") == "retirer":
            stating.retract(visit.actor, visit.purpose, **target, statement_id=statement_id)
            return done(f"{_LIST}/{slug}?fait=retire")
        fields = _given(measure, request, visit)
        entry, faults = measure_form.read(measure, fields, clock.now())
        if entry is None:
            return _form(request, slug, measure, fields, faults, statement_id=statement_id)
        masked = fields.who == measure_form.MASKED
        secret = keeps_secret(visit, fields.secret)
        stating.state(
            visit.actor, visit.purpose, **target, entry=entry, masked=masked, secret=secret, instead_of=statement_id
        )
    except NotYours:
        raise Http404 from None
    return done(f"{_LIST}/{slug}?fait=corrige")


def _given(measure: Measure, request: HttpRequest, visit: Visit) -> Fields:
    """What is masked is the holder's to say, and a carer is not asked."""
    fields = measure_form.given(measure, request.POST)
    return replace(fields, who=measure_form.VISIBLE) if visit.purpose is Purpose.CARER else fields


def _form(
    request: HttpRequest,
    slug: str,
    measure: Measure,
    fields: Fields,
    errors: Faults | None = None,
    *,
    statement_id: UUID | None = None,
) -> HttpResponse:
    context: Mapping[str, Any] = {
        "section": "health",
        "slug": slug,
        "measure": measure,
        "name": measure_form.named(measure),
        "boxes": measure_form.boxes(measure),
        "fields": fields,
        "errors": errors or [],
        "statement_id": statement_id,
    }
    return page(request, "patient/measure_form.html", dict(context), status=422 if errors else 200)


@patient_form()
def goal(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """A target that the person sets for themselves; those of professionals stand beside it."""
    measure = _measure(slug)
    series = _series(visit, f"{PREFIX}{measure.key}")
    before = next((each for each in series.goals if each.line.said_by == "person"), None)
    if request.method != "POST":
        return _goal_page(request, slug, measure, _as_written(measure, before))
    target: dict[str, Any] = {"record_id": visit.record_id}
    try:
        if request.POST.get("acte") == "retirer":
            if before:
                stating.retract(visit.actor, visit.purpose, **target, statement_id=before.line.sources[0])
            return done(f"{_LIST}/{slug}?fait=sans-objectif")
        wanted, faults = measure_form.target(measure, request.POST)
        if wanted is None:
            return _goal_page(request, slug, measure, request.POST.dict(), faults)
        entry = goals.stated(series.key, Kind.MEASURE, measure.label, wanted, today().isoformat())
        instead = before.line.sources[0] if before else None
        stating.state(visit.actor, visit.purpose, **target, entry=entry, instead_of=instead)
    except NotYours:
        raise Http404 from None
    return done(f"{_LIST}/{slug}?fait=objectif")


def _as_written(measure: Measure, before: goals.Goal | None) -> dict[str, str]:
    if before is None or isinstance(before.target, Range):
        return {}
    target = before.target
    wanted = target.quantities if isinstance(target, goals.Parts) else (target,)
    sense = measure_form.MOST if wanted[0].comparator.startswith("<") else measure_form.LEAST
    numbers = zip(measure_form.boxes(measure), wanted, strict=True)
    values = {box.name: figures.number(figures.trim(each.value)) for box, each in numbers}
    return {"sens": sense, **values, "depuis": "1"}


def _goal_page(
    request: HttpRequest, slug: str, measure: Measure, fields: Mapping[str, str], errors: Faults | None = None
) -> HttpResponse:
    boxes = measure_form.boxes(measure)
    context = {
        "section": "health",
        "slug": slug,
        "name": measure_form.named(measure),
        "boxes": boxes,
        "fields": {"sens": "", "depuis": "", **{box.name: "" for box in boxes}, **fields},
        "errors": errors or [],
    }
    return page(request, "patient/measure_goal.html", context, status=422 if errors else 200)
