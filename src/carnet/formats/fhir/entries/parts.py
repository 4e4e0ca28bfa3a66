"""Values of clinical facts as elements of FHIR JSON. Decimals stay decimals, so that 7.10 is written as 7.10."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from carnet.formats.clinical.values import Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Coded, Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.entries.extensions import extension, unknown
from carnet.formats.fhir.writing import coding, pruned
from carnet.formats.terminology import systems

__all__ = [
    "AGE_UNITS",
    "DATE",
    "UCUM",
    "age",
    "coded",
    "codings",
    "concept",
    "concepts",
    "demanded",
    "duration",
    "is_date",
    "number",
    "period",
    "quantity",
    "range_of",
    "ratio",
    "references",
    "simple",
    "timed",
    "value_of",
]

UCUM: Final = "http://unitsofmeasure.org"
DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
AGE_UNITS: Final = frozenset({"min", "h", "d", "wk", "mo", "a"})
JSON = dict[str, Any]


def codings(found: Iterable[Coded]) -> list[JSON]:
    return [dict(coding(each)) for each in found]


def concept(found: Concept) -> JSON:
    return pruned({"coding": codings(found.codings), "text": found.text})


def concepts(found: Iterable[Concept]) -> list[JSON]:
    return [concept(each) for each in found if each]


def demanded(found: Concept) -> JSON:
    """In the place of a concept that FHIR demands."""
    return concept(found) or unknown()


def coded(code: str, system: str) -> JSON:
    """A code of a system of FHIR's own, as a concept; {} for ""."""
    return {"coding": [{"system": system, "code": code}]} if code else {}


def number(found: Identifier) -> JSON:
    """Its system is an address in FHIR: what a source gives instead stands beside."""
    written = identifiers.to_fhir(found)
    system = written.get("system", "")
    if system and ":" not in system:
        del written["system"]
        written["extension"] = [extension("system", "String", system)]
    return written


def quantity(found: Quantity | None) -> JSON:
    if found is None:
        return {}
    written: JSON = {"value": found.value, "comparator": found.comparator, "unit": found.unit}
    if found.ucum:
        written |= {"system": UCUM, "code": found.ucum}
        if found.other:
            written["extension"] = [extension("unit", "Coding", coding(found.other))]
    elif found.other:
        written |= {"system": systems.to_uri(found.other.system), "code": found.other.code}
        if found.other.display:
            written["extension"] = [extension("unit", "Coding", coding(found.other))]
    return pruned(written)


def simple(found: Quantity | None) -> JSON:
    """A quantity where FHIR allows no comparator."""
    written = quantity(found)
    if found and "comparator" in written:
        del written["comparator"]
        more = [extension("comparator", "Code", found.comparator)]
        written["extension"] = [*written.get("extension", []), *more]
    return written


def duration(found: Quantity) -> JSON:
    """A Duration, whose unit is of UCUM; {} for what is none."""
    return quantity(found) if found.ucum else {}


def age(found: Quantity) -> JSON:
    """An Age, or {} for what is none in FHIR."""
    fits = found.ucum in AGE_UNITS and found.value > 0 and not found.comparator
    return quantity(found) if fits else {}


def range_of(found: Range) -> JSON:
    """A Range that is a value; its words and whom it holds for are no part of it in FHIR."""
    more = []
    if found.text:
        more.append(extension("text", "String", found.text))
    if found.applies_to:
        more.append(extension("applies-to", "CodeableConcept", concept(found.applies_to)))
    comparable = found.low is None or found.high is None or _ordered(found.low, found.high)
    if found.high and not comparable:
        more.append(extension("high", "Quantity", quantity(found.high)))
    return pruned({"extension": more, "low": simple(found.low), "high": simple(found.high) if comparable else {}})


def _ordered(low: Quantity, high: Quantity) -> bool:
    """In one unit, and in their order (rng-2)."""
    return (low.ucum, low.unit, low.other) == (high.ucum, high.unit, high.other) and low.value <= high.value


def ratio(found: Ratio | None) -> JSON:
    if found is None:
        return {}
    return {"numerator": quantity(found.numerator), "denominator": quantity(found.denominator)}


def period(span: Span, *, open_ends: bool = True) -> JSON:
    """In FHIR a period without an end goes on (`open_ends`): said otherwise where the source does not say so."""
    written: JSON = pruned({"start": span.start, "end": span.end})
    if span.start and not span.end and span.open_end != open_ends:
        written["extension"] = [extension("ongoing", "Boolean", span.open_end)]
    return written


def timed(name: str, span: Span, *, required: bool = False) -> JSON:
    """`nameDateTime` for a moment, `namePeriod` for more; with `required` an unknown moment is said to be so."""
    if not span:
        return {f"_{name}DateTime": unknown()} if required else {}
    if span.start and not span.end and not span.open_end:
        return {f"{name}DateTime": span.start}
    return {f"{name}Period": period(span)}


def value_of(value: Value | None, absent: str) -> JSON:
    """value[x] of an observation or a component, or why there is none."""
    match value:
        case None:
            return {"dataAbsentReason": coded(absent, _ABSENT_REASONS)} if absent else {}
        case bool():
            return {"valueBoolean": value}
        case int():
            return {"valueInteger": value}
        case str():
            return {"valueString": value}
        case Quantity():
            return {"valueQuantity": quantity(value)}
        case Concept():
            return {"valueCodeableConcept": concept(value)}
        case Range():
            return {"valueRange": range_of(value)}
        case Ratio():
            return {"valueRatio": ratio(value)}
        case Span():
            return timed("value", value)


_ABSENT_REASONS: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def references(found: Iterable[Range]) -> list[JSON]:
    """Reference ranges of an observation."""
    return [
        pruned(
            {
                "low": simple(each.low),
                "high": simple(each.high),
                "appliesTo": concepts([each.applies_to]),
                "text": each.text,
            }
        )
        for each in found
    ]


def is_date(moment: Moment) -> bool:
    return bool(DATE.fullmatch(moment))
