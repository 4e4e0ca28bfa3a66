"""The searches: documents (ITI-67), lists (ITI-66), the existence of a record (TD0.2), consents, the trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.search.asked import Asked
from carnet.formats.fhir.search.entry_types import PROVENANCE, TYPES
from carnet.formats.fhir.search.paging import Paging
from carnet.formats.fhir.search.parameters import AUDIT_EVENT, CONSENT, DOCUMENT, LIST, Kind, Parameter, of_patient
from carnet.formats.fhir.search.results import AuditSearch, ConsentSearch, DocumentSearch, EntrySearch, ListSearch
from carnet.formats.fhir.search.tokens import Token
from carnet.formats.fhir.search.wanted import Wanted

__all__ = [
    "CONSENT_STATUSES",
    "LIST_STATUSES",
    "STATUSES",
    "audit_events",
    "consents",
    "documents",
    "entries",
    "lists",
    "patients",
    "provenances",
]

STATUSES: Final = ("current", "superseded", "entered-in-error")
LIST_STATUSES: Final = ("current", "retired", "entered-in-error")
CONSENT_STATUSES: Final = ("draft", "proposed", "active", "rejected", "inactive", "entered-in-error")

_DOCUMENT_ORDERS: Final = ("creation", "date", "period", "_lastUpdated")
_LIST_ORDERS: Final = ("date", "_lastUpdated")
_PROVENANCE: Final = {each.name: each.parameter for each in PROVENANCE} | {
    **of_patient("patient"),
    **{
        name: Parameter(kind)
        for name, kind in (
            ("_count", Kind.COUNT),
            ("_cursor", Kind.CURSOR),
            ("_summary", Kind.SUMMARY),
            ("_total", Kind.TOTAL),
            ("_format", Kind.SILENT),
            ("_pretty", Kind.SILENT),
        )
    },
}
_PATIENT: Final = {
    "identifier": Parameter(Kind.IDENTIFIER, ("identifier",)),
    "_format": Parameter(Kind.SILENT),
    "_pretty": Parameter(Kind.SILENT),
}


def documents(
    params: Iterable[tuple[str, str]], *, strict: bool = False, any_status: bool = False, now: datetime | None = None
) -> DocumentSearch:
    """ITI-67, from a query or a form, in the order given; else `FhirError` with every problem.

    A search names a patient, or the identifier or id of a document. `strict` (`Prefer: handling=strict`) refuses
    what is not understood, and demands the status as MHD does, unless `any_status`; otherwise any status is meant.
    `now` is what approximate dates are near to.
    """
    asked = Asked(DOCUMENT, Wanted(STATUSES, now or datetime.now(UTC)), Paging(_DOCUMENT_ORDERS))
    asked.take_all(params)
    _require_patient(asked)
    if strict:
        asked.refuse_ignored()
        if not any_status and not asked.given & {"status", "identifier", "_id"}:
            asked.problem("search-status-required", "status")
    return DocumentSearch(**asked.fields())


def lists(params: Iterable[tuple[str, str]], *, strict: bool = False, now: datetime | None = None) -> ListSearch:
    """ITI-66, like `documents`; `strict` demands code and status."""
    asked = Asked(LIST, Wanted(LIST_STATUSES, now or datetime.now(UTC)), Paging(_LIST_ORDERS))
    asked.take_all(params)
    _require_patient(asked)
    if strict:
        asked.refuse_ignored()
        for name in ("code", "status"):
            if name not in asked.given:
                asked.problem(f"search-{name}-required", name)
    return ListSearch(**asked.fields())


def entries(
    resource: str, params: Iterable[tuple[str, str]], *, strict: bool = False, now: datetime | None = None
) -> EntrySearch:
    """Clinical entries of one type, of a patient or by id; `strict` refuses what is not understood."""
    known = TYPES[resource]
    paging = Paging(("date", "_lastUpdated"), known.orders)
    asked = Asked(known.parameters, Wanted(known.statuses, now or datetime.now(UTC)), paging)
    asked.take_all(params)
    if not asked.given & {"patient", "_id"}:
        asked.problem("search-patient-required", "patient")
    if strict:
        asked.refuse_ignored()
    return EntrySearch(**asked.fields(), provenance=asked.wanted.provenance)


def provenances(params: Iterable[tuple[str, str]], *, strict: bool = False) -> EntrySearch:
    """Where entries are from: by the entry, or by the Provenance's own id, which is the entry's."""
    asked = Asked(_PROVENANCE, Wanted((), datetime.now(UTC)), Paging(()))
    asked.take_all(params)
    if not asked.given & {"target", "_id"}:
        asked.problem("search-target-required", "target")
    if strict:
        asked.refuse_ignored()
    targets = asked.wanted.among.get("target", ())
    if targets:
        asked.wanted.narrow("_id", tuple(each.partition("/")[2] for each in targets))
    return EntrySearch(**asked.fields(), targets=targets)


def consents(params: Iterable[tuple[str, str]], *, strict: bool = False, now: datetime | None = None) -> ConsentSearch:
    """By patient or by id; `strict` refuses what is not understood."""
    asked = Asked(CONSENT, Wanted(CONSENT_STATUSES, now or datetime.now(UTC)), Paging(()))
    asked.take_all(params)
    _require_patient(asked)
    if strict:
        asked.refuse_ignored()
    return ConsentSearch(**asked.fields())


def audit_events(
    params: Iterable[tuple[str, str]], *, strict: bool = False, now: datetime | None = None
) -> AuditSearch:
    """The trail of one patient's record; it is counted for who asks for nothing else."""
    asked = Asked(AUDIT_EVENT, Wanted((), now or datetime.now(UTC)), Paging(()))
    asked.take_all(params)
    _require_patient(asked)
    if strict:
        asked.refuse_ignored()
    codes = {f"{name}s": asked.wanted.among.get(name, ()) for name in ("action", "outcome", "type")}
    return AuditSearch(**asked.fields() | codes | {"total": asked.paging.summary_count})


def patients(params: Iterable[tuple[str, str]], *, strict: bool = False) -> tuple[Token, ...]:
    """TD0.2: the identifiers of `Patient?identifier=…`, each with system and value; else `FhirError`. `strict` refuses
    what is not understood."""
    asked = Asked(_PATIENT, Wanted((), datetime.now(UTC)), Paging(()))
    asked.take_all(params)
    if strict:
        asked.refuse_ignored()
    found = asked.fields()["identifiers"]
    if not (found and all(each.system and each.code for each in found)):
        raise errors.failure("search-identifier-required", expression="http.identifier")
    return tuple(found)


def _require_patient(asked: Asked) -> None:
    if not asked.given & {"patient", "identifier", "_id"}:
        asked.problem("search-patient-required", "patient")
