"""Analytes of everyday laboratories, from `data/analytes.json`: which LOINC codes are one analysis, how it is shown.

Codes are joined by that table alone, where LOINC gives them one component and one system and each line says where its
code was checked; a code that it does not name is an analysis of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.terminology import substances, systems, units
from carnet.formats.terminology.table import Row, Table, read

__all__ = ["Analyte", "Chapter", "Code", "by_key", "by_loinc", "chapters", "checks", "every", "of", "parse", "shown"]

_FILE = "analytes.json"
_LOINC = re.compile(r"(\d{1,7})-(\d)")
# A unit of each LOINC property, to hold a row's own unit against: one of them must lead to it.
_UNITS: Mapping[str, str] = {
    "Mass/volume": "g/L",
    "Moles/volume": "mol/L",
    "Enzymatic activity/volume": "U/L",
    "Units/volume": "[IU]/L",
    "#/volume": "/L",
    "Mass/time": "g/s",
    "Moles/time": "mol/s",
    "Partial pressure": "Pa",
    "Time": "s",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One LOINC code of an analyte; `source` is the list by which it was checked."""

    code: str
    property: str
    method: str
    source: str


@dataclass(frozen=True, slots=True)
class Chapter:
    key: str
    label: str
    english: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """`unit`: the UCUM unit that it is shown in, "" where the result is words. `substance`: what `units.convert` needs.
    `note`: what a reader of a joined curve must know."""

    key: str
    label: str
    short: str
    english: str
    chapter: str
    unit: str
    substance: str
    component: str
    system: str
    note: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _All:
    analytes: Mapping[str, Analyte]
    chapters: Mapping[str, Chapter]
    by_code: Mapping[str, Analyte]


def parse(table: Table) -> _All:
    sources = {row.required("key") for row in table.rows("sources")}
    named = {row.required("key"): _chapter(row) for row in table.rows("chapters")}
    found: dict[str, Analyte] = {}
    by_code: dict[str, Analyte] = {}
    for row in table.rows("analytes"):
        made = _analyte(row, sources)
        if made.key in found:
            raise row.error(f"the analyte {made.key!r} appears twice")
        if made.chapter not in named:
            raise row.error(f"the chapter {made.chapter!r} is unknown")
        found[made.key] = made
        for each in made.codes:
            if each.code in by_code:
                raise row.error(f"the code {each.code} is of {by_code[each.code].key!r} already")
            by_code[each.code] = made
    return _All(found, named, by_code)


def _chapter(row: Row) -> Chapter:
    return Chapter(row.required("key"), row.required("label"), row.required("en"))


def _analyte(row: Row, sources: set[str]) -> Analyte:
    codes = tuple(_code(row, fields, sources) for fields in row.fields.get("codes") or ())
    made = Analyte(
        key=row.required("key"),
        label=row.required("label"),
        short=row.required("short"),
        english=row.required("en"),
        chapter=row.required("chapter"),
        unit=row.text("unit"),
        substance=row.text("substance"),
        component=row.required("component"),
        system=row.required("system"),
        note=row.text("note"),
        codes=codes,
    )
    if not codes:
        raise row.error("has no code")
    if made.substance and substances.by_key(made.substance) is None:
        raise row.error(f"the substance {made.substance!r} is unknown")
    _check_unit(row, made)
    return made


def _code(row: Row, fields: object, sources: set[str]) -> Code:
    if not isinstance(fields, dict):
        raise row.error("a code is not an object")
    inner = Row(row.where, fields)
    code = Code(inner.required("code"), inner.required("property"), inner.text("method"), inner.required("source"))
    if not checks(code.code):
        raise row.error(f"{code.code!r} is no LOINC code: its last digit does not check")
    if code.source not in sources:
        raise row.error(f"the source {code.source!r} is unknown")
    return code


def checks(code: str) -> bool:
    """LOINC's check digit: mod 10, every other digit doubled from the right."""
    parts = _LOINC.fullmatch(code)
    if parts is None:
        return False
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(parts[1])))
    return (10 - total % 10) % 10 == int(parts[2])


def _check_unit(row: Row, analyte: Analyte) -> None:
    if not analyte.unit:
        return
    if not units.canonical(analyte.unit):
        raise row.error(f"the unit {analyte.unit!r} is no UCUM unit that we know")
    given = [_UNITS.get(code.property, analyte.unit) for code in analyte.codes]
    if not any(units.convert(Quantity(Decimal(1), "", unit), analyte.unit, analyte.substance) for unit in given):
        raise row.error(f"the unit {analyte.unit!r} is of no property of its codes")


@cache
def _all() -> _All:
    return parse(read(_FILE))


def by_key(key: str) -> Analyte | None:
    return _all().analytes.get(key)


def by_loinc(code: str) -> Analyte | None:
    return _all().by_code.get(code)


def every() -> tuple[Analyte, ...]:
    """In the order of the table, which is that of a French report."""
    return tuple(_all().analytes.values())


def chapters() -> tuple[Chapter, ...]:
    return tuple(_all().chapters.values())


def of(concept: Concept) -> Analyte | None:
    """By its LOINC codes, its own or a translation; None where they name none, or two that are not one analyte."""
    found = {by_loinc(each.code) for each in concept.codings if systems.canonical(each.system) == systems.LOINC}
    return found.pop() if len(found) == 1 else None


def shown(analyte: Analyte, quantity: Quantity) -> Quantity | None:
    """In the analyte's unit; None where that cannot be known, for who then says so beside the value as it is."""
    return units.convert(quantity, analyte.unit, analyte.substance) if analyte.unit else None
