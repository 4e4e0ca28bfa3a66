"""JSON text of resources whose decimals keep their precision: 7.10 is not 7.1."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

import orjson

__all__ = ["NotJSON", "dump", "load"]


_ESCAPE: Final = b"\\ud"


class NotJSON(ValueError):
    """Also JSON that no honest writer sends: nested without end, numbers of thousands of digits."""


def dump(resource: dict[str, Any]) -> bytes:
    return orjson.dumps(resource, default=_decimal)


def _decimal(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)


def load(data: bytes) -> Any:
    bare = data.removeprefix(b"\xef\xbb\xbf")
    try:
        if _ESCAPE in bare.lower():
            # Half of a character is no text, which this parser lets pass and every writer refuses.
            orjson.loads(bare)
        return _DECODER.decode(bare.decode())
    except (ValueError, RecursionError, ArithmeticError) as broken:
        raise NotJSON from broken


def _refuse(_name: str) -> Any:
    raise ValueError("constant")


_DECODER: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)
