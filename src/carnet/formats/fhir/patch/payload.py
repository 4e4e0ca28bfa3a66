"""The bounded JSON of a PATCH."""

from __future__ import annotations

from typing import Any, Final

import orjson

from carnet.formats.fhir import errors, json_shape

__all__ = ["LIMIT", "parse"]

LIMIT: Final = 64 * 1024


def parse(payload: bytes) -> Any:
    """Raise `FhirError`."""
    if len(payload) > LIMIT:
        raise errors.failure("too-large", detail="Le corps d’un PATCH est limité à 64 ko.")
    try:
        tree = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise errors.failure("not-json") from None
    json_shape.check(tree, payload)
    return tree
