"""Who follows a person, as far as a professional may know it, read in a record that has been entered.

Everybody who reads is told who the médecin traitant is. Whom else the person let in says something of what they are
treated for: it is told to those alone from whom nothing is masked. So are emergency accesses, of which the law has the
médecin traitant told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.facts import As
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.kernel.db import Permit, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Professional

__all__ = ["NOBODY", "Broken", "Circle", "Follower", "named", "read"]

_SQL = statements("carnet.consent", "circle.sql")
_MOST: Final = 8
_RECENT: Final = timedelta(days=92)
_KNOWS_ALL: Final = frozenset({As.ATTENDING.value, As.COORDINATING.value})


@dataclass(frozen=True, slots=True)
class Follower:
    """A professional, or an organisation or a team, of which nothing but the name is known (`professional` None)."""

    id: UUID
    name: str
    professional: Professional | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """An emergency access of the last months, and the reason that was given for it."""

    by: Follower
    reason: str
    mode: Purpose


@dataclass(frozen=True, slots=True)
class Circle:
    attending: tuple[Follower, ...] = ()
    authorised: tuple[Follower, ...] = ()
    emergencies: tuple[Broken, ...] = ()


NOBODY: Final = Circle()
Rows = dict[str, list[dict[str, Any]]]


def read(cursor: CursorWrapper, permit: Permit) -> Rows:
    values: dict[str, Any] = {"record_id": permit.record_id, "most": _MOST, "since": clock.now() - _RECENT}
    asked = ["attending", *(("authorised", "emergencies") if permit.capacity in _KNOWS_ALL else ())]
    found: Rows = {}
    for name in asked:
        cursor.execute(_SQL[name], values)
        found[name] = rows(cursor)
    return found


def named(found: Rows) -> Circle:
    """Once the record is left: who is who is no secret of it."""
    ids = {row["id"] for each in found.values() for row in each}
    known = people.professionals(ids) if ids else {}
    attending = tuple(_followers(found.get("attending", ()), known))
    first = {each.id for each in attending}
    return Circle(
        attending=attending,
        authorised=tuple(each for each in _followers(found.get("authorised", ()), known) if each.id not in first),
        emergencies=tuple(
            Broken(by, row["reason"], Purpose(row["mode"]))
            for row in found.get("emergencies", ())
            for by in _followers((row,), known)
        ),
    )


def _followers(found: Iterable[dict[str, Any]], known: dict[UUID, Professional]) -> Iterable[Follower]:
    for row in found:
        who = known.get(row["id"])
        name = who.name if who else row.get("name", "")
        if name:
            yield Follower(row["id"], name, who, row["since"])
