"""The reference ranges that a laboratory prints beside its result."""

from __future__ import annotations

from typing import Final

from lxml import etree

from carnet.formats.cda.entries.concepts import concept
from carnet.formats.cda.entries.numbers import interval
from carnet.formats.cda.entries.values import value, words
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.clinical.values import NOTHING, Concept, Range

__all__ = ["ranges"]

_MOST: Final = 50
_LAB: Final = "{urn:oid:1.3.6.1.4.1.19376.1.3.2}"
_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_INTERVALS: Final = frozenset({"IVL_PQ", "IVL_REAL", "IVL_INT"})


def ranges(observation: etree._Element) -> tuple[Range, ...]:
    found = (_range(each) for each in children(observation, "referenceRange/observationRange"))
    return tuple(each for each in found if each is not None)[:_MOST]


def _range(element: etree._Element) -> Range | None:
    stated = child(element, "value")
    text = words(child(element, "text")) or _other_than_normal(element)
    bounds = interval(stated) if _is_interval(stated) else None
    if bounds is None and stated is not None and not _is_interval(stated):
        text = text or _said(stated)
    if bounds is None and not text:
        return None
    low, high = (bounds.low, bounds.high) if bounds is not None else (None, None)
    return Range(low, high, text, _for_whom(element))


def _is_interval(element: etree._Element | None) -> bool:
    return element is not None and (element.get(_XSI_TYPE) or "").rpartition(":")[2] in _INTERVALS


def _said(element: etree._Element) -> str:
    """A range in words or as a code."""
    found = value(element)
    if isinstance(found, Concept):
        return found.label
    return found if isinstance(found, str) else ""


def _other_than_normal(element: etree._Element) -> str:
    """The words for a range that is not the normal one: deficiency, toxicity …"""
    meaning = child(element, "interpretationCode")
    return "" if attribute(meaning, "code") in {"", "N"} else concept(meaning).label


def _for_whom(element: etree._Element) -> Concept:
    """The criterion of the IHE extension: sex, age, weeks of pregnancy."""
    for criterion in element.iterfind(f"{_LAB}precondition/{_LAB}criterion"):
        for part in criterion.iterchildren("{*}value", "{*}code"):
            found = concept(part)
            if found:
                return found
    return NOTHING
