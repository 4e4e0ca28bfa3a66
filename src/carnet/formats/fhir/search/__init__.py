"""Searches of the FHIR interface: what the parameters ask for, and the index by which stored rows answer.

The functions of `searches` read the parameters; `index` and `entry_index` make what a row is found by. Both sides meet
in `keys` (codes and identifiers) and `names` (strings).
"""

from __future__ import annotations

from carnet.formats.fhir.search.dates import Interval, PeriodTest
from carnet.formats.fhir.search.references import PatientRef, patient_reference, resource_id
from carnet.formats.fhir.search.results import (
    DEFAULT_COUNT,
    MAX_COUNT,
    AuditSearch,
    ConsentSearch,
    DocumentSearch,
    EntrySearch,
    ListSearch,
    Search,
    SortKey,
    Words,
)
from carnet.formats.fhir.search.searches import (
    CONSENT_STATUSES,
    LIST_STATUSES,
    STATUSES,
    audit_events,
    consents,
    documents,
    entries,
    lists,
    patients,
    provenances,
)
from carnet.formats.fhir.search.text import alternatives
from carnet.formats.fhir.search.tokens import Token, ins_systems, token, unique_id

__all__ = [
    "CONSENT_STATUSES",
    "DEFAULT_COUNT",
    "LIST_STATUSES",
    "MAX_COUNT",
    "STATUSES",
    "AuditSearch",
    "ConsentSearch",
    "DocumentSearch",
    "EntrySearch",
    "Interval",
    "ListSearch",
    "PatientRef",
    "PeriodTest",
    "Search",
    "SortKey",
    "Token",
    "Words",
    "alternatives",
    "audit_events",
    "consents",
    "documents",
    "entries",
    "ins_systems",
    "lists",
    "patient_reference",
    "patients",
    "provenances",
    "resource_id",
    "token",
    "unique_id",
]
