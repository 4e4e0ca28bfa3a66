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


def without_own_secrets(permit: Permit, lines: Iterable[Line]) -> tuple[Line, ...]:
    """What people said or deposited themselves stays in their sight, masked or kept from who represents them: it is
    left out here. A line is in the words of its first source."""
    with open_record(for_anybody(permit), trace=None) as cursor:
        cursor.execute(_SQL["kept_back"], {"record_id": permit.record_id})
        kept = {row["source_id"] for row in rows(cursor)}
    told = (line for line in lines if not kept.intersection(line.sources[:1]))
    return tuple(replace(line, sources=tuple(each for each in line.sources if each not in kept)) for line in told)
