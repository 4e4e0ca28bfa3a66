"""The national extract taken in whole: streamed into a staging table, then done to everybody at once.

One transaction: who reads meanwhile sees the directory of before, then that of after. A whole extract replaces what
extracts brought; a difference speaks of those whom it names. Nobody who was put there by our own file leaves because an
extract is silent about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import connections, transaction

from carnet.formats import annuaire
from carnet.formats.annuaire import Activity, FileRefused, Refused
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, statements
from carnet.people.staging import MOST_WITHDRAWN, Lines, NothingSaid, Refuse, TooManyLeave, journal, may_leave

__all__ = ["MOST_WITHDRAWN", "FileRefused", "NothingSaid", "Refuse", "Taken", "TooManyLeave", "take"]

_SQL = statements("carnet.people", "extract.sql")


@dataclass(frozen=True, slots=True)
class Taken:
    """What an extract changed, in numbers."""

    lines: int
    refused: int
    added: int
    changed: int
    returned: int
    withdrawn: int
    same: int
    organisations_added: int
    organisations_changed: int
    situations_begun: int
    situations_ended: int


def take(
    actor: Actor,
    files: Iterable[tuple[str, BinaryIO]],
    *,
    whole: bool,
    most_withdrawn: float = MOST_WITHDRAWN,
    refuse: Refuse,
) -> Taken:
    """Raises `FileRefused`, `NothingSaid`, or `TooManyLeave` when more percent than `most_withdrawn` would leave."""
    with transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["begin"])
        cursor.execute(_SQL["empty"])
        lines = Lines(files, annuaire.read, _row, refuse)
        lines.copied(cursor, _SQL["copy"])
        if lines.read == lines.refused:
            raise NothingSaid
        counts = _applied(cursor, whole, most_withdrawn)
        taken = Taken(lines=lines.read, refused=lines.refused, **counts)
        cursor.execute(_SQL["empty"])
        _journal(actor, "directory-import" if whole else "directory-difference", taken)
    return taken


def _applied(cursor: Any, whole: bool, most_withdrawn: float) -> dict[str, int]:  # noqa: FBT001
    counts = _one(cursor, "organisations")
    cursor.execute(_SQL["settle"])
    cursor.execute(_SQL["leaving"], {"whole": whole})
    share = _one(cursor, "share")
    may_leave(share["leaving"], share["listed"], most_withdrawn)
    for name in ("actors", "professionals", "compare", "list", "change", "rename"):
        cursor.execute(_SQL[name], {})
    counts |= _one(cursor, "begin_situations") | _one(cursor, "end_situations")
    cursor.execute(_SQL["withdraw"])
    cursor.execute(_SQL["epochs"])
    return counts | _one(cursor, "told")


def _one(cursor: Any, name: str) -> dict[str, int]:
    cursor.execute(_SQL[name])
    names = [column.name for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _journal(actor: Actor, action: str, taken: Taken) -> None:
    told = ("lines", "refused", "added", "changed", "returned", "withdrawn")
    journal(actor, action, **{name: getattr(taken, name) for name in told})


def _row(_name: str, _number: int, rank: int, line: Activity | Refused) -> str:
    """Every value is printable: a backslash is all that has to be escaped. Whom a refused line names stays."""
    if isinstance(line, Refused):
        return f"{rank}\trefused\t{line.who}" + "\t" * 10 + "\n" if line.who else ""
    state = "ended" if line.ended else "active"
    return f"{rank}\t{state}\t" + "\t".join(line[:-1]).replace("\\", "\\\\") + "\n"
