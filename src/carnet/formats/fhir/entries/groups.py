"""Observations and reports that say nothing themselves but what belongs together: they become panels of their parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Organisation
from carnet.formats.fhir.entries import pieces
from carnet.formats.fhir.node import Node, Problems

__all__ = ["ALONE", "Groups", "Part", "of"]

_DEPTH: Final = 5
_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    panels: tuple[Concept, ...] = ()
    laboratory: Organisation | None = None


ALONE: Final = Part()


@dataclass(slots=True)
class Groups:
    """By the identity of the resources: those that are no facts, and what the others are part of."""

    heads: set[int] = field(default_factory=set)
    members: dict[int, Part] = field(default_factory=dict)
    left: int = _LIMIT


def of(resources: list[Node], find: Callable[[str], Node | None]) -> Groups:
    found = Groups()
    for kind, name in (("DiagnosticReport", "result"), ("Observation", "hasMember")):
        for node in resources:
            if node.fields.get("resourceType") == kind and node.has(name):
                _group(node, name, find, found)
    return found


def _group(node: Node, name: str, find: Callable[[str], Node | None], found: Groups) -> None:
    quiet = Node(node.fields, node.path, Problems())
    members = [each for each in map(find, _references(node, name)) if each is not None]
    if not members:
        return
    if name == "hasMember" and not _says_something(node):
        found.heads.add(id(node.fields))
    elif name == "hasMember":
        return
    code = pieces.concept(quiet.child("code")) if quiet.has("code") else Concept()
    _give(members, code, find, found, _DEPTH)


def _give(members: list[Node], code: Concept, find: Callable[[str], Node | None], found: Groups, depth: int) -> None:
    if not code or not depth:
        return
    for member in members:
        found.left -= 1
        if found.left < 0:
            return
        known = found.members.get(id(member.fields), ALONE)
        if code not in known.panels and len(known.panels) < _DEPTH:
            found.members[id(member.fields)] = replace(known, panels=(*known.panels, code))
        if member.has("hasMember") and not _says_something(member):
            inner = [each for each in map(find, _references(member, "hasMember")) if each is not None]
            _give(inner, code, find, found, depth - 1)


def _references(node: Node, name: str) -> list[str]:
    values = node.fields.get(name)
    given = [each.get("reference") for each in values if isinstance(each, dict)] if isinstance(values, list) else []
    return [each for each in given if isinstance(each, str)]


def _says_something(node: Node) -> bool:
    return (
        any(name.startswith("value") for name in node.fields) or node.has("component") or node.has("dataAbsentReason")
    )
