"""Subscriptions, how they stand, and notifications, as they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import orjson

from carnet.formats.fhir import times
from carnet.formats.fhir.subscription.model import (
    CONTENT,
    FILTER,
    HEARTBEAT,
    MOST,
    NOTIFICATION,
    PAYLOAD,
    PROFILE,
    STATUS,
    TOPICS,
    Event,
    Kind,
    Standing,
)
from carnet.formats.fhir.writing import pruned

__all__ = ["notification", "statuses", "write"]

_ANSWERS: Final = {"POST": "201", "PUT": "200", "DELETE": "204"}


def write(standing: Standing) -> bytes:
    """The text begins with resourceType and id, on which the searchset bundle relies."""
    return orjson.dumps(
        pruned(
            {
                "resourceType": "Subscription",
                "id": standing.id,
                "meta": {
                    "versionId": str(standing.version),
                    "lastUpdated": times.instant(standing.changed_at),
                    "profile": [PROFILE],
                },
                "status": standing.status,
                "end": times.instant(standing.until),
                "reason": standing.reason,
                "criteria": TOPICS[standing.topic][0],
                "_criteria": {"extension": [{"url": FILTER, "valueString": _filter(standing)}]},
                "error": standing.fault,
                "channel": _channel(standing),
            }
        )
    )


def _filter(standing: Standing) -> str:
    resource = TOPICS[standing.topic][1]
    return f"{resource}?{'_id' if resource == 'Patient' else 'patient'}={standing.patient_id}"


def _channel(standing: Standing) -> dict[str, Any]:
    heartbeat = [{"url": HEARTBEAT, "valueUnsignedInt": standing.heartbeat}] if standing.heartbeat else []
    return {
        "extension": [*heartbeat, {"url": MOST, "valuePositiveInt": standing.most}],
        "type": "rest-hook",
        "endpoint": standing.endpoint,
        "payload": PAYLOAD,
        "_payload": {"extension": [{"url": CONTENT, "valueCode": standing.content}]},
    }


def notification(
    standing: Standing, kind: Kind, events: Sequence[Event], *, id_: str, at: datetime, base: str
) -> bytes:
    """The Bundle that is sent, or that `$events` answers. An event without a focus is told by its number alone."""
    address = f"{base}/Subscription/{standing.id}"
    head = {
        "fullUrl": f"urn:uuid:{id_}",
        "resource": {"resourceType": "Parameters", "id": id_, **_parameters(standing, kind, events, base)},
        "request": {"method": "GET", "url": f"{address}/$status"},
        "response": {"status": "200"},
    }
    named = [_entry(each, base) for each in events if each.focus and standing.content == "id-only"]
    return orjson.dumps(
        {
            "resourceType": "Bundle",
            "id": id_,
            "meta": {"profile": [NOTIFICATION]},
            "type": "history",
            "timestamp": times.instant(at),
            "entry": [head, *named],
        }
    )


def _entry(event: Event, base: str) -> dict[str, Any]:
    """A history tells how a resource changed, and needs none of its content (bdl-4)."""
    url = event.focus.partition("/")[0] if event.method == "POST" else event.focus
    return {
        "fullUrl": f"{base}/{event.focus}",
        "request": {"method": event.method, "url": url},
        "response": {"status": _ANSWERS[event.method], "lastModified": times.instant(event.at)},
    }


def statuses(found: Iterable[Standing], *, base: str, self_url: str) -> bytes:
    """What `$status` answers: one Parameters for each."""
    entries = []
    for each in found:
        id_ = str(uuid5(NAMESPACE_URL, f"{base}/Subscription/{each.id}/$status"))
        entries.append(
            {
                "fullUrl": f"urn:uuid:{id_}",
                "resource": {"resourceType": "Parameters", "id": id_, **_parameters(each, "query-status", (), base)},
                "search": {"mode": "match"},
            }
        )
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": self_url}],
        "entry": entries,
    }
    return orjson.dumps(pruned(bundle))


def _parameters(standing: Standing, kind: Kind, events: Sequence[Event], base: str) -> dict[str, Any]:
    # The guide advises against the topic where a payload is empty: it would say more than that something changed.
    topic = [{"name": "topic", "valueCanonical": TOPICS[standing.topic][0]}] if standing.content != "empty" else []
    fault = [{"name": "error", "valueCodeableConcept": {"text": standing.fault}}] if standing.fault else []
    return {
        "meta": {"profile": [STATUS]},
        "parameter": [
            {"name": "subscription", "valueReference": {"reference": f"{base}/Subscription/{standing.id}"}},
            *topic,
            {"name": "status", "valueCode": standing.status},
            {"name": "type", "valueCode": kind},
            {"name": "events-since-subscription-start", "valueString": str(standing.sent)},
            *(_event(standing, each, base) for each in events),
            *fault,
        ],
    }


def _event(standing: Standing, event: Event, base: str) -> dict[str, Any]:
    focus = f"{base}/{event.focus}" if event.focus and standing.content == "id-only" else ""
    return {
        "name": "notification-event",
        "part": [
            {"name": "event-number", "valueString": str(event.number)},
            {"name": "timestamp", "valueInstant": times.instant(event.at)},
            *([{"name": "focus", "valueReference": {"reference": focus}}] if focus else []),
        ],
    }
