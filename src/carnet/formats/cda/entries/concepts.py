"""Codes as concepts: the source's code, its translations, its own words."""

from __future__ import annotations

from typing import Final

from lxml import etree

from carnet.formats.cda.entries.words import words
from carnet.formats.cda.nodes import attribute, child, children, coded
from carnet.formats.clinical.values import NOTHING, Concept
from carnet.formats.entry import Coded

__all__ = ["concept"]

_MOST: Final = 20


def concept(element: etree._Element | None) -> Concept:
    """`nullFlavor` hides the code, not the words nor the translations beside it. A qualifier ("left", "occupation")
    narrows the code: its words are added to those of the code."""
    if element is None:
        return NOTHING
    codings = _codings(element)
    text = words(child(element, "originalText"))
    narrower = [label for each in children(element, "qualifier/value") if (label := _label(each))]
    if narrower:
        said = text or next((each.display for each in codings if each.display), "")
        text = ", ".join(dict.fromkeys(filter(None, (said, *narrower))))
    return Concept(text, codings) if text or codings else NOTHING


def _codings(element: etree._Element) -> tuple[Coded, ...]:
    """Each code once, the source's own first."""
    found: dict[tuple[str, str], Coded] = {}
    for each in (element, *children(element, "translation")):
        code = coded(each)
        if code is not None and len(found) < _MOST:
            found.setdefault((code.code, code.system), code)
    return tuple(found.values())


def _label(element: etree._Element) -> str:
    return words(child(element, "originalText")) or attribute(element, "displayName") or attribute(element, "code")
