"""Token exchange (RFC 8693): a token that the provider of professionals (Pro Santé Connect) gave to registered software
becomes one of ours, for the professional whom it names.

Of the presented token everything is checked: the provider's signature, issuer, times and level, and that it was given
to this very software, by the identifier under which the software is registered there. A token that was given to another
software, which passes it on, opens nothing here. Then the directory decides, as for any software that acts for
somebody."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import structlog
from django.http import HttpRequest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from carnet.api.oauth import addresses
from carnet.api.oauth.problems import Refusal
from carnet.kernel import clock
from carnet.people import provider_sessions
from carnet.people.client_queries import RegisteredClient
from carnet.web.auth import assurance, metadata, professional
from carnet.web.auth.errors import SignInError
from carnet.web.auth.oidc import ALGORITHMS
from carnet.web.auth.provider import Provider
from carnet.web.auth.providers import PROFESSIONAL, provider

GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS: Final = "urn:ietf:params:oauth:token-type:access_token"
IDENTITY: Final = "urn:ietf:params:oauth:token-type:id_token"
_LEEWAY: Final = 30
_LONGEST: Final = 16_000
_RPPS: Final = re.compile(r"8(\d{11})", re.ASCII)

_log = structlog.get_logger("carnet.oauth")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the presented token names; `regulates`: at this moment, they answer the calls of the centre 15. `proof`: how
    surely and when they proved who they are, and by which session there, in keyed hashes; a session of ours that is
    opened by it hangs on that one."""

    rpps: str
    regulates: bool
    proof: Mapping[str, Any]


def named(request: HttpRequest, client: RegisteredClient, form: Mapping[str, str]) -> Named:
    """Raises `Refusal`."""
    token, kind = _asked(form)
    known = provider(PROFESSIONAL, request)
    if known is None or not client.provider_client_id:
        raise Refusal("exchange-not-allowed")
    try:
        claims = _claims(known, token)
        _for_this(claims, kind, client.provider_client_id)
        told = _named(known, claims, token) if kind == ACCESS else claims
    except SignInError as error:
        _log.warning("exchange refused", client=client.key, reason=error.reason)
        raise Refusal("provider") from None
    found = _RPPS.fullmatch(str(told.get(known.subject, "")))
    if found is None:
        raise _refused(client, "names-nobody")
    return Named(found[1], professional.regulates(told), _proof(known, claims))


def _proof(known: Provider, claims: Mapping[str, Any]) -> dict[str, Any]:
    at = clock.stated(claims.get("auth_time"))
    session = claims.get("sid", claims.get("session_state", ""))
    return {
        "acr": assurance.named(str(claims["acr"])),
        # When the token was made is not when they proved who they are: what is not told is not fresh.
        "at": 0 if math.isnan(at) else int(at),
        "given": clock.now().timestamp(),
        "session": provider_sessions.session_hash(known.realm, session).hex()
        if isinstance(session, str) and session
        else "",
        "subject": provider_sessions.subject_hash(known.realm, str(claims["sub"])).hex(),
    }


def _asked(form: Mapping[str, str]) -> tuple[str, str]:
    token, kind = form.get("subject_token", ""), form.get("subject_token_type", "")
    if kind not in (ACCESS, IDENTITY) or not 0 < len(token) <= _LONGEST:
        raise Refusal("exchange-form")
    if form.get("requested_token_type", ACCESS) != ACCESS or "actor_token" in form:
        raise Refusal("exchange-form")
    ours = {addresses.issuer(), f"{addresses.issuer()}/fhir"}
    if not {form[name].rstrip("/") for name in ("resource", "audience") if name in form} <= ours:
        raise Refusal("exchange-target")
    return token, kind


def _claims(known: Provider, token: str) -> Mapping[str, Any]:
    """Signed by a key that the provider publishes; asked for anew when it is not known yet."""
    expected = JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": known.issuer},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        acr={"essential": True, "values": list(known.levels)},
    )
    for fresh in (False, True):
        try:
            claims = jwt.decode(token, metadata.keys(known.issuer, fresh=fresh), algorithms=ALGORITHMS).claims
            expected.validate(claims)
        except (JoseError, ValueError, TypeError):
            continue
        return claims
    raise Refusal("exchange-token")


def _for_this(claims: Mapping[str, Any], kind: str, client_id: str) -> None:
    """An ID token names its reader as audience; an access token the party that asked for it (`azp`, RFC 9068's
    `client_id`). The nonce is of the ID token alone: what has none is not taken for one."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", claims.get("client_id"))
    if kind == IDENTITY:
        given = client_id in audiences and (len(audiences) == 1 or party == client_id) and "nonce" in claims
    else:
        given = party == client_id
    if not given:
        raise Refusal("exchange-audience")


def _named(known: Provider, claims: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    """What the provider says of it at this moment: a session that was ended there opens nothing here."""
    try:
        answer = httpx2.get(
            metadata.of(known.issuer).userinfo_endpoint,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=metadata.TIMEOUT,
        )
        told = (
            _claims_of_answer(known, answer.text)
            if answer.headers.get("content-type", "").startswith("application/jwt")
            else answer.json()
        )
    except (httpx2.HTTPError, ValueError):
        raise Refusal("provider") from None
    if not answer.is_success or not isinstance(told, dict) or told.get("sub") != claims["sub"]:
        raise Refusal("exchange-token")
    return told


def _claims_of_answer(known: Provider, text: str) -> dict[str, Any]:
    try:
        return dict(jwt.decode(text, metadata.keys(known.issuer), algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError):
        raise Refusal("exchange-token") from None


def _refused(client: RegisteredClient, reason: str) -> Refusal:
    _log.warning("exchange refused", client=client.key, reason=reason)
    return Refusal("exchange-token")
