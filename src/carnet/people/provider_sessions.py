"""Which of our sessions hang on which session at a sign-in provider, so that it can end them (OpenID Connect
Back-Channel Logout). Keyed hashes alone: without the key the table tells nothing of anyone's account elsewhere."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from carnet.kernel import clock, vault
from carnet.kernel.db import WRITER, query, statements
from carnet.people.sessions import LONGEST

_ENDS_KEPT: Final = timedelta(hours=1)
"""Longer than a token that was exchanged and the link that was asked for with it are good for together."""
_SQL = statements("carnet.people", "provider_sessions.sql")


def begin(key: str, actor_id: UUID, *, issuer: str, session: str, subject: str) -> None:
    """`session` is "" where the provider does not tell. The same key again hangs on that other session from then on."""
    begin_hashed(key, actor_id, session_hash(issuer, session) if session else None, subject_hash(issuer, subject))


def begin_hashed(key: str, actor_id: UUID, session: bytes | None, subject: bytes) -> None:
    """The same, of who came by software: what its token said was kept by hash."""
    values = {
        "digest": digest(key),
        "actor_id": actor_id,
        "session": session,
        "subject": subject,
        "since": clock.now(),
    }
    query(WRITER, _SQL["begin"], values)


def end(*, issuer: str, session: str, subject: str, before: datetime) -> list[UUID]:
    """On the next request: those that began by then, of that session, or of all of that subject's when none is named.
    Answers whose. What is under way, and not a session of ours yet, finds it out by `ended`."""
    name = session_hash(issuer, session) if session else subject_hash(issuer, subject)
    # First: whoever does not see it has begun by the time that sessions are looked for.
    query(WRITER, _SQL["over"], {"digest": name, "at": before})
    if session:
        values = {"session": name, "before": before}
        return [row["actor_id"] for row in query(WRITER, _SQL["end_session"], values)]
    values = {"subject": name, "before": before}
    return [row["actor_id"] for row in query(WRITER, _SQL["end_subject"], values)]


def ended(*, session: bytes | None, subject: bytes, since: datetime) -> bool:
    """Whether the provider has ended that session of theirs, or all of that account's after `since`."""
    return bool(query(WRITER, _SQL["ended"], {"session": session, "subject": subject, "since": since}))


def session_hash(issuer: str, session: str) -> bytes:
    """As a session at a provider is kept here."""
    return _hash("session", issuer, session)


def subject_hash(issuer: str, subject: str) -> bytes:
    """As an account at a provider is kept here."""
    return _hash("subject", issuer, subject)


def purge() -> None:
    query(WRITER, _SQL["purge"], {"before": clock.now() - LONGEST})
    query(WRITER, _SQL["purge_ends"], {"before": clock.now() - _ENDS_KEPT})


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


@cache
def _key() -> bytes:
    return vault.derive("provider-sessions")


def _hash(kind: str, issuer: str, value: str) -> bytes:
    return hmac.digest(_key(), f"{kind}\0{issuer}\0{value}".encode(), "sha256")
