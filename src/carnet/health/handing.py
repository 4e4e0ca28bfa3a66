"""What a person hands to others on paper or as a document: nothing of what is kept from anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX, MASQUE_PS
from carnet.health.queries import Line
from carnet.kernel.db import Permit, open_record, rows, statements

_SQL = statements("carnet.health", "profile.sql")


def for_anybody(permit: Permit) -> Permit:
    """The same record, with every label hidden: who has the paper is not asked for a right any more."""
    return replace(permit, hidden=permit.hidden | MASQUE_PS | INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX)


def without_masked(permit: Permit, lines: Iterable[Line]) -> tuple[Line, ...]:
    """One's own words stay in one's sight, hidden or not: they are left out here."""
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["own_sources"], {"record_id": permit.record_id})
        masked = {row["source_id"] for row in rows(cursor) if row["masked"]}
    return tuple(line for line in lines if line.said_by == "document" or not masked.intersection(line.sources))
