"""Searches of the FHIR interface: what the parameters ask for, and the index by which stored rows answer.

`documents`, `lists` and `patients` read the parameters; `index` makes what a row is found by. Both sides meet in
`keys` (codes and identifiers) and `names` (strings).
"""

from __future__ import annotations

from carnet.formats.fhir.search.dates import Interval, PeriodTest
from carnet.formats.fhir.search.references import PatientRef, patient_reference, resource_id
from carnet.formats.fhir.search.results import (
    DEFAULT_COUNT,
    MAX_COUNT,
    DocumentSearch,
    ListSearch,
    Search,
    SortKey,
)
from carnet.formats.fhir.search.searches import LIST_STATUSES, STATUSES, documents, lists, patients
from carnet.formats.fhir.search.text import alternatives
from carnet.formats.fhir.search.tokens import Token, ins_systems, token, unique_id

__all__ = [
    "DEFAULT_COUNT",
    "LIST_STATUSES",
    "MAX_COUNT",
    "STATUSES",
    "DocumentSearch",
    "Interval",
    "ListSearch",
    "PatientRef",
    "PeriodTest",
    "Search",
    "SortKey",
    "Token",
    "alternatives",
    "documents",
    "ins_systems",
    "lists",
    "patient_reference",
    "patients",
    "resource_id",
    "token",
    "unique_id",
]
