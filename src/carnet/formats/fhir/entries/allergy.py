"""Allergies and intolerances: AllergyIntolerance."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Allergy, Kind, Reaction
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import PERSONS, Draft
from carnet.formats.fhir.entries.extensions import extension, own, unknown
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_TYPE: Final = "AllergyIntolerance"
_REACTION: Final = "AllergyIntolerance.reaction"


def write(entry: Allergy, draft: Draft) -> JSON:
    draft.add("status", "String", entry.status)
    clinical = parts.coded(entry.clinical, _CLINICAL)
    if entry.verification == "entered-in-error":
        draft.add("clinical-status", "Code", entry.clinical)
        clinical = {}
    elif not clinical:
        # FHIR demands one (ait-1).
        clinical = parts.coded("active", _CLINICAL) | {"extension": [extension("not-stated", "Boolean", value=True)]}
    return {
        "clinicalStatus": clinical,
        "verificationStatus": parts.coded(entry.verification, _VERIFICATION),
        "type": entry.type,
        "category": list(entry.categories),
        "criticality": entry.criticality,
        "code": parts.demanded(entry.code),
        "patient": draft.subject,
        **parts.timed("onset", entry.when),
        "recordedDate": entry.recorded,
        "asserter": draft.author(PERSONS),
        "note": draft.notes(),
        "reaction": [_reaction(each) for each in entry.reactions],
    }


def _reaction(found: Reaction) -> JSON:
    manifestations = parts.concepts(found.manifestations) or [unknown()]
    return pruned(
        {
            "manifestation": manifestations,
            "description": found.note,
            "onset": found.onset,
            "severity": found.severity,
        }
    )


def read(source: Source) -> Allergy | None:
    node = source.node
    reactions = [_read_reaction(each) for each in node.children("reaction")]
    return Allergy(
        kind=Kind.ALLERGY,
        code=source.concept("code"),
        status=source.own("status").text("valueString"),
        when=pieces.timed(node, "onset"),
        recorded=pieces.moment(node, "recordedDate"),
        by=source.author(source.at("asserter"), source.at("recorder")),
        note=pieces.notes(node),
        type=pieces.known_code(node, "type", _TYPE),
        categories=pieces.known_codes(node, "category", _TYPE),
        criticality=pieces.known_code(node, "criticality", _TYPE),
        clinical=_clinical(source),
        verification=pieces.state(source.at("verificationStatus")),
        reactions=tuple(each for each in reactions if each != Reaction()),
    )


def _clinical(source: Source) -> str:
    stated = source.at("clinicalStatus")
    if own(stated, "not-stated"):
        return ""
    return pieces.state(stated) or source.own("clinical-status").text("valueCode")


def _read_reaction(node: Node) -> Reaction:
    described = node.text("description", limit=pieces.LONG)
    return Reaction(
        manifestations=pieces.concepts(node.children("manifestation")),
        severity=pieces.known_code(node, "severity", _REACTION),
        onset=pieces.moment(node, "onset"),
        note="\n".join(filter(None, (described, pieces.notes(node)))),
    )
