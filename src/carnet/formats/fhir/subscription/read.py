"""A Subscription as software sends it."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from carnet.formats.entry import Identifier
from carnet.formats.fhir import body
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.search import PatientRef, patient_reference, token
from carnet.formats.fhir.subscription.model import (
    CONTENT,
    CONTENTS,
    FILTER,
    HEARTBEAT,
    MOST,
    PAYLOAD,
    TOPICS,
    Asked,
    topic_named,
)

__all__ = ["read"]

_TYPE: Final = "Subscription"
_NOBODY: Final = PatientRef(None, None)
_REASON: Final = 200
_BEATS: Final = (60, 7 * 86400)
_TOGETHER: Final = 20
_WISHES: Final = frozenset({"requested", "active", "off"})


def read(payload: bytes) -> Asked:
    """Raise `FhirError` with every problem of the resource."""
    problems = Problems()
    root = Node(body.parse(payload, _TYPE).resource, _TYPE, problems)
    for name in ("modifierExtension", "implicitRules"):
        if root.has(name):
            root.problem("modifier-not-supported", name)
    status = root.text("status", required=True)
    if status and status not in _WISHES:
        root.problem("subscription-status", "status")
    topic = topic_named(root.text("criteria", required=True))
    if root.has("criteria") and not topic:
        root.problem("subscription-topic", "criteria")
    patient = _patient(root, topic) if topic else _NOBODY
    channel = root.child("channel", required=True)
    asked = Asked(
        # What stands is asked for again: whether it is active is for the handshake to say.
        status="off" if status == "off" else "requested",
        topic=topic,
        patient=patient,
        endpoint=_endpoint(channel),
        content=_content(channel),
        reason=root.text("reason", required=True, limit=_REASON),
        until=root.moment("end"),
        heartbeat=_number(channel, HEARTBEAT, "valueUnsignedInt", _BEATS),
        most=_number(channel, MOST, "valuePositiveInt", (1, 2**31)),
    )
    if problems.failed:
        raise FhirError(problems.issues)
    return asked


def _patient(root: Node, topic: str) -> PatientRef:
    """Of the one filter there is: the one person whose record it is."""
    filters = [
        each.text("valueString", required=True)
        for each in root.child("_criteria").children("extension")
        if each.text("url") == FILTER
    ]
    found = _filtered(filters[0], TOPICS[topic][1]) if len(filters) == 1 else _NOBODY
    if found == _NOBODY:
        root.problem("subscription-filter", "_criteria.extension")
    return found


def _filtered(text: str, resource: str) -> PatientRef:
    head, mark, query = text.partition("?")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=2)
    except ValueError:
        return _NOBODY
    if not mark or head not in {resource, "Patient"} or len(pairs) != 1:
        return _NOBODY
    name, value = pairs[0]
    own = head == "Patient"
    if name == ("_id" if own else "patient"):
        return patient_reference(value)
    if name in ({"identifier"} if own else {"patient.identifier", "patient:identifier"}):
        found = token(value)
        return PatientRef(None, Identifier(found.system, found.code)) if found.system and found.code else _NOBODY
    return _NOBODY


def _endpoint(channel: Node) -> str:
    if channel.absent:
        return ""
    if channel.text("type", required=True) not in {"rest-hook", ""}:
        channel.problem("subscription-channel", "type")
    if channel.has("header"):
        channel.problem("subscription-header", "header")
    return channel.text("endpoint", required=True, limit=2000)


def _content(channel: Node) -> str:
    if channel.absent:
        return ""
    if channel.text("payload", required=True) not in {PAYLOAD, ""}:
        channel.problem("subscription-payload", "payload")
    found = [
        each.text("valueCode")
        for each in channel.child("_payload").children("extension")
        if each.text("url") == CONTENT
    ]
    if len(found) != 1 or found[0] not in CONTENTS:
        channel.problem("subscription-payload", "_payload.extension")
        return ""
    return found[0]


def _number(channel: Node, url: str, value: str, bounds: tuple[int, int]) -> int:
    """Of an extension of the channel; 0 when it is not there."""
    for number, each in enumerate(channel.children("extension")):
        if each.text("url") != url:
            continue
        found = each.count(value)
        if found is None or (found and not bounds[0] <= found <= bounds[1]):
            channel.problem("subscription-number", f"extension[{number}]", f"De {bounds[0]} à {bounds[1]}.")
            return 0
        return min(found, _TOGETHER) if url == MOST else found
    return 0
