"""Merkle tree over leaf hashes, in the shape of RFC 9162: a leaf is hashed behind 0x00, a node behind 0x01."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """Takes leaf hashes one after the other; keeps only the roots of the complete subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashed: bytes) -> None:
        carry, size = hashed, self.size
        while size & 1:
            carry = _node(self._peaks.pop(), carry)
            size >>= 1
        self._peaks.append(carry)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        *others, total = self._peaks
        for peak in reversed(others):
            total = _node(peak, total)
        return total


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in their order."""
    tree = Tree()
    for hashed in leaves:
        tree.add(hashed)
    return tree.root()
