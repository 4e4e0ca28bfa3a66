"""What a person hands to others on paper or as a document: nothing of what is kept from anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX, MASQUE_PS
from carnet.health import queries
from carnet.health.queries import Line
from carnet.kernel.db import Permit, open_record, rows, statements

_SQL = statements("carnet.health", "profile.sql")


def for_anybody(permit: Permit) -> Permit:
    """The same record, with every label hidden: who has the paper is not asked for a right any more."""
    return replace(permit, hidden=permit.hidden | MASQUE_PS | INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX)


def without_own_secrets(permit: Permit, lines: Sequence[Line]) -> tuple[Line, ...]:
    """What people said or deposited themselves stays in their sight, masked or kept from who represents them: it is
    left out here. A line is in the words of its first source; where those are left out, in those of the newest that
    may be told."""
    with open_record(for_anybody(permit), trace=None) as cursor:
        asked = {"record_id": permit.record_id, "actor_id": permit.actor.id}
        cursor.execute(_SQL["kept_back"], asked)
        kept = {row["source_id"] for row in rows(cursor)}
        unsaid = [line.fact for line in lines if kept.intersection(line.sources[:1]) and not line.struck]
        cursor.execute(_SQL["instead"], asked | {"facts": unsaid})
        instead = {row["fact"]: queries.line(row) for row in rows(cursor)}
    told = (instead.get(line.fact) if kept.intersection(line.sources[:1]) else line for line in lines)
    sources = {line.fact: tuple(each for each in line.sources if each not in kept) for line in lines}
    return tuple(replace(line, sources=sources[line.fact]) for line in told if line)
