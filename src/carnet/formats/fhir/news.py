"""What changed in a record since an instant: a history bundle, newest first. A resource that is new is a POST, one that
was corrected a PUT, one that was withdrawn a DELETE, of which the address is told alone. How many of each there are,
and since when, stands in an extension of the bundle's meta. What stands for words of before names these in an extension
of its entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from carnet.formats.fhir import bundle, stored, times

__all__ = ["CORRECTS", "EXTENSION", "Change", "Counts", "write"]

EXTENSION: Final = "urn:carnet:fhir:extension:new-since"
CORRECTS: Final = "urn:carnet:fhir:extension:corrects"
_METHODS: Final = {"new": ("POST", "201"), "corrected": ("PUT", "200"), "withdrawn": ("DELETE", "204")}


@dataclass(frozen=True, slots=True)
class Change:
    kind: Literal["new", "corrected", "withdrawn"]
    at: datetime
    text: bytes
    was: bytes = b""


@dataclass(frozen=True, slots=True)
class Counts:
    """`since` None: everything is new."""

    since: datetime | None
    new: int
    corrected: int
    withdrawn: int

    @property
    def total(self) -> int:
        return self.new + self.corrected + self.withdrawn


def write(changes: Iterable[Change], counts: Counts, *, self_url: str, base: str) -> bytes:
    written = [_entry(each, base) for each in changes]
    meta = {"extension": [{"url": EXTENSION, "extension": _counted(counts)}]}
    return bundle.framed("history", written, total=counts.total, self_url=self_url, meta=meta)


def _counted(counts: Counts) -> list[dict[str, Any]]:
    since = [{"url": "since", "valueInstant": times.instant(counts.since)}] if counts.since else []
    named = {"new": counts.new, "corrected": counts.corrected, "withdrawn": counts.withdrawn}
    return [*since, *({"url": name, "valueUnsignedInt": number} for name, number in named.items())]


def _entry(change: Change, base: str) -> bytes:
    method, status = _METHODS[change.kind]
    kind, identifier = stored.address(change.text)
    url = kind if method == "POST" else f"{kind}/{identifier}"
    told: dict[str, Any] = {
        "request": {"method": method, "url": url},
        "response": {"status": status, "lastModified": times.instant(change.at)},
    }
    if change.was:
        reference = "/".join(stored.address(change.was))
        told = {"extension": [{"url": CORRECTS, "valueReference": {"reference": reference}}], **told}
    more = orjson.dumps(told)[1:-1]
    return bundle.gone(change.text, base, more) if method == "DELETE" else bundle.entry(change.text, base, more)
