"""Measures that a person, a professional or a document states (*mesures de santé*), from `data/measures.json`.

Bounds tell a slip of the keyboard from a measure; they say nothing about health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.terminology import substances, systems, units
from carnet.formats.terminology.table import Row, Table, read

__all__ = ["Measure", "by_code", "by_key", "every", "of", "parse", "part_of", "shown", "within"]

_FILE = "measures.json"


@dataclass(frozen=True, slots=True)
class Measure:
    """`system`: an OID, or a URI where there is none. `ucum` the unit of the national profile, `unit` as it prints,
    `shown` the UCUM unit of the pages. `low` and `high` in `ucum`. `integer`: takes no decimals. `target`: a goal may
    be set. `components`: what it is made of (blood pressure), and then it has no value of its own."""

    key: str
    label: str
    english: str
    system: str
    code: str
    also: tuple[str, ...]
    ucum: str
    unit: str
    shown: str
    low: Decimal | None
    high: Decimal | None
    integer: bool = False
    target: bool = False
    substance: str = ""
    profile: str = ""
    components: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class _All:
    measures: Mapping[str, Measure]
    by_code: Mapping[tuple[str, str], Measure]


def parse(table: Table) -> _All:
    found: dict[str, Measure] = {}
    by_code: dict[tuple[str, str], Measure] = {}
    for row in table.rows("measures"):
        made = _measure(row)
        if made.key in found:
            raise row.error(f"the measure {made.key!r} appears twice")
        found[made.key] = made
        for code in (made.code, *made.also):
            if (made.system, code) in by_code:
                raise row.error(f"the code {code!r} is of {by_code[made.system, code].key!r} already")
            by_code[made.system, code] = made
    return _All(found, by_code)


def _measure(row: Row) -> Measure:
    parts = tuple(_part(Row(row.where, fields)) for fields in row.fields.get("components") or ())
    shown = row.required("shown")
    made = Measure(
        **_common(row),
        also=row.texts("also"),
        shown=shown,
        integer=row.flag("integer"),
        target=row.flag("target"),
        substance=row.text("substance"),
        profile=row.required("profile"),
        components=parts,
    )
    if made.substance and substances.by_key(made.substance) is None:
        raise row.error(f"the substance {made.substance!r} is unknown")
    if not units.comparable(made.ucum, made.shown):
        raise row.error(f"{made.shown!r} cannot show {made.ucum!r}")
    return made


def _part(row: Row) -> Measure:
    return Measure(**_common(row), also=(), shown=row.required("ucum"))


def _common(row: Row) -> dict[str, Any]:
    low, high = _bound(row, "low"), _bound(row, "high")
    if low is not None and high is not None and low >= high:
        raise row.error("'low' is not below 'high'")
    if not units.canonical(row.required("ucum")):
        raise row.error(f"the unit {row.text('ucum')!r} is no UCUM unit that we know")
    return {
        "key": row.required("key"),
        "label": row.required("label"),
        "english": row.required("en"),
        "system": systems.canonical(row.required("system")),
        "code": row.required("code"),
        "ucum": row.text("ucum"),
        "unit": row.required("unit"),
        "low": low,
        "high": high,
    }


def _bound(row: Row, name: str) -> Decimal | None:
    text = row.text(name)
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise row.error(f"{name!r} is not a number") from None


@cache
def _all() -> _All:
    return parse(read(_FILE))


def by_key(key: str) -> Measure | None:
    return _all().measures.get(key)


def by_code(system: str, code: str) -> Measure | None:
    return _all().by_code.get((systems.canonical(system), code))


def every() -> tuple[Measure, ...]:
    return tuple(_all().measures.values())


def of(concept: Concept) -> Measure | None:
    """By its codes, its own or a translation; None where they name none, or two that are not one measure."""
    found = {measure for each in concept.codings if (measure := by_code(each.system, each.code)) is not None}
    return found.pop() if len(found) == 1 else None


def part_of(concept: Concept) -> tuple[Measure, Measure] | None:
    """The measure and the component that a code alone names: a systolic pressure that stands by itself."""
    codes = {(systems.canonical(each.system), each.code) for each in concept.codings}
    found = [(whole, part) for whole in every() for part in whole.components if (part.system, part.code) in codes]
    return found[0] if len(found) == 1 else None


def shown(measure: Measure, quantity: Quantity) -> Quantity | None:
    return units.convert(quantity, measure.shown, measure.substance)


def within(measure: Measure, quantity: Quantity) -> bool | None:
    """Whether it can be such a measure at all; None where its unit cannot be compared with the bounds'."""
    there = units.convert(quantity, measure.ucum, measure.substance)
    if there is None:
        return None
    low = measure.low is None or there.value >= measure.low
    return low and (measure.high is None or there.value <= measure.high)
