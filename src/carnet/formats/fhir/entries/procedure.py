"""Procedures, and acts that were reimbursed: Procedure."""

from __future__ import annotations

from typing import Any

from carnet.formats.clinical.model import Kind, Procedure
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import ANYONE, Draft
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]


def write(entry: Procedure, draft: Draft) -> JSON:
    if entry.kind is not Kind.PROCEDURE:
        draft.add("kind", "Code", entry.kind.value)
    draft.add("recorded", "DateTime", entry.recorded)
    draft.add("quantity", "Quantity", parts.quantity(entry.quantity))
    performer = draft.author(ANYONE)
    return draft.status() | {
        "category": parts.concept(entry.category),
        "code": parts.demanded(entry.code),
        "subject": draft.subject,
        **parts.timed("performed", entry.when, required=True),
        "performer": [{"actor": performer}] if performer else [],
        "location": pruned({"display": entry.location}),
        "reasonCode": parts.concepts(entry.reasons),
        "bodySite": parts.concepts(entry.body_sites),
        "outcome": parts.concept(entry.outcome),
        "note": draft.notes(),
    }


def read(source: Source) -> Procedure | None:
    node = source.node
    quantity = source.own("quantity")
    is_reimbursed = source.own("kind").text("valueCode") == Kind.REIMBURSED.value
    return Procedure(
        kind=Kind.REIMBURSED if is_reimbursed else Kind.PROCEDURE,
        code=source.concept("code"),
        status=source.status(),
        when=pieces.timed(node, "performed"),
        recorded=source.recorded(),
        by=source.author(*(_actor(each) for each in node.children("performer")), source.at("recorder")),
        note=pieces.notes(node),
        category=source.concept("category"),
        body_sites=source.concepts("bodySite"),
        reasons=source.concepts("reasonCode"),
        outcome=source.concept("outcome"),
        location=source.display(source.at("location"), "Location"),
        quantity=pieces.quantity(quantity.child("valueQuantity")) if quantity else None,
    )


def _actor(performer: Node) -> Node:
    return performer.child("actor") if performer.has("actor") else performer.nothing()
