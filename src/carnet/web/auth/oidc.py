"""The relying party: authorisation code flow with PKCE, state and nonce; nothing is believed unverified.

OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer: two providers share one callback).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from carnet.web.auth import metadata
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.provider import Provider

# Asymmetric signatures only: neither `none`, nor a secret that both sides know.
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
LEEWAY = 30


@dataclass(frozen=True, slots=True)
class Pending:
    """What this browser must bring back from the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What a verified ID token says: who (`sub`, an account at the provider), in which session there (`sid`, "" when it
    does not tell), how surely, and when they proved it (0 when it does not tell)."""

    sub: str
    sid: str
    acr: str
    at: int
    id_token: str
    access_token: str


def begin(
    provider: Provider, redirect_uri: str, *, anew: bool = False, levels: tuple[str, ...] = ()
) -> tuple[str, Pending]:
    """The provider's address to go to, and what to remember meanwhile. `anew`: they prove who they are although the
    provider knows them already; `levels`: to one of these, the first rather than the others."""
    pending = Pending(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
    published = metadata.of(provider.issuer)
    # As a wish alone (`acr_values`), a level may be left out of account; as an essential claim it may not. A provider
    # that does not name it among its levels would refuse what it does not know.
    essential = {"id_token": {"acr": {"essential": True, "values": list(levels)}}}
    asks = (
        {"claims": orjson.dumps(essential).decode()}
        if published.takes_claims and published.levels.intersection(levels)
        else {}
    )
    with _client(provider, redirect_uri) as client:
        url, _ = client.create_authorization_url(
            published.authorization_endpoint,
            state=pending.state,
            code_verifier=pending.verifier,
            nonce=pending.nonce,
            acr_values=(levels or provider.levels)[0],
            **({"prompt": "login", "max_age": "0"} if anew else {}),
            **asks,
        )
    return str(url), pending


def finish(
    provider: Provider,
    redirect_uri: str,
    pending: Pending,
    code: str,
    issuer: str | None,
    *,
    levels: tuple[str, ...] = (),
) -> Proven:
    """Whoever came back with `code`. `issuer` is the answer's own, when it gives one: it must where the provider says
    that it does. `levels`: those that will do, if not all that the provider is accepted with."""
    named = issuer if issuer is not None or metadata.of(provider.issuer).names_issuer else provider.issuer
    if named != provider.issuer:
        raise SignInError(Trouble.ATTEMPT, "answer-of-another-issuer")
    tokens = _tokens(provider, redirect_uri, pending, code)
    id_token = str(tokens.get("id_token", ""))
    claims = verified(provider, id_token, pending.nonce)
    if claims.get("acr") not in (levels or provider.levels):
        raise SignInError(Trouble.LEVEL, "level-of-assurance-too-low")
    at, sid = claims.get("auth_time"), claims.get("sid")
    return Proven(
        sub=claims["sub"],
        sid=sid if isinstance(sid, str) else "",
        acr=claims["acr"],
        at=at if isinstance(at, int) else 0,
        id_token=id_token,
        access_token=str(tokens.get("access_token", "")),
    )


def _client(provider: Provider, redirect_uri: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        token_endpoint_auth_method=metadata.of(provider.issuer).token_auth if provider.client_secret else "none",
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=metadata.TIMEOUT,
    )


def _tokens(provider: Provider, redirect_uri: str, pending: Pending, code: str) -> dict[str, Any]:
    endpoint = metadata.of(provider.issuer).token_endpoint
    try:
        with _client(provider, redirect_uri) as client:
            return dict(client.fetch_token(endpoint, code=code, code_verifier=pending.verifier))
    except AuthlibBaseError as error:
        raise SignInError(Trouble.ATTEMPT, "code-not-accepted-by-the-provider") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise SignInError(Trouble.PROVIDER, "token-endpoint-does-not-answer") from error


def verified(provider: Provider, id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token: signature by a published key, issuer, audience, times, nonce."""
    claims = checked(
        provider,
        id_token,
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise SignInError(Trouble.ATTEMPT, "identity-token-for-another-party")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise SignInError(Trouble.ATTEMPT, "identity-token-names-nobody")
    return claims


def checked(provider: Provider, token: str, **rules: Any) -> dict[str, Any]:
    """The claims of a token that this provider signed for us and that fits the rules."""
    claims = _signed(provider, token)
    _fitting(provider, claims, **rules)
    return claims


def _fitting(provider: Provider, claims: dict[str, Any], **rules: Any) -> None:
    expected = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        **rules,
    )
    try:
        expected.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise SignInError(Trouble.ATTEMPT, "claim-of-the-token-refused") from error


def _signed(provider: Provider, token: str) -> dict[str, Any]:
    """Verified with the known keys; once more with fresh ones, for a provider changes them now and then."""
    for fresh in (False, True):
        try:
            return jwt.decode(token, metadata.keys(provider.issuer, fresh=fresh), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            failure = error
    raise SignInError(Trouble.ATTEMPT, "signature-of-the-identity-token-refused") from failure


def told(provider: Provider, proven: Proven) -> dict[str, Any]:
    """What the userinfo answer says about them; it must speak of the same `sub`."""
    found = _userinfo(provider, proven.access_token)
    if found.get("sub") != proven.sub:
        raise SignInError(Trouble.ATTEMPT, "userinfo-of-another-subject")
    return found


def _userinfo(provider: Provider, access_token: str) -> dict[str, Any]:
    """Plain JSON, or a token signed by the provider."""
    endpoint = metadata.of(provider.issuer).userinfo_endpoint
    try:
        response = httpx2.get(endpoint, headers={"Authorization": f"Bearer {access_token}"}, timeout=metadata.TIMEOUT)
        response.raise_for_status()
        if response.headers.get("content-type", "").startswith("application/jwt"):
            return checked(provider, response.text)
        answer = response.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise SignInError(Trouble.PROVIDER, "userinfo-does-not-answer") from error
    return answer if isinstance(answer, dict) else {}
