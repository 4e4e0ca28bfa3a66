"""The provider's side of a session: told when ours ends (RP-Initiated Logout), and ending ours when it does
(Back-Channel Logout)."""

from __future__ import annotations

import secrets
import time
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpRequest

from carnet.kernel import vault
from carnet.people import provider_sessions
from carnet.web.auth import metadata, oidc
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.oidc import Proven
from carnet.web.auth.provider import Provider
from carnet.web.auth.providers import NAMES, base, provider

BACK: Final = "/connexion/sortie"
_KEY, _NONCE = "provider", 12
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_OLDEST: Final = 5 * 60


def tie(request: HttpRequest, chosen: Provider, who: UUID, proven: Proven) -> None:
    """Our session hangs on theirs. The token is kept encrypted: it is the one thing by which the
    provider knows which session to end."""
    key = request.session.session_key or ""
    provider_sessions.begin(key, who, issuer=chosen.realm, session=proven.sid, subject=proven.sub)
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + _cipher().encrypt(nonce, proven.id_token.encode(), chosen.name.encode())
    request.session[_KEY] = [chosen.name, b64encode(sealed).decode()]


def address(request: HttpRequest) -> tuple[str, str]:
    """The provider's name, and where it ends its own session; both "" when there is nothing to end there."""
    name, sealed = request.session.get(_KEY, ("", ""))
    chosen = provider(name, request) if name in NAMES else None
    if chosen is None:
        return "", ""
    try:
        raw = b64decode(sealed)
        token = _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], name.encode()).decode()
        endpoint = metadata.of(chosen.issuer).end_session_endpoint
    except (InvalidTag, SignInError):
        return "", ""
    if not endpoint:
        return "", ""
    query = {
        "id_token_hint": token,
        "client_id": chosen.client_id,
        "post_logout_redirect_uri": base(request) + BACK,
        "state": secrets.token_urlsafe(16),
    }
    return name, f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def end_by(request: HttpRequest, logout_token: str) -> list[UUID]:
    """Whose sessions the provider ended. Raises `SignInError` for a token that is not one."""
    issuer = _issuer(logout_token)
    candidates = [found for name in NAMES if (found := provider(name, request)) and found.issuer == issuer]
    for chosen in candidates[:-1]:
        try:
            return _end(chosen, logout_token)
        except SignInError:
            continue
    if not candidates:
        raise SignInError(Trouble.ATTEMPT, "logout-of-another-issuer")
    return _end(candidates[-1], logout_token)


def _end(chosen: Provider, logout_token: str) -> list[UUID]:
    claims = oidc.checked(chosen, logout_token, iat={"essential": True}, jti={"essential": True})
    events, sid, sub = claims.get("events"), claims.get("sid") or "", claims.get("sub") or ""
    asked = isinstance(events, dict) and _EVENT in events and "nonce" not in claims
    if not asked or not isinstance(sid, str) or not isinstance(sub, str) or not (sid or sub):
        raise SignInError(Trouble.ATTEMPT, "not-a-logout-token")
    at = int(claims["iat"])
    if time.time() - at > _OLDEST:
        raise SignInError(Trouble.ATTEMPT, "logout-token-too-old")
    # The same token again ends nothing that began since: that is all that its being used once would be for.
    before = datetime.fromtimestamp(at, UTC) + timedelta(seconds=1)
    return provider_sessions.end(issuer=chosen.realm, session=sid, subject=sub, before=before)


def _issuer(token: str) -> str:
    """As the token claims, unverified: which provider's keys to try."""
    try:
        body = token.split(".")[1]
        claims: Any = orjson.loads(b64decode(body + "=" * (-len(body) % 4), altchars=b"-_"))
    except (IndexError, ValueError):
        return ""
    found = claims.get("iss") if isinstance(claims, dict) else ""
    return found if isinstance(found, str) else ""


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("provider-tokens"))
