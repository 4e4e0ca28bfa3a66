"""A stored DocumentReference with the changes of a PATCH written into its text."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import orjson

from carnet.formats.fhir import stored, times
from carnet.formats.fhir.patch import shown
from carnet.formats.fhir.patch.model import IS_ARCHIVED, Change, Current
from carnet.formats.terminology import labels

__all__ = ["current", "updated"]

# FHIR's order: what stands before extension in a DomainResource.
_BEFORE_EXTENSION: Final = frozenset(
    {"resourceType", "id", "meta", "implicitRules", "language", "text", "contained"},
)


def current(text: bytes | str) -> Current:
    """What a stored text says of itself."""
    return _current(orjson.loads(text))


def updated(text: bytes | str, change: Change, *, version: int, last_updated: datetime) -> str:
    """The text of the new version: members keep their order; nothing but labels, isArchived, status and meta moves.
    isArchived is written only when it is true.

    Raise ValueError for a text that our writers did not make.
    """
    stored.address(text)
    resource: dict[str, Any] = orjson.loads(text)
    resource["meta"] |= {"versionId": str(version), "lastUpdated": times.instant(last_updated)}
    before = _current(resource)
    after = Current(change.base or before.base, before.labels - change.remove | change.add)
    resource["securityLabel"] = shown.security_labels(after.served)
    if change.withdraw:
        resource["status"] = "entered-in-error"
    if change.archived is not None:
        resource = _with_extensions(resource, archived=change.archived)
    return orjson.dumps(resource).decode()


def _current(resource: dict[str, Any]) -> Current:
    codes = [each["coding"][0]["code"] for each in resource["securityLabel"]]
    return Current(
        base=next(code for code in codes if labels.is_base(code)),
        labels=frozenset(code for code in codes if labels.is_visibility(code)),
        archived=any(each["url"] == IS_ARCHIVED for each in resource.get("extension", ())),
        status=resource["status"],
    )


def _with_extensions(resource: dict[str, Any], *, archived: bool) -> dict[str, Any]:
    others = [each for each in resource.pop("extension", ()) if each["url"] != IS_ARCHIVED]
    extensions = [*shown.extensions(archived=archived or None), *others]
    if not extensions:
        return resource
    head = {name: value for name, value in resource.items() if name in _BEFORE_EXTENSION}
    return head | {"extension": extensions} | resource
