"""Treatments, prescriptions and dispensations: MedicationStatement, MedicationRequest, MedicationDispense."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Dispensation, Kind, Prescription, Treatment
from carnet.formats.clinical.values import NEVER, Moment, Span
from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.entries import dosages, parts, pieces, products
from carnet.formats.fhir.entries.draft import ANYONE, PERSONS, Draft
from carnet.formats.fhir.entries.extensions import RENDERED, unknown
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.extensions import first
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = [
    "read_dispensation",
    "read_prescription",
    "read_treatment",
    "write_dispensation",
    "write_prescription",
    "write_treatment",
]

JSON = dict[str, Any]
_NOT_SUBSTITUTABLE: Final = "N"


def write_treatment(entry: Treatment, draft: Draft) -> JSON:
    return draft.status() | {
        **products.write(draft, entry.product),
        "subject": draft.subject,
        **parts.timed("effective", entry.when, required=True),
        "dateAsserted": entry.recorded,
        "informationSource": draft.author(PERSONS),
        "reasonCode": parts.concepts(entry.reasons),
        "note": draft.notes(),
        "dosage": [dosages.write(each) for each in entry.dosages],
    }


def read_treatment(source: Source) -> Treatment | None:
    code, product = products.read(source)
    return Treatment(
        kind=Kind.TREATMENT,
        code=code,
        status=source.status(),
        when=pieces.timed(source.node, "effective"),
        recorded=pieces.moment(source.node, "dateAsserted"),
        by=source.author(source.at("informationSource")),
        note=pieces.notes(source.node),
        product=product,
        dosages=tuple(map(dosages.read, source.node.children("dosage"))),
        reasons=source.concepts("reasonCode"),
    )


def write_prescription(entry: Prescription, draft: Draft) -> JSON:
    draft.add("rendered", "Markdown", entry.rendered)
    authored = _day(draft, entry.when, entry.recorded)
    dispense = {
        "validityPeriod": parts.period(entry.valid),
        "numberOfRepeatsAllowed": entry.repeats,
        "quantity": parts.simple(entry.quantity),
        "expectedSupplyDuration": parts.quantity(entry.supply),
    }
    return draft.status() | {
        "intent": entry.intent,
        "category": parts.concepts(entry.categories),
        **products.write(draft, entry.product),
        "subject": draft.subject,
        "authoredOn": authored,
        "requester": draft.author(ANYONE),
        "reasonCode": parts.concepts(entry.reasons),
        "groupIdentifier": identifiers.to_fhir(entry.group) if entry.group else {},
        "note": draft.notes(),
        "dosageInstruction": [dosages.write(each) for each in entry.dosages],
        "dispenseRequest": pruned(dispense),
        "substitution": _substitution(entry),
    }


def _day(draft: Draft, when: Span, recorded: Moment) -> Moment:
    """The moment that FHIR has a place for: of the act, or where that is a period, when it was written down."""
    if when.end or when.open_end:
        draft.when(when)
        return recorded
    draft.add("recorded", "DateTime", recorded)
    return when.start


def _read_day(source: Source, name: str) -> tuple[Span, Moment]:
    moment = pieces.moment(source.node, name)
    beside = source.when()
    return (beside, moment) if beside else (Span(moment) if moment else NEVER, source.recorded())


def _substitution(entry: Prescription) -> JSON:
    reason = parts.concept(entry.substitution_reason)
    if entry.substitution is None:
        return {"_allowedBoolean": unknown(), "reason": reason} if reason else {}
    return pruned({"allowedBoolean": entry.substitution, "reason": reason})


def read_prescription(source: Source) -> Prescription | None:
    node = source.node
    code, product = products.read(source)
    when, recorded = _read_day(source, "authoredOn")
    dispense, substitution = source.at("dispenseRequest"), source.at("substitution")
    return Prescription(
        kind=Kind.PRESCRIPTION,
        code=code,
        status=source.status(),
        when=when,
        recorded=recorded,
        by=source.author(source.at("requester")),
        note=pieces.notes(node),
        product=product,
        dosages=tuple(map(dosages.read, node.children("dosageInstruction"))),
        reasons=source.concepts("reasonCode"),
        group=_number(source.at("groupIdentifier")),
        intent=pieces.known_code(node, "intent", "MedicationRequest") or "order",
        quantity=pieces.quantity(_child(dispense, "quantity")),
        repeats=pieces.integer(dispense, "numberOfRepeatsAllowed"),
        valid=pieces.period(_child(dispense, "validityPeriod")),
        supply=pieces.quantity(_child(dispense, "expectedSupplyDuration")),
        substitution=_allowed(substitution),
        substitution_reason=pieces.concept(_child(substitution, "reason")),
        categories=source.concepts("category"),
        rendered=_rendered(source),
    )


def _rendered(source: Source) -> str:
    """In ours, or in that of R5 which the French guide uses: R4's own validators refuse it."""
    found = source.own("rendered") or first(source.node, RENDERED)
    return found.text("valueMarkdown", limit=pieces.LONG)


def _child(node: Node, name: str) -> Node:
    return node.child(name) if node.has(name) else node.nothing()


def _number(node: Node) -> Identifier | None:
    value = node.text("value")
    return identifiers.from_fhir(node.text("system"), value) if value else None


def _allowed(substitution: Node) -> bool | None:
    if substitution.has("allowedCodeableConcept"):
        code = pieces.state(substitution.child("allowedCodeableConcept"))
        return code != _NOT_SUBSTITUTABLE if code else None
    return pieces.flag(substitution, "allowedBoolean")


def write_dispensation(entry: Dispensation, draft: Draft) -> JSON:
    draft.add("rank", "Integer", entry.rank)
    handed = _day(draft, entry.when, entry.recorded)
    performer = draft.author(ANYONE)
    asked = {"identifier": identifiers.to_fhir(entry.prescription)} if entry.prescription else {}
    return draft.status() | {
        **products.write(draft, entry.product),
        "subject": draft.subject,
        "performer": [{"actor": performer}] if performer else [],
        "authorizingPrescription": [asked] if asked else [],
        "quantity": parts.simple(entry.quantity),
        "daysSupply": parts.simple(entry.supply),
        "whenHandedOver": handed,
        "note": draft.notes(),
        "dosageInstruction": [dosages.write(each) for each in entry.dosages],
        "substitution": {} if entry.substituted is None else {"wasSubstituted": entry.substituted},
    }


def read_dispensation(source: Source) -> Dispensation | None:
    node = source.node
    code, product = products.read(source)
    when, recorded = _read_day(source, "whenHandedOver" if node.has("whenHandedOver") else "whenPrepared")
    return Dispensation(
        kind=Kind.DISPENSATION,
        code=code,
        status=source.status(),
        when=when,
        recorded=recorded,
        by=source.author(*(_child(each, "actor") for each in node.children("performer"))),
        note=pieces.notes(node),
        product=product,
        quantity=pieces.quantity(source.at("quantity")),
        supply=pieces.quantity(source.at("daysSupply")),
        dosages=tuple(map(dosages.read, node.children("dosageInstruction"))),
        prescription=_asked(source),
        substituted=pieces.flag(source.at("substitution"), "wasSubstituted"),
        rank=pieces.integer(source.own("rank"), "valueInteger"),
    )


def _asked(source: Source) -> Identifier | None:
    for reference in source.node.children("authorizingPrescription"):
        found = source.leads_to(reference, "MedicationRequest")
        numbers = found.children("identifier") if found else [_child(reference, "identifier")]
        for number in filter(None, map(_number, numbers)):
            return number
    return None
