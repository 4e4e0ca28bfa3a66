"""Sign-ins under way in one browser: kept in its session, used once, forgotten after a quarter of an hour."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from carnet.web.auth.oidc import Pending

_KEY = "attempts"
_MOST = 5  # several tabs may be signing in at once
_LIFETIME = 15 * 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """`confirming` is whoever is signed in already and proves anew who they are, for the act `deed`; both "" for a
    sign-in."""

    provider: str
    next_page: str
    pending: Pending
    confirming: str = ""
    deed: str = ""


def remember(session: SessionBase, attempt: Attempt) -> None:
    known: dict[str, Any] = session.get(_KEY, {})
    newest = sorted(known.items(), key=lambda item: item[1]["at"], reverse=True)[: _MOST - 1]
    state = attempt.pending.state
    session[_KEY] = {state: {"at": int(time.time()), **asdict(attempt)}, **dict(newest)}


def take(session: SessionBase, state: str) -> Attempt | None:
    """The attempt of that state, which is thereby used up; None when unknown, used or too old."""
    known: dict[str, Any] = dict(session.get(_KEY, {}))
    found = known.pop(state, None)
    if found is None:
        return None
    session[_KEY] = known
    if time.time() - found["at"] > _LIFETIME:
        return None
    return Attempt(
        found["provider"], found["next_page"], Pending(**found["pending"]), found["confirming"], found.get("deed", "")
    )
