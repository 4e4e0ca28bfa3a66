"""Comparing and converting quantities, only by UCUM and by what a substance weighs; never by guess.

Own subset: ucumvert with pint takes 1.1 s and 25 MB to load, reckons its factors with floats, fails at [pH] and holds
mmol/mol to be per mille; ucumate starts a Java machine. Results are exact as far as 30 significant digits go, and then
rounded there: 1 g/L of glucose is no finite decimal of mmol/L. Who prints them rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NewType

from carnet.formats.clinical.values import Quantity
from carnet.formats.terminology.substances import Substance, bridge, by_key
from carnet.formats.terminology.ucum.atoms import load
from carnet.formats.terminology.ucum.grammar import Measured, NotUcum, Term, measured, terms

__all__ = ["Dimension", "canonical", "comparable", "convert", "exact", "like", "printed", "recognised", "unit_of"]

Dimension = NewType("Dimension", str)
"""What kind of amount a unit measures, as a key: `g.m-3`, `mol.m-3`, `mol:mol`, `1`. "" for what is no known unit."""

UNKNOWN: Final = Dimension("")
_TEMPERATURE: Final = Dimension("K")
_AROUND: Final = re.compile(r"\s*/\s*")
_DIGITS: Final = Context(prec=30, traps=[])
_WIDE: Final = Context(prec=60, traps=[])
_ONE: Final = Decimal(1)
_SIGNS: Final = str.maketrans({"µ": "u", "μ": "u", "\N{NO-BREAK SPACE}": " "})
_RAISED: Final = re.compile(r"(?<=[A-Za-z])[²³]")  # of a unit: in 10² it is a power of ten


@lru_cache(maxsize=4096)
def canonical(ucum: str) -> Dimension:
    """Two units of one dimension measure the same kind of amount; "" where the text is no unit that we know."""
    if ucum in load().special:
        return _TEMPERATURE
    found = _measured(ucum)
    return _dimension(found) if found else UNKNOWN


def comparable(a: str, b: str) -> bool:
    return canonical(a) != UNKNOWN and canonical(a) == canonical(b)


@lru_cache(maxsize=4096)
def recognised(text: str) -> str:
    """The UCUM code of what a source wrote as a unit: itself, or a usual spelling of the table; "" for any other."""
    text = text.strip()
    plain = _RAISED.sub(lambda found: "2" if found[0] == "²" else "3", text.translate(_SIGNS))
    for written in (text, plain, _AROUND.sub("/", plain)):
        known = load().spellings.get(written)
        if known is not None:
            return known
        if canonical(written) != UNKNOWN:
            return written
    return ""


def unit_of(quantity: Quantity) -> str:
    """Its UCUM code, or what that is a known spelling of; where it has none, what its printed unit is one of."""
    return recognised(quantity.ucum) or ("" if quantity.ucum else recognised(quantity.unit))


def convert(quantity: Quantity, to: str, substance: str = "") -> Quantity | None:
    """The same amount in the unit `to`; None where it cannot be known. `substance`: a key of `substances.json`, which
    lets mass become amount of substance, equivalents or its own scale. A comparator stays: < 1 g/L is < 1000 mg/L."""
    source = unit_of(quantity)
    rule = _rule(source, to, substance) if source else None
    if rule is None or not _reckoned(quantity.value):
        return None
    return Quantity(rule.of(quantity.value), printed(to), to, quantity.comparator)


def exact(quantity: Quantity) -> tuple[Dimension, Fraction] | None:
    """The amount in the base units of its dimension, exactly: equal for equal amounts, however they are written."""
    source = unit_of(quantity)
    if not source or not _reckoned(quantity.value):
        return None
    scale, zero = _scale(source)
    return canonical(source), Fraction(quantity.value) * scale + zero


def _reckoned(value: Decimal) -> bool:
    """A number, of no more digits than an analyser or a slip gives: 1E+999999 would fill the memory."""
    return value.is_finite() and len(value.as_tuple().digits) <= _DIGITS.prec and abs(value.adjusted()) <= _DIGITS.prec


def like(value: Decimal, model: Decimal) -> Decimal:
    """Rounded to as many significant digits as the source gave, two at least: what a page prints after a conversion."""
    digits = max(2, len(model.as_tuple().digits))
    return _unraised(Context(prec=digits, traps=[]).plus(value))


@dataclass(frozen=True, slots=True)
class _Rule:
    """target = slope × source + offset; `numerator` and `denominator` are the slope's, as decimals to be quick."""

    slope: Fraction
    offset: Fraction
    numerator: Decimal
    denominator: Decimal

    def of(self, value: Decimal) -> Decimal:
        if self.offset:
            return _decimal(Fraction(value) * self.slope + self.offset)
        if self.slope == 1:
            return value
        return _shortest(_DIGITS.divide(_WIDE.multiply(value, self.numerator), self.denominator))


