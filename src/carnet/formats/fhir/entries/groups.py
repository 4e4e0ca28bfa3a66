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
_WIDTH: Final = 2_000


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
    """Outermost first: reports, then the groups that stand in no other."""
    found = Groups()
    reports = [each for each in resources if each.fields.get("resourceType") == "DiagnosticReport"]
    groups = [each for each in resources if each.fields.get("resourceType") == "Observation" and each.has("hasMember")]
    inner: set[int] = set()
    for group in groups:
        members = _references(group, "hasMember")
        found.left -= len(members)
        if found.left > 0:
            inner |= {id(each.fields) for each in map(find, members) if each is not None}
    for report in reports:
        _group(report, "result", find, found)
    for group in sorted(groups, key=lambda each: id(each.fields) in inner):
        _group(group, "hasMember", find, found)
    return found


def _group(node: Node, name: str, find: Callable[[str], Node | None], found: Groups) -> None:
    references = _references(node, name)
    if name == "hasMember":
        if _says_something(node) or not any(map(find, references)):
            return
        found.heads.add(id(node.fields))
    if found.left <= 0 or not node.has("code"):
        return
    code = pieces.concept(Node(node.fields, node.path, Problems()).child("code"))
    _give([each for each in map(find, references) if each is not None], code, find, found)


def _give(members: list[Node], code: Concept, find: Callable[[str], Node | None], found: Groups) -> None:
    """To the members, and to those of members that say nothing themselves; each once, and no more than the limit."""
    seen: set[int] = set()
    left = members if code else []
    while left and found.left > 0:
        found.left -= len(left)
        below: list[Node] = []
        for member in left:
            name = id(member.fields)
            if name in seen:
                continue
            seen.add(name)
            known = found.members.get(name, ALONE)
            if code not in known.panels and len(known.panels) < _DEPTH:
                found.members[name] = replace(known, panels=(*known.panels, code))
            if member.has("hasMember") and not _says_something(member):
                below += filter(None, map(find, _references(member, "hasMember")))
        left = below[:_WIDTH]


def _references(node: Node, name: str) -> list[str]:
    values = node.fields.get(name)
    given = [each.get("reference") for each in values if isinstance(each, dict)] if isinstance(values, list) else []
    return [each for each in given if isinstance(each, str)][:_WIDTH]


def _says_something(node: Node) -> bool:
    return (
        any(name.startswith("value") for name in node.fields) or node.has("component") or node.has("dataAbsentReason")
    )
