"""JSON Patch as RFC 6902 says it, with nothing of ours: a second statement to compare with."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]


class Impossible(Exception):
    """The operation fails, and with it the whole patch."""


def steps(document: JSON, operations: list[JSON]) -> Iterator[JSON]:
    """The document after each operation."""
    for operation in operations:
        document = copy.deepcopy(document)
        _do(document, operation)
        yield document


def _do(document: JSON, operation: JSON) -> None:
    *parents, last = operation["path"].split("/")[1:]
    parent: Any = document
    for token in parents:
        parent = _child(parent, token)
    match operation["op"]:
        case "add" if isinstance(parent, list):
            parent.insert(_place(parent, last, end=True), operation["value"])
        case "add":
            parent[last] = operation["value"]
        case "replace":
            _child(parent, last)
            parent[_key(parent, last)] = operation["value"]
        case "remove":
            _child(parent, last)
            del parent[_key(parent, last)]
        case "test":
            found = _child(parent, last)
            if json.dumps(found, sort_keys=True) != json.dumps(operation["value"], sort_keys=True):
                raise Impossible


def _key(parent: Any, token: str) -> Any:
    return _place(parent, token, end=False) if isinstance(parent, list) else token


def _child(parent: Any, token: str) -> Any:
    try:
        return parent[_key(parent, token)]
    except (KeyError, IndexError, TypeError):
        raise Impossible from None


def _place(items: list[Any], token: str, *, end: bool) -> int:
    place = len(items) if token == "-" else int(token)
    if place > len(items) - (not end):
        raise Impossible
    return place
