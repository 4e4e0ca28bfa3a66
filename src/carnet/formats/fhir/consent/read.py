"""A Consent by which a professional declares, at a visit, that the person consents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from carnet.formats.entry import Identifier
from carnet.formats.fhir import read_subject
from carnet.formats.fhir.consent import parts
from carnet.formats.fhir.consent.model import EXPRESS, Declared
from carnet.formats.fhir.extensions import first
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_people import Contained

__all__ = ["read"]

# What would narrow it: the law and the person's own settings say what is read, no declaration does.
_NARROWER: Final = ("action", "securityLabel", "class", "code", "dataPeriod", "data", "provision")


def read(payload: bytes, *, strict: bool = False, now: datetime | None = None) -> Declared:
    """Raise `FhirError` with every problem of the resource."""
    problems = Problems()
    root = parts.root(payload, problems, strict=strict)
    contained = Contained.of(root)
    parts.check_root(root)
    secret = parts.secret(root)
    subject = read_subject.read(root, contained, name="patient")
    provision = root.child("provision", required=True)
    actor = _actor(provision, contained)
    until = _until(provision, now or datetime.now(UTC))
    _check_provision(provision)
    if problems.failed:
        raise FhirError(problems.issues)
    return Declared(subject, until, actor, first(root, EXPRESS).flag("valueBoolean"), secret, problems.warnings)


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
    parts.check_purposes(provision)


def _actor(provision: Node, contained: Contained) -> Identifier | None:
    """The number of the one professional who is named."""
    actor = provision.only("actor")
    if actor.absent:
        return None
    found = parts.number(actor.child("reference"), contained)
    if found is None:
        actor.problem("consent-actor", "reference")
    return found


def _until(provision: Node, now: datetime) -> datetime | None:
    period = provision.child("period")
    if parts.starts_late(period, now):
        period.problem("consent-period", "start", "Une déclaration vaut dès maintenant.")
    return parts.until(period, now)
