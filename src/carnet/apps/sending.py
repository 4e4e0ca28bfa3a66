"""A change is told to who subscribed: decided anew at the moment of sending, numbered as it arrives, sent again until
it has arrived. What may not be told makes no event and takes no number.

Nothing of a record is held while the receiver answers: what it may be told is read first, in a transaction of its own,
and what has arrived is written afterwards. A worker that dies in between sends the same again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom
from time import monotonic, sleep
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import structlog
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.apps import conformance, receivers, signing, standing
from carnet.apps.queries import Subscribed, of_row
from carnet.apps.rules import FAILURES, Change, Now, Sight, State, Told, Topic, told
from carnet.consent.access import permit_quietly
from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.formats.fhir import subscription as fhir
from carnet.kernel import calling, clock, config, context, jobs
from carnet.kernel.actor import SYSTEM, Actor
from carnet.kernel.calling import NotCalled, Way
from carnet.kernel.db import (
    READER,
    WRITER,
    Permit,
    Stale,
    Trace,
    command,
    note,
    open_record,
    rows,
    statements,
    steward,
    steward_permit,
)
from carnet.kernel.ids import fhir_id, short
from carnet.kernel.jobs import Backoff

DELIVER: Final = "apps.deliver"
BEAT: Final = "apps.beat"
BACKOFF: Final = Backoff(first=timedelta(seconds=10), factor=3, attempts=FAILURES)
SECONDS: Final = 5.0
SLOW: Final = 2.0
_MOMENT, _STEP = 0.3, 0.02
_WAITS: Final = SystemRandom()
_AGAIN: Final = timedelta(seconds=2)
_TOLD: Final = "subscription-told"
_KEPT: Final = INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX
_BATCH: Final = 200
_TAKEN: Final = range(200, 300)
_GONE: Final = 410
_FRESH: Final = 300
_log = structlog.get_logger("carnet.apps")
_SQL = statements("carnet.apps")


@dataclass(frozen=True, slots=True)
class Due:
    """A change that is to be told, as what."""

    row: dict[str, Any]
    told: Told

    @property
    def id(self) -> UUID:
        found: UUID = self.row["id"]
        return found


def wake(record_id: UUID, subscription_id: UUID) -> None:
    """In the transaction of what there is to tell."""
    jobs.enqueue(DELIVER, {"record_id": record_id, "subscription_id": subscription_id}, key=str(subscription_id))


def _wake_at(known: Subscribed, at: datetime) -> None:
    values = {"record_id": known.record_id, "subscription_id": known.id}
    jobs.enqueue(DELIVER, values, key=str(known.id), run_at=at)


def deliver(record_id: UUID, subscription_id: UUID) -> None:
    """One notification at most: what it leaves is the next run's."""
    known = _known(record_id, subscription_id)
    if known is None or not _may_send(known):
        return
    if not _turn(known):
        _wake_at(known, clock.now() + timedelta(seconds=_WAITS.uniform(1, 5)))
        return
    actor = standing.actor_now(known.client_id, known.actor_id, known.topic, known.grant_id)
    if actor is None:
        # The software, or who it acted for, is no more: what waits will not be told.
        _end(known)
        return
    if known.state is State.REQUESTED:
        if _send(known, "handshake", ()):
            if known.heartbeat:
                _beat_at(known, clock.now() + timedelta(seconds=known.heartbeat))
            wake(record_id, subscription_id)
        return
    try:
        more = tell(known, actor)
    except Stale:
        # Rights move at this very moment: what waits goes on waiting.
        _wake_at(known, clock.now() + _AGAIN)
        return
    if more:
        wake(record_id, subscription_id)


def beat(record_id: UUID, subscription_id: UUID, version: int) -> None:
    """Says that the subscription stands, when nothing else has said so for as long; also where its right has ended:
    that it has is not for us to tell. It goes on until the subscription is changed, in error or over."""
    known = _known(record_id, subscription_id)
    if known is None or known.version != version or known.status is not State.ACTIVE or not known.heartbeat:
        return
    if standing.actor_now(known.client_id, known.actor_id, known.topic, known.grant_id) is None:
        return
    now, each = clock.now(), timedelta(seconds=known.heartbeat)
    due = (known.told_at or known.changed_at) + each
    if due <= now:
        # Where another call to that software is under way, it hears of us as it is.
        if _may_send(known) and _turn(known):
            _send(known, "heartbeat", ())
        due = now + each
    _beat_at(known, due)


def _beat_at(known: Subscribed, at: datetime) -> None:
    values: dict[str, UUID | int | str] = {
        "record_id": known.record_id,
        "subscription_id": known.id,
        "version": known.version,
    }
    jobs.enqueue(BEAT, values, key=f"{known.id}/{known.version}", run_at=at)


