"""The shape of a JSON text that the parser accepts and two readers would understand differently."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError

__all__ = ["DEPTH_LIMIT", "check", "member"]

DEPTH_LIMIT: Final = 64
_TOLD_LIMIT: Final = 20
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"')
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")


def check(tree: Any, text: bytes) -> None:
    """`text` is the valid JSON of `tree`; raise `FhirError` for a member given twice, or deeper than the limit."""
    keys = _keys(tree)
    # Outside its strings, a JSON text has one colon for each member.
    if _STRING.sub(b"", text).count(b":") != keys:
        raise FhirError([errors.issue("duplicate-key", expression=place) for place in _twice(text)])


def _keys(tree: Any) -> int:
    keys, level = 0, [tree]
    for _ in range(DEPTH_LIMIT):
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                keys += len(each)
                below += (value for value in each.values() if isinstance(value, dict | list))
            elif isinstance(each, list):
                below += (value for value in each if isinstance(value, dict | list))
        if not below:
            return keys
        level = below
    raise errors.failure("too-deep")


class _Object(dict[str, Any]):
    twice: tuple[str, ...] = ()


def _twice(text: bytes) -> list[str]:
    """Where, at least once; names that no element can have are left out."""
    tree = json.loads(text, object_pairs_hook=_object)
    kind = tree.get("resourceType") if isinstance(tree, dict) else None
    start = kind if isinstance(kind, str) and _NAME.fullmatch(kind) else ""
    found = [place for place, _ in zip(_places(tree, start), range(_TOLD_LIMIT), strict=False)]
    return list(dict.fromkeys(found))


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        found.twice = tuple(name for name, count in counts.items() if count > 1)
    return found


def _places(tree: Any, path: str) -> Iterator[str]:
    if isinstance(tree, _Object):
        for name in tree.twice:
            yield member(path, name)
        for name, value in tree.items():
            yield from _places(value, member(path, name))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _places(value, f"{path}[{number}]")


def member(path: str, name: str) -> str:
    """The place of a member that a sender named; its object's place when no element can have that name."""
    if not _NAME.fullmatch(name):
        return path
    return f"{path}.{name}" if path else name
