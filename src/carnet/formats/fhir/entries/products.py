"""Medicines between the model and Medication: as a concept where that says all, else contained."""

from __future__ import annotations

from typing import Any

from carnet.formats.clinical.model import UNKNOWN, Ingredient, Product
from carnet.formats.clinical.values import NOTHING, Concept, Quantity, Ratio
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import Draft
from carnet.formats.fhir.entries.extensions import extension, own
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["contained", "read", "read_at", "write"]

JSON = dict[str, Any]


def write(draft: Draft, product: Product) -> JSON:
    """medication[x]; what the entry is about is told beside where it is not the product."""
    if draft.entry.code != product.code:
        draft.add("code", "CodeableConcept", parts.demanded(draft.entry.code))
    if product == Product(product.code):
        return {"medicationCodeableConcept": parts.demanded(product.code)}
    return {"medicationReference": contained(draft, product)}


def contained(draft: Draft, product: Product) -> JSON:
    content = {
        "extension": [extension("package", "String", product.package)] if product.package else [],
        "code": parts.demanded(product.code),
        "manufacturer": pruned({"display": product.manufacturer}),
        "form": parts.concept(product.form),
        "ingredient": [_ingredient(each) for each in product.ingredients],
        "batch": pruned({"lotNumber": product.lot}),
    }
    return dict(draft.people.add("Medication", pruned(content)))


def _ingredient(found: Ingredient) -> JSON:
    more = [extension("strength-text", "String", found.strength_text)] if found.strength_text else []
    if isinstance(found.strength, Quantity):
        more.append(extension("strength", "Quantity", parts.quantity(found.strength)))
    return pruned(
        {
            "extension": more,
            "itemCodeableConcept": parts.demanded(found.substance),
            "strength": parts.ratio(found.strength) if isinstance(found.strength, Ratio) else {},
        }
    )


def read(source: Source) -> tuple[Concept, Product]:
    """What the entry is about, and the product."""
    product = _medication(source)
    beside = source.own("code")
    return (pieces.concept(beside.child("valueCodeableConcept")) if beside else product.code), product


def _medication(source: Source) -> Product:
    if source.node.has("medicationReference"):
        reference = source.at("medicationReference")
        return read_at(source, reference)
    if source.node.has("medicationCodeableConcept"):
        return Product(source.concept("medicationCodeableConcept"))
    source.node.problem("required", "medication")
    return UNKNOWN


def read_at(source: Source, reference: Node) -> Product:
    found = source.leads_to(reference, "Medication")
    if found is None:
        name = reference.text("display")
        if not name:
            reference.problem("document-reference", severity="error")
        return Product(Concept(name))
    batch = found.child("batch") if found.has("batch") else found.nothing()
    maker = found.child("manufacturer") if found.has("manufacturer") else found.nothing()
    return Product(
        code=pieces.concept(found.child("code")) if found.has("code") else NOTHING,
        form=pieces.concept(found.child("form")) if found.has("form") else NOTHING,
        ingredients=tuple(_read_ingredient(source, each) for each in found.children("ingredient")),
        lot=batch.text("lotNumber"),
        manufacturer=source.display(maker, "Organization"),
        package=own(found, "package").text("valueString"),
    )


def _read_ingredient(source: Source, node: Node) -> Ingredient:
    strength = own(node, "strength")
    quantity = pieces.quantity(strength.child("valueQuantity")) if strength else None
    ratio = pieces.ratio(node.child("strength")) if node.has("strength") else None
    return Ingredient(_substance(source, node), quantity or ratio, own(node, "strength-text").text("valueString"))


def _substance(source: Source, node: Node) -> Concept:
    if node.has("itemCodeableConcept"):
        return pieces.concept(node.child("itemCodeableConcept"))
    reference = node.child("itemReference") if node.has("itemReference") else node.nothing()
    found = source.leads_to(reference, "Medication", "Substance")
    if found and found.has("code"):
        return pieces.concept(found.child("code"))
    return Concept(reference.text("display"))
