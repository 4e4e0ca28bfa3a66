"""« Est-ce bien vous ? » is answered before anything of a record that was never opened is shown."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest

from carnet.kernel.actor import Actor
from carnet.people.queries import record_of
from carnet.records.queries import existence
from carnet.records.rules import RecordState
from carnet.rights import activation

START: Final = "/bienvenue"
_ANSWERED: Final = "welcome_answered"


def unanswered(request: HttpRequest, actor: Actor, own_record_id: UUID) -> bool:
    """Asked again with each page until it is answered, and from then on known to the session."""
    if request.session.get(_ANSWERED) == str(own_record_id):
        return False
    if _waits(actor, own_record_id):
        return True
    request.session[_ANSWERED] = str(own_record_id)
    return False


def forget(request: HttpRequest) -> None:
    request.session.pop(_ANSWERED, None)


def unanswered_by(request: HttpRequest, actor: Actor) -> bool:
    """The same where no page of the record is open; who has none is asked nothing."""
    own = record_of(actor)
    return own is not None and unanswered(request, actor, own)


def _waits(actor: Actor, record_id: UUID) -> bool:
    holder = existence(actor, record_id)
    if holder is None or holder.state is not RecordState.UNOPENED:
        return False
    found = activation.waiting(actor, record_id)
    return found is not None and found.done == 0
