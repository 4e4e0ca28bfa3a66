"""The units that we know, from `data/units.json`: prefixes, atoms with their exact size, spellings of sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TypeVar

from carnet.formats.terminology.table import Row, Table, read

__all__ = ["Atom", "Special", "Units", "load", "parse"]

_FILE = "units.json"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Atom:
    """`value` times `unit`, a UCUM expression of atoms that stand before it; a base unit has no `unit`."""

    code: str
    value: Fraction
    unit: str
    metric: bool
    printed: str


@dataclass(frozen=True, slots=True)
class Special:
    """A scale whose zero is elsewhere: kelvins = value × `kelvin` + `zero`."""

    code: str
    kelvin: Fraction
    zero: Fraction
    printed: str


@dataclass(frozen=True, slots=True)
class Units:
    prefixes: Mapping[str, Fraction]
    atoms: Mapping[str, Atom]
    special: Mapping[str, Special]
    neutral: frozenset[str]
    spellings: Mapping[str, str]
    printed: Mapping[str, str]


def parse(table: Table) -> Units:
    return Units(
        prefixes={row.required("code"): _exact(row, "value") for row in table.rows("prefixes")},
        atoms=_unique(table, "atoms", "code", _atom),
        special=_unique(table, "special", "code", _special),
        neutral=frozenset(row.required("text") for row in table.rows("neutral_annotations")),
        spellings=_unique(table, "spellings", "text", lambda row: row.required("ucum")),
        printed=_unique(table, "printed", "ucum", lambda row: row.text("printed")),
    )


def _atom(row: Row) -> Atom:
    code = row.required("code")
    size = _exact(row, "value")
    return Atom(code, size, row.text("unit"), row.flag("metric"), row.text("printed", code))


def _special(row: Row) -> Special:
    code = row.required("code")
    return Special(code, _exact(row, "kelvin"), _exact(row, "zero"), row.text("printed", code))


def _unique(table: Table, rows: str, key: str, made: Callable[[Row], _T]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for row in table.rows(rows):
        if row.required(key) in found:
            raise row.error(f"{row.text(key)!r} appears twice")
        found[row.text(key)] = made(row)
    return found


def _exact(row: Row, name: str) -> Fraction:
    try:
        value = Fraction(row.required(name))
    except (ValueError, ZeroDivisionError):
        raise row.error(f"{name!r} is not an exact number") from None
    if value < 0:
        raise row.error(f"{name!r} is below zero")
    return value


@cache
def load() -> Units:
    return parse(read(_FILE))
