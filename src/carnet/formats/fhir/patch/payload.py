"""The bounded JSON of a PATCH."""

from __future__ import annotations

import json
from typing import Any, Final

from carnet.formats.fhir import errors

__all__ = ["LIMIT", "parse"]

LIMIT: Final = 64 * 1024


class _Twice(ValueError):
    """A member given twice."""


def parse(payload: bytes) -> Any:
    """Raise `FhirError`. Not orjson, which keeps the last of two members of one name without a word."""
    if len(payload) > LIMIT:
        raise errors.failure("too-large", detail="Le corps d’un PATCH est limité à 64 ko.")
    try:
        return json.loads(payload.decode(), object_pairs_hook=_members, parse_constant=_no_number)
    except _Twice:
        raise errors.failure("duplicate-key") from None
    except (ValueError, RecursionError):
        raise errors.failure("not-json") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)
