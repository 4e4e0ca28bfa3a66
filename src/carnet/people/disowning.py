"""« Ce n'est pas moi », at a first opening, and « Ce n'était pas moi », of a session: what was opened ends at once, the
identity that opened it lets nobody in, and a case waits for the support, without a word of anybody's health."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from carnet.kernel import audit, clock, happened
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.happened import Happened
from carnet.people import accounts, actions, identities, passkeys, provider_sessions
from carnet.people.identity_cases import Proof, bare, reference
from carnet.people.operators import note, support_only
from carnet.people.pivot import written
from carnet.people.queries import person_of, record_of_account
from carnet.people.rules import Way

PAGE: Final = 50
STOPPED: Final = "stopped"
SETTLED: Final = "settled"
ADDRESS_VOID: Final = "address-void"
"""Facts that are told (`kernel.happened`): to the holder by mail; the last one, that the address of the account is not
to be written to any more."""
_SQL = statements("carnet.people", "disowning.sql")
_DEVICES = statements("carnet.people", "devices.sql")
_KEPT: Final = timedelta(days=90)


class Decision(StrEnum):
    """What the support says of a case: the identity opens the account again, or nothing, or another record; or there
    was no identity to decide about."""

    RESTORED = "restored"
    REMOVED = "removed"
    MOVED = "moved"
    CLOSED = "closed"


class SameRecord(Exception):
    """The record of this number is the one that the case is about."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """`reference` is what the person tells the support; `held`: an identity lets nobody in until then."""

    reference: str
    held: bool


@dataclass(frozen=True, slots=True)
class Case:
    """`way` is how the session was opened, "" when it is not known any more; `held` is false where no identity at a
    provider opened it."""

    id: UUID
    name: str
    actor_id: UUID
    sign_in_id: UUID | None
    first_opening: bool
    way: str
    browser: str
    system: str
    since: datetime | None
    at: datetime
    held: bool

    @property
    def reference(self) -> str:
        return reference(self.id)


@dataclass(frozen=True, slots=True)
class _Session:
    id: UUID | None
    digest: bytes
    since: datetime | None = None
    browser: str = ""
    system: str = ""
    way: str = ""
    passkey_id: UUID | None = None
    subject: bytes | None = None


def not_theirs(actor: Actor, key: str) -> Stopped:
    """Who is shown a record that is not their own: every session and passkey of this account ends, for whoever has one
    may have been led astray as well. Where no identity can be told to have opened the session, all of them wait."""
    _person(actor)
    with transaction.atomic(using=WRITER):
        digest = provider_sessions.digest(key)
        found = _session(actor, digest=digest) or _Session(None, digest)
        ids = _links(actor, found) or _links(actor, None)
        accounts.end_everything(actor.id, actor.kind)
        stopped = _stop(actor, found, ids, first_opening=True)
        _note(actor, "account-disowned")
    return stopped


def was_not_them(actor: Actor, session_id: UUID, key: str) -> Stopped | None:
    """One of their sessions was somebody else's: it ends, with the passkey or the identity that opened it and all that
    these opened, but for the session that asks. None for one that is not theirs, or has ended."""
    _person(actor)
    with transaction.atomic(using=WRITER):
        found = _session(actor, session_id=session_id)
        if found is None or not query(WRITER, _DEVICES["end_one"], {"id": session_id, "actor_id": actor.id}):
            return None
        audit.done(
            actor,
            Purpose.SELF,
            record_id=None,
            capacity="account",
            action="session-disowned",
            target_kind="session",
            target_id=session_id,
        )
        here = provider_sessions.digest(key)
        if found.passkey_id:
            ends = {"actor_id": actor.id, "passkey_id": found.passkey_id, "digest": here}
            query(WRITER, _DEVICES["end_opened_by"], ends)
            passkeys.revoke(actor, found.passkey_id)
        ids = _links(actor, found)
        if found.subject:
            query(WRITER, _SQL["end_of_links"], {"subjects": [found.subject], "digest": here})
        stopped = _stop(actor, found, ids, first_opening=False)
        _note(actor, "account-disowned")
    return stopped


def _stop(actor: Actor, found: _Session, ids: Collection[UUID], *, first_opening: bool) -> Stopped:
    """The holds, and a case for each identity; one case where there is none. A code that waits on paper is held back
    as well: nobody knows to whom it was given."""
    accounts.call_off_code(actor.id)
    query(WRITER, _SQL["hold"], {"ids": list(ids)})
    values = {
        "actor_id": actor.id,
        "first_opening": first_opening,
        "way": found.way,
        "browser": found.browser,
        "system": found.system,
        "since": found.since,
    }
    causes: list[UUID | None] = [*ids] or [None]
    cases = [query(WRITER, _SQL["open"], values | {"id": uuid4(), "sign_in_id": each})[0]["id"] for each in causes]
    _tell(actor.id, actor.id, STOPPED)
    return Stopped(reference(cases[0]), held=bool(ids))


def _session(actor: Actor, *, digest: bytes = b"", session_id: UUID | None = None) -> _Session | None:
    row = next(iter(query(WRITER, _SQL["session"], {"actor_id": actor.id, "digest": digest, "id": session_id})), None)
    if row is None:
        return None
    subject = bytes(row["subject"]) if row["subject"] is not None else None
    return _Session(**row | {"digest": bytes(row["digest"]), "subject": subject})


def _links(actor: Actor, found: _Session | None) -> list[UUID]:
    """The identity that opened this session, among those of the account; all of them for None, and where a provider's
    session does not tell any more which."""
    rows = query(WRITER, _SQL["links"], {"actor_id": actor.id})
    if found is None:
        return [row["id"] for row in rows]
    same = [row for row in rows if found.subject == provider_sessions.subject_hash(row["issuer"], row["subject"])]
    return [row["id"] for row in (same or (rows if found.way == Way.PROVIDER else ()))]


def held(issuer: str, subject: str) -> str | None:
    """The reference of the case by which this identity waits; None when it lets in whose it is. A hold under way is
    waited for."""
    with transaction.atomic(using=WRITER):
        row = next(iter(query(WRITER, _SQL["held"], {"issuer": issuer, "subject": subject})), None)
        if row is None or row["held_at"] is None:
            return None
        case = query(WRITER, _SQL["of_identity"], {"issuer": issuer, "subject": subject})
    return reference(case[0]["id"]) if case else ""


def waiting(actor: Actor) -> list[str]:
    """The references of what this person has told and nobody has decided yet."""
    return waiting_of(actor.id)


def waiting_of(account_id: UUID) -> list[str]:
    """The same of an account, for who would let somebody into it."""
    return [reference(row["id"]) for row in query(READER, _SQL["of_account"], {"actor_id": account_id})]


def shut(actor: Actor) -> bool:
    """Whether none of this person's identities at a provider opens their account until the support has decided."""
    return bool(query(READER, _SQL["shut"], {"actor_id": actor.id})[0]["shut"])


