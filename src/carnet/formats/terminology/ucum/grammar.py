"""The grammar of UCUM: an expression becomes a size and the base units it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final

from carnet.formats.terminology.ucum.atoms import Atom, load

__all__ = ["Measured", "NotUcum", "Term", "measured", "terms"]

_UNIT: Final = r"10[*^]|[A-Za-z]*\[[^\[\]{}]+\]|%|[A-Za-z]+"
_TOKEN: Final = re.compile(
    rf"(?P<operator>[./()])|(?P<unit>{_UNIT})(?P<exponent>[+-]?\d+)?|(?P<factor>\d+)|(?P<annotation>\{{[^{{}}]*\}})"
)
_LONGEST: Final = 80
_DEEPEST: Final = 8
# 109/L and 1012/L are valid UCUM, and what is left of 10⁹/L and 10¹²/L once a source has lost the raised digits.
_FACTORS: Final = frozenset({*range(1, 101), 180, 1000})
_MOST: Final = 30  # an exponent beyond it is no unit of anything


class NotUcum(ValueError):
    """The text is not a UCUM expression of units that we know."""


@dataclass(frozen=True, slots=True)
class Term:
    """One piece as written: a prefixed atom, a factor (no atom) or an annotation alone, with its exponent."""

    prefix: str = ""
    atom: str = ""
    factor: int = 1
    exponent: int = 1
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """`size` in the base units `bases` with their exponents. `ratio`: a base of matter that cancelled (g of g, mol of
    mol), for such a ratio is not a plain number. `annotations`: those that change what is counted."""

    size: Fraction
    bases: tuple[tuple[str, int], ...]
    ratio: str
    annotations: tuple[str, ...]


@lru_cache(maxsize=4096)
def terms(text: str) -> tuple[Term, ...]:
    """The pieces in their order, signs of exponents resolved (`/` and brackets)."""
    if not text or len(text) > _LONGEST:
        raise NotUcum
    tokens = list(_tokens(text))
    found, rest = _term(tokens, 0, sign=1, depth=0)
    if rest != len(tokens):
        raise NotUcum
    return tuple(found)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise NotUcum
        yield token
        place = token.end()


def _term(tokens: list[re.Match[str]], place: int, *, sign: int, depth: int) -> tuple[list[Term], int]:
    """A chain of components; each `/` turns only the component after it, as UCUM says (a/b.c is (a/b)·c)."""
    if depth > _DEEPEST:
        raise NotUcum
    found: list[Term] = []
    turned = sign
    if place < len(tokens) and tokens[place]["operator"] == "/":
        turned, place = -sign, place + 1
    while True:
        component, place = _component(tokens, place, sign=turned, depth=depth)
        found += component
        operator = tokens[place]["operator"] if place < len(tokens) else None
        if operator not in {".", "/"}:
            return found, place
        turned, place = (sign if operator == "." else -sign), place + 1


def _component(tokens: list[re.Match[str]], place: int, *, sign: int, depth: int) -> tuple[list[Term], int]:
    if place >= len(tokens):
        raise NotUcum
    token = tokens[place]
    if token["operator"] == "(":
        found, place = _term(tokens, place + 1, sign=sign, depth=depth + 1)
        if place >= len(tokens) or tokens[place]["operator"] != ")":
            raise NotUcum
        return found, place + 1
    if token["operator"]:
        raise NotUcum
    if token["annotation"]:
        return [Term(exponent=sign, annotation=token["annotation"][1:-1])], place + 1
    note = ""
    if place + 1 < len(tokens) and tokens[place + 1]["annotation"]:
        note, place = tokens[place + 1]["annotation"][1:-1], place + 1
    return [_simple(token, sign, note)], place + 1


def _simple(token: re.Match[str], sign: int, note: str) -> Term:
    if token["factor"]:
        if int(token["factor"]) not in _FACTORS:
            raise NotUcum
        return Term(factor=int(token["factor"]), exponent=sign, annotation=note)
    exponent = int(token["exponent"] or 1)
    if not exponent or abs(exponent) > _MOST:
        raise NotUcum
    prefix, atom = _split(token["unit"])
    return Term(prefix, atom, exponent=sign * exponent, annotation=note)


@cache
def _split(unit: str) -> tuple[str, str]:
    """Prefix and atom: a unit that is an atom as it stands has no prefix; only metric atoms take one."""
    units = load()
    if unit in units.atoms or unit in units.special:
        return "", unit
    for prefix in units.prefixes:
        atom = units.atoms.get(unit.removeprefix(prefix)) if unit.startswith(prefix) else None
        if atom is not None and atom.metric:
            return prefix, atom.code
    raise NotUcum


@lru_cache(maxsize=4096)
def measured(text: str) -> Measured:
    size = Fraction(1)
    bases: dict[str, int] = {}
    met: dict[str, int] = {}
    notes: list[str] = []
    for term in terms(text):
        if term.atom:
            scale, made = _sized(term.prefix, term.atom)
            size *= scale**term.exponent
            for base, exponent in made.items():
                bases[base] = bases.get(base, 0) + exponent * term.exponent
                met[base] = met.get(base, 0) + 1
        else:
            size *= Fraction(term.factor) ** term.exponent
        if term.annotation and term.annotation not in load().neutral:
            notes.append(term.annotation)
    ratio = ".".join(sorted(base for base in _MATTER if met.get(base, 0) > 1 and not bases[base]))
    return Measured(size, tuple(sorted((k, v) for k, v in bases.items() if v)), ratio, tuple(sorted(notes)))


_MATTER: Final = ("g", "mol", "eq", "[IU]")


def _sized(prefix: str, code: str) -> tuple[Fraction, Mapping[str, int]]:
    units = load()
    if code in units.special:
        raise NotUcum  # a scale with its own zero stands alone, or is nothing we can reckon with
    scale, made = _base(units.atoms[code])
    return (units.prefixes[prefix] * scale if prefix else scale), made


@cache
def _base(atom: Atom) -> tuple[Fraction, Mapping[str, int]]:
    if not atom.unit:
        return atom.value, {atom.code: 1}
    if atom.unit == "1":
        return atom.value, {}
    inner = measured(atom.unit)
    return atom.value * inner.size, dict(inner.bases)
