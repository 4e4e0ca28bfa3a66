"""The family's history: one entry per relative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.problems import named
from carnet.formats.cda.entries.reader import (
    PCC,
    concept,
    is_negated,
    quantity,
    read_each,
    recorded,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import attribute, child, children, text_of
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Entry, FamilyHistory, Kind, RelativeCondition
from carnet.formats.clinical.values import Moment, Quantity

__all__ = ["entries"]

_FAMILY: Final = f"{PCC}15"
_SDTC: Final = "{urn:hl7-org:sdtc}"
_SEXES: Final = {"M": "male", "F": "female", "UN": "other"}
# What is known is told, or is being gathered.
_STATUSES: Final = {"completed": "completed", "active": "partial"}
# The age at which it began: LOINC, SNOMED CT, ActCode.
_AGES: Final = ("30525-0", "445518008", "397659008", "AGE")


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "organizer"), "family", _relative)


def _relative(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _FAMILY not in templates(element):
        return
    observations = list(children(element, "component/observation"))
    nothing = next((found for each in observations if is_absence(found := named(each))), None)
    related = child(element, "subject/relatedSubject")
    code = nothing or concept(related, "code")
    conditions = () if nothing else tuple(_conditions(observations, context))
    if not code or not (nothing or conditions):
        if not code or not observations:
            context.fault("no-condition" if code else "no-relative", element)
        return
    person = child(related, "subject")
    yield FamilyHistory(
        kind=Kind.FAMILY,
        code=code,
        status=_STATUSES.get(status(element), ""),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=nothing is not None,
        path=context.path(element),
        name=text_of(child(person, "name")),
        sex=_SEXES.get(attribute(child(person, "administrativeGenderCode"), "code"), ""),
        born=values.moment(child(person, "birthTime")),
        deceased=_deceased(person),
        conditions=conditions,
    )


def _deceased(person: etree._Element | None) -> bool | Moment | None:
    if person is None:
        return None
    if at := values.moment(person.find(f"{_SDTC}deceasedTime")):
        return at
    return {"true": True, "false": False}.get(attribute(person.find(f"{_SDTC}deceasedInd"), "value"))


def _conditions(observations: list[etree._Element], context: Context) -> Iterator[RelativeCondition]:
    """What is denied of a relative has no place in an entry: it is said to be left out."""
    for each in observations:
        code = named(each)
        if not code or is_negated(each):
            context.fault("family-denial" if code else "no-condition", each)
            continue
        yield RelativeCondition(code=code, onset=_onset(each), note=values.note(each))


def _onset(element: etree._Element) -> Quantity | Moment:
    for code in _AGES:
        if found := quantity(values.related(element, code), "value"):
            return found
    return when(element).start
