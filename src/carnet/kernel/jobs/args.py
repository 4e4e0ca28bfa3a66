"""What a job may carry: identifiers, counts and words of ours. Never a name, a number of a person or a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

Argument = UUID | int | str

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_LARGEST = 2**31


class BadArguments(ValueError):
    """A value that could be personal or health data. It names the argument, never the value."""


def encode(args: Mapping[str, Argument]) -> dict[str, int | str]:
    return {name: _encoded(name, value) for name, value in args.items()}


def _encoded(name: str, value: Argument) -> int | str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int) and abs(value) < _LARGEST:
        return value
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    raise BadArguments(f"{name}: a job carries UUIDs, ints below 2**31 and short lower-case words only")


def decode(args: Mapping[str, int | str]) -> dict[str, Argument]:
    return {
        name: UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else value
        for name, value in args.items()
    }
