"""What a published document replaces, and the order, accession or study that it belongs to."""

from __future__ import annotations

from typing import Final

from carnet.formats.entry import Reference
from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.node import Node

__all__ = ["REFERENCE_KINDS", "references", "replaced"]

_PARTIAL_OF: Final = {
    "transforms": "PartialTransformContentNotProcessed",
    "appends": "PartialAppendContentNotProcessed",
    "signs": "PartialSignContentNotProcessed",
}
REFERENCE_KINDS: Final = {
    "urn:ihe:iti:xds:2013:order": "order",
    "urn:ihe:iti:xds:2013:accession": "accession",
    "urn:ihe:iti:xds:2016:studyInstanceUID": "study",
}


def references(context: Node) -> tuple[Reference, ...]:
    found = [_reference(each) for each in context.children("related")]
    return tuple(each for each in found if each)


def replaced(root: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Targets of `replaces`: unique ids of the identified ones, FHIR ids of the literal ones; a target may be both."""
    identified: list[str] = []
    literal: list[str] = []
    for node in root.children("relatesTo"):
        code = node.text("code", required=True)
        target = node.child("target", required=True)
        if code and code != "replaces":
            node.problem("relation-not-processed", "code", xds=_PARTIAL_OF.get(code, ""))
        elif code and target:
            _target(target, identified, literal)
    return tuple(identified), tuple(literal)


def _target(target: Node, identified: list[str], literal: list[str]) -> None:
    number = target.child("identifier")
    found = identifiers.unique_id(number.text("system"), number.text("value"))
    fhir_id = search.resource_id(target.text("reference"), "DocumentReference")
    if fhir_id:
        literal.append(fhir_id)
    if found:
        identified.append(found)
    if not (fhir_id or found):
        target.problem("value-type", detail="Une référence DocumentReference/ID ou un identifiant est attendu.")


def _reference(node: Node) -> Reference | None:
    """An order, an accession or a study; what has no identifier is no entry of that list."""
    number = node.child("identifier")
    value = number.text("value")
    if not value:
        node.problem("element-not-kept")
        return None
    codes = [each.text("code") for each in number.child("type").children("coding")]
    kind = next((REFERENCE_KINDS[code] for code in codes if code in REFERENCE_KINDS), "")
    return Reference(kind, identifiers.from_fhir(number.text("system"), value))
