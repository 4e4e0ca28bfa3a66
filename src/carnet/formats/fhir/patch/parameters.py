"""The parts of a FHIRPath Patch operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.formats.fhir import errors

__all__ = ["of", "value"]


def of(given: object, place: str) -> dict[str, Mapping[str, Any]]:
    """The parts of an `operation` by their names, each once; else `FhirError`."""
    if not isinstance(given, dict) or given.get("name") != "operation" or not isinstance(given.get("part"), list):
        detail = "Un paramètre operation avec ses parties (part) est attendu."
        raise errors.failure("patch-operation", expression=place, detail=detail)
    found: dict[str, Mapping[str, Any]] = {}
    for part in given["part"]:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(name, str) or name in found:
            detail = "Chaque partie a un nom, et une seule fois."
            raise errors.failure("patch-operation", expression=place, detail=detail)
        found[name] = part
    return found


def value(part: Mapping[str, Any] | None) -> Any:
    """The one value[x] of a part, or an object made of its parts; None for neither."""
    if part is None:
        return None
    if isinstance(part.get("part"), list):
        return {_member(each): _plain(each) for each in part["part"]}
    return _plain(part)


def _plain(part: object) -> Any:
    if not isinstance(part, dict):
        return None
    found = [each for name, each in part.items() if name.startswith("value")]
    return found[0] if len(found) == 1 else None


def _member(part: object) -> str:
    name = part.get("name") if isinstance(part, dict) else None
    # R4 has the name of the property here: value, value[x] or valueBoolean, as the tools write it.
    return "valueBoolean" if name in ("value", "value[x]") else str(name)
