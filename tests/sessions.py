"""A browser session of somebody made for one test, who has no button in the demonstration."""

from __future__ import annotations

import time

from django.contrib.sessions.backends.db import SessionStore

from carnet.kernel.actor import Actor

COOKIE = "carnet_session"


def session_of(who: Actor, **more: object) -> str:
    """The value of the session cookie; `more` of what a sign-in may have told."""
    session = SessionStore()
    now = int(time.time())
    session.update({"actor": str(who.id), "kind": who.kind.value, "since": now, "seen": now} | more)
    session.create()
    assert session.session_key
    return session.session_key
