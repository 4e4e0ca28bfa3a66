"""The national extract taken in whole: streamed into a staging table, then done to everybody at once.

One transaction: who reads meanwhile sees the directory of before, then that of after. A whole extract replaces what
extracts brought; a difference speaks of those whom it names. Nobody who was put there by our own file leaves because an
extract is silent about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from django.db import connections, transaction

from carnet.formats import annuaire
from carnet.formats.annuaire import Activity, FileRefused, Refused
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, statements

__all__ = ["MOST_WITHDRAWN", "FileRefused", "NothingSaid", "Refuse", "Taken", "TooManyLeave", "take"]

MOST_WITHDRAWN: Final = 2.0
"""Percent of those whom extracts brought: a file that was cut short would take away more."""

_SQL = statements("carnet.people", "extract.sql")
_PARIS: Final = ZoneInfo("Europe/Paris")
_BATCH: Final = 2000
_FEWEST: Final = 3
"""Withdrawals that stop nothing, however few there are in all."""


class TooManyLeave(Exception):
    """Nothing was done."""

    def __init__(self, leaving: int, listed: int) -> None:
        self.leaving, self.listed = leaving, listed
        super().__init__(f"{leaving} of {listed}")


class NothingSaid(Exception):
    """No line of it could be used: nothing was done."""


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


Refuse = Callable[[str, int, Refused], None]
"""Told of each refused line: the file's name, the line's number, what is wrong."""


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
        lines = _Lines(files, refuse)
        with cursor.copy(_SQL["copy"]) as copy:
            for batch in lines.batches():
                copy.write(batch)
        if lines.read == lines.refused:
            raise NothingSaid
        counts = _applied(cursor, whole, most_withdrawn)
        taken = Taken(lines=lines.read, refused=lines.refused, **counts)
        cursor.execute(_SQL["empty"])
        _journal(actor, taken, whole)
    return taken


def _applied(cursor: Any, whole: bool, most_withdrawn: float) -> dict[str, int]:  # noqa: FBT001
    counts = _one(cursor, "organisations")
    cursor.execute(_SQL["settle"])
    cursor.execute(_SQL["leaving"], {"whole": whole})
    share = _one(cursor, "share")
    if share["leaving"] > _FEWEST and share["leaving"] * 100 > most_withdrawn * share["listed"]:
        raise TooManyLeave(share["leaving"], share["listed"])
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


def _journal(actor: Actor, taken: Taken, whole: bool) -> None:  # noqa: FBT001
    """How many, and nobody's name."""
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=None,
        capacity="owner",
        action="directory-import" if whole else "directory-difference",
        target_kind="directory",
        detail=f"lines={taken.lines} refused={taken.refused} added={taken.added} changed={taken.changed} "
        f"returned={taken.returned} withdrawn={taken.withdrawn}",
    )


class _Lines:
    """What is read, as text for COPY; counts as it goes."""

    def __init__(self, files: Iterable[tuple[str, BinaryIO]], refuse: Refuse) -> None:
        self._files, self._refuse = files, refuse
        self.read = self.refused = 0

    def batches(self) -> Iterator[str]:
        batch: list[str] = []
        for row in self._rows():
            batch.append(row)
            if len(batch) >= _BATCH:
                yield "".join(batch)
                batch.clear()
        yield "".join(batch)

    def _rows(self) -> Iterator[str]:
        today = clock.now().astimezone(_PARIS).date()
        for name, file in self._files:
            for number, line in annuaire.read(file, today):
                self.read += 1
                if isinstance(line, Activity):
                    yield _row(self.read, line)
                    continue
                self.refused += 1
                self._refuse(name, number, line)
                if line.who:
                    yield f"{self.read}\trefused\t{line.who}" + "\t" * 10 + "\n"


def _row(number: int, line: Activity) -> str:
    """Every value is printable: a backslash is all that has to be escaped."""
    state = "ended" if line.ended else "active"
    return f"{number}\t{state}\t" + "\t".join(line[:-1]).replace("\\", "\\\\") + "\n"
