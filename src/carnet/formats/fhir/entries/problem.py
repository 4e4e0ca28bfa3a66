"""Problems and history: Condition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from carnet.formats.clinical.model import Kind, Problem
from carnet.formats.clinical.values import NOTHING, Span
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import PERSONS, Draft
from carnet.formats.fhir.entries.extensions import extension, own
from carnet.formats.fhir.entries.source import Source

__all__ = ["read", "write"]

JSON = dict[str, Any]
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_ENDED: Final = frozenset({"inactive", "resolved", "remission"})
_ERROR: Final = "entered-in-error"


def write(entry: Problem, draft: Draft) -> JSON:
    draft.add("status", "String", entry.status)
    when = entry.when
    if when.open_end:
        draft.add("ongoing", "Boolean", value=True)
    # FHIR lets only what is not active any more have an end (con-4).
    ends = bool(when.end) and (not entry.clinical or entry.clinical in _ENDED)
    if when.end and not ends:
        draft.add("end", "DateTime", when.end)
    clinical = parts.coded(entry.clinical, _CLINICAL)
    if entry.verification == _ERROR:
        draft.add("clinical-status", "Code", entry.clinical)
        if ends:
            draft.add("end", "DateTime", when.end)
        clinical, ends = {}, False
    elif ends and not entry.clinical:
        clinical = parts.coded("inactive", _CLINICAL) | {"extension": [extension("not-stated", "Boolean", value=True)]}
    return {
        "clinicalStatus": clinical,
        "verificationStatus": parts.coded(entry.verification, _VERIFICATION),
        "category": parts.concepts([entry.category]),
        "severity": parts.concept(entry.severity),
        "code": parts.demanded(entry.code),
        "bodySite": parts.concepts([entry.body_site, *entry.other_sites]),
        "subject": draft.subject,
        "onsetDateTime": when.start,
        "abatementDateTime": when.end if ends else "",
        "recordedDate": entry.recorded,
        "asserter": draft.author(PERSONS),
        "note": draft.notes(),
    }


def read(source: Source) -> Problem | None:
    node = source.node
    clinical = source.at("clinicalStatus")
    sites = source.concepts("bodySite")
    return Problem(
        kind=Kind.PROBLEM,
        code=source.concept("code"),
        status=source.own("status").text("valueString"),
        when=_when(source),
        recorded=pieces.moment(node, "recordedDate"),
        by=source.author(source.at("asserter"), source.at("recorder")),
        note=pieces.notes(node),
        clinical="" if own(clinical, "not-stated") else _stated(source),
        verification=pieces.state(source.at("verificationStatus")),
        category=pieces.first(node, "category"),
        severity=source.concept("severity"),
        body_site=sites[0] if sites else NOTHING,
        other_sites=sites[1:],
    )


def _stated(source: Source) -> str:
    return pieces.state(source.at("clinicalStatus")) or source.own("clinical-status").text("valueCode")


def _when(source: Source) -> Span:
    onset, abatement = pieces.timed(source.node, "onset"), pieces.timed(source.node, "abatement")
    end = abatement.end or abatement.start
    beside = source.own("end")
    found = Span(onset.start, end or (pieces.moment(beside, "valueDateTime") if beside else ""))
    return replace(found, open_end=source.own("ongoing").flag("valueBoolean")) if found else found
