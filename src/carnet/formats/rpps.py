"""Numbers of professionals and structures: RPPS, FINESS, SIREN, SIRET, and the national ids around them.

Source: identity reference, section 2. A national id is one prefix digit and the number; the check digit is
that of the number, never of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = [
    "PROFESSIONAL_OID",
    "STRUCTURE_OID",
    "NationalId",
    "RppsError",
    "finess_ok",
    "luhn",
    "national_id_of_rpps",
    "professional",
    "rpps_ok",
    "siren_ok",
    "siret_ok",
    "structure",
]

PROFESSIONAL_OID: Final = "1.2.250.1.71.4.2.1"
STRUCTURE_OID: Final = "1.2.250.1.71.4.2.2"

_LA_POSTE = "356000000"
_PROFESSIONALS: Final = {
    "0": "ADELI",
    "1": "ADELI_PRACTICE",
    "3": "FINESS_INTERNAL",
    "4": "SIREN_INTERNAL",
    "5": "SIRET_INTERNAL",
    "6": "RPPS_PRACTICE",
    "8": "RPPS",
}
_STRUCTURES: Final = {"0": "ADELI_PRACTICE", "1": "FINESS", "2": "SIREN", "3": "SIRET", "4": "RPPS_RANK"}
_SHAPES: Final = {
    "RPPS": re.compile(r"\d{11}"),
    "ADELI": re.compile(r"(?:\d\d|2[AB])[0-9A-Z]{7}"),
    "FINESS": re.compile(r"(?:\d\d|2[AB])\d{7}"),
    "SIREN": re.compile(r"\d{9}"),
    "SIRET": re.compile(r"\d{14}"),
}
_NATIONAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z/._\-]{1,63}")


class RppsError(ValueError):
    """`code` is empty, characters or shape. The message never repeats the number."""

    def __init__(self, code: str, message_fr: str) -> None:
        self.code = code
        self.message_fr = message_fr
        super().__init__(message_fr)


@dataclass(frozen=True, slots=True)
class NationalId:
    """`check_ok` is None when the number carries no check digit to rely on.

    Several public samples of FINESS fail their check: a caller should warn, not refuse.
    """

    oid: str
    value: str
    kind: str
    number: str
    check_ok: bool | None


def luhn(digits: str) -> bool:
    if not (digits.isascii() and digits.isdigit()):
        return False
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)  # noqa: PLR2004
    return total % 10 == 0


def rpps_ok(text: str) -> bool:
    return bool(_SHAPES["RPPS"].fullmatch(text)) and luhn(text)


def finess_ok(text: str) -> bool:
    """No rule is published for the letter of Corsica: a number with one never passes."""
    return bool(_SHAPES["FINESS"].fullmatch(text)) and luhn(text)


def siren_ok(text: str) -> bool:
    return bool(_SHAPES["SIREN"].fullmatch(text)) and luhn(text)


def siret_ok(text: str) -> bool:
    """The sites of La Poste follow a rule of their own: the sum of the digits is a multiple of five."""
    if not _SHAPES["SIRET"].fullmatch(text):
        return False
    return luhn(text) or (text.startswith(_LA_POSTE) and sum(map(int, text)) % 5 == 0)


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "RPPS": rpps_ok,
    "FINESS": finess_ok,
    "SIREN": siren_ok,
    "SIRET": siret_ok,
}


def national_id_of_rpps(rpps: str) -> str:
    return "8" + rpps


def professional(value: str) -> NationalId:
    """Split a professional's national id ("8" + RPPS …); raise `RppsError` for an impossible shape."""
    value = _clean(value)
    kind = _PROFESSIONALS.get(value[0])
    if kind is None:
        raise RppsError("shape", "Le préfixe de cet identifiant national de professionnel est inconnu.")
    return _split(PROFESSIONAL_OID, value, kind)


def structure(value: str) -> NationalId:
    """Split a structure's national id; without a known prefix it is a technical number of the register."""
    value = _clean(value)
    kind = _STRUCTURES.get(value[0])
    shape = _SHAPES.get(kind or "")
    if kind is None or (shape is not None and not shape.fullmatch(value[1:])):
        return NationalId(STRUCTURE_OID, value, "TECHNICAL", value, None)
    return _split(STRUCTURE_OID, value, kind)


def _clean(value: str) -> str:
    value = value.strip()
    if not value:
        raise RppsError("empty", "L’identifiant national est vide.")
    if not _NATIONAL.fullmatch(value):
        raise RppsError("characters", "Cet identifiant national contient des caractères impossibles.")
    return value


def _split(oid: str, value: str, kind: str) -> NationalId:
    number = value[1:]
    shape = _SHAPES.get(kind)
    if shape is not None and not shape.fullmatch(number):
        raise RppsError("shape", f"Le numéro {kind} de cet identifiant national n’a pas la bonne forme.")
    check = _CHECKS.get(kind)
    return NationalId(oid, value, kind, number, check(number) if check else None)
