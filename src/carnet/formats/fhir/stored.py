"""The texts of stored resources, which are sent as they are."""

from __future__ import annotations

import re

__all__ = ["address", "named"]

# Every stored text begins so, because our writers do: its address is known without parsing it.
_START = re.compile(rb'\{"resourceType":"([A-Za-z]{1,64})","id":"([A-Za-z0-9\-.]{1,64})"')
_START_LIMIT = 256


def named(text: bytes) -> tuple[bytes, bytes]:
    """Type and id; raise ValueError for a text of another maker."""
    start = _START.match(text)
    if start is None:
        raise ValueError("a stored resource does not begin with its type and id")
    return start[1], start[2]


def address(text: bytes | str) -> tuple[str, str]:
    """The same in characters."""
    kind, identifier = named(text[:_START_LIMIT].encode() if isinstance(text, str) else text)
    return kind.decode(), identifier.decode()
