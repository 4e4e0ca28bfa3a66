"""How a session was opened: kept in it, and beside it for its holder's page of devices. A person's browser is
recognised by a cookie that says nothing by itself; one that is new is told to them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.http import header
from carnet.notify import telling
from carnet.people import devices
from carnet.people.rules import Way
from carnet.web.auth.agent import device

DEVICE: Final = "carnet_device"
RECENT: Final = 10 * 60
_KEPT: Final = 400 * 24 * 3600
_TOKEN_LENGTH: Final = 43
_OPENING, _NOTED = "opening", "noted"


@dataclass(frozen=True, slots=True)
class Opening:
    """`assurance` is the level that the session counts as."""

    way: Way
    assurance: str
    passkey_id: UUID | None = None


def note(request: HttpRequest, opened: Opening) -> None:
    """Right after the session has begun."""
    session = request.session
    session[_OPENING] = {
        "way": opened.way.value,
        "assurance": opened.assurance,
        "at": int(time.time()),
        "key": str(opened.passkey_id or ""),
    }
    session[_NOTED] = int(time.time())
    browser, system = device_of(request)
    key = session.session_key or ""
    devices.describe(key, browser=browser, system=system, way=opened.way, passkey_id=opened.passkey_id)


def device_of(request: HttpRequest) -> tuple[str, str]:
    """Browser and system."""
    return device(header(request, "User-Agent"))


def assurance(session: SessionBase) -> str:
    """ "" for a session that does not say."""
    return str(session.get(_OPENING, {}).get("assurance", ""))


def way(session: SessionBase) -> Way | None:
    """None for a session that does not say."""
    said = session.get(_OPENING, {}).get("way", "")
    return Way(said) if said in set(Way) else None


def passkey(session: SessionBase) -> UUID | None:
    """By which the session was opened."""
    said = session.get(_OPENING, {}).get("key", "")
    return UUID(said) if said else None


def recently_proven(session: SessionBase) -> bool:
    """Whether its holder came in by a provider, or by a code from a counter, within the last minutes: what is lasting
    is asked of them alone."""
    opened = session.get(_OPENING, {})
    return bool(opened.get("way") in {Way.PROVIDER, Way.CODE} and time.time() - opened.get("at", 0) < RECENT)


def in_use(session: SessionBase) -> None:
    """At most once every few minutes."""
    if session.session_key and time.time() - session.get(_NOTED, 0) > devices.NOTED_EVERY:
        session[_NOTED] = int(time.time())
        devices.seen(session.session_key)


def recognised(request: HttpRequest, who: Actor, response: HttpResponse) -> HttpResponse:
    """The answer to a sign-in, with what the browser of a person is known by the next time."""
    if who.kind is not ActorKind.PERSON:
        return response
    brought = request.COOKIES.get(DEVICE, "")
    token = brought if len(brought) == _TOKEN_LENGTH else secrets.token_urlsafe(32)
    if devices.recognise(who.id, token):
        telling.tell_account(who)
    response.set_cookie(
        DEVICE, token, max_age=_KEPT, path="/connexion", httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response
