"""People and organisations of the header: the mirror of what `formats.cda.people` reads."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml.etree import _Element

from carnet.formats import ins
from carnet.formats.cda.build.codes import GENDER
from carnet.formats.cda.build.details import Address, Contact, Details
from carnet.formats.cda.build.elements import Child, el, null
from carnet.formats.cda.build.values import coded, identified, stamp
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient

__all__ = ["address", "assigned", "author", "custodian", "legal_authenticator", "organisation", "record_target"]

_GENDERS: Final = {"F": "Féminin", "M": "Masculin", "U": "Inconnu", "UN": "Indifférencié"}


def record_target(patient: Patient, details: Details) -> _Element:
    ids = [_ins(patient.ins) if patient.ins else None, identified("id", patient.local) if patient.local else None]
    person = el(
        "patient",
        _patient_name(patient),
        _gender(patient.sex),
        el("birthTime", value=patient.birth_date.replace("-", "")) if patient.birth_date else null("birthTime"),
        _birthplace(patient.birth_place, details.birth_city),
        classCode="PSN",
    )
    known = ids if any(each is not None for each in ids) else [null("id")]
    return el("recordTarget", el("patientRole", *known, *_reach(details.patient), person))


def _ins(identifier: Identifier) -> _Element:
    try:
        number = ins.parse(identifier.value, identifier.system)
    except ins.InsError as error:
        raise CdaError("bad-ins", error.message_fr, "/ClinicalDocument/recordTarget/patientRole/id") from None
    return el("id", root=number.oid, extension=number.value15)


def _patient_name(patient: Patient) -> _Element:
    parts = (
        ("family", patient.birth_family, "BR"),
        ("given", patient.birth_givens, None),
        ("given", patient.birth_given, "BR"),
        ("family", patient.used_family, "CL"),
        ("given", patient.used_given, "CL"),
    )
    written = [el(part, text, qualifier=qualifier) for part, text, qualifier in parts if text]
    return el("name", *written) if written else null("name")


def _gender(sex: str) -> _Element:
    return coded("administrativeGenderCode", Coded(sex, GENDER, _GENDERS.get(sex, "")) if sex else None)


def _birthplace(code: str, city: str) -> _Element | None:
    if not (code or city):
        return None
    parts = [el(name, text) for name, text in (("county", code), ("city", city)) if text]
    return el("birthplace", el("place", el("addr", *parts)))


def author(who: Author, details: Details) -> _Element:
    device = el("assignedAuthoringDevice", el("softwareName", who.device)) if who.device else None
    return el(
        "author",
        el("functionCode", displayName=who.role) if who.role else None,
        _time(who.at),
        el("assignedAuthor", *assigned(who, details, device=device), classCode="ASSIGNED"),
    )


def legal_authenticator(who: Author, details: Details) -> _Element:
    entity = el("assignedEntity", *assigned(who, details))
    return el("legalAuthenticator", _time(who.at), el("signatureCode", code="S"), entity)


def custodian(entry: DocumentEntry, details: Details) -> _Element:
    name = "representedCustodianOrganization"
    keeper = entry.custodian or Organisation()
    # This one place allows a single telephone.
    return el("custodian", el("assignedCustodian", organisation(name, keeper, details, telecoms=1)))


def assigned(
    who: Author, details: Details, *, device: _Element | None = None, setting: Coded | None = None
) -> list[Child]:
    """What `assignedAuthor` and `assignedEntity` share. The schema has a person or a device, the person first."""
    person = _person(who)
    house = who.organisation
    if house is None and setting is not None:
        house = Organisation()
    return [
        identified("id", who.identifier),
        coded("code", who.profession) if who.profession else None,
        *_reach(details.contact(who.identifier, who.organisation)),
        device if person is None else person,
        organisation("representedOrganization", house, details, setting=setting) if house else None,
    ]


def _person(who: Author) -> _Element | None:
    if not (who.family or who.given):
        return None
    parts = (("family", who.family), ("given", who.given), ("prefix", who.prefix), ("suffix", who.suffix))
    return el("assignedPerson", el("name", *[el(part, text) for part, text in parts if text]))


def organisation(
    name: str,
    house: Organisation,
    details: Details,
    *,
    setting: Coded | None = None,
    telecoms: int | None = None,
) -> _Element:
    contact = details.contact(house.identifier)
    return el(
        name,
        identified("id", house.identifier),
        el("name", house.name) if house.name else None,
        *_telecoms(contact)[:telecoms],
        address(contact.address),
        coded("standardIndustryClassCode", setting) if setting else None,
    )


def _time(at: datetime | None) -> _Element:
    return el("time", value=stamp(at)) if at else null("time")


def _reach(contact: Contact) -> list[_Element]:
    return [address(contact.address), *_telecoms(contact)]


def _telecoms(contact: Contact) -> list[_Element]:
    known = [el("telecom", value=each.uri, use=each.use or None) for each in contact.telecoms]
    return known or [null("telecom", "NASK")]


def address(place: Address | None) -> _Element:
    if place is None:
        return null("addr", "NASK")
    return el(
        "addr",
        el("streetName", place.street),
        el("postalCode", place.postal_code),
        el("city", place.city),
        el("country", place.country),
    )
