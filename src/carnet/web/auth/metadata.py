"""What a provider publishes about itself: its endpoints and its keys, fetched once and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import httpx2
from joserfc.jwk import KeySet

from carnet.web.auth.errors import SignInError, Trouble

TIMEOUT = httpx2.Timeout(5.0)
_KEEP = 3600.0
_KEYS_AT_LEAST = 30.0  # a token with an unknown key may make us ask again, but not at every request
_MOST = 8  # providers; an installation has two
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Metadata:
    """`end_session_endpoint` is "" where sign-outs are not told; `names_issuer`: every answer names who gives it (RFC
    9207). `levels` are the `acr` that it says it can prove, empty when it does not say; `takes_claims`: single claims
    may be asked for (Core, 5.5)."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    token_auth: str
    end_session_endpoint: str
    names_issuer: bool
    levels: frozenset[str]
    takes_claims: bool


class _Kept(Generic[T]):
    """A value per issuer, with the instant at which it was fetched; the oldest makes way."""

    def __init__(self, fetch: Callable[[str], T]) -> None:
        self._fetch = fetch
        self._values: dict[str, tuple[float, T]] = {}
        self._lock = Lock()

    def get(self, key: str, *, younger_than: float = _KEEP) -> T:
        known = self._values.get(key)
        if known and time.monotonic() - known[0] < younger_than:
            return known[1]
        value = self._fetch(key)
        with self._lock:
            self._values.pop(key, None)
            while len(self._values) >= _MOST:
                del self._values[next(iter(self._values))]
            self._values[key] = (time.monotonic(), value)
        return value


def of(issuer: str) -> Metadata:
    return _metadata.get(issuer)


def keys(issuer: str, *, fresh: bool = False) -> KeySet:
    """`fresh` asks the provider again, unless it was asked just now."""
    return _keys.get(issuer, younger_than=_KEYS_AT_LEAST if fresh else _KEEP)


def fetch_json(url: str) -> dict[str, Any]:
    try:
        response = httpx2.get(url, timeout=TIMEOUT, headers={"Accept": "application/json"})
        response.raise_for_status()
        answer = response.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise SignInError(Trouble.PROVIDER, "provider-does-not-answer") from error
    if not isinstance(answer, dict):
        raise SignInError(Trouble.PROVIDER, "provider-answer-is-not-an-object")
    return answer


def _fetch_metadata(issuer: str) -> Metadata:
    found = fetch_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise SignInError(Trouble.PROVIDER, "metadata-names-another-issuer")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "S256" not in found.get("code_challenge_methods_supported", ["S256"]):
        raise SignInError(Trouble.PROVIDER, "provider-without-pkce")
    return Metadata(
        authorization_endpoint=_endpoint(found, "authorization_endpoint"),
        token_endpoint=_endpoint(found, "token_endpoint"),
        userinfo_endpoint=_endpoint(found, "userinfo_endpoint"),
        jwks_uri=_endpoint(found, "jwks_uri"),
        token_auth="client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        end_session_endpoint=_endpoint(found, "end_session_endpoint") if "end_session_endpoint" in found else "",
        names_issuer=found.get("authorization_response_iss_parameter_supported") is True,
        levels=_texts(found.get("acr_values_supported")),
        takes_claims=found.get("claims_parameter_supported") is True,
    )


def _texts(found: Any) -> frozenset[str]:
    return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()


def _endpoint(found: dict[str, Any], name: str) -> str:
    url = str(found.get(name, ""))
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise SignInError(Trouble.PROVIDER, "endpoint-missing-or-not-encrypted")


def _fetch_keys(issuer: str) -> KeySet:
    try:
        return KeySet.import_key_set(fetch_json(of(issuer).jwks_uri))  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError) as error:
        raise SignInError(Trouble.PROVIDER, "keys-are-not-readable") from error


_metadata = _Kept(_fetch_metadata)
_keys = _Kept(_fetch_keys)
