"""Whether a resource is FHIR R4 at all: elements, cardinalities, JSON types, forms of values, required codes.

Every fault is told with its place. What is not in the table (other resources of R4) is let pass as it is, and so are
the clinical facts inside a document: a document is not refused for one fact that its readers will leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from carnet.formats.fhir import r4_table, times
from carnet.formats.fhir.json_shape import member
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.r4_table import Element, Primitive, Type

__all__ = ["CLINICAL", "check"]

CLINICAL: Final = frozenset(
    {"AllergyIntolerance", "Condition", "DeviceUseStatement", "Encounter", "FamilyMemberHistory", "Immunization"}
    | {"Medication", "MedicationDispense", "MedicationRequest", "MedicationStatement", "Observation", "Procedure"}
    | {"Provenance", "Specimen"}
)

_DATES: Final = frozenset({"date", "dateTime", "instant", "time"})
_PROBLEM_OF: Final = {
    **dict.fromkeys(_DATES, "value-date"),
    **dict.fromkeys(("string", "markdown", "xhtml"), "value-characters"),
    "base64Binary": "value-base64",
}
_INTEGER_LIMIT: Final = 2**31
# Large base64 was cut out of the body before it was parsed; who decodes it checks it.
_MARK: Final = "\x00"
# What a contained resource cannot have (dom-4): official examples do, and nothing depends on it.
_VERSION: Final = ("versionId", "lastUpdated")


def check(
    resource: Any, resource_type: str, problems: Problems, path: str, *, strict: bool = False, clinical: bool = False
) -> None:
    """Add the faults of `resource`; in `strict` reading null members and times without an offset count as well.

    `clinical` looks into clinical facts too."""
    _Check(problems, strict=strict, clinical=clinical).resource(resource, path, resource_type)


class _Check:
    def __init__(self, problems: Problems, *, strict: bool, clinical: bool) -> None:
        self.problems = problems
        self.strict = strict
        self.clinical = clinical
        self.types = r4_table.types()

    def resource(self, value: Any, path: str, expected: str = "") -> None:
        if not isinstance(value, dict) or not value:
            self.problems.add("value-type", path, "Une ressource est attendue.")
            return
        name = value.get("resourceType")
        if not isinstance(name, str) or (expected and name != expected) or name not in r4_table.resource_names():
            self.problems.add("resource-type", f"{path}.resourceType")
            return
        known = self.types.get(name)
        if known and (self.clinical or name not in CLINICAL):
            self._members(value, known, path)
            contained = value.get("contained")
            if isinstance(contained, list):
                self._contained(contained, path)

    def _contained(self, resources: list[Any], path: str) -> None:
        for number, each in enumerate(resources):
            if not isinstance(each, dict):
                continue
            if each.get("contained") is not None:
                self.problems.add("forbidden-element", f"{path}.contained[{number}].contained")
            meta = each.get("meta")
            for name in _VERSION:
                if isinstance(meta, dict) and name in meta:
                    severity = "error" if self.strict else ""
                    self.problems.add("element-not-kept", f"{path}.contained[{number}].meta.{name}", severity=severity)

    def _members(self, value: Mapping[str, Any], known: Type, path: str) -> None:
        elements = known.elements
        for name, inner in value.items():
            if self.problems.full:
                return
            element = elements.get(name)
            if element is None:
                self._other(value, name, known, path)
            elif inner is None:
                if self.strict:
                    self.problems.add("value-type", f"{path}.{name}", "null n’est pas permis.")
            elif element.many:
                self._list(value, name, element, f"{path}.{name}")
            else:
                self._value(inner, element, f"{path}.{name}")
            if element and element.choice:
                self._choice(value, element.choice, known, path)
        for name, standing in known.required.items():
            if value.get(name) is None and not any(_stands(value, each) for each in standing):
                self.problems.add("required", f"{path}.{name}")

    def _choice(self, value: Mapping[str, Any], choice: str, known: Type, path: str) -> None:
        names = {name.removeprefix("_") for name in value if value[name] is not None}
        known_names = (name for name in names if name in known.elements)
        if sum(known.elements[name].choice == choice for name in known_names) > 1:
            self.problems.add("too-many", f"{path}.{choice}")

    def _other(self, value: Mapping[str, Any], name: str, known: Type, path: str) -> None:
        """What is no element by itself: the type of a resource, or what is said beside a primitive value."""
        if name == "resourceType" and known.is_resource:
            return
        element = known.elements.get(name[1:]) if name[:1] == "_" else None
        if element is None or not isinstance(element.type, Primitive):
            self.problems.add("element-unknown", member(path, name))
            return
        beside = value[name]
        place = f"{path}.{name[1:]}"
        if not element.many:
            self._object(beside, "Element", place)
        elif not isinstance(beside, list) or not beside:
            self.problems.add("value-type", place, "Une liste est attendue.")
        else:
            for number, each in enumerate(beside):
                if each is not None:
                    self._object(each, "Element", f"{place}[{number}]")

    def _list(self, value: Mapping[str, Any], name: str, element: Element, path: str) -> None:
        items = value[name]
        if not isinstance(items, list):
            self.problems.add("value-type", path, "Une liste est attendue.")
            return
        if not items:
            self.problems.add("value-type", path, "Une liste vide n’est pas permise.")
        beside = value.get(f"_{name}")
        for number, each in enumerate(items):
            if self.problems.full:
                return
            # In a list of primitives null keeps the place of what has only extensions.
            if each is not None or not _at(beside, number):
                self._value(each, element, f"{path}[{number}]")

    def _value(self, value: Any, element: Element, path: str) -> None:
        kind = element.type
        if isinstance(kind, str):
            if kind == "Resource":
                self.resource(value, path)
            else:
                self._object(value, kind, path)
        elif _is_of(value, kind):
            if element.codes is not None and value not in element.codes:
                self.problems.add("code-unknown", path)
        else:
            self._wrong(value, kind, path)

    def _object(self, value: Any, kind: str, path: str) -> None:
        if not isinstance(value, dict):
            self.problems.add("value-type", path, "Un objet est attendu.")
        elif not value:
            self.problems.add("value-type", path, "Un objet vide n’est pas permis.")
        else:
            self._members(value, self.types[kind], path)
            if kind == "Period":
                self._period(value, path)

    def _period(self, value: Mapping[str, Any], path: str) -> None:
        """per-1; a partial date is as early as it may be where it starts, and as late where it ends."""
        start, end = value.get("start"), value.get("end")
        if not isinstance(start, str) or not isinstance(end, str):
            return
        first, last = times.parse(start), times.last(end)
        if first and last and last < first:
            self.problems.add("period-reversed", path)

    def _wrong(self, value: Any, kind: Primitive, path: str) -> None:
        if not isinstance(value, str) and kind.kind == "string":
            self.problems.add("value-type", path, "Un texte est attendu.")
        elif kind.name in _DATES and isinstance(value, str) and _is_of(f"{value}Z", kind):
            self.problems.add("date-without-zone", path, severity="error" if self.strict else "")
        else:
            detail = f"Une valeur du type {kind.name} est attendue."
            self.problems.add(_PROBLEM_OF.get(kind.name, "value-type"), path, detail)


def _stands(value: Mapping[str, Any], name: str) -> bool:
    return value.get(name) is not None or value.get(f"_{name}") is not None


def _at(beside: Any, number: int) -> bool:
    return isinstance(beside, list) and number < len(beside) and beside[number] is not None


def _is_of(value: Any, kind: Primitive) -> bool:
    if kind.kind == "string":
        if not isinstance(value, str):
            return False
        if kind.pattern is None:
            return bool(value)
        return bool(kind.pattern.fullmatch(value)) or (kind.name == "base64Binary" and value.startswith(_MARK))
    if kind.kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    if kind.kind == "number":
        return True
    whole = isinstance(value, int) and -_INTEGER_LIMIT <= value < _INTEGER_LIMIT
    return whole and bool(kind.pattern and kind.pattern.fullmatch(str(value)))
