"""Values of clinical facts out of elements of FHIR, ours or any other's. What is wrong is a problem of its node."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Coded, Identifier
from carnet.formats.fhir import identifiers, r4_table, times
from carnet.formats.fhir.entries.extensions import own
from carnet.formats.fhir.entries.parts import UCUM
from carnet.formats.fhir.node import Node
from carnet.formats.terminology import systems

__all__ = [
    "LONG",
    "absent_reason",
    "coding",
    "concept",
    "concepts",
    "decimal",
    "first",
    "flag",
    "integer",
    "is_moment",
    "known_code",
    "known_codes",
    "moment",
    "notes",
    "number",
    "period",
    "quantity",
    "range_of",
    "ranges",
    "ratio",
    "state",
    "status",
    "timed",
    "value_of",
]

LONG: Final = 100_000
_DIGITS: Final = 60
_INTEGERS: Final = 2**31
_MOMENT: Final = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?"
    r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?)?)?)?"
)
_COMPARATORS: Final = frozenset({"<", "<=", ">=", ">"})


def coding(node: Node) -> Coded:
    return Coded(node.text("code"), systems.to_oid(node.text("system")), node.text("display"))


def concept(node: Node) -> Concept:
    found = [coding(each) for each in node.children("coding")]
    return Concept(node.text("text", limit=LONG), tuple(each for each in found if each.code or each.display))


def concepts(nodes: Iterable[Node]) -> tuple[Concept, ...]:
    return tuple(filter(None, map(concept, nodes)))


def first(node: Node, name: str) -> Concept:
    """The first of a list of concepts."""
    return next(iter(concepts(node.children(name))), NOTHING)


def state(node: Node) -> str:
    """The code of a state that FHIR writes as a concept: the first that there is, or the words."""
    found = concept(node)
    return next((each.code for each in found.codings if each.code), found.text)


def known_code(node: Node, name: str, kind: str) -> str:
    """A code of that element of a type; a problem, and "", for one that R4 does not have."""
    text = node.text(name)
    return text if not text or _is_known(text, kind, name) else _refused(node, name)


def known_codes(node: Node, name: str, kind: str) -> tuple[str, ...]:
    found = node.texts(name)
    wrong = [each for each in found if not _is_known(each, kind, name)]
    if wrong:
        _refused(node, name)
    return tuple(each for each in found if each not in wrong)


def _is_known(text: str, kind: str, name: str) -> bool:
    codes = r4_table.types()[kind].elements[name].codes
    return codes is None or text in codes


def _refused(node: Node, name: str) -> str:
    node.problem("code-unknown", name)
    return ""


def status(node: Node, kind: str) -> str:
    """The required state of a resource; "" where its writer had to invent one."""
    beside = node.child("_status") if node.has("_status") else node.nothing()
    return "" if own(beside, "not-stated") else known_code(node, "status", kind)


def moment(node: Node, name: str) -> Moment:
    """As precise as it is there; without an offset it is told in Paris, as everywhere."""
    text = node.text(name)
    if not text:
        return ""
    parsed = times.parse(text) if _MOMENT.fullmatch(text) else None
    if parsed is None:
        node.problem("value-date", name)
        return ""
    return parsed.isoformat() if "T" in text and not text.endswith("Z") and text[-6] not in "+-" else text


def is_moment(text: str) -> bool:
    return bool(_MOMENT.fullmatch(text)) and times.parse(text) is not None


def number(node: Node) -> Identifier:
    return identifiers.from_fhir(node.text("system") or own(node, "system").text("valueString"), node.text("value"))


def decimal(node: Node, name: str) -> Decimal | None:
    value = node.fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        node.problem("value-type", name)
        return None
    return _bounded(node, name, value)


def _bounded(node: Node, name: str, value: Decimal | float) -> Decimal | None:
    """No number that takes long to write or compare."""
    try:
        found = value if isinstance(value, Decimal) else Decimal(repr(value))
    except (InvalidOperation, ValueError):
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > _DIGITS or len(found.as_tuple().digits) > _DIGITS:
        node.problem("value-type", name)
        return None
    return found


def integer(node: Node, name: str) -> int | None:
    value = node.fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not -_INTEGERS <= value < _INTEGERS:
        node.problem("value-type", name)
        return None
    return value


def flag(node: Node, name: str) -> bool | None:
    value = node.fields.get(name)
    if value is None or isinstance(value, bool):
        return value
    node.problem("value-type", name)
    return None


def quantity(node: Node) -> Quantity | None:
    """None without a number: a unit alone is no quantity."""
    value = decimal(node, "value") if node else None
    if value is None:
        return None
    comparator = node.text("comparator") or own(node, "comparator").text("valueCode")
    if comparator and comparator not in _COMPARATORS:
        # Without it the number would say something else.
        node.problem("code-unknown", "comparator")
        return None
    system, code = node.text("system"), node.text("code")
    ucum = code if system == UCUM else ""
    other = own(node, "unit").child("valueCoding") if node.has("extension") else node.nothing()
    unit = coding(other) if other else None
    if unit is None and code and not ucum:
        unit = Coded(code, systems.to_oid(system))
    return Quantity(value, node.text("unit"), ucum, comparator, unit)


def range_of(node: Node) -> Range | None:
    found = Range(
        quantity(_there(node, "low")),
        quantity(_there(node, "high")) or quantity(_there(own(node, "high"), "valueQuantity")),
        node.text("text", limit=LONG) or own(node, "text").text("valueString", limit=LONG),
        first(node, "appliesTo") or concept(_below(own(node, "applies-to"), "valueCodeableConcept")),
    )
    return found if found != Range() else None


def ranges(node: Node) -> tuple[Range, ...]:
    return tuple(filter(None, (range_of(each) for each in node.children("referenceRange"))))


def ratio(node: Node) -> Ratio | None:
    numerator = quantity(_there(node, "numerator")) if node else None
    denominator = quantity(_there(node, "denominator")) if node else None
    return Ratio(numerator, denominator) if numerator and denominator else None


def _there(node: Node, name: str) -> Node:
    return node.child(name) if node.has(name) else node.nothing()


_below = _there


def period(node: Node, *, open_ends: bool = True) -> Span:
    start, end = moment(node, "start"), moment(node, "end")
    said = own(node, "ongoing")
    goes_on = bool(start) and not end and (said.flag("valueBoolean") if said else open_ends)
    return Span(start, end, goes_on) if start or end else NEVER


def timed(node: Node, name: str) -> Span:
    """name[x] as a dateTime or a Period; an age or words say no moment: they are told to be left out."""
    for other in ("Age", "Range", "String", "Timing"):
        if node.has(f"{name}{other}"):
            node.problem("element-not-kept", f"{name}{other}", severity="error")
    if node.has(f"{name}Period"):
        return period(node.child(f"{name}Period"))
    return Span(moment(node, f"{name}DateTime"))


def absent_reason(node: Node) -> str:
    return state(node.child("dataAbsentReason")) if node.has("dataAbsentReason") else ""


def value_of(node: Node) -> Value | None:
    """value[x] of an observation or a component; None with a problem for what cannot be read."""
    name = next((each for each in node.fields if each.startswith("value") and node.fields[each] is not None), "")
    match name:
        case "valueQuantity":
            return quantity(node.child(name))
        case "valueCodeableConcept":
            return concept(node.child(name)) or None
        case "valueString" | "valueTime":
            return node.text(name, limit=LONG) or None
        case "valueBoolean":
            return flag(node, name)
        case "valueInteger":
            return integer(node, name)
        case "valueRange":
            return range_of(node.child(name))
        case "valueRatio":
            return ratio(node.child(name))
        case "valueDateTime" | "valuePeriod":
            return timed(node, "value") or None
        case "":
            return None
        case _:
            node.problem("element-not-kept", name, severity="error")
            return None


def notes(node: Node, name: str = "note") -> str:
    return "\n".join(filter(None, (each.text("text", limit=LONG) for each in node.children(name))))
