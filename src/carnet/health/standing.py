"""Whether a fact holds as its words sound: denied, not sure, planned, not done; and of what « none » is said. Pure.

« Not known » is never « none », and « none of this » is never « none at all »."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from carnet.formats.clinical.model import (
    Allergy,
    Dispensation,
    Encounter,
    Entry,
    Observation,
    Prescription,
    Problem,
    Treatment,
    Vaccination,
)
from carnet.formats.entry import Coded

__all__ = ["Absence", "Standing", "absence_of", "did_happen", "standing_of", "told_unknown"]


class Absence(StrEnum):
    """What a line of absence says: that there is none at all of its section; that nobody knows; that one thing, or one
    part of the section (no food allergy), is not there."""

    NONE = "none"
    UNKNOWN = "unknown"
    OTHER = "other"


class Standing(StrEnum):
    HOLDS = ""
    REFUTED = "refuted"
    UNSURE = "unsure"
    PLANNED = "planned"
    NOT_DONE = "not-done"
    STOPPED = "stopped"
    IN_ERROR = "entered-in-error"


_SNOMED: Final = "2.16.840.1.113883.6.96"
# Of a whole section, in the International Patient Summary, in an empty section of FHIR, and in SNOMED CT.
_WHOLE: Final = frozenset(
    {"no-known-allergies", "no-known-problems", "no-known-medications", "no-known-procedures", "no-known-devices"}
    | {"no-known-immunizations", "nilknown"}
)
_WHOLE_SNOMED: Final = frozenset(
    (_SNOMED, code)
    for code in ("716186003", "160245001", "160244002", "787480003", "787481004", "787482006", "787483001")
)
_UNKNOWN: Final = frozenset({"unavailable", "notasked", "withheld", "notstarted"})
_STATES: Final = {
    "entered-in-error": Standing.IN_ERROR,
    "refuted": Standing.REFUTED,
    "unconfirmed": Standing.UNSURE,
    "provisional": Standing.UNSURE,
    "differential": Standing.UNSURE,
    "planned": Standing.PLANNED,
    "preparation": Standing.PLANNED,
    "intended": Standing.PLANNED,
    "draft": Standing.PLANNED,
    "not-done": Standing.NOT_DONE,
    "not-taken": Standing.NOT_DONE,
    "cancelled": Standing.NOT_DONE,
    "declined": Standing.NOT_DONE,
    "stopped": Standing.STOPPED,
}
_PROPOSED: Final = frozenset({"proposal"})
_DAY: Final = 10


def told_unknown(entry: Entry) -> bool:
    """That nothing is known, and not that there is nothing."""
    return any(each.code in _UNKNOWN or each.code.endswith("-info") for each in _codes(entry))


def absence_of(entry: Entry) -> Absence:
    """Of a line that says that something is not there. An observation that is denied is about itself alone, unless it
    bears the code by which an empty section is stated."""
    if told_unknown(entry):
        return Absence.UNKNOWN
    whole = any(each.code in _WHOLE or (each.system, each.code) in _WHOLE_SNOMED for each in _codes(entry))
    return Absence.NONE if whole else Absence.OTHER


def _codes(entry: Entry) -> tuple[Coded, ...]:
    if isinstance(entry, Treatment | Prescription | Dispensation | Vaccination) and entry.product:
        return (*entry.code.codings, *entry.product.code.codings)
    return entry.code.codings


def standing_of(entry: Entry, today: str = "") -> Standing:
    """`today`, as 2026-11-26: what is to come, and is not said to be done, is planned."""
    state = entry.verification if isinstance(entry, Problem | Allergy) else entry.status
    if isinstance(entry, Prescription) and entry.intent in _PROPOSED and state not in _STATES:
        return Standing.PLANNED
    found = _STATES.get(state, Standing.HOLDS)
    to_come = bool(today) and entry.when.start[:_DAY] > today[: len(entry.when.start)]
    if to_come and state in {"", "unknown"} and not isinstance(entry, Observation | Problem | Allergy):
        return Standing.PLANNED
    return found


def did_happen(entry: Entry, today: str = "") -> bool:
    """Whether an act or a stay took place, or began to."""
    found = standing_of(entry, today)
    if found is Standing.STOPPED and not isinstance(entry, Encounter):
        return True
    return found in {Standing.HOLDS, Standing.UNSURE}
