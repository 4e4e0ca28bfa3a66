"""What a subscription asks, and what it is told; the addresses of the guide's extensions and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from carnet.formats.fhir.search import PatientRef

__all__ = [
    "CONTENT",
    "CONTENTS",
    "FILTER",
    "HEARTBEAT",
    "MOST",
    "NOTIFICATION",
    "PAYLOAD",
    "PROFILE",
    "STATUS",
    "TIMEOUT",
    "TOPICS",
    "Asked",
    "Event",
    "Kind",
    "Standing",
    "topic_named",
]

_GUIDE: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
PROFILE: Final = f"{_GUIDE}backport-subscription"
NOTIFICATION: Final = f"{_GUIDE}backport-subscription-notification-r4"
STATUS: Final = f"{_GUIDE}backport-subscription-status-r4"
FILTER: Final = f"{_GUIDE}backport-filter-criteria"
CONTENT: Final = f"{_GUIDE}backport-payload-content"
HEARTBEAT: Final = f"{_GUIDE}backport-heartbeat-period"
TIMEOUT: Final = f"{_GUIDE}backport-timeout"
MOST: Final = f"{_GUIDE}backport-max-count"

PAYLOAD: Final = "application/fhir+json"
CONTENTS: Final = ("empty", "id-only")
"""Never more: what a document says is read here, by who may, and leaves its line in the trail."""

# The name in the house, the canonical address, and the resource by which a filter names the patient.
TOPICS: Final = {
    "documents": ("urn:carnet:fhir:topic:documents", "DocumentReference"),
    "entries": ("urn:carnet:fhir:topic:entries", "Patient"),
}

Kind = Literal["handshake", "heartbeat", "event-notification", "query-status", "query-event"]


def topic_named(canonical: str) -> str:
    """The name of a topic by its canonical address, with a version or without; "" for another's."""
    return next((name for name, (url, _) in TOPICS.items() if canonical.partition("|")[0] == url), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """`status` is "requested" or "off"; `heartbeat` seconds, 0 for none; `most` events a notification, 0 when it is not
    said; `until` None when the server is to choose."""

    status: str
    topic: str
    patient: PatientRef
    endpoint: str
    content: str
    reason: str
    until: datetime | None
    heartbeat: int
    most: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription as it stands, to be told. `fault`: why it is in error, in words for its developer."""

    id: str
    version: int
    changed_at: datetime
    status: str
    topic: str
    patient_id: str
    endpoint: str
    content: str
    reason: str
    until: datetime
    heartbeat: int
    most: int
    sent: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """`focus` is the reference of what it is about, "" when it is not told (any more); `method` as a history has it."""

    number: int
    at: datetime
    focus: str = ""
    method: str = ""
