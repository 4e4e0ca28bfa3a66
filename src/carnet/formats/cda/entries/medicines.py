"""Medicines: taken, prescribed, dispensed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.documents import is_history_of_reimbursements
from carnet.formats.cda.entries.dosage import dosages, instructions, period
from carnet.formats.cda.entries.products import packaging, product
from carnet.formats.cda.entries.reader import (
    HR,
    PCC,
    act_words,
    concept,
    is_negated,
    joined,
    mood,
    quantity,
    read_each,
    reasons,
    recorded,
    status,
    templates,
    when,
    who,
    whole,
)
from carnet.formats.cda.nodes import attribute, child, children, identifier
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import UNKNOWN, Dispensation, Dosage, Entry, Kind, Prescription, Product, Treatment
from carnet.formats.clinical.values import NOTHING, Concept
from carnet.formats.entry import Identifier

__all__ = ["entries"]

_ACT_CODE: Final = "2.16.840.1.113883.5.4"
_ADMINISTRATION: Final = f"{PCC}7"
_SUPPLY: Final = f"{PCC}7.3"
# The present treatment of a rare disease, and what imaging injects, carry no template of PCC.
_ALSO_TAKEN: Final = frozenset({f"{HR}13", f"{HR}151", f"{HR}173"})
_PHARM: Final = "1.3.6.1.4.1.19376.1.9.1.3."
_ITEM, _REFERENCE, _REQUEST, _SUBSTITUTION = (f"{_PHARM}{last}" for last in ("2", "11", "8", "9.1"))
_SUBSTITUTED: Final = f"{_PHARM}9.2"
_PRESCRIPTIONS: Final = "57828-6"
# Related to a long-term illness, an accident at work, prevention; not reimbursed; outside of its authorisation.
_CATEGORIES: Final = ("MED-574", "GEN-180", "GEN-295", "GEN-181", "GEN-179")
_NO_SUBSTITUTION: Final = "N"
_NOT_SUBSTITUTED: Final = "N"
# PCC writes "completed" on every statement, whether the medicine goes on or not: it tells nothing.
_TAKEN: Final = {"active": "active", "suspended": "on-hold", "aborted": "stopped"}
_ASKED: Final = {"active": "active", "suspended": "on-hold", "aborted": "stopped", "cancelled": "cancelled"}
_GIVEN: Final = {"active": "in-progress", "suspended": "on-hold", "aborted": "stopped", "cancelled": "cancelled"}


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    if is_history_of_reimbursements(body):
        return
    yield from read_each(context, body.iter(HL7 + "substanceAdministration"), "medicine", _administration)
    yield from read_each(context, body.iter(HL7 + "supply"), "dispensation", _dispensation)


def _administration(element: etree._Element, context: Context) -> Iterator[Entry]:
    kinds = templates(element)
    if _ADMINISTRATION not in kinds and not kinds & _ALSO_TAKEN:
        return
    if _is_part_of_supply(element):
        return
    what = product(element)
    stated = what.code or _other_code(element) or what.form
    if not stated:
        context.fault("no-product", element)
    elif mood(element) == "EVN":
        yield _treatment(element, context, what, stated)
    elif is_negated(element):
        # "Do not take it" is no line of a prescription, and FHIR's states have no word for it.
        context.fault("negated-prescription", element)
    else:
        yield _prescription(element, context, what, stated)


def _is_part_of_supply(element: etree._Element) -> bool:
    """The dosage that a pharmacy writes with what it gives is part of the dispensation."""
    relation = element.getparent()
    above = None if relation is None else relation.getparent()
    return above is not None and above.tag == HL7 + "supply"


def _other_code(element: etree._Element) -> Concept:
    """What is done, where no product is named: a drip, or the statement that nothing is taken. DRUG says nothing."""
    found = concept(element, "code")
    return NOTHING if found.code_of(_ACT_CODE) == "DRUG" else found


def _treatment(element: etree._Element, context: Context, what: Product, stated: Concept) -> Treatment:
    absent = is_absence(concept(element, "code")) or is_absence(stated)
    if absent:
        stated, what = concept(element, "code") or stated, UNKNOWN
    return Treatment(
        kind=Kind.TREATMENT,
        code=stated,
        status="not-taken" if is_negated(element) else _TAKEN.get(status(element), "unknown"),
        when=period(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=_notes(element, _within(element)),
        absence=absent,
        path=context.path(element),
        product=what,
        dosages=() if absent else dosages(element, stated.label),
        reasons=reasons(element),
    )


def _within(element: etree._Element) -> str:
    """A medicine stated inside an observation (an adverse effect) is not told without it."""
    relation = element.getparent()
    above = None if relation is None else relation.getparent()
    if above is None or above.tag != HL7 + "observation":
        return ""
    return concept(above, "code").label


def _prescription(element: etree._Element, context: Context, what: Product, stated: Concept) -> Prescription:
    substitution, reason = _substitution(element)
    supply = _supply(element)
    return Prescription(
        kind=Kind.PRESCRIPTION,
        code=stated,
        status=_ASKED.get(status(element), "unknown"),
        when=period(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=_notes(element),
        path=context.path(element),
        product=what,
        dosages=dosages(element, stated.label),
        reasons=reasons(element),
        group=_group(element),
        intent="order" if _ITEM in templates(element) else "plan",
        quantity=None if supply is None else packaging(supply, element),
        repeats=whole(child(element, "repeatNumber")),
        valid=values.span(child(supply, "effectiveTime")),
        supply=quantity(supply, "expectedUseTime/width"),
        substitution=substitution,
        substitution_reason=reason,
        categories=tuple(_categories(element)),
    )


def _supply(element: etree._Element) -> etree._Element | None:
    return next((each for each in children(element, "entryRelationship/supply") if _REQUEST in templates(each)), None)


def _substitution(element: etree._Element) -> tuple[bool | None, Concept]:
    for act in children(element, "entryRelationship/act"):
        code = attribute(child(act, "code"), "code")
        if _SUBSTITUTION in templates(act) and code:
            found = concept(act, "code")
            return code != _NO_SUBSTITUTION, Concept(found.text) if code == _NO_SUBSTITUTION else NOTHING
    return None, NOTHING


def _categories(element: etree._Element) -> Iterator[Concept]:
    """Those that are answered by yes."""
    for code in _CATEGORIES:
        found = values.related(element, code)
        if found is not None and attribute(child(found, "value"), "value") == "true":
            yield concept(found, "code")


def _group(element: etree._Element) -> Identifier | None:
    """The prescription is the document: a pharmacy answers it by this identifier."""
    section = next(element.iterancestors(HL7 + "section"), None)
    document = next(element.iterancestors(HL7 + "ClinicalDocument"), None)
    if attribute(child(section, "code"), "code") != _PRESCRIPTIONS:
        return None
    return identifier(child(document, "id"))


def _notes(element: etree._Element, within: str = "") -> str:
    """The comment, and what is written for who dispenses."""
    return joined(element, (values.note(element), within, act_words(element, "FINSTRUCT")))


def _dispensation(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _SUPPLY not in templates(element) or mood(element) != "EVN":
        return
    what = product(element)
    stated = what.code or what.form
    if not stated:
        context.fault("no-product", element)
        return
    yield Dispensation(
        kind=Kind.DISPENSATION,
        code=stated,
        status=_GIVEN.get(status(element), "completed"),
        when=when(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=_notes(element),
        path=context.path(element),
        product=what,
        quantity=packaging(element, element),
        supply=quantity(element, "expectedUseTime/width"),
        dosages=_given_dosages(element, stated.label),
        prescription=_answered(element),
        substituted=_substituted(element),
        rank=whole(child(element, "repeatNumber")),
    )


def _given_dosages(element: etree._Element, named: str) -> tuple[Dosage, ...]:
    """Those of the dosage that stands inside, with the instructions that stand beside it."""
    inside = children(element, "entryRelationship/substanceAdministration")
    found = [dose for each in inside if _ADMINISTRATION in templates(each) for dose in dosages(each, named)]
    said = instructions(element)
    if said and not found:
        return (Dosage(instructions=said),)
    return tuple(replace(each, instructions=each.instructions or said) for each in found)


def _answered(element: etree._Element) -> Identifier | None:
    for each in children(element, "entryRelationship/substanceAdministration"):
        if _REFERENCE in templates(each):
            return identifier(child(each, "id"))
    return None


def _substituted(element: etree._Element) -> bool | None:
    for act in children(element, "entryRelationship/act"):
        code = attribute(child(act, "code"), "code")
        if _SUBSTITUTED in templates(act) and code:
            return code != _NOT_SUBSTITUTED
    return None
