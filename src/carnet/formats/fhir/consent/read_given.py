"""A Consent by which a person opens their record to somebody, or keeps a professional out: what `write` tells of either
can be sent back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from carnet.formats import rpps
from carnet.formats.entry import Identifier
from carnet.formats.fhir import read_subject
from carnet.formats.fhir.consent import parts
from carnet.formats.fhir.consent.model import CHILD_ANSWER, EXPRESS, LAST_YEAR, Given
from carnet.formats.fhir.extensions import first
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_people import Contained
from carnet.formats.terminology import labels

__all__ = ["read_given"]

# What would narrow it: the law says what a profession reads, and what is masked is said of documents.
_NARROWER: Final = ("action", "securityLabel", "class", "code", "dataPeriod", "data")
_EXCEPTION: Final = frozenset({"type", "securityLabel", "id"})
_CHOICES: Final = "Les choix pour l’urgence se font dans la page « Confidentialité »."
_KINDS: Final = frozenset({rpps.PROFESSIONAL_OID, rpps.STRUCTURE_OID})


def read_given(payload: bytes, *, strict: bool = False, now: datetime | None = None) -> Given:
    """Raise `FhirError` with every problem of the resource."""
    problems = Problems()
    root = parts.root(payload, problems, strict=strict)
    contained = Contained.of(root)
    parts.check_root(root)
    subject = read_subject.read(root, contained, name="patient")
    provision = root.child("provision", required=True)
    actor = _actor(provision, contained)
    found = Given(
        subject=subject,
        permitted=_permitted(provision),
        actor=actor or Identifier("", ""),
        until=_until(provision, now or datetime.now(UTC)),
        express=first(root, EXPRESS).flag("valueBoolean"),
        secret=parts.secret(root),
        unmasked=_unmasked(provision),
        child_answer=first(root, CHILD_ANSWER).text("valueCode"),
    )
    (_check_permit if found.permitted else _check_block)(root, found)
    if problems.failed or actor is None:
        raise FhirError(problems.issues)
    return found


def _permitted(provision: Node) -> bool:
    if provision.has("modifierExtension"):
        provision.problem("modifier-not-supported", "modifierExtension")
    for name in _NARROWER:
        if provision.has(name):
            provision.problem("consent-narrower", name)
    parts.check_purposes(provision, _CHOICES)
    return provision.text("type", required=True) != "deny"


def _actor(provision: Node, contained: Contained) -> Identifier | None:
    """The number of the one who is named."""
    actor = provision.only("actor", required=True)
    if actor.absent:
        return None
    found = parts.number(actor.child("reference"), contained)
    if found is None or found.system not in _KINDS:
        actor.problem("consent-recipient", "reference")
        return None
    return found


def _until(provision: Node, now: datetime) -> datetime | None:
    period = provision.child("period")
    if parts.starts_late(period, now):
        period.problem("consent-span", "start")
    until = parts.until(period, now)
    if until is not None and not (now < until and until.year <= LAST_YEAR):
        period.problem("consent-span", "end")
    return until


def _unmasked(provision: Node) -> bool:
    """By the one nested provision that there may be: to see what is masked too."""
    nested = list(provision.children("provision"))
    for position, each in enumerate(nested):
        if position or not _is_exception(each):
            provision.problem("consent-narrower", f"provision[{position}]")
    return bool(nested)


def _is_exception(nested: Node) -> bool:
    codes = [each.text("code") for each in nested.children("securityLabel")]
    return (
        nested.fields.keys() <= _EXCEPTION
        and nested.text("type") == "permit"
        and len(codes) == 1
        and labels.mask_of(codes) == labels.MASQUE_PS
    )


def _check_permit(root: Node, found: Given) -> None:
    """What holds for everybody of an organisation is neither express, nor secret, nor shows what is masked. To whom
    that is shown, the person says on their page, where they prove anew who they are."""
    if not found.to_organisation:
        if found.unmasked:
            root.problem("consent-unmasked", "provision.provision")
        return
    for name, stated in (
        ("extension", found.express),
        ("meta.security", found.secret),
        ("provision.provision", found.unmasked),
    ):
        if stated:
            root.problem("consent-of-all", name)


def _check_block(root: Node, found: Given) -> None:
    """It keeps one professional out, without an end and whole."""
    for name, stated in (
        ("extension", found.express or bool(found.child_answer)),
        ("meta.security", found.secret),
        ("provision.period.end", found.until is not None),
        ("provision.provision", found.unmasked),
        ("provision.actor[0].reference", found.to_organisation),
    ):
        if stated:
            root.problem("consent-block", name)
