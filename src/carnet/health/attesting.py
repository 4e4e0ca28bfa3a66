"""The vaccination certificate: what a professional confirmed, signed so that anybody can check it without us; and the
check of one that is shown. Keys come from the house's keyring, the same after every rotation of its master key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from carnet.consent.access import reading
from carnet.formats import health_card
from carnet.formats.health_card import MOST_CHARACTERS, Card, CardError, Dose, Person
from carnet.kernel import clock, vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, open_record

__all__ = ["Checked", "Verdict", "cards", "check", "jwks"]

ACTION: Final = "certificate-signed"
# The last one signs; the others are published for what they signed. A new one is one more number.
_KEYS: Final = ("1",)
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HALF: Final = 32


class Verdict(StrEnum):
    """`ALTERED`: it says that it is ours, and its signature does not hold. `UNKNOWN`: somebody else signed it."""

    VALID = "valid"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    NO_CARD = "no-card"


@dataclass(frozen=True, slots=True)
class Checked:
    """`card` is told of what is valid alone; `issuer` of what is unknown."""

    verdict: Verdict
    card: Card | None = None
    issuer: str = ""


def cards(
    actor: Actor, purpose: Purpose, record_id: UUID, *, issuer: str, person: Person, doses: Sequence[Dose]
) -> tuple[str, ...]:
    """As many as it takes for each to fit into one code. It leaves its line: the house signs."""

    def sign(permit: Permit) -> tuple[str, ...]:
        with open_record(permit, trace=Trace(ACTION)):
            return _cards(issuer, int(clock.now().timestamp()), person, doses)

    return reading(actor, purpose, record_id, sign, action=ACTION)


def _cards(issuer: str, issued: int, person: Person, doses: Sequence[Dose]) -> tuple[str, ...]:
    found: list[str] = []
    held: list[Dose] = []
    for dose in doses:
        longer = _signed(health_card.body(issuer, issued, person, [*held, dose]))
        if held and len(longer) > MOST_CHARACTERS:
            found.append(_signed(health_card.body(issuer, issued, person, held)))
            held = []
        held.append(dose)
    return (*found, _signed(health_card.body(issuer, issued, person, held))) if held else tuple(found)


def _signed(packed: bytes) -> str:
    key = _key(_KEYS[-1])
    part = health_card.signed_part(_kid(_KEYS[-1]), packed)
    r, s = decode_dss_signature(key.sign(part, ec.ECDSA(SHA256())))
    signature = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return f"{part.decode()}.{health_card.as_text(signature)}"


def jwks() -> dict[str, Any]:
    """Of those who check without us: the public keys alone."""
    return {"keys": [_public(number) for number in _KEYS]}


def check(text: str, *, issuer: str) -> Checked:
    try:
        card = health_card.read(text)
    except CardError:
        return Checked(Verdict.NO_CARD)
    if card.issuer != issuer:
        return Checked(Verdict.UNKNOWN, issuer=card.issuer)
    number = next((each for each in _KEYS if _kid(each) == card.kid), None)
    if number is None or not _holds(number, card):
        return Checked(Verdict.ALTERED)
    return Checked(Verdict.VALID, card)


def _holds(number: str, card: Card) -> bool:
    if len(card.signature) != 2 * _HALF:
        return False
    halves = (int.from_bytes(card.signature[:_HALF], "big"), int.from_bytes(card.signature[_HALF:], "big"))
    try:
        _key(number).public_key().verify(encode_dss_signature(*halves), card.signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _key(number: str) -> ec.EllipticCurvePrivateKey:
    secret = int.from_bytes(vault.derive(f"vaccination-certificate-{number}"), "big")
    return ec.derive_private_key(secret % (_ORDER - 1) + 1, ec.SECP256R1())


def _public(number: str) -> dict[str, Any]:
    return {**_members(number), "kid": _kid(number), "use": "sig", "alg": "ES256"}


def _members(number: str) -> dict[str, str | list[str]]:
    point = _key(number).public_key().public_numbers()
    x, y = (health_card.as_text(each.to_bytes(_HALF, "big")) for each in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


@cache
def _kid(number: str) -> str:
    """The thumbprint of the key (RFC 7638), as the standard has it."""
    return ECKey.import_key(_members(number)).thumbprint()
