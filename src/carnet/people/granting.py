"""What a professional, or a person, grants an app, and the family of codes and tokens that hangs on it.

A code serves once, within a minute; a refresh token serves once, and gives the next one. Either presented twice has
been in two hands: the whole family ends. Everything of it ends with the next request, since the actor's epoch moves."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from carnet.kernel import clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7
from carnet.people import sealed_context
from carnet.people.actions import issue_token
from carnet.people.clients import LIFETIME
from carnet.people.models import AppCode, AppGrant, RefreshToken
from carnet.people.sessions import LONGEST

CODE_LIVES: Final = timedelta(seconds=60)
OFFLINE_LIVES: Final = timedelta(days=30)
"""Of a grant that outlives the session: then the professional is asked to sign in again."""

_SQL = statements("carnet.people", "granting.sql")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is granted: `actor` as the session has them, in the place where they practise; `record_id` the patient, None
    for no one in particular; `session` the key of the browser's session, with which it ends unless it is `offline`;
    `ends` when the right ends on which it rests, whatever else would let it last."""

    client_id: UUID
    actor: Actor
    purpose: Purpose
    scope: str
    record_id: UUID | None
    session: str
    refreshes: bool
    offline: bool
    assurance: str
    proven_at: datetime
    ends: datetime | None = None


class NotWithin(Exception):
    """Nothing of what is asked for is of the grant; the refresh token is good as before."""


class SessionOver(Exception):
    """The session of who lets the app in has ended meanwhile: nothing is granted."""


@dataclass(frozen=True, slots=True)
class Family:
    """A grant that holds, as an answer with tokens tells it."""

    id: UUID
    client_id: UUID
    actor_id: UUID
    purpose: Purpose
    regulates: bool
    scope: str
    record_id: UUID | None
    refreshes: bool
    assurance: str
    proven_at: datetime
    granted_at: datetime
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a family still holds: `actor` as its tokens name them, for its patient alone."""

    actor: Actor
    scope: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Tokens:
    """`refresh` is "" where the grant is not renewed."""

    access: str
    refresh: str
    scope: str


def grant(wish: Wish, *, redirect_uri: str, challenge: str, nonce: str) -> str:
    """The code, of which only the hash is kept. Raises `SessionOver`."""
    code, now, grant_id = secrets.token_urlsafe(32), clock.now(), uuid7()
    with transaction.atomic(using=WRITER):
        ends = _session_ends(wish)
        AppGrant.objects.using(WRITER).create(
            id=grant_id,
            client_id=wish.client_id,
            actor_id=wish.actor.id,
            organisation_id=wish.actor.organisation,
            purpose=wish.purpose.value,
            regulates=wish.actor.regulates,
            scope=wish.scope,
            context=sealed_context.seal(grant_id.bytes, wish.record_id) if wish.record_id else None,
            session=None if wish.offline else _digest(wish.session),
            refreshes=wish.refreshes,
            assurance=wish.assurance,
            proven_at=wish.proven_at,
            created_at=now,
            used_at=now,
            until=min(now + OFFLINE_LIVES if wish.offline else ends, wish.ends or datetime.max.replace(tzinfo=UTC)),
        )
        AppCode.objects.using(WRITER).create(
            digest=_digest(code),
            grant_id=grant_id,
            redirect_uri=redirect_uri,
            challenge=challenge,
            nonce=nonce,
            expires_at=now + CODE_LIVES,
        )
    return code


def _session_ends(wish: Wish) -> datetime:
    """When it ends at the latest. It is held: nobody ends it until what hangs on it is there to end with it."""
    found = query(WRITER, _SQL["session"], {"digest": _digest(wish.session), "actor_id": wish.actor.id})
    if not found:
        raise SessionOver
    ends: datetime = found[0]["since"] + min(LONGEST, timedelta(hours=settings.CARNET.longest_session))
    return ends


def redeem(code: str, *, client_id: UUID, redirect_uri: str, verifier: str) -> Family | None:
    """The family of a good code, which is thereby used up; None for any other, which ends what hangs on it: who brings
    a code a second time, or without what goes with it, is not whom it was given to."""
    with transaction.atomic(using=WRITER):
        found = query(WRITER, _SQL["code"], {"digest": _digest(code)})
        if not found:
            return None
        row = found[0]
        good = (
            row["fresh"]
            and row["holds"]
            and row["client_id"] == client_id
            and compare_digest(row["redirect_uri"].encode(), redirect_uri.encode())
            and compare_digest(row["challenge"].encode(), challenge_of(verifier).encode())
        )
        if not good:
            end(row["id"])
            return None
        AppCode.objects.using(WRITER).filter(digest=_digest(code)).update(used_at=clock.now())
    return _family(row)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def renewed(refresh: str, *, client_id: UUID, bound: str, within: Callable[[str], bool]) -> Family | None:
    """The family of a good refresh token, which is thereby used up. One that comes again ends the family. `within`:
    whether something of what is asked for is of the scope that was granted. Raises `NotWithin`."""
    with transaction.atomic(using=WRITER):
        known = settings.CARNET
        found = query(
            WRITER,
            _SQL["refresh"],
            {
                "digest": _digest(refresh),
                "idle": timedelta(minutes=known.professional_idle),
                "patient_idle": timedelta(minutes=known.patient_idle),
            },
        )
        if not found:
            return None
        row = found[0]
        if row["used"] or row["client_id"] != client_id or row["bound"] not in ("", bound):
            end(row["id"])
            return None
        if not (row["fresh"] and row["holds"]):
            return None
        if not within(row["scope"]):
            raise NotWithin
        now = clock.now()
        RefreshToken.objects.using(WRITER).filter(digest=_digest(refresh)).update(used_at=now)
        AppGrant.objects.using(WRITER).filter(id=row["id"]).update(used_at=now)
    return _family(row)


def give(family: Family, *, scope: str, key_id: UUID | None, bound: str, public: bool) -> Tokens:
    """`scope` is that of the family, or less. A public client's next refresh token is bound as its access token is."""
    with transaction.atomic(using=WRITER):
        access = issue_token(
            actor_id=family.actor_id,
            purpose=family.purpose,
            scope=scope,
            lifetime=LIFETIME,
            key_id=key_id,
            bound=bound,
            regulates=family.regulates,
            grant_id=family.id,
        )
        refresh = _next(family.id, bound if public else "") if family.refreshes else ""
    return Tokens(access, refresh, scope)


