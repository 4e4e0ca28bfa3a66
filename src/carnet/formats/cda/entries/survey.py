"""The coded observations of a body by kind, found in one walk for all kinds."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from carnet.formats.cda.entries.claims import claim, is_certificate, is_remark
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.frames import Frame, above, framed
from carnet.formats.cda.entries.places import Place, places
from carnet.formats.cda.nodes import attribute, children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Kind

__all__ = ["Survey", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    by_kind: dict[Kind, list[Place]]
    claimed: frozenset[etree._Element]
    frames: dict[Place, Frame]


def survey(body: etree._Element, context: Context) -> Survey:
    if context.survey is None:
        context.survey = _made(body)
    return context.survey


def _made(body: etree._Element) -> Survey:
    certificate = is_certificate(_models(body))
    by_kind: dict[Kind, list[Place]] = {}
    found = places(body)
    for place in found:
        kind = claim(place, certificate=certificate)
        if kind is not None:
            by_kind.setdefault(kind, []).append(place)
    _add_remarks(by_kind, found)
    claimed = frozenset(place for group in by_kind.values() for place in group)
    return Survey(by_kind, frozenset(each.element for each in claimed), framed(found, claimed))


def _add_remarks(by_kind: dict[Kind, list[Place]], found: list[Place]) -> None:
    """Comments on what holds results are results too, in words."""
    holding = above(by_kind.get(Kind.RESULT, []))
    remarks = [each for each in found if is_remark(each) and each.above in holding]
    if remarks:
        order = {each: number for number, each in enumerate(found)}
        by_kind[Kind.RESULT] = sorted((*by_kind[Kind.RESULT], *remarks), key=order.__getitem__)


def _models(body: etree._Element) -> frozenset[str]:
    """The models that the document keeps to."""
    document = next(body.iterancestors(HL7 + "ClinicalDocument"), None)
    return frozenset(attribute(each, "root") for each in children(document, "templateId"))
