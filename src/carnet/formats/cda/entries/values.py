"""HL7 data types as the values of clinical facts. What a source does not say stays unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.concepts import concept
from carnet.formats.cda.entries.context import fault
from carnet.formats.cda.entries.numbers import bounded, integer, interval, quantity, ratio
from carnet.formats.cda.entries.times import moment, span
from carnet.formats.cda.entries.who import author, identifiers, organisation
from carnet.formats.cda.entries.words import words
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.clinical.values import Value

__all__ = [
    "absent",
    "all_related",
    "author",
    "concept",
    "identifiers",
    "interval",
    "moment",
    "note",
    "organisation",
    "quantity",
    "ratio",
    "related",
    "span",
    "value",
    "words",
]

_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_COMMENT: Final = "48767-8"
_MOST_NOTE: Final = 20_000
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
# HL7's own map to FHIR's data-absent-reason; what it does not name is unknown.
_ABSENT: Final = {
    "ASKU": "asked-unknown",
    "MSK": "masked",
    "NA": "not-applicable",
    "NASK": "not-asked",
    "NAV": "temp-unknown",
    "NINF": "negative-infinity",
    "PINF": "positive-infinity",
}


def value(element: etree._Element | None) -> Value | None:
    """By its `xsi:type`, whose prefix is the document's own. An unknown type is a fault."""
    if element is None:
        return None
    kind = (element.get(_XSI_TYPE) or "").strip().rpartition(":")[2]
    reader = _READERS.get(kind)
    if reader is None:
        fault("unknown-value-type", element)
        return None
    return reader(element)


def absent(element: etree._Element | None) -> str:
    """Why there is no value, in FHIR's words; "" where the source does not say."""
    flavor = "" if element is None else (element.get("nullFlavor") or "").strip()
    return _ABSENT.get(flavor, "unknown") if flavor else ""


def _concept(element: etree._Element) -> Value | None:
    return concept(element) or None


def _text(element: etree._Element) -> Value | None:
    if attribute(element, "representation").upper() == "B64":
        fault("file-value", element)
        return None
    return words(element) or None


def _truth(element: etree._Element) -> Value | None:
    text = attribute(element, "value")
    if text and text not in _BOOLEANS:
        fault("bad-boolean", element)
        return None
    return _BOOLEANS[text] if text else None


def _time(element: etree._Element) -> Value | None:
    return span(element) or None


_READERS: Final[dict[str, Callable[[etree._Element], Value | None]]] = {
    **dict.fromkeys(("CD", "CE", "CV", "CO", "CS"), _concept),
    **dict.fromkeys(("ST", "ED", "SC"), _text),
    **dict.fromkeys(("PQ", "REAL"), quantity),
    **dict.fromkeys(("IVL_PQ", "IVL_REAL", "IVL_INT"), bounded),
    **dict.fromkeys(("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY"), ratio),
    **dict.fromkeys(("TS", "IVL_TS"), _time),
    "BL": _truth,
    "INT": integer,
}


def all_related(element: etree._Element, code: str) -> Iterator[etree._Element]:
    """The observations beneath it that have this code, whatever their relation is called."""
    for each in children(element, "entryRelationship/observation"):
        if attribute(child(each, "code"), "code") == code:
            yield each


def related(element: etree._Element, code: str) -> etree._Element | None:
    return next(all_related(element, code), None)


def note(element: etree._Element) -> str:
    """The comments beneath it, each a line."""
    said = dict.fromkeys(
        words(child(each, "text"))
        for each in children(element, "entryRelationship/act")
        if attribute(child(each, "code"), "code") == _COMMENT
    )
    whole = "\n".join(filter(None, said))
    if len(whole) > _MOST_NOTE:
        fault("text-too-long", element)
        return ""
    return whole
