"""Services of organisations and who is of them, taken in whole from a file, in the manner of the national extract: one
transaction, in which a whole file replaces what such files brought, and a difference speaks of the services that it
names. Who is of a service no more reads nothing by it on their next request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.db import connections, transaction

from carnet.formats import services_list
from carnet.formats.services_list import NUMBER, SERVICE, STRUCTURE, Refused, Service
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, rows, statements
from carnet.people.staging import MOST_WITHDRAWN, Lines, NothingSaid, Refuse, journal, may_leave

_SQL = statements("carnet.people", "services.sql")
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
        lines = Lines(files, services_list.read, _row, refuse)
        lines.copied(cursor, _SQL["copy"])
        refused = lines.refused + _unknown(cursor, refuse)
        if lines.read == refused:
            raise NothingSaid
        taken = Taken(lines=lines.read, refused=refused, **_applied(cursor, whole, most_withdrawn))
        cursor.execute(_SQL["empty"])
        _journal(actor, "directory-services" if whole else "directory-services-difference", taken)
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
    may_leave(len(leaving), listed["listed"], most_withdrawn)
    cursor.execute(_SQL["end"], {"ids": [each["id"] for each in leaving]})
    cursor.execute(_SQL["begin_situations"])
    begun = rows(cursor)
    moved = sorted({each["professional_id"] for each in (*leaving, *begun)})
    cursor.execute(_SQL["epochs"], {"moved": moved})
    return {**counts, "situations_begun": len(begun), "situations_ended": len(leaving)}


def _journal(actor: Actor, action: str, taken: Taken) -> None:
    journal(
        actor,
        action,
        lines=taken.lines,
        refused=taken.refused,
        added=taken.services_added,
        begun=taken.situations_begun,
        ended=taken.situations_ended,
    )


def _row(name: str, number: int, _rank: int, line: Service | Refused) -> str:
    """Every value is printable but perhaps the file's name: a backslash is all else that has to be escaped. Whom a
    refused line names keeps their place."""
    if isinstance(line, Refused):
        values = ["refused", "", "", "", line.who, ""] if line.who else []
    else:
        values = ["ended" if line.ended else "active", *line[:-1]]
    plain = "".join(each if each.isprintable() else "?" for each in name)
    return "\t".join((plain, str(number), *values)).replace("\\", "\\\\") + "\n" if values else ""
