"""Which SMART permission a request needs, and whether its token gives it.

By default the address says it, as FHIR's own grammar does (http.html, summary): the table below. SMART counts reading a
version and an instance's history as `r`, the history of a type as `s`, every PATCH as `u`. An address that says
something else, as a transaction does, declares it itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.http import HttpRequest

from carnet.formats import smart
from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError
from carnet.people.queries import VerifiedToken
from carnet.people.scopes import CONTEXTS

_TYPE: Final = r"([A-Z][A-Za-z]*)"
_ID: Final = r"[^/$_][^/]*"
# Methods, address below the base, letter.
_ONESELF: Final = "Practitioner.r"
"""Whoever may know who the professional is (`fhirUser`) may read that."""
_GRAMMAR: Final = tuple(
    (frozenset(methods.split()), re.compile(address), letter)
    for methods, address, letter in (
        ("GET HEAD POST", rf"{_TYPE}/_search", "s"),
        ("GET HEAD", _TYPE, "s"),
        ("GET HEAD", rf"{_TYPE}/_history", "s"),
        ("GET HEAD", rf"{_TYPE}/{_ID}(?:/_history(?:/[^/]+)?)?", "r"),
        ("POST", _TYPE, "c"),
        # Who may create may ask whether it would be accepted.
        ("POST", rf"{_TYPE}(?:/{_ID})?/\$validate", "c"),
        ("PUT PATCH", rf"{_TYPE}(?:/{_ID})?", "u"),
        ("DELETE", rf"{_TYPE}(?:/{_ID})?", "d"),
    )
)


class InsufficientScope(FhirError):
    """`challenge` names what is missing (RFC 6750, section 3)."""

    def __init__(self, missing: str) -> None:
        super().__init__([errors.issue("scope-insufficient")])
        self.challenge = f'Bearer realm="carnet", error="insufficient_scope", scope="{missing}"'


def needed(method: str, address: str) -> str:
    """The permission for an address below the base, as "DocumentReference.s"; "" for what FHIR's grammar does not
    know: nothing allows that."""
    for methods, pattern, letter in _GRAMMAR:
        found = pattern.fullmatch(address) if method in methods else None
        if found:
            return f"{found[1]}.{letter}"
    return ""


def check(request: HttpRequest, verified: VerifiedToken, declared: str) -> None:
    """Raises `InsufficientScope` unless the token allows all that is declared, or that the address says."""
    address = request.path_info.removeprefix("/fhir").strip("/")
    wanted = declared or needed(request.method or "", address)
    kind, held = CONTEXTS[verified.actor.kind], _parsed(verified.scope)
    # What an app was given for one patient is that patient's, by whichever context it was asked for.
    contexts = (kind, "patient") if verified.actor.only else (kind,)
    named = smart.FHIR_USER in held.words
    allowed = all(
        any(held.allow(each, *one.split(".")) for each in contexts) or (named and one == _ONESELF)
        for one in wanted.split()
    )
    if not wanted or not allowed:
        raise InsufficientScope(" ".join(f"{kind}/{each}" for each in wanted.split()) or "none")


@lru_cache(maxsize=1024)
def _parsed(scope: str) -> smart.Scopes:
    """Nothing for what cannot be read: closed."""
    return smart.known(scope)