@lru_cache(maxsize=4096)
def _rule(source: str, to: str, substance: str) -> _Rule | None:
    found = _slope_and_offset(source, to, substance)
    if found is None:
        return None
    slope, offset = found
    return _Rule(slope, offset, Decimal(slope.numerator), Decimal(slope.denominator))


def _slope_and_offset(source: str, to: str, substance: str) -> tuple[Fraction, Fraction] | None:
    if comparable(source, to):
        (a, b), (c, d) = _scale(source), _scale(to)
        return a / c, (b - d) / c
    known = by_key(substance)
    return _through(source, to, known) if known else None


def _through(source: str, to: str, substance: Substance) -> tuple[Fraction, Fraction] | None:
    one, two = _measured(source), _measured(to)
    if one is None or two is None or _said(one, substance) != _said(two, substance):
        return None
    line = substance.line
    if line and comparable(source, line.source) and comparable(to, line.target):
        return _chain(source, line.source, line.slope, line.intercept, line.target, to)
    if line and comparable(source, line.target) and comparable(to, line.source):
        return _chain(source, line.target, 1 / line.slope, -line.intercept / line.slope, line.source, to)
    factor = bridge(substance, one, two)
    return (one.size * factor / two.size, Fraction(0)) if factor is not None else None


def _said(found: Measured, substance: Substance) -> list[str]:
    return [note for note in found.annotations if note != substance.implied]


def _chain(
    source: str, enters: str, slope: Fraction, intercept: Fraction, leaves: str, to: str
) -> tuple[Fraction, Fraction]:
    before = _scale(source)[0] / _scale(enters)[0]
    after = _scale(leaves)[0] / _scale(to)[0]
    return before * slope * after, intercept * after


def _scale(ucum: str) -> tuple[Fraction, Fraction]:
    special = load().special.get(ucum)
    return (special.kelvin, special.zero) if special else (measured(ucum).size, Fraction(0))


def _measured(ucum: str) -> Measured | None:
    try:
        return measured(ucum)
    except NotUcum:
        return None


def _dimension(found: Measured) -> Dimension:
    bases = ".".join(base if exponent == 1 else f"{base}{exponent}" for base, exponent in found.bases)
    ratio = ".".join(f"{base}:{base}" for base in found.ratio.split(".") if base)
    notes = "".join(f"{{{note}}}" for note in found.annotations)
    return Dimension((".".join(filter(None, (bases, ratio))) or "1") + notes)


def _decimal(value: Fraction) -> Decimal:
    return _shortest(_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _shortest(value: Decimal) -> Decimal:
    """Without zeros at its end."""
    return _unraised(value.normalize(_WIDE))


def _unraised(value: Decimal) -> Decimal:
    """Without a power of ten: 100, not 1E+2, as long as that is a number that somebody reads."""
    raised = int(value.as_tuple().exponent) > 0 and value.adjusted() < _WIDE.prec
    return _WIDE.quantize(value, _ONE) if raised else value


@lru_cache(maxsize=4096)
def printed(ucum: str) -> str:
    """As a French report prints it: `g/L`, `UI/L`, `µmol/L`, `G/L`; a text that is no unit stays as it is."""
    known = load().printed.get(ucum)
    if known is not None:
        return known
    special = load().special.get(ucum)
    if special is not None:
        return special.printed
    try:
        pieces = terms(ucum)
    except NotUcum:
        return ucum
    return _written(pieces)


def _written(pieces: tuple[Term, ...]) -> str:
    above = "·".join(filter(None, (_piece(term, 1) for term in pieces if term.exponent > 0)))
    below = [_piece(term, -1) for term in pieces if term.exponent < 0]
    return above + "".join(f"/{each}" for each in _counted(below) if each)


def _counted(pieces: list[str]) -> Iterator[str]:
    """A number stands before its unit: `/(24.h)` is `/24 h`."""
    number = ""
    for piece in pieces:
        if piece.isdigit():
            number = f"{number}{piece}\N{NO-BREAK SPACE}"
        else:
            yield f"{number}{piece}"
            number = ""
    yield number.rstrip()


def _piece(term: Term, sign: int) -> str:
    if not term.atom:
        return "" if term.factor == 1 else str(term.factor)
    atom = load().atoms.get(term.atom)
    name = atom.printed if atom else load().special[term.atom].printed
    prefix = "µ" if term.prefix == "u" else term.prefix
    exponent = term.exponent * sign
    return f"{prefix}{name}{_raised(exponent) if exponent != 1 else ''}"


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
