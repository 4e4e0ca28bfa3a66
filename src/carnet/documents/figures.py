"""What a professional put into records and read in them, counted from the trail: their own lines alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from carnet.kernel.actor import Actor
from carnet.kernel.db import as_actor, rows, statements

__all__ = ["MONTHS", "Month", "own"]

_SQL = statements("carnet.documents", "figures.sql")
_FRANCE: Final = ZoneInfo("Europe/Paris")
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Month:
    """`key` is year and month. `opened`: in how many records something was read; `emergencies`: how often the glass was
    broken."""

    key: str
    deposited: int = 0
    noted: int = 0
    withdrawn: int = 0
    opened: int = 0
    emergencies: int = 0


def own(actor: Actor, now: datetime) -> tuple[Month, ...]:
    """The last twelve months, this one first."""
    keys = _keys(now.astimezone(_FRANCE))
    year, month = map(int, keys[-1].split("-"))
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["own"], {"since": datetime(year, month, 1, tzinfo=_FRANCE)})
        return of(keys, rows(cursor))


def _keys(local: datetime) -> list[str]:
    counted = local.year * 12 + local.month - 1
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(counted, counted - MONTHS, -1)]


def of(keys: Iterable[str], found: Iterable[Mapping[str, Any]]) -> tuple[Month, ...]:
    """Pure."""
    known = {(row["month"], row["what"]): row for row in found}

    def times(key: str, what: str, column: str = "times") -> int:
        return int(known[key, what][column]) if (key, what) in known else 0

    return tuple(
        Month(
            key,
            deposited=times(key, "deposit"),
            noted=times(key, "note"),
            withdrawn=times(key, "withdrawn"),
            opened=times(key, "read", "records"),
            emergencies=times(key, "emergency"),
        )
        for key in keys
    )
