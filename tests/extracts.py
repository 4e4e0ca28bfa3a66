"""Synthetic lines of the national extract, with real header names; any number of them, always the same for a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import uuid4

from carnet.formats import annuaire
from carnet.formats.annuaire import COLUMNS
from carnet.formats.rpps import luhn

HEADER = "|".join(COLUMNS) + "|\n"
USUAL: Mapping[str, str] = {
    annuaire.KIND: "8",
    annuaire.FAMILY: "ESSAI",
    annuaire.GIVEN: "ANGE",
    annuaire.TITLE: "DR",
    annuaire.CIVILITY: "M",
    annuaire.PROFESSION: "10",
    annuaire.CATEGORY: "C",
    annuaire.SPECIALITY: "SM54",
    "Code mode exercice": "L",
    annuaire.MODE: "Libéral",
    annuaire.SECTOR: "SA07",
}


def line(who: str, **options: str) -> str:
    """`options` by a column's constant name in lower case: `family="DURAND"`, `finess="750803447"`."""
    values = {**USUAL, annuaire.NUMBER: who, "Identification nationale PP": f"8{who}"}
    values |= {getattr(annuaire, name.upper()): value for name, value in options.items()}
    columns = (*COLUMNS, annuaire.END) if annuaire.END in values else COLUMNS
    return "|".join(values.get(column, "") for column in columns)


def text(lines: Iterable[str], *, ends: bool = False) -> str:
    """`ends`: with the column of the full extract that tells when an activity ended."""
    head = f"{HEADER.strip()}{annuaire.END}\n" if ends else HEADER
    width, cut = head.count("|"), 10
    return head + "".join(
        each + "|" * (width - each.count("|") if each.count("|") > cut else 0) + "\n" for each in lines
    )


def numbered(body: str) -> str:
    return next(f"{body}{digit}" for digit in range(10) if luhn(f"{body}{digit}"))


def a_number() -> str:
    return numbered(f"{uuid4().int % 10**10:010d}")


def a_finess() -> str:
    return f"{uuid4().int % 10**9:09d}"


def number_of(who: int) -> str:
    """Of none of the cast."""
    return numbered(f"19{who:08d}")


_PROFESSIONS = (
    ("10", "SM54"),
    ("10", "SM26"),
    ("10", "SM04"),
    ("60", ""),
    ("21", ""),
    ("70", ""),
    ("50", ""),
    ("40", ""),
)


def many(count: int, *, every: int = 4, skip: int = 0) -> Iterator[str]:
    """`count` lines of `count * (every - 1) / every` professionals: one in `every` lines is a second place of somebody.
    The first `skip` professionals are left out."""
    yield HEADER
    who = -1
    for number in range(count):
        second = number % every == every - 1
        who += 0 if second else 1
        if who < skip:
            continue
        profession, speciality = _PROFESSIONS[who % len(_PROFESSIONS)]
        finess = f"{(number if second else who) // 3 % 10**9:09d}"
        values = (
            *("8", number_of(who), "", "DR" if profession == "10" else "", "", "M", "Monsieur"),
            *(f"FAMILLE{who % 60_013:05d}", f"PRENOM{who % 997:03d}", profession, "Profession", "C", "Civil"),
            *("S", "Spécialité ordinale", speciality, "Libellé", "L", "Libéral", "", "", finess, "", f"F{finess}"),
            f"CABINET {finess}",
        )
        yield "|".join(values) + "|" * (len(COLUMNS) - len(values) + 1) + "\n"