# The support's side


def cases(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int = PAGE) -> list[Case]:
    """The oldest first; `named`: by the reference that the person gives. To have read them is a line."""
    support_only(actor)
    note(actor, "disowned-read", "identity")
    values = {"id": None, "after": after, "named": bare(named), "limit": limit}
    return [Case(**row) for row in query(WRITER, _SQL["cases"], values)]


def how_many(actor: Actor) -> int:
    support_only(actor)
    return int(query(READER, _SQL["how_many"], {})[0]["open"])


def case(actor: Actor, case_id: UUID) -> Case | None:
    support_only(actor)
    found = query(WRITER, _SQL["cases"], {"id": case_id, "after": None, "named": "", "limit": 1})
    return Case(**found[0]) if found else None


def restore(actor: Actor, case: Case, *, by_two: Callable[[UUID], None]) -> bool:
    """It was them, or what happened is mended: the identity opens the account again, once another operator has
    confirmed it (`by_two`, as for `identities.tie`). False when the case is gone. Raises `NoRecord` of an account
    without one: its identity is removed, and comes anew."""
    support_only(actor)
    record_id = record_of_account(case.actor_id)
    if record_id is None:
        raise identities.NoRecord
    with transaction.atomic(using=WRITER):
        by_two(record_id)
        return _decide(actor, case, Decision.RESTORED, "disowned-restored")


