"""Which class of entries is which type of resource; an entry as its resource, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Encounter,
    Entry,
    FamilyHistory,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.reading import Fault
from carnet.formats.fhir.entries import (
    absence,
    allergy,
    device,
    encounter,
    family,
    medication,
    narrative,
    observation,
    problem,
    procedure,
    vaccination,
)
from carnet.formats.fhir.entries.draft import Draft, Written
from carnet.formats.fhir.entries.source import Resolve, Source, nowhere
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError

__all__ = ["TYPES", "faults_of", "read", "read_source", "resource_type", "write"]

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Type:
    name: str
    write: Callable[[Any, Draft], JSON]
    read: Callable[[Source], Entry | None]


_BY_CLASS: Final[Mapping[type[Entry], _Type]] = {
    Observation: _Type("Observation", observation.write, observation.read),
    Problem: _Type("Condition", problem.write, problem.read),
    Allergy: _Type("AllergyIntolerance", allergy.write, allergy.read),
    Treatment: _Type("MedicationStatement", medication.write_treatment, medication.read_treatment),
    Prescription: _Type("MedicationRequest", medication.write_prescription, medication.read_prescription),
    Dispensation: _Type("MedicationDispense", medication.write_dispensation, medication.read_dispensation),
    Vaccination: _Type("Immunization", vaccination.write, vaccination.read),
    Procedure: _Type("Procedure", procedure.write, procedure.read),
    Encounter: _Type("Encounter", encounter.write, encounter.read),
    FamilyHistory: _Type("FamilyMemberHistory", family.write, family.read),
    Device: _Type("DeviceUseStatement", device.write, device.read),
}
_BY_NAME: Final = {each.name: each for each in _BY_CLASS.values()}
TYPES: Final = tuple(_BY_NAME)


def resource_type(entry: Entry) -> str:
    return _BY_CLASS[type(entry)].name


def write(entry: Entry, ids: Written) -> JSON:
    """The resource; its numbers are `Decimal` (see `dump`)."""
    known = _BY_CLASS[type(entry)]
    if isinstance(entry, Observation):
        ids = replace(ids, profiles=(*ids.profiles, *observation.profiles(entry)))
    draft = Draft(entry, ids)
    written = draft.finish(known.name, known.write(entry, draft))
    if ids.language:
        written["text"] = narrative.text(entry, ids.language)
    return written


def read(resource: Mapping[str, Any], resolve: Resolve = nowhere, *, faults: list[Fault] | None = None) -> Entry | None:
    """The entry of a resource of any writer; None when it says nothing that can be read, or is of another type.

    `faults` gains the pieces that were left out."""
    problems = Problems()
    elsewhere = Problems()
    name = str(resource.get("resourceType", ""))

    def lookup(reference: str) -> Node | None:
        found = resolve(reference)
        return Node(found, f"{name}.resolve()", elsewhere) if found else None

    try:
        entry = read_source(Source.of(Node(resource, name, problems), lookup))
    except FhirError as refused:
        entry = None
        if faults is not None:
            faults += [Fault(each.details_code, each.expression) for each in refused.issues]
    if faults is not None:
        faults += faults_of(problems)
    return entry


def faults_of(problems: Problems) -> tuple[Fault, ...]:
    return tuple(Fault(each.details_code, each.expression) for each in problems.issues if each.is_error)


def read_source(source: Source) -> Entry | None:
    known = _BY_NAME.get(source.kind)
    entry = known.read(source) if known else None
    if entry is None:
        return None
    if not entry.code and entry == replace(_empty(entry), status=entry.status):
        source.node.problem("required", "code")
        return None
    return replace(
        entry, identifiers=source.identifiers(), absence=absence.is_stated(entry, source), path=source.node.path
    )


def _empty(entry: Entry) -> Entry:
    """The same with nothing in it."""
    return type(entry)(kind=entry.kind, code=type(entry.code)())
