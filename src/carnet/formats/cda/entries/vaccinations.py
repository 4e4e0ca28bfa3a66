"""Doses of vaccines, given or refused; one that is only planned is no dose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.products import material, product
from carnet.formats.cda.entries.reader import (
    PCC,
    amount,
    concept,
    found,
    is_negated,
    mood,
    read_each,
    reasons,
    recorded,
    said,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import UNKNOWN, Entry, Kind, Vaccination
from carnet.formats.clinical.values import NOTHING, Concept, Quantity, Range

__all__ = ["entries"]

_VACCINATION: Final = f"{PCC}12"
_RANK: Final = "30973-2"
_EXPIRES: Final = "{urn:ihe:pharm:medication}expirationTime"


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "substanceAdministration"), "vaccination", _vaccination)


def _vaccination(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _VACCINATION not in templates(element) or mood(element) != "EVN":
        return
    what = product(element)
    act = concept(element, "code")
    absent = is_absence(act) or is_absence(what.code)
    code = act if is_absence(act) else what.code or said(element)
    if not code:
        context.fault("no-vaccine", element)
        return
    stuff = material(element)
    refused = is_negated(element)
    yield Vaccination(
        kind=Kind.VACCINATION,
        code=code,
        status="not-done" if refused or absent else "completed",
        when=when(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=absent,
        path=context.path(element),
        lot=what.lot,
        expires="" if stuff is None else values.moment(stuff.find(_EXPIRES)),
        manufacturer=what.manufacturer,
        site=concept(element, "approachSiteCode"),
        route=concept(element, "routeCode"),
        dose=_one(amount(child(element, "doseQuantity"))),
        dose_number=_rank(element),
        series=NOTHING if absent else act,
        reason=next(iter(reasons(element)), NOTHING) if refused else NOTHING,
        product=None if what == UNKNOWN else what,
        reactions=tuple(_reactions(element)),
    )


def _one(amount: Quantity | Range | None) -> Quantity | None:
    return amount if isinstance(amount, Quantity) else None


def _rank(element: etree._Element) -> str:
    """As it is printed: an INT, or words such as "rappel des 11 ans"."""
    rank = values.related(element, _RANK)
    value = child(rank, "value")
    return attribute(value, "value") or found(rank).label


def _reactions(element: etree._Element) -> Iterator[Concept]:
    """What the dose caused, unless it is denied."""
    for relation in children(element, "entryRelationship"):
        if relation.get("typeCode") != "CAUS":
            continue
        for each in children(relation, "observation"):
            if not is_negated(each) and (effect := found(each)):
                yield effect