def _next(grant_id: UUID, bound: str) -> str:
    refresh = f"carnet_r_{secrets.token_urlsafe(32)}"
    until = AppGrant.objects.using(WRITER).values_list("until", flat=True).get(id=grant_id)
    RefreshToken.objects.using(WRITER).create(digest=_digest(refresh), grant_id=grant_id, bound=bound, expires_at=until)
    return refresh


def held(grant_id: UUID) -> Held | None:
    """As of now; None once the family has ended, or rests and gets nothing any more."""
    idle = timedelta(minutes=settings.CARNET.professional_idle)
    found = query(READER, _SQL["held"], {"id": grant_id, "idle": idle})
    if not found:
        return None
    row = found[0]
    context = row["context"]
    actor = Actor(
        ActorKind(row["kind"]),
        row["id"],
        row["name"],
        row["organisation_id"],
        row["client_id"],
        row["epoch"],
        row["regulates"],
        sealed_context.open_(grant_id.bytes, context) if context else None,
    )
    return Held(actor, row["scope"], row["until"])


def family_of_refresh(refresh: str) -> tuple[UUID, UUID, UUID] | None:
    """Grant, client and actor of a refresh token, whatever has become of it; None for no such token."""
    found = query(READER, _SQL["of_refresh"], {"digest": _digest(refresh)})
    return (found[0]["id"], found[0]["client_id"], found[0]["actor_id"]) if found else None


def end(grant_id: UUID) -> None:
    """On the next request, in every process."""
    query(WRITER, _SQL["end"], {"id": grant_id, "client_id": None, "actor_id": None})


def end_of(*, client_id: UUID, actor_id: UUID | None = None) -> bool:
    """All that the app was granted, or what that professional granted it. False when there was nothing."""
    return bool(_end(client_id, actor_id))


def _end(client_id: UUID, actor_id: UUID | None) -> list[dict[str, Any]]:
    return query(WRITER, _SQL["end"], {"id": None, "client_id": client_id, "actor_id": actor_id})


@dataclass(frozen=True, slots=True)
class LetIn:
    """What an app holds of somebody now, and of which record."""

    client_id: UUID
    purpose: Purpose
    record_id: UUID | None
    since: datetime
    until: datetime


def let_in(actor: Actor) -> list[LetIn]:
    return [
        LetIn(row["client_id"], Purpose(row["purpose"]), _record(row), row["created_at"], row["until"])
        for row in query(READER, _SQL["let_in"], {"actor_id": actor.id})
    ]


def purge() -> None:
    query(WRITER, _SQL["purge"], {"before": clock.now() - timedelta(days=1)})


def _family(row: dict[str, Any]) -> Family:
    return Family(
        id=row["id"],
        client_id=row["client_id"],
        actor_id=row["actor_id"],
        purpose=Purpose(row["purpose"]),
        regulates=row["regulates"],
        scope=row["scope"],
        record_id=_record(row),
        refreshes=row["refreshes"],
        assurance=row["assurance"],
        proven_at=row["proven_at"],
        granted_at=row["created_at"],
        nonce=row["nonce"],
    )


def _record(row: dict[str, Any]) -> UUID | None:
    return sealed_context.open_(row["id"].bytes, row["context"]) if row["context"] else None


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
