"""One account at a time, for the support: found by an identifier typed in full, never by a part; no list, no copy. What
is done to it holds on the next request, whichever process serves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from carnet.formats.ins import OIDS, InsError, key, parse
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.throttle import Throttle
from carnet.people import actions, clients, passkeys, sessions
from carnet.people.models import Professional
from carnet.people.operators import note, support_only
from carnet.people.queries import record_of_account
from carnet.records import entering
from carnet.records.queries import record_of_ins

MOST_AN_HOUR: Final = 60
LOOKED_UP: Final = "account-looked-up"
_RECORDS_BY_ONE: Final = Throttle("records-by", MOST_AN_HOUR, timedelta(hours=1))
_SQL = statements("carnet.people", "support.sql")
_RPPS: Final = re.compile(r"\d{11}", re.ASCII)
_INS_LENGTH: Final = 15
_LONGEST: Final = 200


class TooMany(Exception):
    """This operator has looked up as many accounts within an hour as one may."""


class OwnAccount(Exception):
    """Nobody shuts themselves out."""


class Reason(StrEnum):
    """Why the support acts on an account: fixed words, so that nothing about anybody's health is written there."""

    ASKED = "asked"
    LOST = "lost"
    MISUSE = "misuse"
    LEFT = "left"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Account:
    """`sessions` began within the longest time that one lasts; `tokens` are those of software that still hold."""

    id: UUID
    kind: ActorKind
    name: str
    active: bool
    organisation: str
    sessions: int
    tokens: int
    last_sign_in: datetime | None


def look_up(actor: Actor, identifier: str) -> UUID | None:
    """By an RPPS number, a person's INS with its key, a professional's or an operator's exact subject at their sign-in
    provider, or the identifier of software. Found or not, it leaves a line: for a person, in the trail of their record,
    who may read it there. Raises `TooMany`."""
    support_only(actor)
    with transaction.atomic(using=WRITER):
        wait_for_ones_turn(actor)
        found = _account_of(" ".join(identifier.split())[:_LONGEST])
        if found is None:
            audit.refused(
                actor, Purpose.SUPPORT, record_id=None, action=LOOKED_UP, reason="unknown", target_kind="account"
            )
        else:
            _note(actor, found, LOOKED_UP)
    return found


def account(actor: Actor, account_id: UUID) -> Account | None:
    support_only(actor)
    found = _row(account_id)
    if found is None:
        return None
    note(actor, "account-read", "account", account_id)
    del found["record_id"]
    return Account(**found | {"kind": ActorKind(found["kind"])})


def end_sessions(actor: Actor, account_id: UUID, reason: Reason) -> None:
    """In browsers, and the tokens of software; passkeys are revoked, or whoever holds one would be back at once."""
    _act(actor, account_id, reason, "account-sessions-ended", _end_everything)


def deactivate(actor: Actor, account_id: UUID, reason: Reason) -> None:
    """Raises `OwnAccount`. Sessions end as well: those of before are over when it comes back."""
    if actor.id == account_id:
        raise OwnAccount
    _act(actor, account_id, reason, "account-deactivated", _shut)


def reactivate(actor: Actor, account_id: UUID, reason: Reason) -> None:
    _act(actor, account_id, reason, "account-reactivated", lambda found: actions.reactivate(actor_id=found["id"]))


def _act(actor: Actor, account_id: UUID, reason: Reason, action: str, act: Callable[[dict[str, Any]], None]) -> None:
    support_only(actor)
    with transaction.atomic(using=WRITER):
        found = _row(account_id)
        if found:
            act(found)
            _note(actor, account_id, action, reason.value)


def end_everything(account_id: UUID, kind: ActorKind) -> None:
    """Sessions, passkeys, tokens and the code of entry of an account, in the transaction of whoever has a reason to."""
    sessions.end_all(account_id)
    call_off_code(account_id)
    passkeys.revoke_all(account_id)
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["end_tokens_of"], {"actor_id": account_id})
    if kind is ActorKind.CLIENT:
        clients.end_tokens(account_id)
    actions.raise_actor_epoch(account_id)


def call_off_code(account_id: UUID) -> None:
    """What was handed out at a counter, and nobody has used yet."""
    record_id = record_of_account(account_id)
    if record_id:
        entering.call_off(record_id)


def _end_everything(found: dict[str, Any]) -> None:
    end_everything(found["id"], ActorKind(found["kind"]))


def _shut(found: dict[str, Any]) -> None:
    """No extract brings them back."""
    _end_everything(found)
    actions.deactivate(actor_id=found["id"])
    Professional.objects.using(WRITER).filter(actor_id=found["id"]).update(withdrawn_at=None)


def own_turn(actor: Actor) -> None:
    """Records found by a number are counted for each operator, like accounts, and apart from them. A number that is
    none counts too: else one could try them all. Raises `TooMany`."""
    if _RECORDS_BY_ONE.wait(str(actor.id)):
        audit.refused(
            actor, Purpose.SUPPORT, record_id=None, action="accounts-too-many", reason="too-many", target_kind="record"
        )
        raise TooMany
    _RECORDS_BY_ONE.failed(str(actor.id))


def wait_for_ones_turn(actor: Actor) -> None:
    """One look-up of an operator at a time, so that none is missed by the count."""
    query(WRITER, _SQL["one_at_a_time"], {"actor_id": actor.id})
    since = clock.now() - timedelta(hours=1)
    asked = {"actor_id": actor.id, "action": LOOKED_UP, "since": since}
    if query(WRITER, _SQL["looked_up"], asked)[0]["count"] >= MOST_AN_HOUR:
        audit.refused(
            actor, Purpose.SUPPORT, record_id=None, action="accounts-too-many", reason="too-many", target_kind="account"
        )
        raise TooMany


def _account_of(identifier: str) -> UUID | None:
    number = "".join(identifier.split())
    if len(number) == _INS_LENGTH:
        record_id = _record_of(number)
        found = _id("account_of_record", record_id=record_id) if record_id else None
    elif _RPPS.fullmatch(number):
        found = _id("account_of_rpps", rpps=number)
    else:
        found = None
    return found or _id("account_named", name=identifier)


def _record_of(number: str) -> UUID | None:
    """With the right key alone: a slip of the hand does not lead to somebody."""
    for oid in sorted(OIDS):
        with suppress(InsError):
            ins = parse(number, oid)
            if ins.value15 == number and number.endswith(key(ins.matricule13)):
                found = record_of_ins(ins.oid, ins.value15)
                if found:
                    return found
    return None


def _id(statement: str, **values: Any) -> UUID | None:
    found = query(READER, _SQL[statement], values)
    return found[0]["id"] if len(found) == 1 else None


def _row(account_id: UUID) -> dict[str, Any] | None:
    values = {"id": account_id, "since": clock.now() - sessions.LONGEST}
    return next(iter(query(WRITER, _SQL["account"], values)), None)


def _note(actor: Actor, account_id: UUID, action: str, detail: str = "") -> None:
    """A person reads in their own record what was done to their account."""
    found = _row(account_id) or {}
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=found.get("record_id"),
        capacity="steward" if found.get("record_id") else "account",
        action=action,
        target_kind="account",
        target_id=account_id,
        detail=detail,
    )
