"""AuditEvent: the trail of one's own record, line by line as the page « Qui a accédé » has it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import moments, parameters, searching
from carnet.api.fhir.face import json, software
from carnet.consent import articles, consents
from carnet.consent.access import Refused, kept_quiet
from carnet.consent.rules import As, Reason, Refusal
from carnet.consent.trail import TrailLine, decided_by
from carnet.documents import trail
from carnet.documents.queries import Found, Position
from carnet.documents.trail import Mark
from carnet.formats.entry import Identifier
from carnet.formats.fhir import audit_event, errors
from carnet.formats.fhir import search as fhir_search
from carnet.formats.fhir.search import AuditSearch
from carnet.formats.rpps import PROFESSIONAL_OID, national_id_of_rpps
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import fhir_id, from_fhir_id, short
from carnet.records.queries import existence

_TYPE: Final = "AuditEvent"
_ACTION: Final = "trail-read"
_GLASS: Final = "break-glass"
_NOBODY: Final = UUID(int=0)
# Lines that one request looks through for those that are asked for: a page may be shorter than wanted, and the next
# link goes on from there.
_LOOKED_THROUGH: Final = 1000
_IN_A_MILLISECOND: Final = 50


@software("GET", "HEAD", "POST", audit=Audit.RECORD_READ, scope="AuditEvent.s")
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.audit_events(parameters.of(request), strict=parameters.strict(request))
    return searching.answer(
        actor, _TYPE, asked, lambda record_id, _, after, limit: _page(actor, purpose, record_id, asked, after, limit)
    )


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    """The id tells when it was, too: by that a line is found."""
    address, _, instant = fhir_id.rpartition("-")
    pair, at = from_fhir_id(address), moments.from_short(instant)
    if pair is None or at is None:
        raise errors.failure("not-found")
    record_id, line_id = pair
    try:
        found = _lines(actor, purpose, record_id, (at + moments.MILLISECOND, _NOBODY), _IN_A_MILLISECOND)
    except Refused:
        raise errors.failure("not-found") from None
    line = next((each for each in found if each.id == line_id and moments.short(each.at) == instant), None)
    if line is None:
        raise errors.failure("not-found")
    return json(_written([line], record_id)[0])


def _page(
    actor: Actor, purpose: Purpose, record_id: UUID, asked: AuditSearch, after: Position | None, limit: int
) -> Found:
    if asked.summary_count:
        return Found((), _count(actor, purpose, record_id, asked), None)
    filtered = bool(asked.actions or asked.outcomes or asked.types or asked.instants)
    most = max(limit, _LOOKED_THROUGH if filtered else 0)
    found = _lines(actor, purpose, record_id, _before(asked, after), most + 1)
    looked = [line for line in found[:most] if asked.since is None or line.at >= asked.since]
    wanted = [line for line in looked if _wanted(line, asked)]
    page, last = wanted[:limit], None
    if len(wanted) > limit:
        last = page[-1]
    elif len(found) > most and len(looked) == most:
        last = looked[-1]
    further = Position((Decimal(moments.microseconds(last.at)),), last.id) if last else None
    return Found(tuple(_written(page, record_id)), 0, further)


def _count(actor: Actor, purpose: Purpose, record_id: UUID, asked: AuditSearch) -> int:
    _only_people(actor, purpose, record_id)
    found = trail.marks(actor, purpose, record_id, since=asked.since, until=asked.before)
    return sum(_wanted(mark, asked) for mark in found)


def _before(asked: AuditSearch, after: Position | None) -> tuple[datetime, UUID] | None:
    if after is not None:
        return moments.of_microseconds(int(after.key[0])), after.id
    return (asked.before, _NOBODY) if asked.before else None


def _wanted(line: TrailLine | Mark, asked: AuditSearch) -> bool:
    act = audit_event.act_of(line.action)
    return (
        not asked.impossible
        and asked.at(line.at)
        and (not asked.actions or act.action in asked.actions)
        and (not asked.types or act.type.code in asked.types)
        and (not asked.outcomes or audit_event.outcome(refused=line.outcome == "refused") in asked.outcomes)
    )


def _lines(
    actor: Actor, purpose: Purpose, record_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[TrailLine]:
    _only_people(actor, purpose, record_id)
    return trail.lines(actor, purpose, record_id, limit=limit, before=before)


def _only_people(actor: Actor, purpose: Purpose, record_id: UUID) -> None:
    """Only persons read a trail. What the attempt of another is told of the record is nothing."""
    if actor.kind is not ActorKind.PERSON:
        known = existence(actor, record_id) is not None
        reason = Reason.PURPOSE
        audit.refused(
            actor,
            purpose,
            record_id=record_id if known else None,
            action=_ACTION,
            reason=reason.value,
            target_kind="trail",
            # Asked of a record that is not there too: how long it takes tells nothing.
            hidden_from=kept_quiet(actor, purpose, record_id),
        )
        raise Refused(Refusal(reason), actor, record_id)


def _written(lines: list[TrailLine], record_id: UUID) -> list[bytes]:
    numbers = consents.numbers({line.actor_id for line in lines if line.actor_kind == ActorKind.PROFESSIONAL.value})
    return [
        audit_event.write(
            _event(line, record_id, numbers.get(line.actor_id, "")),
            fhir_id=f"{fhir_id(record_id, line.id)}-{moments.short(line.at)}",
            patient_id=short(record_id),
        )
        for line in lines
    ]


def _event(line: TrailLine, record_id: UUID, rpps: str) -> audit_event.Event:
    refused = line.outcome == "refused"
    document = line.target_id if line.target_kind == "document" and line.title and not refused else None
    return audit_event.Event(
        at=line.at,
        agent=audit_event.Agent(
            kind=ActorKind(line.actor_kind).value,
            name=line.actor_name or "Un logiciel de soins",
            number=Identifier(PROFESSIONAL_OID, national_id_of_rpps(rpps)) if rpps else None,
            own=line.capacity == As.HOLDER.value,
        ),
        purpose=line.purpose,
        capacity=line.capacity,
        action=line.action,
        refused=refused,
        organisation=line.organisation_name,
        software=line.software,
        document=(fhir_id(record_id, document), line.title or "") if document else None,
        reason=line.detail if line.action == _GLASS and not refused else "",
        policy=_policy(line),
    )


def _policy(line: TrailLine) -> str:
    article = decided_by(line)
    return f"{articles.POLICY}{article.version}:{article.rule}" if article else ""
