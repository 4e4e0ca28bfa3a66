"""The header of a CI-SIS document: who, for whom, what, when, kept by whom."""

from __future__ import annotations

from datetime import datetime

from lxml.etree import _Element

from carnet.demo.identifiers import INS_TEST, NATIONAL_PERSON, NATIONAL_STRUCTURE, oid_of, unique_id, uuid_of
from carnet.demo.model import Address, Document, Identity, Organisation, Professional, Scan
from carnet.demo.vocabulary import ACT_CODE, HOSPITAL, SYSTEM_NAMES, UNSTRUCTURED
from carnet.demo.words import upper
from carnet.demo.xml import el, template
from carnet.formats.entry import Coded

_MINIMAL = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1")
_PRODUCERS = "1.2.250.1.213.1.1.4.6"
_GENDERS = {"F": "Féminin", "M": "Masculin"}


def header(document: Document) -> list[_Element | None]:
    return [
        el("realmCode", code="FR"),
        el("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
        *_templates(document),
        el("id", root=unique_id(document.key)),
        coded("code", document.model.type),
        el("title", document.title),
        el("effectiveTime", value=stamp(document.at)),
        el("confidentialityCode", code="N", displayName="Normal", codeSystem="2.16.840.1.113883.5.25"),
        el("languageCode", code="fr-FR"),
        el("setId", root=oid_of("set", document.set_key or document.key)),
        el("versionNumber", value=str(document.version)),
        _record_target(document.patient),
        _author(document),
        _custodian(document.organisation),
        _legal_authenticator(document),
        *_service_events(document),
        _replaced(document),
        _encounter(document),
    ]


def coded(name: str, code: Coded, *children: _Element | None, **attributes: str) -> _Element:
    named = {"codeSystemName": SYSTEM_NAMES[code.system]} if code.system in SYSTEM_NAMES else {}
    return el(
        name,
        *children,
        code=code.code,
        displayName=code.display,
        codeSystem=code.system,
        **named,
        **attributes,
    )


def stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S%z")


def assigned(professional: Professional, *, setting: bool = False) -> list[_Element]:
    """What `assignedEntity` and `assignedAuthor` share."""
    return [
        el("id", root=NATIONAL_PERSON, extension=f"8{professional.rpps}"),
        coded("code", professional.qualification),
        _address(professional.organisation.address),
        el("telecom", value=f"tel:{professional.organisation.phone}", use="WP"),
        el(
            "assignedPerson",
            el(
                "name",
                el("family", professional.family.upper()),
                el("given", professional.given),
                el("prefix", "MME" if professional.title == "MME" else "M") if professional.title != "DR" else None,
                el("suffix", "DR") if professional.title == "DR" else None,
            ),
        ),
        _organisation("representedOrganization", professional.organisation, setting=setting),
    ]


def _templates(document: Document) -> list[_Element]:
    if isinstance(document.body, Scan):
        return template(*_MINIMAL, UNSTRUCTURED)
    elements = template(*_MINIMAL, *document.model.templates)
    if document.model.version:
        elements[-1].set("extension", document.model.version)
    return elements


def _record_target(patient: Identity) -> _Element:
    return el(
        "recordTarget",
        el(
            "patientRole",
            el("id", root=INS_TEST, extension=patient.ins),
            _address(patient.address),
            el("telecom", value=f"tel:{patient.phone}", use="MC"),
            el("telecom", value=f"mailto:{patient.ins}@patient.mssante.fr"),
            el(
                "patient",
                el(
                    "name",
                    el("family", upper(patient.family), qualifier="BR"),
                    el("given", upper(patient.givens)),
                    el("given", upper(patient.given), qualifier="BR"),
                    el("family", upper(patient.family), qualifier="CL"),
                    el("given", upper(patient.given), qualifier="CL"),
                ),
                el(
                    "administrativeGenderCode",
                    code=patient.sex,
                    displayName=_GENDERS[patient.sex],
                    codeSystem="2.16.840.1.113883.5.1",
                ),
                el("birthTime", value=patient.born.strftime("%Y%m%d")),
                el(
                    "birthplace",
                    el(
                        "place",
                        el("addr", el("county", patient.birth_place), el("city", patient.birth_city.upper())),
                    ),
                ),
                classCode="PSN",
            ),
        ),
    )


def _author(document: Document) -> _Element:
    author = document.author
    if author is None:
        who = [
            el("id", root=NATIONAL_PERSON, extension=f"3{document.organisation.finess}/alimentation"),
            coded("code", Coded("ALIM_AM", _PRODUCERS, "Alimentation automatique par l'Assurance Maladie")),
            el("addr", nullFlavor="NASK"),
            el("telecom", nullFlavor="NASK"),
            el("assignedAuthoringDevice", el("softwareName", "Alimentation automatique")),
            _organisation("representedOrganization", document.organisation),
        ]
    else:
        who = assigned(author)
    return el("author", el("time", value=stamp(document.at)), el("assignedAuthor", *who, classCode="ASSIGNED"))


def _custodian(organisation: Organisation) -> _Element:
    return el("custodian", el("assignedCustodian", _organisation("representedCustodianOrganization", organisation)))


def _legal_authenticator(document: Document) -> _Element:
    author = document.author
    entity = (
        el("assignedEntity", *assigned(author, setting=True))
        if author
        else el(
            "assignedEntity",
            el("id", root=NATIONAL_PERSON, extension=f"3{document.organisation.finess}/alimentation"),
            el("addr", nullFlavor="NASK"),
            el("telecom", nullFlavor="NASK"),
            el("assignedPerson", el("name", el("family", document.organisation.name))),
            _organisation("representedOrganization", document.organisation, setting=True),
        )
    )
    return el(
        "legalAuthenticator",
        el("time", value=stamp(document.at)),
        el("signatureCode", code="S"),
        entity,
    )


def _service_events(document: Document) -> list[_Element]:
    """The first event is the principal one: it alone carries the times and who performed it."""
    acts = document.acts or (document.model.type,)
    return [_service_event(document, act, principal=position == 0) for position, act in enumerate(acts)]


def _service_event(document: Document, act: Coded, *, principal: bool) -> _Element:
    if not principal:
        return el("documentationOf", el("serviceEvent", coded("code", act)))
    started = document.started or document.at
    performer = (
        assigned(document.author, setting=True)
        if document.author
        else [
            el("id", nullFlavor="NA"),
            _organisation("representedOrganization", document.organisation, setting=True),
        ]
    )
    return el(
        "documentationOf",
        el(
            "serviceEvent",
            coded("code", act),
            el(
                "effectiveTime",
                el("low", value=stamp(started)),
                el("high", value=stamp(document.ended)) if document.ended else None,
            ),
            el("performer", el("assignedEntity", *performer), typeCode="PRF"),
            classCode="ACT",
        ),
    )


def _replaced(document: Document) -> _Element | None:
    if not document.replaces:
        return None
    return el(
        "relatedDocument",
        el("parentDocument", el("id", root=unique_id(document.replaces))),
        typeCode="RPLC",
    )


def _encounter(document: Document) -> _Element:
    stay = document.organisation.setting == HOSPITAL
    started = document.started or document.at
    return el(
        "componentOf",
        el(
            "encompassingEncounter",
            el("id", root=str(uuid_of("encounter", document.key)).upper()),
            el(
                "code",
                code="IMP" if stay else "AMB",
                displayName="Hospitalisation" if stay else "Ambulatoire (hors établissement)",
                codeSystem=ACT_CODE,
            ),
            el(
                "effectiveTime",
                el("low", value=stamp(started)),
                el("high", value=stamp(document.ended)) if document.ended else None,
            ),
            el(
                "location",
                el(
                    "healthCareFacility",
                    el("id", root=NATIONAL_STRUCTURE, extension=f"1{document.organisation.finess}"),
                    coded("code", document.organisation.facility),
                    el(
                        "location",
                        el("name", document.organisation.name),
                        _address(document.organisation.address),
                    ),
                ),
            ),
        ),
    )


def _organisation(name: str, organisation: Organisation, *, setting: bool = False) -> _Element:
    return el(
        name,
        el("id", root=NATIONAL_STRUCTURE, extension=f"1{organisation.finess}"),
        el("name", organisation.name),
        el("telecom", value=f"tel:{organisation.phone}", use="WP"),
        _address(organisation.address),
        coded("standardIndustryClassCode", organisation.setting) if setting else None,
    )


def _address(address: Address) -> _Element:
    return el(
        "addr",
        el("streetName", address.street),
        el("postalCode", address.postal_code),
        el("city", address.city.upper()),
        el("country", "FRANCE"),
    )
