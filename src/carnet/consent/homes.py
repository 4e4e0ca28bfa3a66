"""Two homes: the trail shows a parent no place of the other's.

While another parent represents the child too, a parent reads who did what and when; where it was, only of what they
did themselves, of whom they opened the record to, of the médecin traitant, whom both know, and of an emergency, since
both must know where the child is. Of a visit nobody says which parent came: so the place of any other one is told to
neither. The child, and whoever is alone in representing, reads every place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.facts import As, Span
from carnet.kernel.actor import ActorKind, Purpose
from carnet.kernel.db import Permit, rows, statements

_SQL = statements("carnet.consent", "homes.sql")
_URGENT: Final = frozenset({Purpose.EMERGENCY.value, Purpose.REGULATION.value})
# What somebody opened the record to, or shut it from, tells of a place as well.
_OF_A_PLACE: Final = frozenset({"professional", "organisation", "team"})
NOBODY: Final = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Made:
    """What the rule looks at of a line."""

    at: datetime
    actor_id: UUID
    organisation_id: UUID | None
    purpose: str


@dataclass(frozen=True, slots=True)
class Homes:
    """`others`: when another parent represented the child; `given`: to whom this one opened the record, and when."""

    reader: UUID
    others: tuple[Span, ...] = ()
    given: tuple[tuple[UUID, Span], ...] = ()
    attending: tuple[tuple[UUID, Span], ...] = ()


def tells_place(line: Made, homes: Homes) -> bool:
    if not any(span.holds(line.at) for span in homes.others):
        return True
    if line.actor_id == homes.reader or line.purpose in _URGENT:
        return True
    if any(who == line.actor_id and span.holds(line.at) for who, span in homes.attending):
        return True
    known = {line.actor_id, line.organisation_id}
    return any(who in known and span.holds(line.at) for who, span in homes.given)


def of_reader(cursor: CursorWrapper, permit: Permit) -> Homes | None:
    """In a record that has been entered; None for whom every place is told."""
    if permit.purpose is not Purpose.REPRESENTATIVE or permit.capacity != As.REPRESENTATIVE:
        return None
    values = {"record_id": permit.record_id, "reader": permit.actor.id}
    others = tuple(_span(row) for row in _all(cursor, "others", values))
    if not others:
        return None
    return Homes(
        permit.actor.id,
        others,
        given=tuple((row["who"], _span(row)) for row in _all(cursor, "given", values)),
        attending=tuple((row["who"], _span(row)) for row in _all(cursor, "attending", values)),
    )


def without_places(found: Iterable[dict[str, Any]], homes: Homes | None) -> list[dict[str, Any]]:
    """Rows of the trail as this reader may be told. Software is of a house, and has no name then."""
    return [row if homes is None or _told(row, homes) else _placeless(row) for row in found]


def _told(row: dict[str, Any], homes: Homes) -> bool:
    return tells_place(Made(row["at"], row["actor_id"], row["organisation_id"], row["purpose"]), homes)


def _placeless(row: dict[str, Any]) -> dict[str, Any]:
    hidden = {"organisation_id": None, "door": row["door"].partition(":")[0]}
    if row["actor_kind"] == ActorKind.CLIENT.value:
        hidden["actor_id"] = NOBODY
    if row["target_kind"] in _OF_A_PLACE and row["target_id"] != row["actor_id"]:
        hidden["target_id"] = None
    return row | hidden


def _span(row: dict[str, Any]) -> Span:
    return Span(row["since"], row["until"])


def _all(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[statement], values)
    return rows(cursor)
