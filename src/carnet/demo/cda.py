"""Documents of the demonstration as CDA. The same facts always give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from carnet.demo.identifiers import INS_TEST, oid_of, unique_id
from carnet.demo.model import Document, Identity, Organisation, Picture, Scan
from carnet.demo.pdf import write
from carnet.demo.vocabulary import ALIMENTATION, AUTOMATIC, HOSPITAL
from carnet.demo.words import upper
from carnet.formats.cda.build import Address, Contact, Details, Telecom, level1, level3
from carnet.formats.cda.build.codes import ACT_CODE
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Patient, Period, Reference
from carnet.formats.rpps import PROFESSIONAL_OID
from carnet.formats.terminology.labels import base

_STAY = Coded("IMP", ACT_CODE, "Hospitalisation")
_OUTSIDE = Coded("AMB", ACT_CODE, "Ambulatoire (hors établissement)")


def build(document: Document) -> bytes:
    if isinstance(document.body, Scan):
        return level1(entry(document), scan_pdf(document, document.body), "application/pdf", details(document))
    if isinstance(document.body, Picture):
        return level1(entry(document), picture(document.body.name), "image/jpeg", details(document))
    return level3(entry(document), document.body, details(document))


def entry(document: Document) -> DocumentEntry:
    """What the document says of itself; labels of visibility come with its deposit, not with it."""
    organisation = document.organisation
    return DocumentEntry(
        unique_id=unique_id(document.key),
        type=document.model.type,
        title=document.title,
        created=document.at,
        media_type="text/xml",
        patient=_patient(document.patient),
        confidentiality=base("N"),
        authors=(_author(document),),
        authenticator=_authenticator(document),
        custodian=organisation.house,
        events=document.acts or (document.model.type,),
        period=Period(document.started or document.at, document.ended),
        facility=organisation.facility,
        setting=organisation.setting,
        references=tuple(_order(name) for name in document.orders),
        set_id=oid_of("set", document.set_key or document.key),
        version=str(document.version),
        replaces=(unique_id(document.replaces),) if document.replaces else (),
    )


def details(document: Document) -> Details:
    patient = document.patient
    return Details(
        templates=document.model.templates,
        patient=Contact(
            _posted(patient.address),
            (Telecom(f"tel:{patient.phone}", "MC"), Telecom(f"mailto:{patient.ins}@patient.mssante.fr")),
        ),
        birth_city=patient.birth_city.upper(),
        contacts=dict(_contacts(document)),
        # Whoever comes to a hospital for a consultation or an examination does not stay there.
        encounter=_STAY if document.organisation.setting == HOSPITAL and document.ended else _OUTSIDE,
    )


@cache
def picture(name: str) -> bytes:
    return files("carnet.demo").joinpath("pictures", f"{name}.jpg").read_bytes()


def scan_pdf(document: Document, scan: Scan) -> bytes:
    """The page that a scanner or a word processor would have made: letterhead, patient, text, signature."""
    organisation, patient, author = document.organisation, document.patient, document.author
    address = organisation.address
    head = (
        f"{address.street}, {address.postal_code} {address.city}",
        f"Le {document.at:%d/%m/%Y}",
        f"{patient.name}, {patient.age_words} – INS {patient.ins}",
    )
    foot = (author.name,) if author else ()
    return write(letterhead=organisation.name, title=document.title, head=head, paragraphs=scan.paragraphs, foot=foot)


def _patient(person: Identity) -> Patient:
    family, given = upper(person.family), upper(person.given)
    return Patient(
        ins=Identifier(INS_TEST, person.ins),
        birth_family=family,
        birth_given=given,
        birth_givens=upper(person.givens),
        used_family=family,
        used_given=given,
        sex=person.sex,
        birth_date=person.born.isoformat(),
        birth_place=person.birth_place,
    )


def _order(name: str) -> Reference:
    return Reference("order", Identifier(oid_of("orders"), name))


def _author(document: Document) -> Author:
    if document.author is not None:
        return document.author.signature(document.at)
    return Author(
        identifier=_feeder(document.organisation),
        device=ALIMENTATION,
        profession=AUTOMATIC,
        organisation=document.organisation.house,
        at=document.at,
    )


def _authenticator(document: Document) -> Author:
    """What the insurance feeds by itself is signed by the house."""
    house = document.organisation
    if document.author is not None:
        return document.author.signature(document.at)
    return Author(identifier=_feeder(house), family=house.name, organisation=house.house, at=document.at)


def _feeder(house: Organisation) -> Identifier:
    return Identifier(PROFESSIONAL_OID, f"3{house.finess}/alimentation")


def _contacts(document: Document) -> Iterable[tuple[Identifier, Contact]]:
    houses = [document.organisation, *([document.author.organisation] if document.author else [])]
    for house in houses:
        yield house.identifier, Contact(_posted(house.address), (Telecom(f"tel:{house.phone}", "WP"),))


def _posted(address: Address) -> Address:
    return Address(address.street, address.postal_code, address.city.upper(), address.country)
