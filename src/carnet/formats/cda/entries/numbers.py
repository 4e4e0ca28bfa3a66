"""Quantities, intervals and ratios. A number that is none is a fault, never a guess."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import fault
from carnet.formats.cda.entries.words import words
from carnet.formats.cda.nodes import attribute, child
from carnet.formats.clinical.values import Quantity, Range, Ratio

__all__ = ["bounded", "integer", "interval", "quantity", "ratio"]

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_UCUM: Final = "2.16.840.1.113883.6.8"
_LONGEST_UNIT: Final = 100


def quantity(element: etree._Element | None) -> Quantity | None:
    """A PQ, REAL or INT. Units of HL7 are of UCUM, where `1` is none; those of a laboratory's own stand in a
    translation of a null quantity."""
    if element is not None and element.get("nullFlavor"):
        return _in_own_unit(child(element, "translation"))
    unit = attribute(element, "unit")
    return _quantity(element, "" if unit == "1" else unit, "" if unit == "1" else unit)


def _in_own_unit(element: etree._Element | None) -> Quantity | None:
    code = attribute(element, "code")
    printed = words(child(element, "originalText")) or attribute(element, "displayName") or code
    return _quantity(element, printed, code if attribute(element, "codeSystem") == _UCUM else "")


def _quantity(element: etree._Element | None, unit: str, ucum: str) -> Quantity | None:
    text = attribute(element, "value")
    if element is None or not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        fault("bad-number", element)
        return None
    if max(len(unit), len(ucum)) > _LONGEST_UNIT:
        fault("bad-unit", element)
        return None
    return Quantity(Decimal(text), unit, ucum)


def interval(element: etree._Element | None) -> Range | None:
    """An IVL_PQ as a range; a bound that is null is open."""
    if element is None or element.get("nullFlavor"):
        return None
    low, high = quantity(child(element, "low")), quantity(child(element, "high"))
    return Range(low, high) if low is not None or high is not None else None


def bounded(element: etree._Element) -> Quantity | Range | None:
    """An IVL_PQ as a value: with one bound it is a number that could not be told nearer (`< 1.0 mg/L`)."""
    if attribute(element, "value"):
        return quantity(element)
    found = interval(element)
    if found is None:
        return quantity(child(element, "center"))
    if found.low is not None and found.high is not None:
        return found
    if found.low is not None:
        return _compared(found.low, ">", child(element, "low"))
    return None if found.high is None else _compared(found.high, "<", child(element, "high"))


def _compared(bound: Quantity, sign: str, element: etree._Element | None) -> Quantity:
    """A bound belongs to its interval unless it says otherwise."""
    comparator = sign if attribute(element, "inclusive") == "false" else f"{sign}="
    return Quantity(bound.value, bound.unit, bound.ucum, comparator)


def ratio(element: etree._Element) -> Ratio | None:
    """An RTO; a denominator that is not said is one."""
    over, under = quantity(child(element, "numerator")), quantity(child(element, "denominator"))
    if over is None:
        return None
    return Ratio(over, Quantity(Decimal(1)) if under is None else under)


def integer(element: etree._Element) -> int | None:
    text = attribute(element, "value")
    if not text:
        return None
    if _INTEGER.fullmatch(text) is None:
        fault("bad-number", element)
        return None
    return int(text)
