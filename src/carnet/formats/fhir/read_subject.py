"""Whose document it is: the subject of a published DocumentReference, and the source patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from carnet.formats import ins
from carnet.formats.entry import Identifier, Patient
from carnet.formats.fhir import identifiers, patient, search
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_people import Contained

__all__ = ["Subject", "checked", "identified", "read", "traits"]


class Subject(NamedTuple):
    """The id of a literal `Patient/ID`, the INS that is stated, or both."""

    reference: str | None
    ins: Identifier | None


_NONE: Final[Mapping[str, Subject]] = MappingProxyType({})


def read(root: Node, contained: Contained, bundled: Mapping[str, Subject] = _NONE, *, name: str = "subject") -> Subject:
    """Literal, conditional, logical and contained references are equally good.

    `bundled` are the patients that a bundle brings, by their full URL; `name` is the element's.
    """
    node = root.child(name, required=True)
    if not node:
        return Subject(None, None)
    number = node.child("identifier")
    stated = Identifier(number.text("system"), number.text("value")) if number else None
    reference = node.text("reference")
    if not reference:
        if stated is None:
            node.problem("subject-form")
        return Subject(None, checked(stated, number))
    if reference.startswith("#"):
        return _contained_subject(node, contained)
    if found := bundled.get(identifiers.full_url(reference)):
        return found
    # A bare id is no reference inside a resource.
    target = search.patient_reference(reference) if "/" in reference or "?" in reference else None
    if target is None or not (target.id or target.identifier):
        node.problem("subject-form", "reference")
        return Subject(None, None)
    place = node if target.identifier else number
    return Subject(target.id, checked(target.identifier or stated, place))


def _contained_subject(node: Node, contained: Contained) -> Subject:
    target = contained.resolve(node, "Patient")
    if target is None:
        node.problem("subject-form", "reference")
        return Subject(None, None)
    return identified(target)


def identified(target: Node) -> Subject:
    """The person whom a Patient resource identifies."""
    number = patient.read(target).ins
    if number is None:
        target.problem("ins-invalid", "identifier")
    return Subject(None, checked(number, target))


def checked(number: Identifier | None, place: Node) -> Identifier | None:
    """The INS in its one spelling; a wrong one is a problem of that place, and None."""
    if number is None:
        return None
    try:
        found = ins.parse(number.value, number.system)
    except ins.InsError as error:
        place.problem("ins-invalid", detail=error.message_fr)
        return None
    if not found.key_ok:
        place.problem("ins-key")
    return Identifier(found.oid, found.value15)


def traits(root: Node, contained: Contained, subject: Subject) -> Patient:
    """What the source patient says of the person; the number is that of the subject."""
    reference = root.child("context").child("sourcePatientInfo")
    target = contained.resolve(reference, "Patient")
    target = target or contained.resolve(root.child("subject"), "Patient")
    if target is None:
        return Patient(ins=subject.ins)
    stated = patient.read(target)
    if stated.ins and subject.ins and not patient.matching(stated.ins, subject.ins):
        reference.problem("patient-mismatch")
    return replace(stated, ins=subject.ins)
