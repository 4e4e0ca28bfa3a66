"""The modifiable elements in their FHIR form, and the comparison of RFC 6902."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from carnet.formats.fhir.patch.model import IS_ARCHIVED
from carnet.formats.fhir.writing import codeable
from carnet.formats.terminology import labels

__all__ = ["extensions", "holds", "security_labels"]

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_ABSENT: Final = object()


def security_labels(codes: Iterable[str]) -> list[dict[str, Any]]:
    return [codeable(labels.coded(code)) for code in codes]


def extensions(*, archived: bool | None) -> list[dict[str, Any]]:
    """None: no extension, which means the same as false."""
    return [] if archived is None else [{"url": IS_ARCHIVED, "valueBoolean": archived}]


def holds(seen: dict[str, Any], tokens: Iterable[str], value: object) -> bool:
    """Whether the value at these pointer tokens is there and equals `value`, as JSON compares."""
    found: Any = seen
    for token in tokens:
        found = _below(found, token)
    return _same(found, value)


def _below(found: object, token: str) -> Any:
    if isinstance(found, dict):
        return found.get(token, _ABSENT)
    if isinstance(found, list) and _INDEX.fullmatch(token) and int(token) < len(found):
        return found[int(token)]
    return _ABSENT


def _same(ours: object, given: object) -> bool:
    # Walks along our own value, which is flat, however deep the given one is; and true is not 1.
    if isinstance(ours, dict):
        return isinstance(given, dict) and ours.keys() == given.keys() and all(_same(ours[k], given[k]) for k in ours)
    if isinstance(ours, list):
        return isinstance(given, list) and len(ours) == len(given) and all(map(_same, ours, given))
    return type(ours) is type(given) and ours == given
