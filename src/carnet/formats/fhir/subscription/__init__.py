"""Subscriptions of FHIR R4 in the shape of the Subscriptions R5 Backport guide: a topic named by its canonical address,
a REST hook, notifications without content."""

from __future__ import annotations

from carnet.formats.fhir.subscription.model import (
    CONTENTS,
    PROFILE,
    TOPICS,
    Asked,
    Event,
    Kind,
    Standing,
    topic_named,
)
from carnet.formats.fhir.subscription.read import read
from carnet.formats.fhir.subscription.topics import topic, topics
from carnet.formats.fhir.subscription.write import notification, statuses, write

__all__ = [
    "CONTENTS",
    "PROFILE",
    "TOPICS",
    "Asked",
    "Event",
    "Kind",
    "Standing",
    "notification",
    "read",
    "statuses",
    "topic",
    "topic_named",
    "topics",
    "write",
]
