"""The section of the record that an observation belongs to: told by its writer, its category, its section, its code."""

from __future__ import annotations

from typing import Final

from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Concept
from carnet.formats.fhir.entries import measures, pieces
from carnet.formats.fhir.node import Node
from carnet.formats.terminology import systems

__all__ = ["CATEGORY", "KIND", "OBSERVED", "category_of", "kind_of"]

CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
KIND: Final = "urn:carnet:fhir:kind"
OBSERVED: Final = frozenset({Kind.RESULT, Kind.MEASURE, Kind.PREGNANCY, Kind.BIRTH, Kind.FUNCTION, Kind.SOCIAL})
_CATEGORIES: Final = {
    Kind.RESULT: "laboratory",
    Kind.MEASURE: "vital-signs",
    Kind.FUNCTION: "survey",
    Kind.SOCIAL: "social-history",
}
_KINDS: Final = {code: kind for kind, code in _CATEGORIES.items()} | {
    "imaging": Kind.RESULT,
    "procedure": Kind.RESULT,
    "exam": Kind.MEASURE,
    "activity": Kind.MEASURE,
    "functional-status": Kind.FUNCTION,
}
# LOINC: sections of the International Patient Summary and of CI-SIS documents.
_SECTIONS: Final = {
    "8716-3": Kind.MEASURE,
    "10162-6": Kind.PREGNANCY,
    "29762-2": Kind.SOCIAL,
    "47420-5": Kind.FUNCTION,
    "54522-8": Kind.FUNCTION,
    "30954-2": Kind.RESULT,
}
# LOINC: pregnancy status, expected date of delivery, outcomes of pregnancies; use of tobacco, of alcohol.
_CODES: Final = {
    **dict.fromkeys(("82810-3", "11778-8", "11779-6", "11780-4", "8665-2", "57064-0"), Kind.PREGNANCY),
    **dict.fromkeys(("11636-8", "11637-6", "11638-4", "11639-2", "11640-0", "11612-9", "11613-7"), Kind.PREGNANCY),
    **dict.fromkeys(("11614-5", "33065-4"), Kind.PREGNANCY),
    **dict.fromkeys(("72166-2", "74013-4", "63640-7", "11367-0", "11331-6"), Kind.SOCIAL),
}


def category_of(kind: Kind) -> str:
    return _CATEGORIES.get(kind, "")


def kind_of(node: Node, code: Concept, section: str) -> Kind:
    categories = pieces.concepts(node.children("category"))
    given = [each for concept in categories for each in concept.codings]
    ours = next((each.code for each in given if each.system == KIND), "")
    if ours in OBSERVED:
        return Kind(ours)
    loinc = code.code_of(systems.LOINC)
    # The code says more than a category that holds all of social history.
    known = _CODES.get(loinc) or next((_KINDS[each.code] for each in given if each.code in _KINDS), None)
    return known or _SECTIONS.get(section) or (Kind.MEASURE if measures.is_vital(loinc) else Kind.RESULT)
