"""A code on paper, of which only a hash is kept: the page that shows it can be read again for some minutes, in the
browser in which it was made and nowhere else. To reload it makes no other code."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from carnet.documents.sealing import seal, unseal
from carnet.kernel.vault.crypto import Tampered

MINUTES: Final = 10
_KEPT, _USE = "shown", "shown-again"


def keep(request: HttpRequest, tie: UUID, what: dict[str, Any]) -> None:
    """For the page of this address, about `tie` alone. One at a time: the last."""
    request.session[_KEPT] = [request.path, int(time.time()), b64encode(seal(_USE, tie, what)).decode()]


def held(request: HttpRequest, tie: UUID) -> dict[str, Any] | None:
    path, at, sealed = request.session.get(_KEPT, ("", 0, ""))
    if path != request.path or time.time() - at > MINUTES * 60:
        return None
    try:
        return unseal(_USE, tie, b64decode(sealed))
    except Tampered:
        return None


def forget(request: HttpRequest) -> None:
    """What it opened is called off."""
    request.session.pop(_KEPT, None)
