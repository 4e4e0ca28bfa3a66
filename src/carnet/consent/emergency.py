"""Breaking the glass: a professional opens a record in an emergency, says why, and has some hours. The holder and the
médecin traitant are told at once, and an operator looks into it afterwards (R1111-48)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import Refused, forget, glass_in_hand, permit_to_break_glass
from carnet.consent.actions import attending_now
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.consent.models import Alert, Emergency, Review
from carnet.consent.rules import Reason
from carnet.kernel import clock, happened
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, note, open_record, raise_epoch, rows, statements
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7

_SQL = statements("carnet.consent")
LASTS: Final = timedelta(hours=4)
LONGEST_REASON: Final = 500
# An operator looks into it within three days.
_REVIEWED_WITHIN: Final = timedelta(days=3)
MODES: Final = (Purpose.EMERGENCY, Purpose.REGULATION)
ALERT: Final = "alert"
"""The fact that a médecin traitant is to be told of an emergency; its target is they."""

T = TypeVar("T")


class ReasonNeeded(ValueError):
    """The glass is broken with a reason in words, which the person will read."""


@dataclass(frozen=True, slots=True)
class Broken:
    """`new` is False when the glass had been broken before: nothing was added."""

    id: UUID
    until: datetime
    new: bool


def words_of(reason: str) -> str:
    """A reason as the person will read it: one line of what can be shown. Raises `ReasonNeeded` without a letter."""
    shown = "".join(char if char.isprintable() else " " for char in reason)
    words = " ".join(shown.split())[:LONGEST_REASON]
    if not any(char.isalpha() for char in words):
        raise ReasonNeeded
    return words


def opening(actor: Actor, purpose: Purpose, reason: str, read: Callable[[], T], *, secret: bool = False) -> T:
    """What `read` reads in an emergency. It is asked first, and once more when the glass had to be broken for it:
    nothing is added while an earlier break lasts, nor where another rule refuses. Raises `Refused`, `ReasonNeeded`."""
    try:
        with glass_in_hand():
            return read()
    except Refused as refused:
        if refused.reason is not Reason.GLASS or refused.record_id is None:
            raise
        record_id = refused.record_id
    break_glass(actor, purpose, record_id=record_id, reason=reason, secret=secret)
    return read()


def break_glass(actor: Actor, purpose: Purpose, *, record_id: UUID, reason: str, secret: bool = False) -> Broken:
    """Opens the record for some hours; while they last, the same again adds nothing. `secret`: the person keeps it
    from who represents them. Raises `Refused`, `ReasonNeeded`."""
    words = words_of(reason)
    permit = permit_to_break_glass(actor, purpose, record_id)
    with violations(), open_record(permit, trace=None, using=WRITER) as cursor:
        known = _known(cursor, permit)
        if known:
            return known
        broken = _break(cursor, permit, words, INVISIBLE_REPRESENTANTS_LEGAUX if secret else 0)
    forget(actor, record_id)
    return broken


def _known(cursor: CursorWrapper, permit: Permit) -> Broken | None:
    values = {"record_id": permit.record_id, "actor_id": permit.actor.id, "mode": permit.purpose.value}
    cursor.execute(_SQL["broken"], values)
    return next((Broken(row["id"], row["until"], new=False) for row in rows(cursor)), None)


def _break(cursor: CursorWrapper, permit: Permit, words: str, hidden_from: int) -> Broken:
    now = clock.now()
    broken = Broken(uuid7(), now + LASTS, new=True)
    Emergency.objects.using(WRITER).create(
        record_id=permit.record_id,
        id=broken.id,
        professional_id=permit.actor.id,
        organisation_id=permit.actor.organisation,
        mode=permit.purpose.value,
        reason=words,
        since=now,
        until=broken.until,
        hidden_from=hidden_from,
    )
    note(cursor, permit, Trace("break-glass", "emergency", broken.id, hidden_from=hidden_from))
    Review.objects.using(WRITER).create(
        id=broken.id,
        record_id=permit.record_id,
        kind=permit.purpose.value,
        professional_id=permit.actor.id,
        at=now,
        due_at=now + _REVIEWED_WITHIN,
        hidden_from=hidden_from,
    )
    _tell_attending(cursor, permit, broken.id, now, hidden_from)
    happened.tell(Happened("emergency", permit.record_id, permit.actor.id, hidden_from))
    raise_epoch(cursor, permit.record_id)
    return broken


def _tell_attending(cursor: CursorWrapper, permit: Permit, emergency_id: UUID, now: datetime, hidden_from: int) -> None:
    told = sorted(attending_now(cursor, permit.record_id) - {permit.actor.id})
    Alert.objects.using(WRITER).bulk_create(
        Alert(
            id=uuid7(),
            recipient_id=each,
            record_id=permit.record_id,
            emergency_id=emergency_id,
            at=now,
            hidden_from=hidden_from,
        )
        for each in told
    )
    for each in told:
        happened.tell(Happened(ALERT, permit.record_id, permit.actor.id, hidden_from, each))
