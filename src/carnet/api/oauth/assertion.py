"""The client proves itself: `private_key_jwt` (RFC 7523, SMART Backend Services). What is told of an assertion before
its signature holds is the same for every client, known or not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import structlog
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from carnet.api.oauth import addresses
from carnet.api.oauth.problems import Refusal
from carnet.kernel import clock
from carnet.kernel.jwk import ALGORITHMS
from carnet.people import client_queries, clients
from carnet.people.client_queries import RegisteredClient

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
METHOD: Final = "private_key_jwt"
GRANTS: Final = ("client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange")

_LONGEST: Final = 300
"""Seconds between now and `exp` (SMART Backend Services)."""
_SKEW: Final = 60
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_LONGEST_JTI: Final = 200

_log = structlog.get_logger("carnet.oauth")


@dataclass(frozen=True, slots=True)
class Caller:
    """A client that has proved itself, with the key and the claims of its assertion; a public one has no key, and is
    only whom it says it is."""

    client: RegisteredClient
    key_id: UUID | None
    claims: Mapping[str, Any]

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Asked by the library."""
        return method == (METHOD if self.key_id else "none")

    def check_grant_type(self, grant_type: str) -> bool:
        """Asked by the library."""
        return grant_type in GRANTS


@dataclass(frozen=True, slots=True)
class Presented:
    """An assertion as it came: whom and which key it names is not yet believed."""

    text: str
    client: str
    kid: str


def read(text: str) -> Presented:
    try:
        token = jws.extract_compact(text.encode())
        claims = json.loads(token.payload or b"")
    except (JoseError, ValueError, RecursionError, AttributeError, TypeError):
        raise Refusal("assertion-form") from None
    header, client = token.headers(), claims.get("sub") if isinstance(claims, dict) else None
    if header.get("alg") not in ALGORITHMS:
        raise Refusal("assertion-algorithm")
    kid = header.get("kid")
    return Presented(text, client if isinstance(client, str) else "", kid if isinstance(kid, str) else "")


def verified(presented: Presented) -> Caller:
    """The client of a good assertion, which is thereby used up. Raises `Refusal`."""
    client = client_queries.client_by_key(presented.client) if _KEY.fullmatch(presented.client) else None
    if client is None:
        raise Refusal("client-not-proven")
    if not client.active:
        raise _refused(client, "client-not-proven", "client-disabled")
    keys = client_queries.keys_of([client.id])
    key = next((each for each in keys if each.kid == presented.kid and each.holds), None)
    if key is None:
        raise _refused(client, "client-not-proven", "key-unknown")
    try:
        claims = jwt.decode(presented.text, jwk.import_key(key.jwk), algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError):
        raise _refused(client, "client-not-proven", "signature") from None
    expires_at = _checked(client, claims)
    if not clients.spend_assertion(client_id=client.id, jti=claims["jti"], expires_at=expires_at):
        raise _refused(client, "assertion-replayed")
    return Caller(client, key.id, claims)


def _checked(client: RegisteredClient, claims: Mapping[str, Any]) -> datetime:
    """When the assertion ends, skew included."""
    if claims.get("iss") != client.key or claims.get("sub") != client.key:
        raise _refused(client, "assertion-issuer")
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not named or any(each not in (addresses.token_endpoint(), addresses.issuer()) for each in named):
        raise _refused(client, "assertion-audience")
    now = clock.now().timestamp()
    end = clock.stated(claims.get("exp"))
    begins = [clock.stated(claims[name]) for name in ("iat", "nbf") if name in claims]
    if not now - _SKEW < end <= now + _LONGEST + _SKEW or not all(begin <= now + _SKEW for begin in begins):
        raise _refused(client, "assertion-time")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI:
        raise _refused(client, "assertion-jti")
    return datetime.fromtimestamp(end + _SKEW, UTC)


def _refused(client: RegisteredClient, code: str, reason: str = "") -> Refusal:
    """Only a client that exists is named in the log: what others call themselves may be anything."""
    _log.warning("client refused", client=client.key, reason=reason or code)
    return Refusal(code)
