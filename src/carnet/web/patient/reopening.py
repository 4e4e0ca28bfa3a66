"""Whether who reads that a record is closed may open it again."""

from __future__ import annotations

from django.http import HttpRequest

from carnet.consent.access import Refused
from carnet.kernel import clock
from carnet.records.life import NotDone
from carnet.records.rules import Act, fault
from carnet.rights import life
from carnet.web.auth.session import authenticate
from carnet.web.patient.family import Cover


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
