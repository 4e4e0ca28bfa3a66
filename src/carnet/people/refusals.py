"""Deposits of software that were refused: how often a day, by which rule of the public catalogue; of no record and no
document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connections

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.people.operators import note, support_only

SHOWN: Final = timedelta(days=7)
_KEPT: Final = timedelta(days=90)
PAGE: Final = 200
_PARIS: Final = ZoneInfo("Europe/Paris")
_SQL = statements("carnet.people", "support.sql")


@dataclass(frozen=True, slots=True)
class Refusals:
    """Of one software, one day and one rule."""

    day: date
    code: str
    count: int
    name: str
    organisation: str


def count(client_id: UUID, codes: Iterable[str]) -> None:
    """One deposit, with every rule that it broke."""
    values: dict[str, Any] = {"day": _today(), "client_id": client_id, "codes": sorted(set(codes))}
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["refuse"], values)


def lately(actor: Actor, *, begin: int = 0) -> list[Refusals]:
    """Newest day first, then by software, what was refused most first: a page from the row `begin` on, and one row of
    the next."""
    support_only(actor)
    note(actor, "refusals-read", "client")
    found = query(READER, _SQL["refused"], {"after": _today() - SHOWN, "limit": PAGE + 1, "begin": begin})
    return [Refusals(**row) for row in found]


def purge() -> None:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["purge_refused"], {"before": _today() - _KEPT})


def _today() -> date:
    return clock.now().astimezone(_PARIS).date()
