"""What the health insurance paid for (CNAM-HR): acts, and medicines and vaccines that were delivered.

Its vaccinations, stays and devices are entries as elsewhere. A medicine that was delivered is not said to be taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.documents import is_history_of_reimbursements
from carnet.formats.cda.entries.procedures import procedure
from carnet.formats.cda.entries.products import packaging, product
from carnet.formats.cda.entries.reader import PCC, mood, read_each, said, templates, when, who
from carnet.formats.cda.nodes import child, children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Dispensation, Entry, Kind
from carnet.formats.clinical.values import Span

__all__ = ["entries"]

_GIVEN: Final = frozenset({f"{PCC}7", f"{PCC}12"})
_SUPPLY: Final = f"{PCC}7.3"


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    if not is_history_of_reimbursements(body):
        return
    yield from read_each(context, body.iter(HL7 + "substanceAdministration"), "reimbursed", _delivered)
    yield from read_each(context, body.iter(HL7 + "procedure"), "reimbursed", _act)


def _act(element: etree._Element, context: Context) -> Iterator[Entry]:
    yield from procedure(element, context, Kind.REIMBURSED)


def _delivered(element: etree._Element, context: Context) -> Iterator[Entry]:
    if not templates(element) & _GIVEN:
        return
    what = product(element)
    code = what.code or said(element)
    supplies = [each for each in children(element, "entryRelationship/supply") if _SUPPLY in templates(each)]
    if not code or not supplies:
        context.fault("no-product" if supplies else "no-delivery", element)
        return
    for supply in supplies:
        if mood(supply) == "EVN":
            yield Dispensation(
                kind=Kind.DISPENSATION,
                code=code,
                status="completed",
                when=when(supply) or Span(values.moment(child(supply, "performer/time"))),
                by=who(context, supply),
                identifiers=values.identifiers(supply),
                note=values.note(element),
                path=context.path(supply),
                product=what,
                quantity=packaging(supply, element),
            )
