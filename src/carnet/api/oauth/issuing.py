"""What every answer with a token says of it."""

from __future__ import annotations

from carnet.api.bound import BY_KEY


def token_type(bound: str) -> str:
    """A token that is bound to a certificate is still called a bearer's (RFC 8705)."""
    return "DPoP" if bound.startswith(BY_KEY) else "Bearer"
