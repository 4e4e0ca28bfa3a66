"""Files that say who may do what, streamed into a staging table before any of it is done: what the national extract and
our file of services share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from carnet.formats.annuaire import Refused
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose

MOST_WITHDRAWN: Final = 2.0
"""Percent of those whom such files brought: one that was cut short would take away more."""

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


Refuse = Callable[[str, int, Refused], None]
"""Told of each refused line: the file's name, the line's number, what is wrong."""
Read = Callable[[BinaryIO, date], Iterator[tuple[int, Any]]]
"""The lines of a file by their numbers, as of a day; a `Refused` for what is wrong."""
Row = Callable[[str, int, int, Any], str]
"""A line as text for COPY, by the file's name, its number there and among all; "" for one that leaves nothing."""


class Lines:
    """What is read, as text for COPY; counts as it goes."""

    def __init__(self, files: Iterable[tuple[str, BinaryIO]], read: Read, row: Row, refuse: Refuse) -> None:
        self._files, self._read, self._row, self._refuse = files, read, row, refuse
        self.read = self.refused = 0

    def copied(self, cursor: Any, statement: str) -> None:
        with cursor.copy(statement) as copy:
            for batch in self._batches():
                copy.write(batch)

    def _batches(self) -> Iterator[str]:
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
            for number, line in self._read(file, today):
                self.read += 1
                if isinstance(line, Refused):
                    self.refused += 1
                    self._refuse(name, number, line)
                if row := self._row(name, number, self.read, line):
                    yield row


def may_leave(leaving: int, listed: int, most_withdrawn: float) -> None:
    """Raises `TooManyLeave` when more percent would."""
    if leaving > _FEWEST and leaving * 100 > most_withdrawn * listed:
        raise TooManyLeave(leaving, listed)


def journal(actor: Actor, action: str, **numbers: int) -> None:
    """How many, and nobody's name."""
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=None,
        capacity="owner",
        action=action,
        target_kind="directory",
        detail=" ".join(f"{name}={number}" for name, number in numbers.items()),
    )
