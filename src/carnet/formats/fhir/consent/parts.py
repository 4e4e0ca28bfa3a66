"""What a Consent says in the same elements, whoever sends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from carnet.formats import rpps
from carnet.formats.entry import Identifier
from carnet.formats.fhir import body, identifiers, structure, times
from carnet.formats.fhir.consent.model import PURPOSE_SYSTEM, SCOPE
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.read_people import Contained
from carnet.formats.fhir.search.dates import instants
from carnet.formats.terminology import labels

__all__ = ["check_purposes", "check_root", "number", "root", "secret", "starts_late", "until"]

_TYPE: Final = "Consent"
# Proofs that would not be kept, and a verification that nobody here made.
_NOT_KEPT: Final = ("sourceAttachment", "sourceReference", "verification")
_CARE: Final = {("http://terminology.hl7.org/CodeSystem/v3-ActReason", "TREAT"), (PURPOSE_SYSTEM, "care")}
_NUMBERS: Final = (rpps.PROFESSIONAL_OID, rpps.STRUCTURE_OID)
# Clocks may differ by as much.
_TOLERANCE: Final = timedelta(minutes=5)


def root(payload: bytes, problems: Problems, *, strict: bool) -> Node:
    """The resource, whose structure has been looked at."""
    resource = body.parse(payload, _TYPE).resource
    structure.check(resource, _TYPE, problems, _TYPE, strict=strict)
    problems.settle()
    return Node(resource, _TYPE, problems)


def check_root(found: Node) -> None:
    for name in ("modifierExtension", "implicitRules"):
        if found.has(name):
            found.problem("modifier-not-supported", name)
    for name in _NOT_KEPT:
        if found.has(name):
            found.problem("forbidden-element", name, "Un accord se dit ou s’écrit, sans pièce jointe.")
    if found.has("status") and found.text("status") != "active":
        found.problem("consent-status", "status")
    scope = found.child("scope")
    if scope and SCOPE not in {pair(each) for each in scope.children("coding")}:
        found.problem("consent-scope", "scope")


def secret(found: Node) -> bool:
    """Of labels it may have the one that keeps it from the representatives of a minor."""
    kept = False
    for position, label in enumerate(found.child("meta").children("security")):
        if labels.mask_of([label.text("code")]) == labels.INVISIBLE_REPRESENTANTS_LEGAUX:
            kept = True
        else:
            found.problem("consent-label", f"meta.security[{position}]")
    return kept


def check_purposes(provision: Node, detail: str = "") -> None:
    for position, each in enumerate(provision.children("purpose")):
        if pair(each) not in _CARE:
            provision.problem("consent-purpose", f"purpose[{position}]", detail)


def pair(coding: Node) -> tuple[str, str]:
    return coding.text("system"), coding.text("code")


def number(reference: Node, contained: Contained) -> Identifier | None:
    """In the form of the directory: the identifier beside the reference, or of what is contained and it leads to."""
    if reference.has("identifier"):
        return _identifier(reference.child("identifier"))
    role = contained.resolve(reference, "PractitionerRole")
    named = role.child("practitioner") if role else reference
    if role and named.has("identifier"):
        return _identifier(named.child("identifier"))
    who = contained.resolve(named, "Practitioner") if role else contained.resolve(named, "Practitioner", "Organization")
    if who is None:
        return None
    found = [each for each in map(_identifier, who.children("identifier")) if each]
    return next((each for each in found if each.system in _NUMBERS), found[0] if found else None)


def _identifier(given: Node) -> Identifier | None:
    value = given.text("value")
    return identifiers.from_fhir(given.text("system"), value) if value else None


def starts_late(period: Node, now: datetime) -> bool:
    """Whatever is agreed to holds from now on."""
    start = period.moment("start")
    return start is not None and start > now + _TOLERANCE


def until(period: Node, now: datetime) -> datetime | None:
    """The first instant that is not meant any more: a day or a month is meant to its end."""
    end = period.moment("end")
    if end is None:
        return None
    text = period.text("end")
    if "T" in text:
        return end
    covered = instants(text, now)
    return covered[0].hi if covered else times.parse(text)
