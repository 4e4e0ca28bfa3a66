"""SMART Health Cards (HL7): vaccinations as a signed text that a QR code holds. Pure: the signature is made and checked
elsewhere, over the bytes that this module gives.

A card is a compact JWS whose payload is deflated JSON; in a QR code each of its characters is two figures, so that the
code is read as a number. https://spec.smarthealth.cards"""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

__all__ = [
    "MOST_CHARACTERS",
    "Card",
    "CardError",
    "Dose",
    "Person",
    "as_text",
    "body",
    "numeric",
    "read",
    "signed_part",
]

MOST_CHARACTERS: Final = 1195
"""Of a JWS, so that its code is of version 22 at most and every telephone reads it from paper."""

_PREFIX: Final = "shc:/"
_TYPES: Final = ["https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"]
_FIGURES: Final = re.compile(r"(?:\d\d){40,8000}", re.ASCII)
_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_LOWEST: Final = ord("-")
_MOST_PAYLOAD: Final = 1 << 16
_LONGEST: Final = 80


class CardError(ValueError):
    """What was given is no card, or one of another kind."""


@dataclass(frozen=True, slots=True)
class Person:
    family: str
    given: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Dose:
    """`coding` is a system and a code; `text` what people call the vaccine; `day` as precise as it is known."""

    text: str
    day: str
    coding: tuple[str, str] = ("", "")
    lot: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """As it was read, whoever signed it: `signed` and `signature` are for who checks."""

    issuer: str
    kid: str
    signed: bytes
    signature: bytes
    issued: int
    person: Person
    doses: tuple[Dose, ...]


def body(issuer: str, issued: int, person: Person, doses: Sequence[Dose]) -> bytes:
    """The deflated payload; nothing more than whose it is and what was given."""
    entries = [_patient(person), *map(_immunization, doses)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"resource:{place}", "resource": each} for place, each in enumerate(entries)],
    }
    subject = {"fhirVersion": "4.0.1", "fhirBundle": bundle}
    payload = {"iss": issuer, "nbf": issued, "vc": {"type": _TYPES, "credentialSubject": subject}}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush()


def _patient(person: Person) -> dict[str, Any]:
    name = {"family": person.family, "given": person.given.split(" ")}
    return {"resourceType": "Patient", "name": [name], "birthDate": person.birth_date}


def _immunization(dose: Dose) -> dict[str, Any]:
    system, code = dose.coding
    vaccine: dict[str, Any] = {"coding": [{"system": system, "code": code}]} if code else {}
    found: dict[str, Any] = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": vaccine | {"text": dose.text[:_LONGEST]},
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": dose.day,
    }
    if dose.lot:
        found["lotNumber"] = dose.lot[:_LONGEST]
    if dose.by:
        found["performer"] = [{"actor": {"display": dose.by[:_LONGEST]}}]
    return found


def signed_part(kid: str, packed: bytes) -> bytes:
    header = json.dumps({"zip": "DEF", "alg": "ES256", "kid": kid}, separators=(",", ":")).encode()
    return f"{as_text(header)}.{as_text(packed)}".encode()


def numeric(jws: str) -> tuple[str, str]:
    """What a QR code holds: the letters before, and the figures."""
    return _PREFIX, "".join(f"{ord(char) - _LOWEST:02d}" for char in jws)


def read(text: str) -> Card:
    """Of a code as a reader of QR codes gives it (`shc:/…`), of its figures alone, or of a JWS. Raises `CardError`."""
    given = "".join(text.split())
    figures = given.removeprefix(_PREFIX)
    if _FIGURES.fullmatch(figures):
        pairs = (int(figures[place : place + 2]) for place in range(0, len(figures), 2))
        given = "".join(chr(each + _LOWEST) for each in pairs)
    if not _JWS.fullmatch(given):
        raise CardError
    header, packed, signature = given.split(".")
    try:
        return _card(_object(orjson.loads(_bytes(header))), packed, given.rpartition(".")[0], _bytes(signature))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, zlib.error):
        raise CardError from None


def _card(header: Mapping[str, Any], packed: str, signed: str, signature: bytes) -> Card:
    if header.get("alg") != "ES256" or header.get("zip") != "DEF":
        raise CardError
    payload = _object(orjson.loads(_unpacked(_bytes(packed))))
    credential = _object(payload["vc"])
    if _TYPES[0] not in credential["type"]:
        raise CardError
    resources = [_object(each["resource"]) for each in credential["credentialSubject"]["fhirBundle"]["entry"]]
    patient = next((each for each in resources if each["resourceType"] == "Patient"), None)
    if patient is None:
        raise CardError
    doses = tuple(_dose(each) for each in resources if each["resourceType"] == "Immunization")
    return Card(
        str(payload["iss"]),
        str(header.get("kid", "")),
        signed.encode(),
        signature,
        int(payload["nbf"]),
        _person(patient),
        doses,
    )


def _unpacked(packed: bytes) -> bytes:
    opener = zlib.decompressobj(-15)
    text = opener.decompress(packed, _MOST_PAYLOAD)
    if opener.unconsumed_tail or not opener.eof:
        raise CardError
    return text


def _person(patient: Mapping[str, Any]) -> Person:
    name = _object((patient.get("name") or [{}])[0])
    given = " ".join(map(str, name.get("given") or ()))
    return Person(str(name.get("family", "")), given, str(patient.get("birthDate", "")))


def _dose(found: Mapping[str, Any]) -> Dose:
    vaccine = _object(found.get("vaccineCode") or {})
    coding = _object((vaccine.get("coding") or [{}])[0])
    by = _object(_object((found.get("performer") or [{}])[0]).get("actor") or {})
    code = (str(coding.get("system", "")), str(coding.get("code", "")))
    return Dose(
        str(vaccine.get("text") or code[1]),
        str(found.get("occurrenceDateTime", "")),
        code,
        str(found.get("lotNumber", "")),
        str(by.get("display", "")),
    )


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CardError
    return value


def as_text(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
