"""With what a carer helps, and which documents that lets them read. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from carnet.formats.terminology import document_types


class Right(StrEnum):
    """Messages have no page yet: what was given holds from the day on which they have one."""

    DOCUMENTS = "documents"
    TREATMENTS = "treatments"
    APPOINTMENTS = "appointments"
    MESSAGES = "messages"
    MEASURES = "measures"


# Advance directives, and what a person wants for themselves, are theirs and their professionals' (dmp_rules 8.6).
WISHES: Final = frozenset({"EXPPAT_1", "EXPPAT_3"})
# Prescriptions, dispensations and administrations of treatments, and vaccinations: of the national list of types
# (JDV_J66/J07, reference/document_types.json) the categories ORD_SOIN and CAR_VAC, without sick leave, requests of
# examinations, care plans and protocols, which say what somebody has rather than what they take.
TREATMENTS: Final = frozenset(
    {
        "57828-6",
        "57832-8",
        "57833-6",
        "PRESC-INF",
        "PRESC-KINE",
        "PRESC-ORTHOPHO",
        "PRESC-ORTHOPTIE",
        "PRESC-PEDI",
        "61357-0",
        "75468-9",
        "60593-1",
        "DISP_AUT",
        "80565-5",
        "DOCPAT02",
        "11369-6",
        "87273-9",
        "96874-3",
    }
)
# Sheets of vital signs, under which what people measure themselves is kept too.
MEASURES: Final = frozenset({"29274-8"})
# What tells of an appointment and of nothing else. A visit that another document plans stays with that document: who
# does not read it is not told that it is planned.
APPOINTMENTS: Final = frozenset({"56446-8"})
# Rights that say something of health, in which a carer who acts may say something too.
STATED: Final = frozenset({Right.DOCUMENTS, Right.TREATMENTS, Right.MEASURES})
_IN_PART: Final = {Right.TREATMENTS: TREATMENTS, Right.APPOINTMENTS: APPOINTMENTS, Right.MEASURES: MEASURES}
_EVERY: Final = range(256)


def types_of(rights: Iterable[str]) -> str:
    """As a grant has them."""
    return _types(frozenset(rights))


@lru_cache(maxsize=64)
def _types(rights: frozenset[str]) -> str:
    return "".join("1" if _read(ordinal, rights) else "0" for ordinal in _EVERY)


def _read(ordinal: int, rights: frozenset[str]) -> bool:
    kind = document_types.by_ordinal(ordinal)
    if kind is None or kind.code in WISHES:
        return False
    return Right.DOCUMENTS in rights or any(kind.code in types for right, types in _IN_PART.items() if right in rights)