def remove(actor: Actor, case: Case) -> bool:
    """The identity opens nothing here any more; whoever comes by it is found anew by their traits, or is a case."""
    return _decide(actor, case, Decision.REMOVED, "disowned-removed")


def close(actor: Actor, case: Case) -> bool:
    """Where no identity waits: a passkey was revoked, or a code on paper had been used."""
    return case.sign_in_id is None and _decide(actor, case, Decision.CLOSED, "disowned-closed")


def move(
    actor: Actor, case: Case, *, number: str, birth_date: date, proof: Proof, by_two: Callable[[UUID], None]
) -> bool:
    """To the record of a whole INS whose holder was born that day, by the papers that the operator has seen: their word
    alone, so that `by_two` is always asked, as `identities.tie` asks it. Raises as that, and `SameRecord`."""
    support_only(actor)
    if case.sign_in_id is None:
        return False
    holder = identities.holder_of(actor, written(birth_date.isoformat()), number)
    if person_of(holder.record_id) == case.actor_id:
        raise SameRecord
    with transaction.atomic(using=WRITER):
        if not _decide(actor, case, Decision.MOVED, "disowned-removed"):
            return False
        account_id = identities.account_of(holder, by_two, doubted=True)
        query(WRITER, _SQL["move"], {"id": case.sign_in_id, "actor_id": account_id})
        actions.raise_actor_epoch(account_id)
        identities.note_linked(actor, holder.record_id, account_id, proof)
    return True


def _decide(actor: Actor, case: Case, decision: Decision, action: str) -> bool:
    """Once, whoever else looks at it: the act, its line where the holder reads it, and their mail."""
    support_only(actor)
    with transaction.atomic(using=WRITER):
        values = {"id": case.id, "decision": decision.value, "decided_by": actor.id}
        taken = query(WRITER, _SQL["decide"], values)
        if not taken:
            return False
        if case.sign_in_id and decision in {Decision.RESTORED, Decision.REMOVED}:
            query(WRITER, _SQL["restore" if decision is Decision.RESTORED else "remove"], {"id": case.sign_in_id})
        actions.raise_actor_epoch(case.actor_id)
        record_id = record_of_account(case.actor_id)
        audit.done(
            actor,
            Purpose.SUPPORT,
            record_id=record_id,
            capacity="steward" if record_id else "account",
            action=action,
            target_kind="account",
            target_id=case.actor_id,
        )
        # Whoever was let into another's record may have left their own address there.
        void = taken[0]["first_opening"] and decision in {Decision.REMOVED, Decision.MOVED}
        _tell(case.actor_id, actor.id, ADDRESS_VOID if void else SETTLED)
    return True


def purge() -> None:
    """What is not decided stays, as does its hold."""
    query(WRITER, _SQL["purge"], {"before": clock.now() - _KEPT})


def _tell(account_id: UUID, actor_id: UUID, kind: str) -> None:
    """Who has no record of their own has no address either."""
    record_id = record_of_account(account_id)
    if record_id:
        happened.tell(Happened(kind, record_id, actor_id))


def _note(actor: Actor, action: str) -> None:
    """In the record, for whoever reads it later; they are another person, at a first opening."""
    record_id = record_of_account(actor.id)
    audit.done(
        actor,
        Purpose.SELF,
        record_id=record_id,
        capacity="holder" if record_id else "account",
        action=action,
        target_kind="account",
        target_id=actor.id,
    )


def _person(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise PermissionError("Only persons say that it was not them.")
