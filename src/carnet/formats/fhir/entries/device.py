"""Devices: DeviceUseStatement, whose Device is contained."""

from __future__ import annotations

from typing import Any

from carnet.formats.clinical.model import Device, Kind
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Identifier
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import PERSONS, Draft
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]


def write(entry: Device, draft: Draft) -> JSON:
    draft.add("quantity", "Quantity", parts.quantity(entry.quantity))
    content = {
        "identifier": [parts.number(each) for each in entry.unique],
        "type": parts.demanded(entry.code),
        "patient": draft.subject,
    }
    return draft.status("completed" if entry.when.end else "active") | {
        "subject": draft.subject,
        **parts.timed("timing", entry.when, required=True),
        "recordedOn": entry.recorded,
        "source": draft.author(PERSONS),
        "device": dict(draft.people.add("Device", pruned(content))),
        "reasonCode": parts.concepts(entry.reasons),
        "bodySite": parts.concept(entry.body_site),
        "note": draft.notes(),
    }


def read(source: Source) -> Device | None:
    node = source.node
    reference = source.at("device")
    device = source.leads_to(reference, "Device") or node.nothing()
    if not device and not reference.text("display"):
        node.problem("document-reference", "device", severity="error")
    quantity = source.own("quantity")
    return Device(
        kind=Kind.DEVICE,
        code=_code(device) or Concept(reference.text("display")),
        status=source.status(),
        when=pieces.timed(node, "timing"),
        recorded=pieces.moment(node, "recordedOn"),
        by=source.author(source.at("source")),
        note=pieces.notes(node),
        unique=_unique(device),
        body_site=source.concept("bodySite"),
        reasons=source.concepts("reasonCode"),
        quantity=pieces.quantity(quantity.child("valueQuantity")) if quantity else None,
    )


def _code(device: Node) -> Concept:
    """Its type; without one, its name."""
    if device.has("type"):
        return pieces.concept(device.child("type"))
    names = filter(None, (each.text("name") for each in device.children("deviceName")))
    return Concept(next(names, "") or device.text("modelNumber"))


def _unique(device: Node) -> tuple[Identifier, ...]:
    numbers = [pieces.number(each) for each in device.children("identifier")]
    for carrier in device.children("udiCarrier"):
        printed = carrier.text("carrierHRF") or carrier.text("deviceIdentifier")
        numbers.append(Identifier(carrier.text("issuer"), printed))
    numbers.append(Identifier("", device.text("serialNumber")))
    return tuple(each for each in numbers if each.value)
