"""What each profession may note in a record as an entry of its own: `data/noting.json`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Final

from carnet.formats.terminology import professions, systems
from carnet.formats.terminology.table import Table, read

__all__ = ["Note", "kinds", "parse"]

_FILE: Final = "noting.json"


class Note(StrEnum):
    """What can be noted without a document."""

    PROBLEM = "problem"
    ALLERGY = "allergy"
    VACCINATION = "vaccination"
    MEASURE = "measure"
    TARGET = "target"


def parse(table: Table) -> Mapping[tuple[str, str], frozenset[Note]]:
    found: dict[tuple[str, str], frozenset[Note]] = {}
    for row in table.rows("rows"):
        key = systems.canonical(row.required("system")), row.required("code")
        named = row.texts("kinds")
        if not professions.known(*key) or key in found or not named or set(named) - set(Note):
            raise row.error("is no profession, is there twice, or names what cannot be noted")
        found[key] = frozenset(map(Note, named))
    return found


@cache
def _all() -> Mapping[tuple[str, str], frozenset[Note]]:
    return parse(read(_FILE))


def kinds(profession_system: str, profession_code: str) -> frozenset[Note]:
    """Nothing for who is in no row. The system is an OID, a URI or a short name; combined codes are split."""
    profession, _ = professions.split(profession_code, profession_system)
    return _all().get((systems.canonical(profession.system), profession.code), frozenset())
