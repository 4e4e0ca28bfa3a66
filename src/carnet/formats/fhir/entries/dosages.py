"""Dosages between the model and FHIR's Dosage and Timing."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Dosage, Timing
from carnet.formats.clinical.values import NOTHING, Concept, Quantity, Range, Ratio, Span
from carnet.formats.fhir import r4_table
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.extensions import each, extension, own
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]
_TIMING: Final = "Timing.repeat"
# During a meal there is no before and after (tim-9).
_MEALS: Final = frozenset({"C", "CM", "CD", "CV"})


def write(found: Dosage) -> JSON:
    written = pruned(
        {
            "sequence": found.sequence,
            "text": found.text,
            "patientInstruction": found.instructions,
            "timing": _timing(found.timing) if found.timing else {},
            "site": parts.concept(found.site),
            "route": parts.concept(found.route),
            "method": parts.concept(found.method),
            "doseAndRate": _dose_and_rate(found),
            "maxDosePerPeriod": parts.ratio(found.most),
            "maxDosePerAdministration": parts.simple(found.most_at_once),
        }
    )
    if isinstance(found.as_needed, Concept):
        written["asNeededCodeableConcept"] = parts.demanded(found.as_needed)
    elif found.as_needed:
        written["asNeededBoolean"] = True
    return written


def _dose_and_rate(found: Dosage) -> list[JSON]:
    written: JSON = {}
    if found.dose:
        is_range = isinstance(found.dose, Range)
        written["doseRange" if is_range else "doseQuantity"] = _amount(found.dose)
    match found.rate:
        case Ratio():
            written["rateRatio"] = parts.ratio(found.rate)
        case Range():
            written["rateRange"] = parts.range_of(found.rate)
        case Quantity():
            written["rateQuantity"] = parts.simple(found.rate)
    return [written] if written else []


def _amount(found: Quantity | Range) -> JSON:
    return parts.range_of(found) if isinstance(found, Range) else parts.simple(found)


def _timing(found: Timing) -> JSON:
    more: list[JSON] = []
    # FHIR tells a moment of the day or the hour, never both; and only moments that it knows.
    codes = r4_table.types()[_TIMING].elements["when"].codes or frozenset()
    native = [] if found.times else [code for code in found.when if code in codes]
    if len(native) < len(found.when):
        native = []
        more += [extension("when-code", "String", code) for code in found.when]
    repeat: JSON = {
        "count": found.count,
        "countMax": found.count_max if found.count is not None else None,
        "frequency": found.frequency,
        "frequencyMax": found.frequency_max,
        "dayOfWeek": list(found.days),
        "timeOfDay": list(found.times),
        "when": native,
        "offset": found.offset if _has_offset(native) else None,
    }
    if found.count is None and found.count_max is not None:
        more.append(extension("count-max", "Integer", found.count_max))
    if found.offset is not None and not _has_offset(native):
        more.append(extension("offset", "Integer", found.offset))
    repeat |= _bounds(found.bounds, more)
    repeat |= _length("period", found.period, more) | _length("duration", found.duration, more)
    if found.period_max:
        more.append(extension("period-max", "Quantity", parts.quantity(found.period_max)))
    repeat = pruned(repeat | {"extension": more})
    return pruned({"repeat": repeat, "code": parts.concept(found.code)})


def _has_offset(when: list[str]) -> bool:
    return bool(when) and not _MEALS.intersection(when)


def _bounds(found: Span | Quantity | Range | None, more: list[JSON]) -> JSON:
    match found:
        case Quantity():
            if written := parts.duration(found):
                return {"boundsDuration": written}
            more.append(extension("bounds", "Quantity", parts.quantity(found)))
        case Range():
            return {"boundsRange": parts.range_of(found)}
        case Span():
            return {"boundsPeriod": parts.period(found)}
    return {}


def _length(name: str, found: Quantity | None, more: list[JSON]) -> JSON:
    """A number and a unit of time; in another unit or as another word, a quantity of ours."""
    if found is None:
        return {}
    codes = r4_table.types()[_TIMING].elements[f"{name}Unit"].codes or ()
    if found == Quantity(found.value, found.ucum, found.ucum) and found.ucum in codes and found.value >= 0:
        return {name: found.value, f"{name}Unit": found.ucum}
    more.append(extension(name, "Quantity", parts.quantity(found)))
    return {}


def read(node: Node) -> Dosage:
    rates = list(node.children("doseAndRate"))
    extra = "\n".join(filter(None, (each.label for each in pieces.concepts(node.children("additionalInstruction")))))
    stated = node.text("patientInstruction", limit=pieces.LONG)
    return Dosage(
        text=node.text("text", limit=pieces.LONG),
        sequence=pieces.integer(node, "sequence"),
        timing=_read_timing(node.child("timing")) if node.has("timing") else None,
        as_needed=_as_needed(node),
        site=_concept(node, "site"),
        route=_concept(node, "route"),
        method=_concept(node, "method"),
        dose=next((found for found in map(_dose, rates) if found), None),
        rate=next((found for found in map(_rate, rates) if found), None),
        most=pieces.ratio(_child(node, "maxDosePerPeriod")),
        instructions="\n".join(filter(None, (stated, extra))),
        most_at_once=pieces.quantity(_child(node, "maxDosePerAdministration")),
    )


def _child(node: Node, name: str) -> Node:
    return node.child(name) if node.has(name) else node.nothing()


def _concept(node: Node, name: str) -> Concept:
    return pieces.concept(node.child(name)) if node.has(name) else NOTHING


def _as_needed(node: Node) -> bool | Concept:
    if node.has("asNeededCodeableConcept"):
        return _concept(node, "asNeededCodeableConcept") or True
    return node.flag("asNeededBoolean")


def _dose(node: Node) -> Quantity | Range | None:
    if node.has("doseRange"):
        return pieces.range_of(node.child("doseRange"))
    return pieces.quantity(_child(node, "doseQuantity"))


def _rate(node: Node) -> Ratio | Range | Quantity | None:
    if node.has("rateRatio"):
        return pieces.ratio(node.child("rateRatio"))
    if node.has("rateRange"):
        return pieces.range_of(node.child("rateRange"))
    return pieces.quantity(_child(node, "rateQuantity"))


def _read_timing(node: Node) -> Timing | None:
    repeat = _child(node, "repeat")
    beside = tuple(filter(None, (found.text("valueString") for found in each(repeat, "when-code"))))
    found = Timing(
        frequency=pieces.integer(repeat, "frequency"),
        frequency_max=pieces.integer(repeat, "frequencyMax"),
        period=_read_length(repeat, "period"),
        when=beside or pieces.known_codes(repeat, "when", _TIMING),
        times=repeat.texts("timeOfDay"),
        days=pieces.known_codes(repeat, "dayOfWeek", _TIMING),
        duration=_read_length(repeat, "duration"),
        bounds=_read_bounds(repeat),
        code=_concept(node, "code"),
        period_max=_own_quantity(repeat, "period-max") or _read_length(repeat, "period", "Max"),
        count=pieces.integer(repeat, "count"),
        count_max=_own_integer(repeat, "count-max", "countMax"),
        offset=_own_integer(repeat, "offset", "offset"),
    )
    return found if found != Timing() else None


def _own_integer(node: Node, name: str, native: str) -> int | None:
    found = own(node, name)
    return pieces.integer(found, "valueInteger") if found else pieces.integer(node, native)


def _own_quantity(node: Node, name: str) -> Quantity | None:
    found = own(node, name)
    return pieces.quantity(found.child("valueQuantity")) if found else None


def _read_length(node: Node, name: str, suffix: str = "") -> Quantity | None:
    beside = None if suffix else _own_quantity(node, name)
    value = pieces.decimal(node, name + suffix)
    if beside or value is None:
        return beside
    unit = pieces.known_code(node, f"{name}Unit", _TIMING)
    return Quantity(value, unit, unit)


def _read_bounds(node: Node) -> Span | Quantity | Range | None:
    if node.has("boundsPeriod"):
        return pieces.period(node.child("boundsPeriod")) or None
    if node.has("boundsRange"):
        return pieces.range_of(node.child("boundsRange"))
    return _own_quantity(node, "bounds") or pieces.quantity(_child(node, "boundsDuration"))
