"""Statements that there is none, or that nothing is known: codes of the International Patient Summary, of SNOMED CT, of
an empty section."""

from __future__ import annotations

from typing import Final

from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.formats.fhir.entries.source import Source

__all__ = ["ABSENT_UNKNOWN", "EMPTY_REASON", "is_coded", "is_stated", "no_information", "none_known"]

ABSENT_UNKNOWN: Final = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
EMPTY_REASON: Final = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_SNOMED: Final = "2.16.840.1.113883.6.96"
# No known allergy, of drugs, food, environment, insects, latex, animals; no current problems; no known medications,
# procedures, immunisations, devices.
_STATED: Final = frozenset(
    {"716186003", "409137002", "429625007", "428607008", "428197003", "716184000", "716220001", "160245001"}
    | {"787481004", "787480003", "787482006", "787483001"}
)


def is_stated(entry: Entry, source: Source) -> bool:
    return source.own("absence").flag("valueBoolean") or is_coded(entry.code)


def is_coded(code: Concept) -> bool:
    return any(
        each.system in (ABSENT_UNKNOWN, EMPTY_REASON) or (each.system == _SNOMED and each.code in _STATED)
        for each in code.codings
    )


def no_information(what: str, display: str) -> Concept:
    """`what` as IPS names it: allergy, medication, problem …"""
    return Concept("", (Coded(f"no-{what}-info", ABSENT_UNKNOWN, display),))


def none_known(what: str, display: str) -> Concept:
    return Concept("", (Coded(f"no-known-{what}", ABSENT_UNKNOWN, display),))
