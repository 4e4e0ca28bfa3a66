"""How much, how often, how long: the doses and timings of a substanceAdministration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.context import at_work
from carnet.formats.cda.entries.products import material
from carnet.formats.cda.entries.reader import act_words, amount, concept, joined, quantity, whole
from carnet.formats.cda.nodes import attribute, child, children, text_of
from carnet.formats.clinical.model import Dosage, Timing
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Quantity, Ratio, Span

__all__ = ["dosages", "instructions", "period"]

_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_RHYTHMS: Final = frozenset({"PIVL_TS", "EIVL_TS", "SXPR_TS", "SXCM_TS"})
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The events of EIVL_TS that FHIR has too: around sleep and meals.
_EVENTS: Final = frozenset({"HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"})
_MOST_PHASES: Final = 100
_LONGEST: Final = 4000
_DOSAGE: Final = "-posologie"
_WHOLE_DAY: Final = len("2023-12-01")
_CLOCK: Final = len("08:00:00")


def period(element: etree._Element) -> Span:
    """From when to when it is taken: the first time that is no rhythm."""
    times = (values.span(each) for each in children(element, "effectiveTime") if _type(each) not in _RHYTHMS)
    return next(filter(None, times), NEVER)


def dosages(element: etree._Element, named: str) -> tuple[Dosage, ...]:
    """The phases one after the other, or the one dosage. `named`: the product, whose name is no dosage."""
    whole_line = _dosage(element, named)
    phases = _phases(element, named)
    if not phases:
        return () if whole_line == Dosage() else (whole_line,)
    return tuple(_completed(each, whole_line) for each in phases)


def instructions(element: etree._Element) -> str:
    """Those to the patient."""
    return act_words(element, "PINSTRUCT")


def _phases(element: etree._Element, named: str) -> list[Dosage]:
    found: list[Dosage] = []
    for relation in children(element, "entryRelationship"):
        inner = child(relation, "substanceAdministration")
        if inner is None or relation.get("typeCode") != "COMP" or len(found) >= _MOST_PHASES:
            continue
        found.append(replace(_dosage(inner, named), sequence=whole(child(relation, "sequenceNumber"))))
    return found


def _completed(phase: Dosage, line: Dosage) -> Dosage:
    """What is said of the whole line holds in each of its phases that does not say otherwise."""
    return replace(
        phase,
        as_needed=phase.as_needed or line.as_needed,
        site=phase.site or line.site,
        route=phase.route or line.route,
        dose=phase.dose or line.dose,
        rate=phase.rate or line.rate,
        most=phase.most or line.most,
        instructions=phase.instructions or line.instructions,
    )


def _dosage(element: etree._Element, named: str) -> Dosage:
    return Dosage(
        text=_text(element, named) or _parts(element),
        timing=_timing(element),
        as_needed=_needed(element),
        site=concept(element, "approachSiteCode"),
        route=concept(element, "routeCode"),
        dose=amount(child(element, "doseQuantity")),
        rate=amount(child(element, "rateQuantity")),
        most=_most(element),
        instructions=instructions(element),
    )


def _text(element: etree._Element, named: str) -> str:
    """Producers point from the text at the name of the product as often as at the dosage."""
    text = child(element, "text")
    found = values.words(text)
    mark = _mark(text)
    if mark and (found == named or mark == _mark(child(material(element), "code/originalText"))):
        return _beside(mark)
    return "" if found == named else found


def _beside(mark: str) -> str:
    """CI-SIS names the cell of a dosage after that of its product, and points at it from nowhere."""
    context = at_work()
    if context is None or context.words is None:
        return ""
    name = mark + _DOSAGE
    if name not in context.texts:
        text = text_of(context.words.get(name))
        context.texts[name] = text if len(text) <= _LONGEST else ""
    return context.texts[name]


def _mark(element: etree._Element | None) -> str:
    return attribute(child(element, "reference"), "value").removeprefix("#")


def _parts(element: etree._Element) -> str:
    """The source's words for the dose and for the rhythm, where it has none for the whole."""
    dose = child(element, "doseQuantity")
    bounds = (_translated(each) for each in (child(dose, "low"), child(dose, "high"), dose))
    rhythms = (_translated(each) for each in element.iterfind(".//{*}period") if _is_own(each, element))
    return joined(element, (joined(element, bounds, " – "), *islice(rhythms, _MOST_PHASES)), ", ")


def _is_own(part: etree._Element, element: etree._Element) -> bool:
    """Not of a phase inside."""
    return next(part.iterancestors("{*}substanceAdministration"), None) is element


def _translated(element: etree._Element | None) -> str:
    return values.words(child(element, "translation/originalText"))


def _needed(element: etree._Element) -> bool | Concept:
    """A precondition in words. A coded criterion that is answered by yes or no was about the decision to treat."""
    texts = (values.words(child(each, "criterion/text")) for each in children(element, "precondition"))
    text = joined(element, (each for each in texts if each.strip(" -–.")))
    return Concept(text) if text else False


def _most(element: etree._Element) -> Ratio | None:
    top = quantity(element, "maxDoseQuantity/numerator")
    bottom = quantity(element, "maxDoseQuantity/denominator")
    return Ratio(top, bottom) if top and bottom else None


def _type(element: etree._Element) -> str:
    """The local part of a QName: `PIVL_TS` or `c:PIVL_TS`."""
    return (element.get(_XSI_TYPE) or "").strip().rpartition(":")[2]


def _timing(element: etree._Element) -> Timing | None:
    """All the rhythms of a dosage together; how long they last where a set of them says so."""
    found = Timing()
    for time in children(element, "effectiveTime"):
        if _type(time) == "SXPR_TS":
            for part in children(time, "comp"):
                found = _add(found, part)
        elif _type(time) in _RHYTHMS:
            found = _add(found, time)
    return found if found != Timing() else None


def _add(timing: Timing, part: etree._Element) -> Timing:
    kind = _type(part)
    if kind == "PIVL_TS":
        return _periodic(timing, part)
    if kind == "EIVL_TS":
        event = attribute(child(part, "event"), "code")
        return replace(timing, when=(*timing.when, event)) if event in _EVENTS else timing
    return replace(timing, bounds=timing.bounds or _bounds(part))


def _bounds(part: etree._Element) -> Span | Quantity | None:
    """A length where the source states one: its last day would be counted, not read."""
    return quantity(part, "width") or values.span(part) or None


def _periodic(timing: Timing, part: etree._Element) -> Timing:
    """The first rhythm counts; several of them are told by their hours and days, or by the words."""
    every = quantity(part, "period") if timing.period is None else None
    text = _translated(child(part, "period"))
    hour, day = _phase(part)
    return replace(
        timing,
        frequency=timing.frequency if every is None else 1,
        period=timing.period if every is None else every,
        times=(*timing.times, hour) if hour else timing.times,
        days=(*timing.days, day) if day else timing.days,
        duration=quantity(part, "phase/width") or timing.duration,
        code=timing.code or (Concept(text) if text else NOTHING),
    )


def _phase(part: etree._Element) -> tuple[str, str]:
    """The time of day and, for what is aligned on weeks, the day on which a rhythm falls."""
    at = values.moment(child(part, "phase/low")) or values.moment(child(part, "phase"))
    day, _, clock = at.partition("T")
    is_weekly = part.get("alignment") == "DW" and len(day) == _WHOLE_DAY
    return clock[:_CLOCK], _DAYS[date.fromisoformat(day).weekday()] if is_weekly else ""
