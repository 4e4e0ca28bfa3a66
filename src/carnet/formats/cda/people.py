"""People and organisations of a CDA header: the patient, authors, the legal authenticator, the custodian."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from carnet.formats import ins
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.hl7_time import TimeError, to_fhir_date
from carnet.formats.cda.nodes import (
    attribute,
    child,
    children,
    coded,
    identifier,
    lenient_timestamp,
    organisation,
    path_of,
    text_of,
)
from carnet.formats.entry import Author, Identifier, Organisation, Patient

__all__ = ["read_authenticator", "read_authors", "read_custodian", "read_entity", "read_patient", "read_referrers"]

_PROFESSIONALS: Final = "1.2.250.1.71.4.2.1"
# Prefer the lasting number; a waiting one may stand beside it.
_INS_ORDER: Final = tuple(f"1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11))
# The abandoned computed INS, and the NIR as social-security number: neither INS nor local numbers.
_NOT_LOCAL: Final = frozenset({"1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.13"})

_PARTS = ("family", "given", "prefix", "suffix")


def read_patient(document: etree._Element, warnings: list[str]) -> Patient:
    targets = list(children(document, "recordTarget"))
    if len(targets) != 1:
        raise CdaError(
            "patient-count",
            "Le document doit concerner exactement un patient (un seul recordTarget).",
            "/ClinicalDocument/recordTarget",
        )
    role = child(targets[0], "patientRole")
    patient = child(role, "patient")
    name = child(patient, "name")
    return Patient(
        ins=_ins(role, warnings),
        local=_local(role),
        birth_family=_part(name, "family", "BR") or _part(name, "family", ""),
        birth_given=_part(name, "given", "BR"),
        birth_givens=_part(name, "given", ""),
        used_family=_part(name, "family", "CL") or _part(name, "family", "SP"),
        used_given=_part(name, "given", "CL"),
        sex=attribute(child(patient, "administrativeGenderCode"), "code"),
        birth_date=_birth_date(child(patient, "birthTime"), warnings),
        birth_place=text_of(child(patient, "birthplace/place/addr/county")),
    )


def _ins(role: etree._Element | None, warnings: list[str]) -> Identifier | None:
    found: dict[str, ins.Ins] = {}
    for element in children(role, "id"):
        root = attribute(element, "root")
        if root not in ins.OIDS:
            continue
        number = _parse_ins(element, root)
        if found.setdefault(root, number) != number:
            raise CdaError(
                "ambiguous-ins",
                "Le patient porte deux matricules INS différents du même type : n’en laissez qu’un.",
                path_of(element),
            )
    chosen = next((found[oid] for oid in _INS_ORDER if oid in found), None)
    if chosen is None:
        warnings.append("Le document ne porte pas de matricule INS : le patient est à désigner autrement.")
        return None
    if not chosen.key_ok:
        warnings.append("La clé du matricule INS du patient est fausse.")
    return Identifier(chosen.oid, chosen.value15)


def _parse_ins(element: etree._Element, root: str) -> ins.Ins:
    try:
        return ins.parse(attribute(element, "extension"), root)
    except ins.InsError as error:
        raise CdaError("bad-ins", error.message_fr, path_of(element) + "/@extension") from None


def _local(role: etree._Element | None) -> Identifier | None:
    for element in children(role, "id"):
        if attribute(element, "root") not in ins.OIDS | _NOT_LOCAL and (found := identifier(element)):
            return found
    return None


def _part(name: etree._Element | None, part: str, qualifier: str) -> str:
    """Parts of a name with that qualifier ("" for none): BR at birth, CL used, SP from marriage."""
    parts = (each for each in children(name, part) if (each.get("qualifier") or "") == qualifier)
    return " ".join(filter(None, map(text_of, parts)))


def _birth_date(element: etree._Element | None, warnings: list[str]) -> str:
    value = attribute(element, "value")
    if not value:
        warnings.append("La date de naissance du patient manque.")
        return ""
    try:
        return to_fhir_date(value)
    except TimeError:
        warnings.append("La date de naissance du patient n’est pas au format HL7 (AAAAMMJJ) : elle est ignorée.")
        return ""


def read_authors(document: etree._Element, warnings: list[str]) -> tuple[Author, ...]:
    found = (
        read_entity(
            child(element, "assignedAuthor"),
            at=lenient_timestamp(child(element, "time"), warnings),
            role=attribute(child(element, "functionCode"), "displayName"),
        )
        for element in children(document, "author")
    )
    return tuple(each for each in found if each)


def read_authenticator(document: etree._Element, warnings: list[str]) -> Author | None:
    element = child(document, "legalAuthenticator")
    at = lenient_timestamp(child(element, "time"), warnings)
    return read_entity(child(element, "assignedEntity"), at=at)


def read_custodian(document: etree._Element) -> Organisation | None:
    return organisation(child(document, "custodian/assignedCustodian/representedCustodianOrganization"))


def read_referrers(document: etree._Element) -> tuple[Identifier, ...]:
    """The national numbers of those who asked for the act: the prescriber of an analysis, of an image."""
    entities = (
        child(each, "associatedEntity") for each in children(document, "participant") if each.get("typeCode") == "REF"
    )
    numbers = (_identifier(each) for each in entities)
    return tuple(each for each in numbers if each and each.system == _PROFESSIONALS)


def read_entity(entity: etree._Element | None, *, at: datetime | None, role: str = "") -> Author | None:
    name = child(entity, "assignedPerson/name")
    who = _identifier(entity)
    family, given, prefix, suffix = _person(name)
    device = _device(child(entity, "assignedAuthoringDevice"))
    house = organisation(child(entity, "representedOrganization"))
    if not (who or family or given or device or house):
        return None
    return Author(
        identifier=who,
        family=family,
        given=given,
        prefix=prefix,
        suffix=suffix,
        device=device,
        profession=coded(child(entity, "code")),
        role=role,
        organisation=house,
        at=at,
    )


def _identifier(entity: etree._Element | None) -> Identifier | None:
    """The national number when there is one among several."""
    found = [each for each in map(identifier, children(entity, "id")) if each]
    national = [each for each in found if each.system == _PROFESSIONALS]
    return next(iter(national + found), None)


def _person(name: etree._Element | None) -> tuple[str, str, str, str]:
    family, given, prefix, suffix = (" ".join(filter(None, map(text_of, children(name, part)))) for part in _PARTS)
    if not family and not given:
        family = text_of(name)
    return family, given, prefix, suffix


def _device(device: etree._Element | None) -> str:
    """The software, else the model; producers write "." for what they must state and do not know."""
    names = (text_of(child(device, part)) for part in ("softwareName", "manufacturerModelName"))
    return next((each for each in names if each.strip(". ")), "")
