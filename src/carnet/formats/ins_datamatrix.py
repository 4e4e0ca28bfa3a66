"""The INS datamatrix printed on health documents, as the text that a scanner types: a header of 26 characters, then the
matricule and the strict traits, each after its two letters (ANS, « INS – Format datamatrix », version 2.2).

A field of variable length ends with the group separator (ASCII 29), unless it has reached its greatest length or is the
last. Scanners that type as a keyboard often lose that character or write it as something else: what is unambiguous
without it is read all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.ins import Ins, InsError, parse

__all__ = ["DatamatrixError", "InsTraits", "is_one", "read", "written"]

_HEADER: Final = re.compile(r"IS01[0-9A-Z]{22}")
_SEPARATOR: Final = "\x1d"
# What keyboards and terminals make of the separator.
_ALSO: Final = ("\u241d", "^]", "<GS>", "\\x1d", "\r\n", "\n", "\t", "|")
# Identifier: least and greatest length. The first two and the last three are not free text.
_LENGTHS: Final = {
    "S1": (15, 15),
    "S2": (19, 20),
    "S3": (1, 100),
    "S4": (1, 100),
    "S5": (1, 1),
    "S6": (10, 10),
    "S7": (5, 5),
}
_SHAPES: Final = {
    "S1": re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}"),
    "S2": re.compile(r"1\.2\.250\.1\.213\.1\.4\.(?:10|11|8|9)"),
    "S3": re.compile(r"[A-Z' \-]{1,100}?"),
    "S4": re.compile(r"[A-Z' \-]{1,100}?"),
    "S5": re.compile(r"[MF]"),
    "S6": re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}"),
    "S7": re.compile(r"[0-9](?:[0-9]|[AB])[0-9]{3}"),
}
_FIELD: Final = re.compile(
    "|".join(f"(?P<{name}>{name}{shape.pattern})(?=\x1d|S[1-7]|$)\x1d?" for name, shape in _SHAPES.items())
)

_MESSAGES: Final = {
    "header": "Ce texte n’est pas celui d’un datamatrix INS : il doit commencer par IS01.",
    "field": "Ce datamatrix INS est incomplet ou abîmé : scannez-le de nouveau, ou saisissez l’identité.",
    "missing": "Il manque des informations dans ce datamatrix INS : scannez-le de nouveau, ou saisissez l’identité.",
    "date": "La date de naissance de ce datamatrix INS n’existe pas.",
    "number": "Le matricule de ce datamatrix INS n’est pas possible.",
}


class DatamatrixError(ValueError):
    """`code` is header, field, missing, date or number. The message repeats nothing of what was read."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message_fr = _MESSAGES[code]
        super().__init__(self.message_fr)


@dataclass(frozen=True, slots=True)
class InsTraits:
    """`givens`: all given names at birth, in their order. `birth_place` as INSEE writes it, "" where it is not said."""

    ins: Ins
    givens: str
    family: str
    sex: str
    birth_date: date
    birth_place: str = ""


def is_one(text: str) -> bool:
    """Whether it means to be one, whole or damaged."""
    return text.lstrip().startswith("IS01")


def read(text: str) -> InsTraits:
    """Raises `DatamatrixError`."""
    typed = text.strip()
    for also in _ALSO:
        typed = typed.replace(also, _SEPARATOR)
    if not _HEADER.match(typed):
        raise DatamatrixError("header")
    found = _fields(typed[26:].strip(_SEPARATOR))
    if not {"S1", "S2", "S3", "S4", "S5", "S6"} <= set(found):
        raise DatamatrixError("missing")
    return InsTraits(
        ins=_number(found["S1"], found["S2"]),
        givens=found["S3"],
        family=found["S4"],
        sex=found["S5"],
        birth_date=_day(found["S6"]),
        birth_place=found.get("S7", ""),
    )


def written(traits: InsTraits) -> str:
    """The text to print as a datamatrix, for a qualified identity."""
    values = {
        "S1": traits.ins.value15,
        "S2": traits.ins.oid,
        "S3": traits.givens,
        "S4": traits.family,
        "S5": traits.sex,
        "S6": f"{traits.birth_date:%d-%m-%Y}",
        "S7": traits.birth_place,
    }
    said = [(name, value) for name, value in values.items() if value]
    return "IS01" + "0" * 22 + "".join(_block(name, value, last=name == said[-1][0]) for name, value in said)


def _block(name: str, value: str, *, last: bool) -> str:
    whole = len(value) == _LENGTHS[name][1]
    return f"{name}{value}{'' if whole or last else _SEPARATOR}"


def _fields(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(rest):
        match = _FIELD.match(rest, position)
        name = match.lastgroup if match else None
        if match is None or name is None or name in found:
            raise DatamatrixError("field")
        found[name] = match[name].removeprefix(name)
        position = match.end()
    return found


def _number(value: str, oid: str) -> Ins:
    try:
        found = parse(value, oid)
    except InsError as error:
        raise DatamatrixError("number") from error
    if not found.key_ok:
        raise DatamatrixError("number")
    return found


def _day(value: str) -> date:
    day, month, year = (int(part) for part in value.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise DatamatrixError("date") from None
