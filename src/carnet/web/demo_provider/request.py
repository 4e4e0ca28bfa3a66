"""Reading an authorisation request strictly: only our own two parties, our own address, PKCE with S256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carnet.web.demo_provider.directory import PATIENTS, PROFESSIONALS


class BadAuthRequest(ValueError):
    """No answer is sent to an address that was not checked: the fault is shown where it was found."""


@dataclass(frozen=True, slots=True)
class AuthRequest:
    client: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str


def read(query: Mapping[str, str], callback: str) -> AuthRequest:
    """`callback` is the only address that the parties have registered."""
    fixed = {"response_type": "code", "redirect_uri": callback, "code_challenge_method": "S256"}
    if any(query.get(name) != value for name, value in fixed.items()):
        raise BadAuthRequest
    if query.get("client_id") not in {PATIENTS, PROFESSIONALS} or "openid" not in query.get("scope", "").split():
        raise BadAuthRequest
    asked = AuthRequest(
        query["client_id"],
        callback,
        query.get("state", ""),
        query.get("nonce", ""),
        query.get("code_challenge", ""),
    )
    if not (asked.state and asked.nonce and asked.challenge):
        raise BadAuthRequest
    return asked
