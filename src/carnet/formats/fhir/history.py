"""The versions of one resource, newest first: a history bundle of stored texts, sent as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from carnet.formats.fhir import bundle, stored, times

__all__ = ["Version", "history"]

_STATUS: Final = {"POST": "201", "PUT": "200", "PATCH": "200"}


@dataclass(frozen=True, slots=True)
class Version:
    """A stored text, and the interaction that made it: POST the first version, PATCH or PUT a later one."""

    text: bytes | str
    number: int
    last_updated: datetime
    method: Literal["POST", "PUT", "PATCH"]


def history(
    versions: Iterable[Version],
    *,
    total: int | None,
    self_url: str,
    base: str,
    next_url: str | None = None,
) -> bytes:
    """In the order given, which FHIR wants newest first; `base` and `total` as in a searchset."""
    written = [bundle.entry(each.text, base, _interaction(each)) for each in versions]
    return bundle.framed("history", written, total=total, self_url=self_url, next_url=next_url)


def _interaction(version: Version) -> bytes:
    kind, identifier = stored.address(version.text)
    made: dict[str, Any] = {
        "request": {
            "method": version.method,
            "url": kind if version.method == "POST" else f"{kind}/{identifier}",
        },
        "response": {
            "status": _STATUS[version.method],
            "etag": f'W/"{version.number}"',
            "lastModified": times.instant(version.last_updated),
        },
    }
    return orjson.dumps(made)[1:-1]
