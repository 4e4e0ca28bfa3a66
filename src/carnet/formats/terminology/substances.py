"""What a substance weighs, from `data/substances.json`: the only way from mass to amount of substance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from carnet.formats.terminology.table import Row, Table, read
from carnet.formats.terminology.ucum.grammar import Measured

__all__ = ["Line", "Substance", "bridge", "by_key", "parse"]

_FILE = "substances.json"
_ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*)")
_BRIDGED = frozenset({"g", "mol", "eq"})
_PER_MINUTE = Fraction(1, 60_000_000)  # one U of an enzyme in mol/s


@dataclass(frozen=True, slots=True)
class Line:
    """target = slope × source + intercept, between two units of one quantity that differ by more than a factor."""

    source: str
    target: str
    slope: Fraction
    intercept: Fraction


@dataclass(frozen=True, slots=True)
class Substance:
    """`molar_mass` in g/mol and `charge` in eq/mol, 0 where they are not said. `same_as_u`: the units that are one with
    U here. `implied`: the annotation of a unit that goes without saying. `note`: the convention that stands in for one
    molecule, for who explains a conversion."""

    key: str
    name: str
    molar_mass: Fraction
    charge: int
    same_as_u: tuple[str, ...]
    implied: str
    line: Line | None
    note: str


def parse(table: Table) -> Mapping[str, Substance]:
    weights = {row.required("element"): Fraction(row.required("weight")) for row in table.rows("atomic_weights")}
    found: dict[str, Substance] = {}
    for row in table.rows("substances"):
        made = _substance(row, weights)
        if made.key in found:
            raise row.error(f"the substance {made.key!r} appears twice")
        found[made.key] = made
    return found


def _substance(row: Row, weights: Mapping[str, Fraction]) -> Substance:
    mass = Fraction(row.text("molar_mass") or 0)
    formula = row.text("formula")
    if formula and mass != _weigh(row, formula, weights):
        raise row.error(f"{formula} does not weigh {row.text('molar_mass')} g/mol")
    line = row.fields.get("line")
    return Substance(
        key=row.required("key"),
        name=row.required("name"),
        molar_mass=mass,
        charge=row.number("charge"),
        same_as_u=row.texts("same_as_u") if "same_as_u" in row.fields else (),
        implied=row.text("implied", ""),
        line=_line(Row(f"{row.where}, line", line)) if isinstance(line, dict) else None,
        note=row.text("note"),
    )


def _weigh(row: Row, formula: str, weights: Mapping[str, Fraction]) -> Fraction:
    parts = _ELEMENT.findall(formula)
    if "".join(map("".join, parts)) != formula or not weights.keys() >= {element for element, _ in parts}:
        raise row.error(f"the formula {formula!r} cannot be read")
    return sum((weights[element] * int(count or 1) for element, count in parts), Fraction(0))


def _line(row: Row) -> Line:
    slope, intercept = Fraction(row.required("slope")), Fraction(row.required("intercept"))
    if not slope:
        raise row.error("'slope' is zero")
    return Line(row.required("from"), row.required("to"), slope, intercept)


@cache
def _all() -> Mapping[str, Substance]:
    return parse(read(_FILE))


def by_key(key: str) -> Substance | None:
    return _all().get(key)


def bridge(substance: Substance, source: Measured, target: Measured) -> Fraction | None:
    """The factor from the base units of `source` to those of `target` by what the substance is, None where it tells
    nothing. Only grams, moles, equivalents and units may differ; where one of them has cancelled (mol of mol), the two
    substances of the ratio are not known, and nothing is said."""
    if source.ratio or target.ratio:
        return _ratio(substance, source, target)
    have, want = dict(source.bases), dict(target.bases)
    changed = {base for base in {*have, *want} if have.get(base, 0) != want.get(base, 0)}
    if not changed:
        return Fraction(1)
    if substance.same_as_u:
        return _activity(substance.same_as_u, have, want)
    if not changed <= _BRIDGED:
        return None
    if sum(have.get(base, 0) for base in _BRIDGED) != sum(want.get(base, 0) for base in _BRIDGED):
        return None
    sizes = {"g": 1 / substance.molar_mass if substance.molar_mass else None, "mol": Fraction(1)}
    sizes["eq"] = Fraction(1, substance.charge) if substance.charge else None
    factor = Fraction(1)
    for base in changed:
        size = sizes[base]
        if size is None:
            return None
        factor *= size ** (have.get(base, 0) - want.get(base, 0))
    return factor


def _ratio(substance: Substance, source: Measured, target: Measured) -> Fraction | None:
    """mg/g ↔ mg/mmol: what is divided keeps its grams, only the divisor changes its unit."""
    one, two = dict(source.bases), dict(target.bases)
    if not substance.molar_mass or {*one, *two} - {"g", "mol"}:
        return None
    if source.ratio == "g" and not one and two == {"g": 1, "mol": -1} and not target.ratio:
        return substance.molar_mass
    if target.ratio == "g" and not two and one == {"g": 1, "mol": -1} and not source.ratio:
        return 1 / substance.molar_mass
    return None


def _activity(units: tuple[str, ...], have: Mapping[str, int], want: Mapping[str, int]) -> Fraction | None:
    """A unit of `units` and U, which is moles a minute, are one, the rest being the same."""
    turns = sum(have.get(unit, 0) - want.get(unit, 0) for unit in units)
    moved = {*units, "mol", "s"}
    same = {b: e for b, e in have.items() if b not in moved} == {b: e for b, e in want.items() if b not in moved}
    mol, second = (want.get(base, 0) - have.get(base, 0) for base in ("mol", "s"))
    return _PER_MINUTE**turns if same and (mol, second) == (turns, -turns) else None