def _turn(known: Subscribed) -> bool:
    """One call at a time to each software, in all processes, until this job ends: a slow one takes nobody's place. One
    that usually answers is waited for, as long as an answer takes."""
    asked = {"client": f"carnet.receiver/{known.client_id}"}
    end = monotonic() + (0 if known.failures else _MOMENT)
    with connections[WRITER].cursor() as cursor:
        while True:
            cursor.execute(_SQL["turn"], asked)
            if cursor.fetchone()[0]:
                return True
            if monotonic() >= end:
                return False
            sleep(_STEP)


def _may_send(known: Subscribed) -> bool:
    """A run that has come before its time leaves it to the one that was asked for then."""
    waits = known.retry_at is not None and known.retry_at > clock.now()
    return known.status in {State.REQUESTED, State.ACTIVE} and not waits


def _known(record_id: UUID, subscription_id: UUID) -> Subscribed | None:
    with _looking(record_id) as cursor:
        cursor.execute(_SQL["one"], {"record_id": record_id, "id": subscription_id})
        found = rows(cursor)
    return of_row(found[0]) if found else None


@contextmanager
def _looking(record_id: UUID) -> Iterator[CursorWrapper]:
    """In the record, as the system, with no document in sight and without its lock."""
    with transaction.atomic(using=READER), connections[READER].cursor() as cursor:
        cursor.execute(command(_SQL["settle"]), steward_permit(SYSTEM, record_id).row())
        yield cursor


def tell(known: Subscribed, actor: Actor) -> bool:
    """Whether there may be more. `actor` as they were a moment ago. Raises `Stale` when rights do not stand still."""
    found = _waiting(known)
    if not found:
        return False
    # What was tried before comes alone: what is sent again is the same.
    waiting = [row for row in found if row["tried"]] or found
    more = len(waiting) < len(found) or len(found) == _BATCH
    with context.use(f"fhir:{_door(known)}", context.current().request_id):
        due = _decided(known, actor, waiting)
    chosen = due[: known.most]
    last = chosen[-1].row if len(chosen) < len(due) else waiting[-1]
    events = [_event(known, each, known.sent + number) for number, each in enumerate(chosen, 1)]
    taken = _send(known, "event-notification", events, chosen) if chosen else True
    # Only now: it needs the record's lock, which nobody waits for while a receiver answers.
    passed = {row["id"] for row in waiting[: waiting.index(last) + 1]} - {each.id for each in chosen}
    if passed:
        _not_told(known, sorted(passed))
    return taken and (more or len(chosen) < len(due))


def _door(known: Subscribed) -> str:
    client = standing.client(known.client_id)
    return client.key if client else ""


def _waiting(known: Subscribed) -> list[dict[str, Any]]:
    with _looking(known.record_id) as cursor:
        cursor.execute(_SQL["waiting"], {"record_id": known.record_id, "id": known.id, "limit": _BATCH})
        return rows(cursor)


def _decided(known: Subscribed, actor: Actor, waiting: Sequence[dict[str, Any]]) -> list[Due]:
    """What of it this actor may be told at this moment. The line in the record's trail stands before anything
    leaves. Raises `Stale` also when the actor is no more: whoever comes next ends the subscription, in one place."""
    try:
        return _permitted(known, actor, waiting)
    except Stale:  # a right has moved in between, or the actor: a session of theirs has ended
        again = standing.actor_now(known.client_id, known.actor_id, known.topic, known.grant_id)
        if again is None:
            raise
        return _permitted(known, again, waiting)


def _permitted(known: Subscribed, actor: Actor, waiting: Sequence[dict[str, Any]]) -> list[Due]:
    permit = permit_quietly(actor, known.purpose, known.record_id)
    return _seen(known, permit, waiting) if permit else []


def _seen(known: Subscribed, permit: Permit, waiting: Sequence[dict[str, Any]]) -> list[Due]:
    with open_record(permit, trace=None) as cursor:
        now = seen_now(cursor, permit.record_id, known.topic, {row["item_id"] for row in waiting})
        due = _due(known, Sight(permit.actor.id, permit.types, permit.hidden), waiting, now)
        for item, was in {each.row["item_id"]: each.row["was_labels"] for each in due if not each.row["tried"]}.items():
            note(cursor, permit, _trace(known, item, now.get(item, Now(seen=False, mark=was & _KEPT))))
    return due


def seen_now(cursor: CursorWrapper, record_id: UUID, topic: Topic, items: Collection[UUID]) -> dict[UUID, Now]:
    """Which of these the reader who has entered sees, by the row policies."""
    statement = "seen" if topic is Topic.DOCUMENTS else "seen_entries"
    cursor.execute(_SQL[statement], {"record_id": record_id, "items": sorted(items)})
    return {row["id"]: _now(row) for row in rows(cursor)}


