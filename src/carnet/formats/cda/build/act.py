"""The acts, orders, studies and the encounter of the header: the mirror of what `formats.cda.act` reads."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from lxml.etree import _Element

from carnet.formats.cda.build.codes import DICOM
from carnet.formats.cda.build.details import Details
from carnet.formats.cda.build.elements import el, null
from carnet.formats.cda.build.people import address, assigned
from carnet.formats.cda.build.values import coded, identified, interval
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Author, Coded, DocumentEntry, Reference
from carnet.formats.terminology.systems import to_oid

__all__ = ["encounter", "entry_id", "orders", "referrers", "service_events"]

_STUDY: Final = "study"


def entry_id(unique_id: str, name: str) -> str:
    """An identifier inside a document: always the same for the same document and name."""
    return str(uuid5(NAMESPACE_URL, f"{unique_id}#{name}")).upper()


def referrers(entry: DocumentEntry) -> list[_Element]:
    """Who asked for the act, by their numbers."""
    return [
        el("participant", el("associatedEntity", identified("id", each), classCode="PROV"), typeCode="REF")
        for each in entry.referrers
    ]


def orders(entry: DocumentEntry) -> list[_Element]:
    return [el("inFulfillmentOf", _order(each)) for each in entry.references if each.kind != _STUDY]


def _order(reference: Reference) -> _Element:
    if reference.kind == "accession":
        return el("order", null("id"), identified("ps3-20:accessionNumber", reference.identifier))
    return el("order", identified("id", reference.identifier))


def service_events(entry: DocumentEntry, details: Details) -> list[_Element]:
    """The first event is the principal one: it alone carries the times, who performed it and the setting."""
    acts: tuple[Coded | None, ...] = entry.events or (None,)
    imaging = next((place for place, act in enumerate(acts) if act and to_oid(act.system) == DICOM), None)
    studies = [identified("id", each.identifier) for each in entry.references if each.kind == _STUDY]
    if studies and imaging is None:
        raise CdaError(
            "study-without-modality",
            "Une étude d’imagerie est citée, mais aucun acte ne porte de code de modalité DICOM "
            "(1.2.840.10008.2.16.4) : ajoutez-le.",
            "/ClinicalDocument/documentationOf/serviceEvent",
        )
    return [
        el("documentationOf", _event(entry, details, place, act, studies if place == imaging else []))
        for place, act in enumerate(acts)
    ]


def _event(entry: DocumentEntry, details: Details, place: int, act: Coded | None, studies: list[_Element]) -> _Element:
    if place:
        return el("serviceEvent", *studies, coded("code", act))
    entity = assigned(_performer(entry, details), details, setting=entry.setting)
    return el(
        "serviceEvent",
        *studies,
        coded("code", act),
        interval(entry.period),
        el("performer", el("assignedEntity", *entity), typeCode="PRF"),
        classCode="ACT",
    )


def _performer(entry: DocumentEntry, details: Details) -> Author:
    named = (details.performer, entry.authenticator, *entry.authors)
    return next((each for each in named if each is not None), Author())


def encounter(entry: DocumentEntry, details: Details) -> _Element:
    place = details.place or entry.custodian
    where = (
        el("location", el("name", place.name), address(details.contact(place.identifier).address))
        if place and place.name
        else None
    )
    facility = el(
        "healthCareFacility",
        identified("id", place.identifier) if place and place.identifier else None,
        coded("code", entry.facility),
        where,
    )
    return el(
        "componentOf",
        el(
            "encompassingEncounter",
            identified("id", entry.encounter) if entry.encounter else None,
            coded("code", details.encounter) if details.encounter else None,
            interval(entry.period),
            el("location", facility),
        ),
    )
