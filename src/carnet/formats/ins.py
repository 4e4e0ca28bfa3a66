"""The national health identity number (INS): its kinds, its two lengths, its key.

Source: identity reference, section 1 (public validator of the health insurance, national identity framework).
The pair (matricule, OID) is the identifier: the same matricule under a test OID is another person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["OIDS", "Ins", "InsError", "Kind", "key", "kind_of", "parse"]

_ROOT = "1.2.250.1.213.1.4."


class Kind(StrEnum):
    NIR = "NIR"
    NIA = "NIA"
    TEST = "TEST"
    DEMO = "DEMO"


_KINDS: Final = {
    _ROOT + "8": Kind.NIR,
    _ROOT + "9": Kind.NIA,
    _ROOT + "10": Kind.TEST,
    _ROOT + "11": Kind.DEMO,
}
OIDS: Final = frozenset(_KINDS)

# Sex, year, month (20-99 when unknown), department, municipality, order number.
_NIR = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{6}")
# A waiting number has other first digits and no promise on the rest.
_NIA = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{6}|[3478]\d{4}(?:\d\d|2[AB])\d{6}")
_SEPARATORS = str.maketrans("", "", " \t\u00a0\u202f")
_CHARACTERS = re.compile(r"[0-9AB]+")

_MESSAGES: Final = {
    "system": "Ce système d’identifiant n’est pas celui d’un matricule INS "
    "(attendu : 1.2.250.1.213.1.4.8, .9, .10 ou .11).",
    "characters": "Un matricule INS ne contient que des chiffres, et la lettre A ou B pour la Corse.",
    "length": "Un matricule INS compte 13 caractères, ou 15 avec sa clé.",
    "start": "Le premier chiffre de ce matricule INS n’est pas possible pour ce type de matricule.",
    "shape": "Ce matricule INS n’a pas une forme possible : vérifiez le mois et le département de naissance.",
}


class InsError(ValueError):
    """`code` is system, characters, length, start or shape. The message never repeats the number."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message_fr = _MESSAGES[code]
        super().__init__(self.message_fr)


def kind_of(system: str) -> Kind | None:
    return _KINDS.get(system.removeprefix("urn:oid:"))


def key(matricule13: str) -> str:
    """97 minus the rest of the division by 97; in Corsica 2A counts as 19 and 2B as 18."""
    number = matricule13[:5] + matricule13[5:7].replace("2A", "19").replace("2B", "18") + matricule13[7:]
    return f"{97 - int(number) % 97:02d}"


@dataclass(frozen=True, slots=True, eq=False)
class Ins:
    """Equal when OID and the 13 first characters are: a wrong key does not make another person."""

    oid: str
    value15: str

    @property
    def matricule13(self) -> str:
        return self.value15[:13]

    @property
    def key(self) -> str:
        return self.value15[13:]

    @property
    def expected_key(self) -> str:
        return key(self.matricule13)

    @property
    def key_ok(self) -> bool:
        return self.key == self.expected_key

    @property
    def kind(self) -> Kind:
        return _KINDS[self.oid]

    @property
    def uri(self) -> str:
        return "urn:oid:" + self.oid

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ins):
            return NotImplemented
        return (self.oid, self.matricule13) == (other.oid, other.matricule13)

    def __hash__(self) -> int:
        return hash((self.oid, self.matricule13))

    def __repr__(self) -> str:
        # Logs and tracebacks print representations: no digit of a person may appear there.
        return f"<Ins {self.kind}>"


def parse(text: str, system: str) -> Ins:
    """Read 13 or 15 characters, with spaces and lower case; `system` is an OID, bare or as `urn:oid:`.

    A missing key is computed. A wrong key is kept and shows as `key_ok` false: the caller decides whether
    that is a warning or a refusal. Everything else that is wrong raises `InsError`.
    """
    kind = kind_of(system)
    if kind is None:
        raise InsError("system")
    value = text.translate(_SEPARATORS).upper()
    if not _CHARACTERS.fullmatch(value):
        raise InsError("characters")
    if len(value) not in (13, 15):
        raise InsError("length")
    matricule, given = value[:13], value[13:]
    _check_shape(matricule, kind)
    if given and not given.isdigit():
        raise InsError("characters")
    return Ins(system.removeprefix("urn:oid:"), matricule + (given or key(matricule)))


def _check_shape(matricule: str, kind: Kind) -> None:
    if matricule[0] not in ("123478" if kind is Kind.NIA else "12"):
        raise InsError("start")
    if not (_NIA if kind is Kind.NIA else _NIR).fullmatch(matricule):
        raise InsError("shape")
