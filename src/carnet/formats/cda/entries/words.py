"""Texts that stand in the narrative, where entries point to them: `#id`, `id`, or a `#` that points nowhere."""

from __future__ import annotations

from itertools import islice
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import at_work, fault
from carnet.formats.cda.nodes import attribute, child

__all__ = ["words"]

_LONGEST: Final = 20_000
"""Characters of a text that an entry may take over; what is longer is a narrative, not a name."""
_RICHEST: Final = 2_000
"""Elements in such a text: an empty one may hold a whole document."""


def words(element: etree._Element | None) -> str:
    """The text inside, else the one that its `reference` points to; blanks gathered."""
    if element is None or element.get("nullFlavor"):
        return ""
    reference = child(element, "reference")
    return _text(element) or ("" if reference is None else _referred(reference))


def _referred(reference: etree._Element) -> str:
    name = attribute(reference, "value").removeprefix("#")
    if not name:
        return ""
    context = at_work()
    if context is None:
        return _text(_index(reference).get(name))
    if name not in context.texts:
        if context.words is None:
            context.words = _index(reference)
        context.texts[name] = _text(context.words.get(name))
    return context.texts[name]


def _index(element: etree._Element) -> dict[str, etree._Element]:
    """The first element with each ID: in the narrative they are written in capitals."""
    found: dict[str, etree._Element] = {}
    for each in element.getroottree().getroot().iter("*"):
        name = each.get("ID")
        if name:
            found.setdefault(name, each)
    return found


def _text(element: etree._Element | None) -> str:
    if element is None or element.get("nullFlavor"):
        return ""
    parts: list[str] = []
    length = 0
    if next(islice(element.iterdescendants(), _RICHEST, None), None) is not None:
        fault("text-too-long", element)
        return ""
    for part in element.itertext():
        parts.append(str(part))
        length += len(parts[-1])
        if length > _LONGEST:
            fault("text-too-long", element)
            return ""
    return " ".join("".join(parts).split())
