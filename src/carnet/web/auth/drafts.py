"""What somebody was writing when their session ended: kept for half an hour, for them alone, and put back into the
form once they have signed in again.

One mechanism for all forms. A form is posted to the address of its own page; what was sent there too late lies
encrypted in the browser's new session, tied to whose session had ended. Files are not kept, which the page says.
"""

from __future__ import annotations

import os
import time
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict

from carnet.kernel import vault

LIFETIME = 30 * 60
_KEY, _MOST, _NONCE = "draft", 64 * 1024, 12
# The token, and which button was pressed: nothing that somebody wrote.
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "acte"})


def keep(request: HttpRequest, whose: UUID) -> None:
    """Puts the text fields of a form that came too late into the new session, unless there is nothing to keep, or too
    much."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_KEPT}
    text = orjson.dumps({"fields": fields, "files": bool(request.FILES)})
    if not any(value.strip() for values in fields.values() for value in values) or len(text) > _MOST:
        return
    nonce = os.urandom(_NONCE)
    sealed = _cipher().encrypt(nonce, text, _tie(whose, request.path))
    request.session[_KEY] = {"at": int(time.time()), "text": b64encode(nonce + sealed).decode()}


def carried(session: SessionBase) -> Any:
    """What the session holds, to be handed over to the one that begins with a sign-in."""
    return session.get(_KEY)


def hand_over(session: SessionBase, held: Any) -> None:
    if held:
        session[_KEY] = held


def waits(request: HttpRequest) -> bool:
    return _held(request) is not None


def drop(request: HttpRequest, who: UUID) -> None:
    """Once the form of this page has arrived, nothing waits for it any more."""
    if _open(request, who):
        del request.session[_KEY]


def fields(request: HttpRequest, who: UUID) -> QueryDict:
    """What this person had written in the form of this page; empty when there is nothing."""
    found = QueryDict(mutable=True)
    for name, values in (_open(request, who).get("fields") or {}).items():
        found.setlist(name, values)
    return found


def with_files(request: HttpRequest, who: UUID) -> bool | None:
    """Whether files had been chosen, which must be chosen again; None when nothing was kept for this page."""
    return _open(request, who).get("files")


def _open(request: HttpRequest, who: UUID) -> dict[str, Any]:
    """Another's, another page's and an old one do not open."""
    held = _held(request)
    if held is None:
        return {}
    sealed = b64decode(held["text"])
    try:
        text = _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], _tie(who, request.path))
    except InvalidTag:
        return {}
    opened: dict[str, Any] = orjson.loads(text)
    return opened


def _held(request: HttpRequest) -> dict[str, Any] | None:
    held: dict[str, Any] | None = request.session.get(_KEY)
    return held if held and time.time() - held["at"] <= LIFETIME else None


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("drafts"))


def _tie(whose: UUID, path: str) -> bytes:
    return whose.bytes + path.encode()
