"""Extensions of ours, for what FHIR R4 has no place for: all of them, by name. Software may leave every one out.

Those that only make reading back exact are marked so; the others carry a fact of the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from carnet.formats.fhir import extensions
from carnet.formats.fhir.node import Node

__all__ = ["BASE", "DATA_ABSENT", "MEANINGS", "RENDERED", "each", "extension", "own", "unknown", "url"]

BASE: Final = "urn:carnet:fhir:extension:"
DATA_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
RENDERED: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.renderedDosageInstruction"

MEANINGS: Final = {
    "about": "Whose fact it is, when not the patient's own (CodeableConcept).",
    "absence": "A statement that there is none, whose code does not tell so (boolean).",
    "age-onset": "An age that is no valid Age in FHIR: in an unknown unit, or with a comparator (Quantity).",
    "applies-to": "For whom a range that is a value holds (CodeableConcept).",
    "at": "When this author wrote (dateTime).",
    "author": "Who states the fact, where FHIR has no element for that kind of author (Reference).",
    "bounds": "How long a phase lasts, in a unit that is none of UCUM (Quantity).",
    "clinical-status": "The clinical state of what was entered in error or has another end in FHIR (code).",
    "code": "What the entry is about, where the source names it otherwise than the product (CodeableConcept).",
    "comparator": "<, <=, >, >= of a quantity that has none in FHIR (code).",
    "count-max": "How often at most, where it is not said how often (integer).",
    "deceased-age": "An age at death that is no valid Age in FHIR (Quantity).",
    "duration": "How long it takes, in a unit that is none of FHIR's (Quantity).",
    "end": "When a problem ended that its source calls active (dateTime).",
    "expires": "An expiry that is not a day (string).",
    "high": "The upper end of a range that FHIR cannot compare with the lower one (Quantity).",
    "isolate": "The organism whose susceptibility this is (CodeableConcept).",
    "kind": "The section of the record, where the type of resource does not tell it (code).",
    "laboratory": "Who made an analysis that is no result (Reference).",
    "not-stated": "FHIR demands this code: the source does not give it (boolean, exact reading).",
    "note": "A note on a resource that has none in FHIR (string).",
    "offset": "Minutes before or after a moment of the day that FHIR has no offset for (integer).",
    "ongoing": "Whether a period without an end goes on, as its source says (boolean).",
    "package": "The package of a product (string).",
    "panel": "The chapter and batteries that a result stands in, outermost first (CodeableConcept, repeated).",
    "period": "A period in a unit that is none of FHIR's (Quantity).",
    "period-max": "The longest such period (Quantity).",
    "quantity": "How much was done or given (Quantity).",
    "rank": "The rank of a dispensation (integer).",
    "reaction": "What was seen after a vaccination (CodeableConcept, repeated).",
    "recorded": "When it was recorded (dateTime).",
    "product": "The product that was injected (Reference to a contained Medication).",
    "rendered": "The whole dosage in words (markdown).",
    "series": "The coded series of a vaccination (CodeableConcept).",
    "status": "A state of the source that the resource has no element for (string).",
    "strength": "A strength that is no ratio (Quantity).",
    "strength-text": "A strength in words (string).",
    "system": "The system of a number, where its source does not give an address (string).",
    "text": "A range in words (string).",
    "unit": "A unit in another system beside UCUM (Coding).",
    "when": "When it held, where the resource takes a day only or nothing (dateTime or Period).",
    "when-code": "A moment of the day beside times of day (string, repeated).",
}


def url(name: str) -> str:
    return BASE + name


def extension(name: str, value_type: str, value: Any) -> dict[str, Any]:
    """`value_type` as in the name of the element: Boolean, CodeableConcept …"""
    if name not in MEANINGS:
        raise KeyError(name)
    return {"url": BASE + name, f"value{value_type}": value}


def unknown() -> dict[str, Any]:
    """In the place of an element that FHIR demands and the source does not give."""
    return {"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}


def own(node: Node, name: str) -> Node:
    return extensions.first(node, BASE + name) if node.has("extension") else node.nothing()


def each(node: Node, name: str) -> Iterator[Node]:
    return extensions.each(node, BASE + name) if node.has("extension") else iter(())
