"""Every spelling of a search parameter that is understood, and what it means.

Sources: MHD ITI-66 and ITI-67, the SearchParameters of PDSm, FHIR R4 (interoperability reference, a.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = [
    "AUDIT_EVENT",
    "CONSENT",
    "DEVICE",
    "DOCUMENT",
    "LIST",
    "ORGANISATION",
    "PATIENT",
    "PROFESSIONAL",
    "RELATED",
    "Kind",
    "Parameter",
    "of_patient",
]

# Whose names and numbers a row keeps; chains through a typed reference ask for one of them.
PROFESSIONAL: Final = "professional"
PATIENT: Final = "patient"
DEVICE: Final = "device"
RELATED: Final = "related"
ORGANISATION: Final = "organisation"


class Kind(Enum):
    PATIENT = auto()
    PATIENT_IDENTIFIER = auto()
    ID = auto()
    STATUS = auto()
    STATE = auto()
    TARGET = auto()
    INCLUDE = auto()
    CODE = auto()
    TOKEN = auto()
    IDENTIFIER = auto()
    BOOLEAN = auto()
    REFERENCE = auto()
    STRING = auto()
    INSTANT = auto()
    PERIOD = auto()
    WORDS = auto()
    COUNT = auto()
    SORT = auto()
    SUMMARY = auto()
    TOTAL = auto()
    CURSOR = auto()
    SILENT = auto()


_MODIFIERS: Final = {
    Kind.TOKEN: frozenset({"not"}),
    Kind.IDENTIFIER: frozenset({"not"}),
    Kind.BOOLEAN: frozenset({"not"}),
    Kind.STATUS: frozenset({"not"}),
    Kind.STATE: frozenset({"not"}),
    Kind.STRING: frozenset({"exact", "contains"}),
}


class Parameter(NamedTuple):
    """`fields` are the parts of the index that it looks in: of a reference first the literal, then its identifiers; of
    a code its own name, then the systems that it may come from. `target` is the type that a bare id refers to."""

    kind: Kind
    fields: tuple[str, ...] = ()
    target: str = ""

    @property
    def name(self) -> str:
        """The same for every spelling."""
        return self.fields[0] if self.fields else self.kind.name

    @property
    def modifiers(self) -> frozenset[str]:
        return _MODIFIERS.get(self.kind, frozenset())


def _each(kind: Kind, *names: str) -> dict[str, Parameter]:
    return {name: Parameter(kind, (name,)) for name in names}


def _aliases(parameter: Parameter, *names: str) -> dict[str, Parameter]:
    return dict.fromkeys(names, parameter)


def _reference(name: str, target: str = "") -> dict[str, Parameter]:
    """The reference itself, and the identifier inside it."""
    typed = (f"{name}:{target}",) if target else ()
    inside = f"{name}.identifier"
    return {
        **_aliases(Parameter(Kind.REFERENCE, (name, inside), target), name, *typed),
        f"{name}:identifier": Parameter(Kind.IDENTIFIER, (inside,)),
    }


def _people(name: str) -> dict[str, Parameter]:
    """Chains from an author to the contained resource: a role stands for its practitioner."""
    role = f"{name}:PractitionerRole"
    numbers = tuple(f"{kind}.identifier" for kind in (PROFESSIONAL, PATIENT, DEVICE))
    professional = (f"{name}:Practitioner", role, f"{role}.practitioner", f"{role}.practitioner:Practitioner")
    return {
        **_person((name,), (PROFESSIONAL, PATIENT, RELATED)),
        **_person(professional, (PROFESSIONAL,)),
        **_person((f"{name}:Patient",), (PATIENT,)),
        **_aliases(Parameter(Kind.IDENTIFIER, numbers), f"{name}.identifier", f"{name}:identifier"),
        f"{name}:Device.identifier": Parameter(Kind.IDENTIFIER, (f"{DEVICE}.identifier",)),
        name: Parameter(Kind.REFERENCE, (name, *numbers)),
    }


def _person(chains: Iterable[str], kinds: tuple[str, ...]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for chain in chains:
        for part, stored in (("family", ("family",)), ("given", ("given",)), ("name", ("family", "given", "title"))):
            fields = tuple(f"{kind}.{each}" for kind in kinds for each in stored)
            found[f"{chain}.{part}"] = Parameter(Kind.STRING, fields)
        found[f"{chain}.identifier"] = Parameter(Kind.IDENTIFIER, tuple(f"{kind}.identifier" for kind in kinds))
    return found


def of_patient(*names: str) -> dict[str, Parameter]:
    typed = (*names, *(f"{name}:Patient" for name in names))
    chained = (*(f"{name}.identifier" for name in typed), *(f"{name}:identifier" for name in names))
    return {
        **_aliases(Parameter(Kind.PATIENT, ("patient",)), *typed),
        **_aliases(Parameter(Kind.PATIENT_IDENTIFIER, ("patient",)), *chained),
    }


_COMMON: Final = {
    **of_patient("patient", "subject"),
    **_each(Kind.IDENTIFIER, "identifier"),
    **_each(Kind.BOOLEAN, "isArchived"),
    **_each(Kind.INSTANT, "date"),
    # MHD's CapabilityStatement writes it in small letters.
    **_aliases(Parameter(Kind.INSTANT, ("_lastUpdated",)), "_lastUpdated", "_lastupdated"),
    "_id": Parameter(Kind.ID, ("_id",)),
    "status": Parameter(Kind.STATUS, ("status",)),
    "_count": Parameter(Kind.COUNT),
    "_sort": Parameter(Kind.SORT),
    "_summary": Parameter(Kind.SUMMARY),
    "_total": Parameter(Kind.TOTAL),
    "_cursor": Parameter(Kind.CURSOR),
    **_aliases(Parameter(Kind.SILENT), "_format", "_pretty"),
}
DOCUMENT: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        "_content": Parameter(Kind.WORDS, ("_content",)),
        "_text": Parameter(Kind.WORDS, ("_text",)),
        **_COMMON,
        **_each(Kind.TOKEN, "type", "category", "facility", "setting", "format", "event", "security-label"),
        **_each(Kind.INSTANT, "creation", "period-start", "period-end"),
        "period": Parameter(Kind.PERIOD, ("period",)),
        **_people("author"),
        **_reference("related"),
        **_reference("relatesto", "DocumentReference"),
    }
)
LIST: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        **_COMMON,
        **_each(Kind.TOKEN, "code", "designationType"),
        **_each(Kind.IDENTIFIER, "sourceId"),
        "title": Parameter(Kind.STRING, ("title",)),
        **_people("source"),
        **_reference("authorOrg"),
        **_aliases(
            Parameter(Kind.IDENTIFIER, ("authorOrg.identifier",)),
            "authorOrg.identifier",
            "authorOrg:Organization.identifier",
        ),
        **_aliases(Parameter(Kind.STRING, (f"{ORGANISATION}.name",)), "authorOrg.name", "authorOrg:Organization.name"),
    }
)

# Of what has no stored text, and so is not found by an index: little is asked, and in one order.
_PAGES: Final = {
    "_count": Parameter(Kind.COUNT),
    "_cursor": Parameter(Kind.CURSOR),
    **_aliases(Parameter(Kind.SILENT), "_format", "_pretty"),
}
CONSENT: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        **of_patient("patient"),
        "_id": Parameter(Kind.ID, ("_id",)),
        "status": Parameter(Kind.STATUS, ("status",)),
        "_summary": Parameter(Kind.SUMMARY),
        "_total": Parameter(Kind.TOTAL),
        **_PAGES,
    }
)
AUDIT_EVENT: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        **of_patient("patient"),
        **_each(Kind.INSTANT, "date"),
        "action": Parameter(Kind.CODE, ("action", "http://hl7.org/fhir/audit-event-action")),
        "outcome": Parameter(Kind.CODE, ("outcome", "http://hl7.org/fhir/audit-event-outcome")),
        "type": Parameter(
            Kind.CODE,
            (
                "type",
                "http://terminology.hl7.org/CodeSystem/audit-event-type",
                "http://dicom.nema.org/resources/ontology/DCM",
            ),
        ),
        "_summary": Parameter(Kind.SUMMARY),
        **_PAGES,
    }
)
