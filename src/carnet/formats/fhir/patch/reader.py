"""The body of a PATCH, in either of its two media types, read into the acts it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.patch import fhirpath_patch, json_patch, payload
from carnet.formats.fhir.patch.model import Act, Operation, Patch

__all__ = ["FORMATS", "ISSUES_LIMIT", "OPERATIONS_LIMIT", "read"]

OPERATIONS_LIMIT: Final = 100
# No more than a person can read.
ISSUES_LIMIT: Final = 100
_Reader: TypeAlias = Callable[[object, str], Act]
_JSON_PATCH: Final = "application/json-patch+json"
_FHIRPATH_PATCH: Final = "application/fhir+json"
FORMATS: Final = (_JSON_PATCH, _FHIRPATH_PATCH)
# Clients that know one media type alone send both under it; the body tells which it is.
_PLAIN: Final = "application/json"


def read(media_type: str, body: bytes) -> Patch:
    """Raise `FhirError` with every problem that does not depend on the entry; places are `operation[I]`, from 0."""
    bare = media_type.partition(";")[0].strip().lower()
    if bare not in {*FORMATS, _PLAIN}:
        raise errors.failure("media-type", detail=f"Un PATCH se donne en {_JSON_PATCH} ou en {_FHIRPATH_PATCH}.")
    given = payload.parse(body)
    if bare == _JSON_PATCH or (bare == _PLAIN and isinstance(given, list)):
        return _patch(given, json_patch.act)
    if not isinstance(given, dict) or not isinstance(given.get("resourceType"), str):
        raise errors.failure("not-a-resource")
    if given["resourceType"] != "Parameters":
        raise errors.failure("wrong-resource-type", expression="resourceType", detail="Attendu : Parameters.")
    return _patch(given.get("parameter"), fhirpath_patch.act)


def _patch(given: Any, reader: _Reader) -> Patch:
    if not isinstance(given, list) or not given:
        raise errors.failure("patch-body")
    if len(given) > OPERATIONS_LIMIT:
        raise errors.failure("patch-length")
    operations: list[Operation] = []
    issues: list[Issue] = []
    for number, each in enumerate(given):
        try:
            operations.append(Operation(number, reader(each, f"operation[{number}]")))
        except FhirError as error:
            issues += error.issues
    if issues:
        raise FhirError(issues[:ISSUES_LIMIT])
    return Patch(tuple(operations))
