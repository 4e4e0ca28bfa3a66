"""The parameters of each type of clinical entry, in one table: what is understood, and what the capability statement
says of it.

Every type has `code`, `date` and a status; where R4 has another name for them, or means something else, that name or
that meaning is ours and its definition says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from carnet.formats.clinical import model
from carnet.formats.fhir import r4_table
from carnet.formats.fhir.search.parameters import Kind, Parameter, of_patient
from carnet.formats.fhir.search.readers import ERROR

__all__ = ["PROVENANCE", "TYPES", "EntryType", "Listed"]

_HL7: Final = "http://hl7.org/fhir/SearchParameter/"
_OURS: Final = "urn:carnet:fhir:search:"
_CLINICAL: Final = ("active", "recurrence", "relapse", "inactive", "remission", "resolved")
_VERIFICATION: Final = ("unconfirmed", "provisional", "differential", "confirmed", "refuted", ERROR)
_OBSERVED: Final = (
    model.Kind.RESULT,
    model.Kind.MEASURE,
    model.Kind.PREGNANCY,
    model.Kind.BIRTH,
    model.Kind.FUNCTION,
    model.Kind.SOCIAL,
)


class Listed(NamedTuple):
    """A parameter as the capability statement lists it."""

    name: str
    parameter: Parameter
    type: Literal["date", "reference", "token"]
    definition: str


@dataclass(frozen=True, slots=True)
class EntryType:
    """`statuses`: of R4, for the parameter that asks for them. `orders`: the names that a search may sort by, each with
    the field that it means."""

    name: str
    kinds: tuple[model.Kind, ...]
    statuses: tuple[str, ...]
    listed: tuple[Listed, ...]
    parameters: Mapping[str, Parameter]
    orders: Mapping[str, str]


_CODE: Final = Parameter(Kind.TOKEN, ("code",))
_CATEGORY: Final = Parameter(Kind.TOKEN, ("category",))
_STATE: Final = Parameter(Kind.STATE, ("status",))
_DATE: Final = Parameter(Kind.PERIOD, ("date",))
_UPDATED: Final = Parameter(Kind.INSTANT, ("_lastUpdated",))
_ID: Final = Listed("_id", Parameter(Kind.ID, ("_id",)), "token", f"{_HL7}Resource-id")
_LAST: Final = Listed("_lastUpdated", _UPDATED, "date", f"{_HL7}Resource-lastUpdated")
_PATIENTS: Final = of_patient("patient", "subject")

_PAGES: Final[Mapping[str, Parameter]] = {
    "_lastupdated": _UPDATED,
    "_count": Parameter(Kind.COUNT),
    "_sort": Parameter(Kind.SORT),
    "_summary": Parameter(Kind.SUMMARY),
    "_total": Parameter(Kind.TOTAL),
    "_cursor": Parameter(Kind.CURSOR),
    "_revinclude": Parameter(Kind.INCLUDE),
    "_format": Parameter(Kind.SILENT),
    "_pretty": Parameter(Kind.SILENT),
}


def _code(name: str = "code", definition: str = "clinical-code") -> tuple[Listed, ...]:
    """By the name that R4 has, and by `code` too."""
    found = Listed(name, _CODE, "token", f"{_HL7}{definition}")
    return (found,) if name == "code" else (found, Listed("code", _CODE, "token", f"{_OURS}code"))


def _own_code() -> tuple[Listed, ...]:
    return (Listed("code", _CODE, "token", f"{_OURS}code"),)


def _date(name: str = "", definition: str = "") -> tuple[Listed, ...]:
    """When it held or was done: as `date`, and by the name that R4 has."""
    ours = Listed("date", _DATE, "date", f"{_OURS}date")
    return (Listed(name, _DATE, "date", f"{_HL7}{definition}"), ours) if name else (ours,)


def _clinical_date() -> tuple[Listed, ...]:
    return (Listed("date", _DATE, "date", f"{_HL7}clinical-date"),)


def _category(name: str) -> Listed:
    return Listed("category", _CATEGORY, "token", f"{_HL7}{name}-category")


def _token(resource: str, name: str, *fields: str) -> Listed:
    return Listed(name, Parameter(Kind.TOKEN, fields or (name,)), "token", f"{_HL7}{resource}-{name}")


def _status(definition: str) -> Listed:
    return Listed("status", _STATE, "token", f"{_HL7}{definition}")


def _states(resource: str) -> tuple[Listed, ...]:
    """Whether it still holds, and how sure it is: what is in error is told by the second."""
    return (
        _token(resource, "clinical-status"),
        Listed("verification-status", _STATE, "token", f"{_HL7}{resource}-verification-status"),
    )


def _type(
    name: str, kinds: tuple[model.Kind, ...], *listed: Listed, statuses: tuple[str, ...] = (), subject: bool = True
) -> EntryType:
    patient = Listed("patient", _PATIENTS["patient"], "reference", f"{_HL7}clinical-patient")
    about = (Listed("subject", _PATIENTS["subject"], "reference", f"{_HL7}{name}-subject"),) if subject else ()
    every = (patient, *about, *listed, _ID, _LAST)
    dates = {each.name: "date" for each in listed if each.parameter is _DATE}
    return EntryType(
        name=name,
        kinds=kinds,
        statuses=statuses or tuple(sorted(r4_table.types()[name].elements["status"].codes or ())),
        listed=every,
        parameters=MappingProxyType({**_PATIENTS, **_PAGES, **{each.name: each.parameter for each in every}}),
        orders=MappingProxyType({**dates, "date": "date", "_lastUpdated": "_lastUpdated"}),
    )


_ALL: Final = (
    _type(
        "Observation",
        _OBSERVED,
        *_code(),
        _token("Observation", "component-code"),
        Listed(
            "combo-code",
            Parameter(Kind.TOKEN, ("code", "component-code")),
            "token",
            f"{_HL7}Observation-combo-code",
        ),
        _category("Observation"),
        *_clinical_date(),
        _status("Observation-status"),
    ),
    _type(
        "Condition",
        (model.Kind.PROBLEM,),
        *_code(),
        _category("Condition"),
        *_date("onset-date", "Condition-onset-date"),
        *_states("Condition"),
        statuses=_VERIFICATION,
    ),
    _type(
        "AllergyIntolerance",
        (model.Kind.ALLERGY,),
        *_code(),
        _category("AllergyIntolerance"),
        *_date(),
        *_states("AllergyIntolerance"),
        statuses=_VERIFICATION,
        subject=False,
    ),
    _type(
        "MedicationStatement",
        (model.Kind.TREATMENT,),
        *_code(),
        _category("MedicationStatement"),
        *_date("effective", "MedicationStatement-effective"),
        _status("medications-status"),
    ),
    _type(
        "MedicationRequest",
        (model.Kind.PRESCRIPTION,),
        *_code(),
        _category("MedicationRequest"),
        *_date("authoredon", "MedicationRequest-authoredon"),
        _status("medications-status"),
    ),
    _type(
        "MedicationDispense",
        (model.Kind.DISPENSATION,),
        *_code(),
        *_date("whenhandedover", "MedicationDispense-whenhandedover"),
        _status("medications-status"),
    ),
    _type(
        "Immunization",
        (model.Kind.VACCINATION,),
        *_code("vaccine-code", "Immunization-vaccine-code"),
        *_clinical_date(),
        _status("Immunization-status"),
        subject=False,
    ),
    _type(
        "Procedure",
        (model.Kind.PROCEDURE, model.Kind.REIMBURSED),
        *_code(),
        _category("Procedure"),
        *_clinical_date(),
        _status("Procedure-status"),
    ),
    _type(
        "Encounter",
        (model.Kind.ENCOUNTER,),
        *_code("type", "clinical-type"),
        _token("Encounter", "class"),
        *_clinical_date(),
        _status("Encounter-status"),
    ),
    _type(
        "FamilyMemberHistory",
        (model.Kind.FAMILY,),
        *_code(),
        _token("FamilyMemberHistory", "relationship"),
        *_date(),
        _status("FamilyMemberHistory-status"),
        subject=False,
    ),
    _type(
        "DeviceUseStatement",
        (model.Kind.DEVICE,),
        *_own_code(),
        *_date(),
        Listed("status", _STATE, "token", f"{_OURS}status"),
    ),
)
TYPES: Final[Mapping[str, EntryType]] = MappingProxyType({each.name: each for each in _ALL})

PROVENANCE: Final = (
    Listed("target", Parameter(Kind.TARGET, ("target",)), "reference", f"{_HL7}Provenance-target"),
    Listed("patient", _PATIENTS["patient"], "reference", f"{_HL7}Provenance-patient"),
    _ID,
)
