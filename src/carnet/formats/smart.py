"""SMART scopes: which interactions on which resources a token allows (SMART App Launch 2, scopes v2 and v1).

`system/DocumentReference.cruds`: a context, a resource or `*`, and letters in the order create, read, update, delete,
search. Version 1 writes `.read` for `rs` and `.write` for `cud`. A scope with search parameters (`?category=…`) is
refused, never widened: no address could enforce it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

__all__ = [
    "FHIR_USER",
    "INTROSPECTION",
    "LAUNCH",
    "LAUNCH_PATIENT",
    "LETTERS",
    "LONGEST",
    "LONGEST_OF_AN_APP",
    "OFFLINE",
    "OF_APPS",
    "ONLINE",
    "OPENID",
    "Permission",
    "ScopeError",
    "Scopes",
    "known",
    "parse",
]

LETTERS: Final = "cruds"
LONGEST: Final = 500
LONGEST_OF_AN_APP: Final = 4000
"""Apps ask for one type after the other."""
LAUNCH: Final = "launch"
LAUNCH_PATIENT: Final = "launch/patient"
OPENID: Final = "openid"
FHIR_USER: Final = "fhirUser"
ONLINE: Final = "online_access"
OFFLINE: Final = "offline_access"
OF_APPS: Final = frozenset({LAUNCH, LAUNCH_PATIENT, OPENID, FHIR_USER, ONLINE, OFFLINE})
"""What an app asks for besides resources: how it is launched, who is there, for how long."""
INTROSPECTION: Final = "introspection"
"""Not SMART's: who holds it may introspect tokens of others (RFC 7662)."""

_VERSION_1: Final = {"read": "rs", "write": "cud", "*": LETTERS}
_SHAPE: Final = re.compile(
    r"(patient|user|system)/(\*|[A-Z][A-Za-z]{0,49})\.(read|write|\*|(?=[cruds])c?r?u?d?s?)", re.ASCII
)


class ScopeError(ValueError):
    """`unread` holds the parts that are no scope, in their order; none when the whole is too long."""

    def __init__(self, unread: tuple[str, ...]) -> None:
        self.unread = unread
        super().__init__("La portée est illisible." if unread else f"La portée dépasse {LONGEST} caractères.")


class Permission(NamedTuple):
    """One letter on one resource (or `*`) in one context."""

    context: str
    resource: str
    letter: str


@dataclass(frozen=True, slots=True)
class Scopes:
    """Empty, it allows nothing."""

    permissions: frozenset[Permission] = frozenset()
    words: frozenset[str] = frozenset()

    def allow(self, context: str, resource: str, letter: str) -> bool:
        wanted = {Permission(context, resource, letter), Permission(context, "*", letter)}
        return not wanted.isdisjoint(self.permissions)

    def within(self, context: str) -> Scopes:
        """What of it holds in one context; words stand in none."""
        return Scopes(frozenset(each for each in self.permissions if each.context == context))

    def __and__(self, other: Scopes) -> Scopes:
        """What both allow."""
        common = {each for each in self.permissions if other.allow(*each)}
        common |= {each for each in other.permissions if self.allow(*each)}
        return Scopes(frozenset(common), self.words & other.words)

    def __or__(self, other: Scopes) -> Scopes:
        return Scopes(self.permissions | other.permissions, self.words | other.words)

    def within_all(self, other: Scopes) -> bool:
        """Whether the other one allows as much, or more."""
        return self.words <= other.words and all(other.allow(*each) for each in self.permissions)

    def __bool__(self) -> bool:
        return bool(self.permissions or self.words)

    def __str__(self) -> str:
        """Version 2, in one order; what `*` says already is not said again."""
        said = {each for each in self.permissions if each.resource == "*" or not self._by_star(each)}
        pairs = sorted({(each.context, each.resource) for each in said})
        texts = [f"{context}/{resource}.{_letters(said, context, resource)}" for context, resource in pairs]
        return " ".join([*sorted(self.words), *texts])

    def _by_star(self, permission: Permission) -> bool:
        return permission._replace(resource="*") in self.permissions


def _letters(permissions: Iterable[Permission], context: str, resource: str) -> str:
    held = {each.letter for each in permissions if (each.context, each.resource) == (context, resource)}
    return "".join(letter for letter in LETTERS if letter in held)


def parse(text: str) -> Scopes:
    """Raises `ScopeError` with every part that cannot be read."""
    if len(text) > LONGEST:
        raise ScopeError(())
    permissions: set[Permission] = set()
    words: set[str] = set()
    unread: list[str] = []
    for part in text.split():
        if part == INTROSPECTION or part in OF_APPS:
            words.add(part)
        elif found := _SHAPE.fullmatch(part):
            context, resource, letters = found.groups()
            permissions |= {Permission(context, resource, each) for each in _VERSION_1.get(letters, letters)}
        else:
            unread.append(part)
    if unread:
        raise ScopeError(tuple(unread))
    return Scopes(frozenset(permissions), frozenset(words))


def known(text: str) -> Scopes:
    """What of it can be read: an app that asks for more than there is gets less, and is told what (RFC 6749, section
    3.3). Never wider: a scope with search parameters is not read."""
    parts = [part for part in text[:LONGEST_OF_AN_APP].split() if part in OF_APPS or _SHAPE.fullmatch(part)]
    found = Scopes()
    for part in parts:
        found |= parse(part)
    return found
