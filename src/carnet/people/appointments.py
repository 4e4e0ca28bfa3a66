"""The day of a professional as their software lays it out: who comes, by their number, and when. Nobody looks here
whether that person has a record: what has none is kept and shown as what has one. Sealed, of today and tomorrow alone,
and gone after the day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from carnet.formats.ins import Ins
from carnet.kernel import clock, vault
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7

MOST: Final = 100
"""Of one professional in one day, whichever software lays them out."""
AHEAD: Final = timedelta(days=1)
_NONCE: Final = 12
_SQL = statements("carnet.people", "appointments.sql")
_PARIS: Final = ZoneInfo("Europe/Paris")


class NotThatDay(ValueError):
    """A day begins and ends at midnight in Paris; today's and tomorrow's alone are kept."""


class TooMany(Exception):
    """The day is full."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`name` as the software says it."""

    ins: Ins
    name: str
    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        return self.start.astimezone(_PARIS).date()


@dataclass(frozen=True, slots=True)
class Appointment:
    id: UUID
    wish: Wish
    version: int
    changed_at: datetime


def lay(actor: Actor, client_id: UUID, wish: Wish) -> tuple[Appointment, bool]:
    """The same person at the same time again, by the same software, is the same; False then. Raises `NotThatDay`,
    `TooMany`."""
    _check(wish)
    asked = {"actor_id": actor.id, "client_id": client_id}
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["one_at_a_time"], asked)
        known = query(WRITER, _SQL["known"], asked | {"digest": _digest(actor, wish)})
        made = known[0]["id"] if known else uuid7()
        if not known:
            _room(actor, wish.day)
            query(WRITER, _SQL["lay"], asked | _row(actor, made, wish))
        return _one(WRITER, actor, client_id, made), not known


def change(actor: Actor, client_id: UUID, known: Appointment, wish: Wish) -> Appointment:
    """Raises `NotThatDay`, `TooMany`. Where it becomes the same as another one, that one goes."""
    _check(wish)
    asked = {"actor_id": actor.id, "client_id": client_id}
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["one_at_a_time"], asked)
        if wish.day != known.wish.day:
            _room(actor, wish.day)
        for same in query(WRITER, _SQL["known"], asked | {"digest": _digest(actor, wish)}):
            if same["id"] != known.id:
                query(WRITER, _SQL["take_out"], asked | {"id": same["id"]})
        query(WRITER, _SQL["change"], asked | _row(actor, known.id, wish))
        return _one(WRITER, actor, client_id, known.id)


def cancel(actor: Actor, client_id: UUID, appointment_id: UUID) -> bool:
    """Nothing of it is kept."""
    asked = {"actor_id": actor.id, "client_id": client_id, "id": appointment_id}
    return bool(query(WRITER, _SQL["take_out"], asked))


def one(actor: Actor, client_id: UUID, appointment_id: UUID) -> Appointment | None:
    """None for unknown, past, another software's and another professional's alike."""
    found = _of(READER, actor, client_id, appointment_id)
    return found[0] if found else None


def own(actor: Actor, client_id: UUID) -> list[Appointment]:
    """What this software laid out for them, of today and tomorrow, in the order of the day."""
    return _of(READER, actor, client_id)


def today(actor: Actor) -> list[Appointment]:
    """Whichever software laid it out."""
    return [each for each in _of(READER, actor) if each.wish.day == _today()]


def purge() -> None:
    query(WRITER, _SQL["purge"], {"day": _today()})


def _today() -> date:
    return clock.now().astimezone(_PARIS).date()


def _check(wish: Wish) -> None:
    last = (wish.end - timedelta(microseconds=1)).astimezone(_PARIS).date()
    if not _today() <= wish.day <= _today() + AHEAD or last != wish.day:
        raise NotThatDay


def _room(actor: Actor, day: date) -> None:
    if query(WRITER, _SQL["how_many"], {"actor_id": actor.id, "day": day})[0]["there"] >= MOST:
        raise TooMany


def _one(using: str, actor: Actor, client_id: UUID, appointment_id: UUID) -> Appointment:
    return _of(using, actor, client_id, appointment_id)[0]


def _of(
    using: str, actor: Actor, client_id: UUID | None = None, appointment_id: UUID | None = None
) -> list[Appointment]:
    asked = {"actor_id": actor.id, "day": _today(), "client_id": client_id, "id": appointment_id}
    found = [
        Appointment(row["id"], _opened(row["id"], row["sealed"]), row["version"], row["changed_at"])
        for row in query(using, _SQL["of"], asked)
    ]
    return sorted(found, key=lambda each: (each.wish.start, each.wish.name, each.id))


def _row(actor: Actor, appointment_id: UUID, wish: Wish) -> dict[str, Any]:
    sealed = _seal(appointment_id, wish)
    return {"id": appointment_id, "day": wish.day, "digest": _digest(actor, wish), "sealed": sealed}


def _digest(actor: Actor, wish: Wish) -> bytes:
    said = f"{actor.id} {wish.ins.oid} {wish.ins.matricule13} {wish.start.timestamp():.0f}"
    return digest(vault.derive("appointments-same"), said.encode(), sha256)


def _seal(appointment_id: UUID, wish: Wish) -> bytes:
    said = [wish.ins.oid, wish.ins.value15, wish.name, wish.start.isoformat(), wish.end.isoformat()]
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, orjson.dumps(said), appointment_id.bytes)


def _opened(appointment_id: UUID, sealed: bytes | memoryview) -> Wish:
    raw = bytes(sealed)
    said = orjson.loads(_cipher().decrypt(raw[:_NONCE], raw[_NONCE:], appointment_id.bytes))
    oid, value, name, start, end = said
    return Wish(Ins(oid, value), name, datetime.fromisoformat(start), datetime.fromisoformat(end))


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("appointments"))
