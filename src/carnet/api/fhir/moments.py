"""Instants as whole numbers: to the microsecond where a page ends, to the millisecond in an id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH: Final = 9


def microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def of_microseconds(number: int) -> datetime:
    return _EPOCH + number * _MICROSECOND


def short(at: datetime) -> str:
    """The millisecond, in nine characters of base32: enough for a thousand years."""
    number, text = (at - _EPOCH) // MILLISECOND, ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        text = _ALPHABET[digit] + text
    return text


def from_short(text: str) -> datetime | None:
    """Where the millisecond begins; None for what `short` never writes."""
    if len(text) != _LENGTH or not set(text) <= set(_ALPHABET):
        return None
    number = 0
    for char in text:
        number = number * len(_ALPHABET) + _ALPHABET.index(char)
    return _EPOCH + number * MILLISECOND
