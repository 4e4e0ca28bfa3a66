"""A provider that people sign in with, as this house is registered there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """`realm` is the name under which identities are stored: the issuer itself, except in the demonstration, whose
    address changes with its port. `levels` are the accepted `acr` values (the first is asked for); `subject`
    the claim that names the person: `sub`, or the national identifier of a professional."""

    name: str
    issuer: str
    client_id: str
    client_secret: str | None
    scope: str
    levels: tuple[str, ...]
    subject: str
    realm: str
