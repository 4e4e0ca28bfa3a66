"""The one change that a Consent knows: its status becomes inactive, by JSON Patch or FHIRPath Patch.

Not DELETE: that it was given stays true, and the person goes on reading it. Not PUT: everything else in it would have
to come along, and to be compared.
"""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.loose import as_list, as_object
from carnet.formats.fhir.patch import FORMATS, parameters, payload

__all__ = ["check_end"]

_JSON_PATCH, _FHIRPATH_PATCH = FORMATS
_PLAIN: Final = "application/json"
_ENDED: Final = "inactive"
_REPLACES: Final = frozenset({"replace", "add"})
_MOST: Final = 10


def check_end(media_type: str, body: bytes) -> None:
    """Raise `FhirError` for what is anything else; a `test` that it is active may stand before it."""
    bare = media_type.partition(";")[0].strip().lower()
    if bare not in {*FORMATS, _PLAIN}:
        raise errors.failure("media-type", detail=f"Un PATCH se donne en {_JSON_PATCH} ou en {_FHIRPATH_PATCH}.")
    given = payload.parse(body)
    json_patch = bare == _JSON_PATCH or (bare == _PLAIN and isinstance(given, list))
    operations = as_list(given) if json_patch else _of_parameters(given)
    if not operations or len(operations) > _MOST:
        raise errors.failure("patch-body")
    ends = _ends if json_patch else _ends_by_path
    found = [ends(each, f"operation[{number}]") for number, each in enumerate(operations)]
    if not any(found):
        raise errors.failure("consent-end", expression="operation[0]")


def _of_parameters(given: Any) -> list[Any]:
    resource = as_object(given)
    if resource.get("resourceType") != "Parameters":
        raise errors.failure("wrong-resource-type", expression="resourceType", detail="Attendu : Parameters.")
    return as_list(resource.get("parameter"))


def _ends(operation: Any, place: str) -> bool:
    stated = as_object(operation)
    kind, path, value = stated.get("op"), stated.get("path"), stated.get("value")
    if (kind, path, value) == ("test", "/status", "active"):
        return False
    if kind not in _REPLACES or path != "/status" or value != _ENDED:
        raise errors.failure("consent-end", expression=place)
    return True


def _ends_by_path(operation: Any, place: str) -> bool:
    parts = parameters.of(operation, place)
    kind, path, value = (parameters.value(parts.get(name)) for name in ("type", "path", "value"))
    if kind != "replace" or path not in {"Consent.status", "status"} or value != _ENDED:
        raise errors.failure("consent-end", expression=place)
    return True
