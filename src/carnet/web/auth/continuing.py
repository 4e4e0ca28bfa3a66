"""Where a professional was going when something had to come first: signing in, saying where they practise, declaring
the consent of a patient. Kept in their session for a quarter of an hour, and only ever one of the ways in below."""

from __future__ import annotations

import time
from typing import Any, Final

from django.http import HttpRequest

_KEY: Final = "going_to"
_LIFETIME: Final = 15 * 60
_WAYS_IN: Final = ("/oauth/authorize?", "/pro/ouvrir?")


def goes_on(address: str) -> bool:
    """Whether it is one that a sign-in leads on to, instead of the desk."""
    return address.startswith(_WAYS_IN)


def keep(request: HttpRequest, address: str, about: str = "") -> None:
    """`about` is what has to come first, so that only this leads on."""
    if goes_on(address):
        request.session[_KEY] = {"to": address, "about": about, "at": int(time.time())}


def take(request: HttpRequest, about: str = "") -> str:
    """ "" when they were going nowhere, or nowhere that waits for this."""
    held: dict[str, Any] | None = request.session.get(_KEY)
    if held is None or held["about"] != about:
        return ""
    del request.session[_KEY]
    return str(held["to"]) if time.time() - held["at"] <= _LIFETIME else ""
