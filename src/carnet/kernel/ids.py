"""Identifiers: time-ordered UUIDs, and the short form in which addresses and FHIR ids carry them."""

from __future__ import annotations

import os
import time
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from uuid import UUID

_SHORT = 26


def uuid7() -> UUID:
    """RFC 9562 version 7: milliseconds first, so that new rows land at the end of an index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def short(value: UUID) -> str:
    """26 characters, lower case base32."""
    return b32encode(value.bytes).decode().rstrip("=").lower()


def from_short(text: str) -> UUID | None:
    """None for whatever is not exactly what `short` writes (one UUID has one spelling)."""
    if len(text) != _SHORT or not text.isascii():
        return None
    try:
        value = UUID(bytes=b32decode(text.upper() + "======"))
    except (Base32Error, ValueError):
        return None
    return value if short(value) == text else None


def fhir_id(record_id: UUID, item_id: UUID) -> str:
    """A logical id that carries the record: 53 of the 64 characters that FHIR allows."""
    return f"{short(record_id)}-{short(item_id)}"


def from_fhir_id(text: str) -> tuple[UUID, UUID] | None:
    head, dash, tail = text.partition("-")
    record_id, item_id = from_short(head), from_short(tail)
    if not dash or record_id is None or item_id is None:
        return None
    return record_id, item_id
