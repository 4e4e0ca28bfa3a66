"""On which condition a line of a prescription is taken: told in a RequestGroup beside the lines, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from carnet.formats.fhir.entries import pieces
from carnet.formats.fhir.node import Node

__all__ = ["of"]

_DEPTH: Final = 4


def of(resources: list[Node], find: Callable[[str], Node | None]) -> dict[int, str]:
    """By the identity of the line; several are one under the other."""
    found: dict[int, str] = {}
    for group in resources:
        if group.fields.get("resourceType") != "RequestGroup":
            continue
        for action in _actions(group, _DEPTH):
            words = action.text("description", limit=pieces.LONG)
            target = find(action.child("resource").text("reference")) if words and action.has("resource") else None
            if target is not None:
                known = found.get(id(target.fields))
                found[id(target.fields)] = f"{known}\n{words}" if known else words
    return found


def _actions(holder: Node, depth: int) -> Iterator[Node]:
    if not depth or not holder.has("action"):
        return
    for action in holder.children("action"):
        yield action
        yield from _actions(action, depth - 1)
