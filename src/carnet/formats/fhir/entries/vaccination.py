"""Vaccinations: Immunization."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Kind, Product, Vaccination
from carnet.formats.clinical.values import NOTHING, Concept, Span
from carnet.formats.fhir.entries import parts, pieces, products
from carnet.formats.fhir.entries.draft import STAFF, Draft
from carnet.formats.fhir.entries.extensions import unknown
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]
_DAY_LENGTH: Final = len("2026-01-01")


def write(entry: Vaccination, draft: Draft) -> JSON:
    for each in entry.reactions:
        draft.concept("reaction", each)
    if entry.product is not None:
        draft.add("product", "Reference", products.contained(draft, entry.product))
    if entry.series.codings:
        draft.concept("series", entry.series)
    expires = entry.expires if len(entry.expires) <= _DAY_LENGTH else ""
    if not expires:
        draft.add("expires", "String", entry.expires)
    performer = draft.author(STAFF)
    return draft.status("completed") | {
        "statusReason": parts.concept(entry.reason),
        "vaccineCode": parts.demanded(entry.code),
        "patient": draft.subject,
        **_occurrence(entry.when, draft),
        "recorded": entry.recorded,
        "manufacturer": pruned({"display": entry.manufacturer}),
        "lotNumber": entry.lot,
        "expirationDate": expires,
        "site": parts.concept(entry.site),
        "route": parts.concept(entry.route),
        "doseQuantity": parts.simple(entry.dose),
        "performer": [{"actor": performer}] if performer else [],
        "note": draft.notes(),
        "protocolApplied": _protocol(entry),
    }


def _occurrence(when: Span, draft: Draft) -> JSON:
    if when.end or when.open_end:
        draft.when(when)
    return {"occurrenceDateTime": when.start} if when.start else {"_occurrenceDateTime": unknown()}


def _protocol(entry: Vaccination) -> list[JSON]:
    number = entry.dose_number
    if not (entry.series.label or number or entry.targets):
        return []
    if not number:
        dose: JSON = {"_doseNumberString": unknown()}
    elif number.isascii() and number.isdecimal() and number == str(int(number)) and 0 < int(number) < 2**31:
        dose = {"doseNumberPositiveInt": int(number)}
    else:
        dose = {"doseNumberString": number}
    return [pruned({"series": entry.series.label, "targetDisease": parts.concepts(entry.targets), **dose})]


def read(source: Source) -> Vaccination | None:
    node = source.node
    protocols = list(node.children("protocolApplied"))
    product = source.own("product")
    expires = source.own("expires")
    return Vaccination(
        kind=Kind.VACCINATION,
        code=source.concept("vaccineCode"),
        status=source.status(),
        when=source.when() or pieces.timed(node, "occurrence"),
        recorded=pieces.moment(node, "recorded"),
        by=source.author(*(_child(each, "actor") for each in node.children("performer"))),
        note=pieces.notes(node),
        lot=node.text("lotNumber"),
        expires=expires.text("valueString") if expires else pieces.moment(node, "expirationDate"),
        manufacturer=source.display(source.at("manufacturer"), "Organization"),
        site=source.concept("site"),
        route=source.concept("route"),
        dose=pieces.quantity(source.at("doseQuantity")),
        dose_number=next(filter(None, map(_dose_number, protocols)), ""),
        series=source.own_concept("series") or _series(protocols),
        targets=tuple(target for each in protocols for target in pieces.concepts(each.children("targetDisease"))),
        reason=source.concept("statusReason"),
        product=_product(source, product.child("valueReference")) if product else None,
        reactions=(*source.own_concepts("reaction"), *_reactions(source)),
    )


def _child(node: Node, name: str) -> Node:
    return node.child(name) if node.has(name) else node.nothing()


def _product(source: Source, reference: Node) -> Product:
    return products.read_at(source, reference)


def _dose_number(protocol: Node) -> str:
    number = pieces.integer(protocol, "doseNumberPositiveInt")
    return str(number) if number else protocol.text("doseNumberString")


def _series(protocols: list[Node]) -> Concept:
    name = next(filter(None, (each.text("series") for each in protocols)), "")
    return Concept(name) if name else NOTHING


def _reactions(source: Source) -> tuple[Concept, ...]:
    """What the observations of its reactions found."""
    found = (source.leads_to(_child(each, "detail"), "Observation") for each in source.node.children("reaction"))
    concepts = (_reaction(each) for each in found if each)
    return tuple(filter(None, concepts))


def _reaction(observation: Node) -> Concept:
    value = observation.child("valueCodeableConcept") if observation.has("valueCodeableConcept") else None
    return pieces.concept(value or _child(observation, "code"))