def _now(row: dict[str, Any]) -> Now:
    return Now(seen=True, replaced=row["replaced"], mark=row["mark"], document=row["document"])


def _trace(known: Subscribed, item_id: UUID, now: Now) -> Trace:
    """It names the document, and is told to whom that is: not before it is announced. An act on what a minor keeps
    secret carries its own mark for good; so does one on what is gone."""
    if now.document or known.topic is Topic.DOCUMENTS:
        return Trace(_TOLD, "document", item_id, hidden_from=now.mark & INVISIBLE_REPRESENTANTS_LEGAUX)
    return Trace(_TOLD, "entries", hidden_from=now.mark)


def _due(known: Subscribed, sight: Sight, waiting: Sequence[dict[str, Any]], now: dict[UUID, Now]) -> list[Due]:
    """In order; what was told in this same breath is not told twice."""
    due: list[Due] = []
    told_now: set[tuple[UUID, Told]] = set()
    new: set[UUID] = set()
    for row in waiting:
        item = row["item_id"]
        change = Change(
            made=row["made"],
            status=row["status"],
            was_status=row["was_status"],
            was_type=row["was_type"],
            was_labels=row["was_labels"],
            was_standing=row["was_standing"],
            was_handed=row["was_handed"],
            depositor_id=row["depositor_id"],
            author_id=row["author_id"],
        )
        before = row["before"]
        found = told(known.topic, change, sight, now.get(item, Now(seen=False)), before=before)
        if not found or (item, found) in told_now or (found is Told.NEW and item in new):
            continue
        told_now.add((item, found))
        if found is Told.NEW:
            new.add(item)
        due.append(Due(row, found))
    return due


def _event(known: Subscribed, due: Due, number: int) -> fhir.Event:
    return fhir.Event(number, due.row["at"], focus_of(known, due.row["item_id"]), due.told.value)


def focus_of(known: Subscribed, item_id: UUID) -> str:
    if known.topic is Topic.ENTRIES:
        return f"Patient/{short(known.record_id)}"
    return f"DocumentReference/{fhir_id(known.record_id, item_id)}"


def told_again(known: Subscribed, since: int, until: int, limit: int) -> list[fhir.Event]:
    """Events that arrived, by their numbers, each with what may still be told of it at this moment: a number that was
    told stays, and what it was about goes with the right to it."""
    with _looking(known.record_id) as cursor:
        asked: dict[str, Any] = {
            "record_id": known.record_id,
            "id": known.id,
            "since": since,
            "until": until,
            "limit": limit,
        }
        cursor.execute(_SQL["told"], asked)
        found = rows(cursor)
    actor = standing.actor_now(known.client_id, known.actor_id, known.topic, known.grant_id)
    permit = permit_quietly(actor, known.purpose, known.record_id) if actor else None
    seen: dict[UUID, Now] = {}
    if permit is not None and found:
        with open_record(permit, trace=Trace(_TOLD, "documents")) as cursor:
            seen = seen_now(cursor, known.record_id, known.topic, {row["item_id"] for row in found})
    return [
        fhir.Event(
            row["number"],
            row["at"],
            focus_of(known, row["item_id"]) if row["item_id"] in seen else "",
            row["told"] if row["item_id"] in seen else "",
        )
        for row in found
    ]


def as_told(known: Subscribed) -> fhir.Standing:
    """As FHIR tells it."""
    return fhir.Standing(
        id=fhir_id(known.record_id, known.id),
        version=known.version,
        changed_at=known.changed_at,
        status=known.status.value,
        topic=known.topic.value,
        patient_id=short(known.record_id),
        endpoint=known.endpoint,
        content=known.content,
        reason=known.reason,
        until=known.until,
        heartbeat=known.heartbeat,
        most=known.most,
        sent=known.sent,
        fault=FAULTS.get(known.fault, "Le récepteur n’a pas répondu comme attendu.") if known.fault else "",
    )


FAULTS: Final = {
    "address": "L’adresse du récepteur ne se lit pas.",
    "refused": "L’adresse du récepteur mène à un réseau où Carnet n’envoie rien, ou n’est pas en https.",
    "unregistered": "L’adresse du récepteur n’est plus enregistrée avec ce logiciel.",
    "unknown": "Le nom du récepteur ne se résout pas.",
    "unreachable": "Le récepteur refuse la connexion.",
    "tls": "Le certificat du récepteur n’est pas accepté.",
    "timeout": "Le récepteur n’a pas répondu en 5 secondes.",
    "slow": "Le récepteur met plus de 2 secondes à répondre à un signe de vie.",
    "broken": "La réponse du récepteur s’est interrompue.",
    "gone": "Le récepteur a répondu 410 : il ne veut plus rien recevoir.",
    "redirect": "Le récepteur a répondu par une redirection, qui n’est pas suivie.",
    "client": "Le récepteur a répondu par une erreur 4xx.",
    "server": "Le récepteur a répondu par une erreur 5xx.",
}


