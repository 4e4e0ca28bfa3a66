"""Whether who reads that a record is closed may open it again, and which record is to come."""

from __future__ import annotations

from django.http import HttpRequest

from carnet.consent.access import Refused
from carnet.kernel import clock
from carnet.kernel.actor import ActorKind
from carnet.people.queries import record_of
from carnet.records.life import NotDone
from carnet.records.rules import Act, Life, RecordState, fault
from carnet.rights import life
from carnet.web.auth.session import authenticate
from carnet.web.patient.family import Cover


def to_come(request: HttpRequest) -> Life | None:
    """One's own record, of which one was told and which is not open yet."""
    who = authenticate(request)
    own = record_of(who) if who and who.kind is ActorKind.PERSON else None
    if who is None or own is None:
        return None
    try:
        found = life.standing(who, own).life
    except (NotDone, Refused):
        return None
    return found if found.state is RecordState.INFORMED else None


def reopens(request: HttpRequest, cover: Cover) -> bool:
    """Whether the record of somebody else, which is closed, is theirs to open again: not after the person asked to have
    it erased."""
    who = authenticate(request)
    if who is None or not cover.closes:
        return False
    try:
        found = life.standing(who, cover.record_id, purpose=cover.purpose)
    except (NotDone, Refused):
        return False
    return fault(found.life, Act.REOPEN, life.who(cover.purpose), clock.now()) is None
