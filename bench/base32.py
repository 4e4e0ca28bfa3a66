"""Many UUIDs in letters at once: `kernel.ids.short` takes its time over each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

_LETTERS = bytes.maketrans(bytes(range(32)), b"abcdefghijklmnopqrstuvwxyz234567")
_LANE = 32
"""Bytes for one UUID: room for 32 letters, of which it fills the last 26."""
_UNUSED = 6
_HALVES = (80, 40, 20, 10, 5)
"""Bits of half of what still stands close together, step by step, until each letter has a byte of its own."""


def shorts(uuids: Sequence[bytes]) -> list[bytes]:
    """The bits of all of them are drawn apart together, in one large number."""
    number = int.from_bytes(b"".join([each.rjust(_LANE, b"\0") for each in uuids])) << 2
    for upper, lower, shift in _masks(len(uuids)):
        number = (number & upper) << shift | number & lower
    text = number.to_bytes(_LANE * len(uuids)).translate(_LETTERS)
    return [text[at + _UNUSED : at + _LANE] for at in range(0, len(text), _LANE)]


@cache
def _masks(lanes: int) -> list[tuple[int, int, int]]:
    found = []
    width = _LANE * 8
    for half in _HALVES:
        lower = (1 << half) - 1
        every = sum(1 << at for at in range(0, lanes * _LANE * 8, width))
        found.append(((lower << half) * every, lower * every, width // 2 - half))
        width //= 2
    return found
