"""Software subscribes to the changes of one record, changes that, and ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from carnet.apps import queries, receivers, sending, standing
from carnet.apps.models import Subscription
from carnet.apps.queries import Subscribed
from carnet.apps.rules import EACH, LONGEST, MOST, TOGETHER, State, Topic
from carnet.consent.access import permit_to_act
from carnet.kernel import audit, clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record, statements, steward
from carnet.kernel.ids import uuid7
from carnet.people import granting

_SQL = statements("carnet.apps")
_MADE: Final = "subscription-made"
_ENDED: Final = "subscription-ended"
_KIND: Final = "subscription"


class NotSubscribed(Exception):
    """`code` is that of the public catalogue of errors."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wish:
    """`until` None: as long as may be. `most` 0: as many as may be."""

    topic: Topic
    endpoint: str
    content: str
    reason: str
    until: datetime | None
    heartbeat: int
    most: int


def subscribe(
    actor: Actor,
    purpose: Purpose,
    client_id: UUID | None,
    *,
    record_id: UUID,
    wish: Wish,
    grant_id: UUID | None = None,
) -> Subscribed:
    """`grant_id`: by what a professional granted an app, for its patient. Raises `Refused` for who has no right in the
    record at this moment, `NotSubscribed`."""
    client = _client(actor, purpose, client_id, wish.topic, grant_id)
    until = _until(wish.until, grant_id)
    _receives(client, wish.endpoint)
    permit = permit_to_act(actor, purpose, record_id, action=_MADE)
    here, standing_in_all = queries.how_many(actor, client, record_id)
    if here >= EACH or standing_in_all >= MOST:
        raise NotSubscribed("subscription-many")
    made, now = uuid7(), clock.now()
    with open_record(permit, trace=Trace(_MADE, _KIND, made), using=WRITER):
        Subscription.objects.using(WRITER).create(
            record_id=record_id,
            id=made,
            actor_id=actor.id,
            client_id=client,
            organisation_id=actor.organisation,
            grant_id=grant_id,
            purpose=purpose.value,
            topic=wish.topic.value,
            endpoint=wish.endpoint,
            content=wish.content,
            reason=wish.reason,
            heartbeat=wish.heartbeat,
            most=wish.most or TOGETHER,
            state=State.REQUESTED.value,
            made_at=now,
            changed_at=now,
            until=until,
        )
        sending.wake(record_id, made)
    return _again(actor, client, record_id, made)


def change(
    actor: Actor, purpose: Purpose, known: Subscribed, *, wish: Wish, off: bool, grant_id: UUID | None = None
) -> Subscribed:
    """Asked anew, whatever became of it: what waits is told once the receiver has answered. Of whom, and of what, it is
    told stays; by which right is that of who asks now."""
    if wish.topic is not known.topic:
        raise NotSubscribed("subscription-same")
    if off:
        return end(actor, purpose, known)
    _client(actor, purpose, known.client_id, wish.topic, grant_id)
    until = _until(wish.until, grant_id)
    _receives(known.client_id, wish.endpoint)
    permit = permit_to_act(actor, purpose, known.record_id, action=_MADE)
    with open_record(permit, trace=Trace(_MADE, _KIND, known.id), using=WRITER) as cursor:
        cursor.execute(
            _SQL["change"],
            {
                "record_id": known.record_id,
                "id": known.id,
                "state": State.REQUESTED.value,
                "endpoint": wish.endpoint,
                "content": wish.content,
                "reason": wish.reason,
                "heartbeat": wish.heartbeat,
                "most": wish.most or TOGETHER,
                "until": until,
                "grant_id": grant_id,
            },
        )
        sending.wake(known.record_id, known.id)
    return _again(actor, known.client_id, known.record_id, known.id)


def end(actor: Actor, purpose: Purpose, known: Subscribed) -> Subscribed:
    """By who asked for it, whatever became of their right."""
    with steward(SYSTEM, known.record_id, trace=None) as cursor:
        cursor.execute(_SQL["end"], {"record_id": known.record_id, "id": known.id})
        ended = cursor.rowcount
    if ended:
        audit.done(
            actor,
            purpose,
            record_id=known.record_id,
            capacity="software",
            action=_ENDED,
            target_kind=_KIND,
            target_id=known.id,
        )
    return _again(actor, known.client_id, known.record_id, known.id)


def end_through(actor: Actor, purpose: Purpose, client_id: UUID) -> None:
    """All that somebody follows through one software, which they let in no more."""
    states = [State.REQUESTED.value, State.ACTIVE.value, State.ERROR.value]
    while found := queries.own(actor, client_id, states=states).found:
        for each in found:
            end(actor, purpose, each)


def _again(actor: Actor, client_id: UUID, record_id: UUID, subscription_id: UUID) -> Subscribed:
    found = queries.one(actor, client_id, record_id, subscription_id)
    if found is None:
        raise LookupError(subscription_id)
    return found


def _client(actor: Actor, purpose: Purpose, client_id: UUID | None, topic: Topic, grant_id: UUID | None) -> UUID:
    """Software that may still be told as this actor, by what is registered of it and not by its token alone."""
    client = queries.client_of(actor, client_id)
    if client is None or standing.PURPOSES.get(actor.kind) is not purpose:
        raise NotSubscribed("subscription-actor")
    if standing.actor_now(client, actor.id, topic, grant_id) is None:
        raise NotSubscribed("subscription-actor")
    return client


def _until(asked: datetime | None, grant_id: UUID | None) -> datetime:
    """Of an app no longer than what it was granted: that it ends is known, and told at once."""
    now = clock.now()
    if asked is not None and not now < asked <= now + LONGEST:
        raise NotSubscribed("subscription-end")
    held = granting.held(grant_id) if grant_id else None
    return min(asked or now + LONGEST, held.until) if held else asked or now + LONGEST


def _receives(client_id: UUID, endpoint: str) -> None:
    if not receivers.covers(receivers.of_client(client_id), endpoint):
        raise NotSubscribed("subscription-endpoint")