def _send(known: Subscribed, kind: fhir.Kind, events: Sequence[fhir.Event], due: Sequence[Due] = ()) -> bool:
    """Whether the receiver took it; what became of it stands with the subscription."""
    fault = _posted(known, kind, events, due)
    _conforms(known, fault)
    if fault:
        _log.info("a notification was not taken", subscription=str(known.id), reason=fault)
        _not_taken(known, fault, due)
    else:
        _taken(known, events, due)
    return not fault


def _conforms(known: Subscribed, fault: str) -> None:
    """A sandbox tells the receiver's publisher how it fares."""
    if not config.load().sandbox:
        return
    if fault:
        conformance.wrong(known.client_id, "notification", codes=[f"receiver-{fault}"], places=(), status=0)
    else:
        conformance.right(known.client_id, "notification")


def _posted(known: Subscribed, kind: fhir.Kind, events: Sequence[fhir.Event], due: Sequence[Due]) -> str:
    """Why it did not arrive; "" when it did."""
    settings = config.load()
    if not receivers.covers(receivers.of_client(known.client_id), known.endpoint):
        return "unregistered"
    now, base = clock.now(), f"{settings.public_url.rstrip('/')}/fhir"
    # The same events are the same notification, however often they are sent.
    name = uuid5(known.id, ",".join(str(each.id) for each in due)) if due else uuid4()
    stands = replace(as_told(known), sent=known.sent + len(events), fault="")
    body = fhir.notification(stands, kind, events, id_=str(name), at=now, base=base)
    issued = int(now.timestamp())
    claims = {"iss": base, "aud": known.endpoint, "iat": issued, "exp": issued + _FRESH, "jti": str(uuid4())}
    headers = {
        "Content-Type": "application/fhir+json",
        "User-Agent": "Carnet",
        signing.HEADER: signing.signature(body, claims),
    }
    began = monotonic()
    try:
        status = calling.post(known.endpoint, body, headers, Way(settings.receiver_networks, SECONDS))
    except NotCalled as not_called:
        return not_called.why
    if status in _TAKEN:
        # What has arrived has arrived; a mere sign of life that keeps us is not worth its asking.
        return "slow" if kind == "heartbeat" and monotonic() - began > SLOW else ""
    if status == _GONE:
        return "gone"
    return {3: "redirect", 4: "client"}.get(status // 100, "server")


def _taken(known: Subscribed, events: Sequence[fhir.Event], due: Sequence[Due]) -> None:
    sent = events[-1].number if events else known.sent
    place: dict[str, Any] = {"record_id": known.record_id}
    with steward(SYSTEM, known.record_id, trace=None) as cursor:
        if due:
            numbers = [each.number for each in events]
            told_as = [each.told.value for each in due]
            arrived = {"ids": [each.id for each in due], "numbers": numbers, "told": told_as}
            cursor.execute(_SQL["arrived"], place | arrived)
        cursor.execute(_SQL["taken"], place | {"id": known.id, "sent": sent, "version": known.version})


def _not_taken(known: Subscribed, fault: str, due: Sequence[Due]) -> None:
    failures = known.failures + 1
    given_up = failures >= FAILURES or fault == "gone"
    retry_at = clock.now() + BACKOFF.delay(failures)
    place: dict[str, Any] = {"record_id": known.record_id}
    state = State.ERROR if given_up else known.state
    values: dict[str, Any] = {
        "failures": failures,
        "retry_at": None if given_up else retry_at,
        "fault": fault,
        "state": state.value,
    }
    with steward(SYSTEM, known.record_id, trace=None) as cursor:
        if due:
            cursor.execute(_SQL["tried"], place | {"ids": [each.id for each in due]})
        cursor.execute(_SQL["not_taken"], place | values | {"id": known.id, "version": known.version})
    if not given_up:
        _wake_at(known, retry_at)


def _not_told(known: Subscribed, ids: Sequence[UUID]) -> None:
    with steward(SYSTEM, known.record_id, trace=None) as cursor:
        cursor.execute(_SQL["not_told"], {"record_id": known.record_id, "ids": list(ids)})


def _end(known: Subscribed) -> None:
    with steward(SYSTEM, known.record_id, trace=None) as cursor:
        cursor.execute(_SQL["end"], {"record_id": known.record_id, "id": known.id})
