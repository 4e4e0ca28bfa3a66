"""Services of organisations and who is of them, taken in whole from a file, in the manner of the national extract: one
transaction, in which a whole file replaces what such files brought, and a difference speaks of the services that it
names. Who is of a service no more reads nothing by it on their next request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from django.db import connections, transaction

from carnet.formats import services_list
from carnet.formats.services_list import NUMBER, SERVICE, STRUCTURE, Refused, Service
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, rows, statements
from carnet.people.extract import MOST_WITHDRAWN, NothingSaid, Refuse, TooManyLeave

_SQL = statements("carnet.people", "services.sql")
_PARIS: Final = ZoneInfo("Europe/Paris")
_BATCH: Final = 2000
_FEWEST: Final = 3
_UNKNOWN: Final = {
    "structure": Refused(
        STRUCTURE,
        "structure-unknown",
        "Cette structure est inconnue, ou elle est elle-même un service : reprenez d'abord l'extraction nationale.",
    ),
    "service": Refused(SERVICE, "service-taken", "Ce nom est celui d'autre chose dans une autre structure."),
    "who": Refused(
        NUMBER, "no-professional", "Ce professionnel est inconnu : reprenez d'abord l'extraction nationale."
    ),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of services changed, in numbers."""

    lines: int
    refused: int
    services_added: int
    services_renamed: int
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
        lines = _Lines(files, refuse)
        with cursor.copy(_SQL["copy"]) as copy:
            for batch in lines.batches():
                copy.write(batch)
        refused = lines.refused + _unknown(cursor, refuse)
        if lines.read == refused:
            raise NothingSaid
        taken = Taken(lines=lines.read, refused=refused, **_applied(cursor, whole, most_withdrawn))
        cursor.execute(_SQL["empty"])
        _journal(actor, taken, whole)
    return taken


def _unknown(cursor: Any, refuse: Refuse) -> int:
    cursor.execute(_SQL["unknown"])
    found = sorted(cursor.fetchall())
    for name, number, what in found:
        refuse(name, number, _UNKNOWN[what])
    return len(found)


def _applied(cursor: Any, whole: bool, most_withdrawn: float) -> dict[str, int]:  # noqa: FBT001
    cursor.execute(_SQL["services"])
    (counts,) = rows(cursor)
    cursor.execute(_SQL["leaving"], {"whole": whole})
    leaving = rows(cursor)
    cursor.execute(_SQL["listed"])
    (listed,) = rows(cursor)
    if len(leaving) > _FEWEST and len(leaving) * 100 > most_withdrawn * listed["listed"]:
        raise TooManyLeave(len(leaving), listed["listed"])
    cursor.execute(_SQL["end"], {"ids": [each["id"] for each in leaving]})
    cursor.execute(_SQL["begin_situations"])
    begun = rows(cursor)
    moved = sorted({each["professional_id"] for each in (*leaving, *begun)})
    cursor.execute(_SQL["epochs"], {"moved": moved})
    return {**counts, "situations_begun": len(begun), "situations_ended": len(leaving)}


def _journal(actor: Actor, taken: Taken, whole: bool) -> None:  # noqa: FBT001
    """How many, and nobody's name."""
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=None,
        capacity="owner",
        action="directory-services" if whole else "directory-services-difference",
        target_kind="directory",
        detail=f"lines={taken.lines} refused={taken.refused} added={taken.services_added} "
        f"begun={taken.situations_begun} ended={taken.situations_ended}",
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
            for number, line in services_list.read(file, today):
                self.read += 1
                if isinstance(line, Service):
                    state = "ended" if line.ended else "active"
                    yield _row(name, number, state, *line[:-1])
                    continue
                self.refused += 1
                self._refuse(name, number, line)
                if line.who:
                    yield _row(name, number, "refused", "", "", "", line.who, "")


def _row(name: str, number: int, *values: str) -> str:
    """Every value is printable but perhaps the file's name: a backslash is all else that has to be escaped."""
    plain = "".join(each if each.isprintable() else "?" for each in name)
    return "\t".join((plain, str(number), *values)).replace("\\", "\\\\") + "\n"
