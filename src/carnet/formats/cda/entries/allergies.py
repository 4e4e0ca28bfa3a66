"""Allergies and intolerances: to what, how sure, how grave, with what reactions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.problems import CLINICAL, SAME, concern
from carnet.formats.cda.entries.reader import (
    PCC,
    answer,
    concept,
    found,
    is_negated,
    joined,
    read_each,
    recorded,
    said,
    says,
    stated,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import child, children, text_of
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Allergy, Entry, Kind, Reaction
from carnet.formats.clinical.values import NOTHING, Concept

__all__ = ["entries"]

_ALLERGY: Final = f"{PCC}6"
_CERTAINTY: Final = "66455-7"
_CRITICALITY: Final = "82606-5"
_SEVERITY: Final = "SEV"
_CLINICAL_CODES: Final = frozenset({"active", "inactive", "resolved"})
_VERIFICATIONS: Final = frozenset({"unconfirmed", "confirmed", "refuted", "entered-in-error"})
_CRITICALITIES: Final = frozenset({"low", "high", "unable-to-assess"})
_SEVERITIES: Final = frozenset({"mild", "moderate", "severe"})
# SNOMED CT and HL7; what lies between two of them is none of them.
_SAME_SEVERITY: Final = {
    "255604002": "mild",
    "6736007": "moderate",
    "24484000": "severe",
    "L": "mild",
    "M": "moderate",
    "H": "severe",
}
_CONCERNS: Final = {"active": "active", "completed": "resolved"}
# The kind of an allergy in SNOMED CT and in HL7's ActCode: its FHIR type, and the FHIR category of what causes it.
_KINDS: Final = {
    "609328004": ("allergy", ""),
    "419199007": ("allergy", ""),
    "416098002": ("allergy", "medication"),
    "414285001": ("allergy", "food"),
    "426232007": ("allergy", "environment"),
    "609398007": ("intolerance", "medication"),
    "59037007": ("intolerance", "medication"),
    "235719002": ("intolerance", "food"),
    "419511003": ("", "medication"),
    "418471000": ("", "food"),
    "ALG": ("allergy", ""),
    "DALG": ("allergy", "medication"),
    "FALG": ("allergy", "food"),
    "EALG": ("allergy", "environment"),
    "DINT": ("", "medication"),
    "FINT": ("", "food"),
    "EINT": ("", "environment"),
    "DNAINT": ("intolerance", "medication"),
    "FNAINT": ("intolerance", "food"),
    "ENAINT": ("intolerance", "environment"),
    "NAINT": ("intolerance", ""),
}


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "observation"), "allergy", _allergy)


def _allergy(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _ALLERGY not in templates(element):
        return
    value = concept(element, "value")
    agent = _agent(element)
    nothing = next(filter(is_absence, (value, agent)), NOTHING)
    absent = bool(nothing)
    code = nothing or agent or value or _kind_alone(element)
    if not code:
        context.fault("no-agent", element)
        return
    kind, category = _kind(element)
    act = concern(element)
    denied = is_negated(element) or (act is not None and is_negated(act))
    yield Allergy(
        kind=Kind.ALLERGY,
        code=code,
        when=when(element),
        recorded=recorded(element, act),
        by=who(context, element, act),
        identifiers=values.identifiers(element),
        note=joined(element, (values.note(element), value.label if agent and not absent else "")),
        absence=absent,
        path=context.path(element),
        type="" if absent else kind,
        categories=() if absent or not category else (category,),
        criticality=stated(element, _CRITICALITY, _CRITICALITIES, {}),
        clinical="" if absent or denied else _clinical(element, act),
        verification="" if absent else "refuted" if denied else _verification(element),
        reactions=() if absent else tuple(_reactions(element)),
    )


def _agent(element: etree._Element) -> Concept:
    """The code of the substance; its name where no words are said for the code."""
    for each in children(element, "participant"):
        entity = child(each, "participantRole/playingEntity")
        if each.get("typeCode") != "CSM" or entity is None:
            continue
        code, name = concept(entity, "code"), text_of(child(entity, "name"))
        if found := Concept(code.text or name, code.codings):
            return found
    return NOTHING


def _kind_alone(element: etree._Element) -> Concept:
    """A form may say "food allergy: yes" and no more. Without that answer an entry that names no agent says nothing:
    producers leave the model of an allergy in the section of someone who has none."""
    answered = says(element, "oui") or is_negated(element)
    return concept(element, "code") if answered else said(element)


def _kind(element: etree._Element) -> tuple[str, str]:
    codes = (each.code for each in concept(element, "code").codings)
    return next((_KINDS[code] for code in codes if code in _KINDS), ("", ""))


def _clinical(element: etree._Element, act: etree._Element | None) -> str:
    return stated(element, CLINICAL, _CLINICAL_CODES, SAME) or _CONCERNS.get(status(act), "")


def _verification(element: etree._Element) -> str:
    return stated(element, _CERTAINTY, _VERIFICATIONS, {})


def _reactions(element: etree._Element) -> Iterator[Reaction]:
    """Each manifestation, unless it is denied; a gravity of the whole is a reaction that is not described."""
    for relation in children(element, "entryRelationship"):
        if relation.get("typeCode") != "MFST":
            continue
        for each in children(relation, "observation"):
            what = found(each) or said(each)
            if is_negated(each) or not what:
                continue
            yield Reaction(
                manifestations=(what,),
                severity=stated(each, _SEVERITY, _SEVERITIES, _SAME_SEVERITY),
                onset=when(each).start,
                note=joined(each, (values.note(each), _unmapped(each))),
            )
    if severity := stated(element, _SEVERITY, _SEVERITIES, _SAME_SEVERITY):
        yield Reaction(severity=severity)


def _unmapped(element: etree._Element) -> str:
    """The gravity in the source's words where FHIR has no code for it."""
    known = stated(element, _SEVERITY, _SEVERITIES, _SAME_SEVERITY)
    return "" if known else answer(element, _SEVERITY).label
