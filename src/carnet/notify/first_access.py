"""A professional's first access, told to the holder, and to who represents a minor unless it is kept from them. Reading
writes nothing but the trail, so it is found there later: in windows of transaction ids that
have ended, each looked through once, as the sealing does."""

from __future__ import annotations

from typing import Any, Final

from django.db import connections, transaction

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, rows, statements, steward
from carnet.kernel.happened import Happened
from carnet.notify.rules import Kind
from carnet.notify.telling import TOGETHER, put, wanting

_SQL = statements("carnet.notify")
TELL: Final = "notify.first_access"
# One window holds about this many lines of the trail at most, and a run looks through so many windows: what a long rest
# left is caught up with over several runs.
_LINES: Final = 20_000
_WINDOWS: Final = 25


def tell() -> int:
    """The number of notices. What this run leaves and how far it came are committed together: nobody is told twice."""
    told = 0
    with transaction.atomic(using=WRITER):
        horizon = _one("horizon", {})
        for _ in range(_WINDOWS):
            window = _one("window", {"era": horizon.get("era"), "from": str(horizon.get("xid", 0)), "most": _LINES})
            told += _tell_of(window)
            _run("advance", {"era": window["era"], "to": window["to_xid"]})
            if horizon == (horizon := {"era": window["era"], "xid": window["to_xid"]}):
                break
    return told


def _tell_of(window: dict[str, Any]) -> int:
    asked = {
        "era": window["era"],
        "from": str(window["from_xid"]),
        "to": str(window["to_xid"]),
        "hidden": INVISIBLE_PATIENT,
        "kind": Kind.FIRST_ACCESS.value,
        "since": clock.now() - TOGETHER,
    }
    found = _run("first_readings", asked)
    for row in found:
        put(row["person_id"], row["record_id"], Kind.FIRST_ACCESS.value)
    return len(found) + _tell_representatives(asked | {"hidden": INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX})


def _tell_representatives(asked: dict[str, Any]) -> int:
    """Of whom they know: what is done by a secret right is hidden from them, and who has nothing here but what is."""
    told = 0
    for row in _run("first_readings_of_minors", asked):
        with steward(SYSTEM, row["record_id"], trace=None) as cursor:
            cursor.execute(_SQL["known"], row)
            if rows(cursor):
                fact = Happened(Kind.FIRST_ACCESS.value, row["record_id"], row["actor_id"])
                people = wanting(fact, representatives=True)
                for person_id in people:
                    put(person_id, row["record_id"], fact.kind)
                told += len(people)
    return told


def _one(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    return next(iter(_run(statement, values)), {})


def _run(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL[statement], values)
        return rows(cursor) if cursor.description else []
