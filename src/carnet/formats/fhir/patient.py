"""Patient: the resource of the existence test (TD0.2), and the source patient inside a document's entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import orjson

from carnet.formats import ins
from carnet.formats.entry import Identifier, Patient
from carnet.formats.fhir import extensions, identifiers, times
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["element", "matching", "read", "write"]

_BIRTH_GIVENS: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name"
_BIRTH_PLACE: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
_INSEE_CODE: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code"
_TOWNS: Final = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
_GENDERS: Final = {"M": "male", "F": "female"}
_SEXES: Final = {"male": "M", "female": "F"}


def write(patient: Patient, *, fhir_id: str, active: bool, version: int | str, last_updated: datetime) -> bytes:
    """TD0.2: `active` is true for an open record, false for a closed one."""
    meta = {"versionId": str(version), "lastUpdated": times.instant(last_updated)}
    return orjson.dumps({"resourceType": "Patient", "id": fhir_id, "meta": meta, "active": active} | element(patient))


def element(patient: Patient) -> dict[str, Any]:
    """The traits, without resourceType and id; perhaps empty."""
    numbers = [identifiers.to_fhir(each) for each in (patient.ins, patient.local) if each]
    return pruned(
        {
            "extension": _birth_place(patient.birth_place),
            "identifier": numbers,
            "name": _names(patient),
            "gender": _gender(patient.sex),
            "birthDate": patient.birth_date,
        }
    )


def _gender(sex: str) -> str:
    return _GENDERS.get(sex.upper()[:1], "unknown") if sex else ""


def _names(patient: Patient) -> list[dict[str, Any]]:
    birth = pruned({"family": patient.birth_family, "given": _list(patient.birth_given)})
    if patient.birth_givens:
        birth = {"extension": [{"url": _BIRTH_GIVENS, "valueString": patient.birth_givens}]} | birth
    used = pruned({"family": patient.used_family, "given": _list(patient.used_given)})
    return [{"use": use} | name for use, name in (("official", birth), ("usual", used)) if name]


def _list(text: str) -> list[str]:
    return [text] if text else []


def _birth_place(code: str) -> list[dict[str, Any]]:
    if not code:
        return []
    insee = {"url": _INSEE_CODE, "valueCoding": {"system": _TOWNS, "code": code}}
    return [{"url": _BIRTH_PLACE, "valueAddress": {"extension": [insee]}}]


def read(node: Node) -> Patient:
    """The traits of a Patient; the first number that is no INS is the local one."""
    given = [identifiers.from_fhir(each.text("system"), each.text("value")) for each in node.children("identifier")]
    known = [each for each in given if each.value]
    birth, used = _named(node, "official", ""), _named(node, "usual")
    return Patient(
        ins=next((each for each in known if ins.kind_of(each.system)), None),
        local=next((each for each in known if not ins.kind_of(each.system)), None),
        birth_family=birth.text("family"),
        birth_given=_first(birth, "given"),
        birth_givens=extensions.first(birth, _BIRTH_GIVENS).text("valueString"),
        used_family=used.text("family"),
        used_given=_first(used, "given"),
        sex=_SEXES.get(node.text("gender"), "U") if node.has("gender") else "",
        birth_date=node.text("birthDate"),
        birth_place=_insee(node),
    )


def _named(node: Node, *uses: str) -> Node:
    names = list(node.children("name"))
    return next((name for use in uses for name in names if name.text("use") == use), node.nothing())


def _first(node: Node, name: str) -> str:
    return next(iter(node.texts(name)), "")


def _insee(node: Node) -> str:
    address = extensions.first(node, _BIRTH_PLACE).child("valueAddress")
    return extensions.first(address, _INSEE_CODE).child("valueCoding").text("code")


def matching(first: Identifier, second: Identifier) -> bool:
    """Whether two numbers can be the same person: only two INS of one kind can contradict each other."""
    if first.system != second.system:
        return True
    try:
        return ins.parse(first.value, first.system) == ins.parse(second.value, second.system)
    except ins.InsError:
        return first.value == second.value
