"""A Consent by which a professional declares, at a visit, that the person consents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from carnet.formats.entry import Identifier
from carnet.formats.fhir import body, identifiers, read_subject, structure, times
from carnet.formats.fhir.consent.model import EXPRESS, PURPOSE_SYSTEM, SCOPE, Declared
from carnet.formats.fhir.extensions import first
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_people import Contained
from carnet.formats.fhir.search.dates import instants
from carnet.formats.terminology import labels

__all__ = ["read"]

_TYPE: Final = "Consent"
# Proofs that would not be kept, and a verification that nobody here made.
_NOT_KEPT: Final = ("sourceAttachment", "sourceReference", "verification")
# What would narrow it: the law and the person's own settings say what is read, no declaration does.
_NARROWER: Final = ("action", "securityLabel", "class", "code", "dataPeriod", "data", "provision")
_CARE: Final = {("http://terminology.hl7.org/CodeSystem/v3-ActReason", "TREAT"), (PURPOSE_SYSTEM, "care")}
# Clocks may differ by as much.
_TOLERANCE: Final = timedelta(minutes=5)


def read(payload: bytes, *, strict: bool = False, now: datetime | None = None) -> Declared:
    """Raise `FhirError` with every problem of the resource."""
    problems = Problems()
    resource = body.parse(payload, _TYPE).resource
    structure.check(resource, _TYPE, problems, _TYPE, strict=strict)
    problems.settle()
    root = Node(resource, _TYPE, problems)
    contained = Contained.of(root)
    _check_root(root)
    secret = _secret(root)
    subject = read_subject.read(root, contained, name="patient")
    provision = root.child("provision", required=True)
    actor = _actor(provision, contained)
    until = _until(provision, now or datetime.now(UTC))
    _check_provision(provision)
    if problems.failed:
        raise FhirError(problems.issues)
    return Declared(subject, until, actor, first(root, EXPRESS).flag("valueBoolean"), secret, problems.warnings)


def _check_root(root: Node) -> None:
    for name in ("modifierExtension", "implicitRules"):
        if root.has(name):
            root.problem("modifier-not-supported", name)
    for name in _NOT_KEPT:
        if root.has(name):
            root.problem("forbidden-element", name, "Une déclaration se fait par oral ou par écrit, sans pièce jointe.")
    if root.has("status") and root.text("status") != "active":
        root.problem("consent-status", "status")
    scope = root.child("scope")
    if scope and SCOPE not in {_pair(each) for each in scope.children("coding")}:
        root.problem("consent-scope", "scope")


def _secret(root: Node) -> bool:
    """Of labels it may have the one that keeps it from the representatives of a minor."""
    found = False
    for number, label in enumerate(root.child("meta").children("security")):
        if labels.mask_of([label.text("code")]) == labels.INVISIBLE_REPRESENTANTS_LEGAUX:
            found = True
        else:
            root.problem("consent-label", f"meta.security[{number}]")
    return found


def _check_provision(provision: Node) -> None:
    if provision.absent:
        return
    if provision.has("modifierExtension"):
        provision.problem("modifier-not-supported", "modifierExtension")
    if provision.text("type", required=True) not in {"permit", ""}:
        provision.problem("consent-permit", "type")
    for name in _NARROWER:
        if provision.has(name):
            provision.problem("consent-narrower", name)
    for number, each in enumerate(provision.children("purpose")):
        if _pair(each) not in _CARE:
            provision.problem("consent-purpose", f"purpose[{number}]")


def _pair(coding: Node) -> tuple[str, str]:
    return coding.text("system"), coding.text("code")


def _actor(provision: Node, contained: Contained) -> Identifier | None:
    """The number of the one professional who is named, in the form of the directory."""
    actor = provision.only("actor")
    if actor.absent:
        return None
    number = _number(actor.child("reference"), contained)
    value = number.text("value")
    if not value:
        actor.problem("consent-actor", "reference")
        return None
    return identifiers.from_fhir(number.text("system"), value)


def _number(reference: Node, contained: Contained) -> Node:
    """The identifier beside the reference, or of the contained professional that it leads to."""
    if reference.has("identifier"):
        return reference.child("identifier")
    role = contained.resolve(reference, "PractitionerRole")
    person = contained.resolve(role.child("practitioner") if role else reference, "Practitioner")
    if person is None:
        return role.child("practitioner").child("identifier") if role else reference.nothing()
    return next(iter(person.children("identifier")), reference.nothing())


def _until(provision: Node, now: datetime) -> datetime | None:
    """A day or a month is meant to its end."""
    period = provision.child("period")
    start, end = period.moment("start"), period.moment("end")
    if start and start > now + _TOLERANCE:
        period.problem("consent-period", "start", "Une déclaration vaut dès maintenant.")
    if end is None:
        return None
    text = period.text("end")
    if "T" in text:
        return end
    covered = instants(text, now)
    return covered[0].hi if covered else times.parse(text)
