"""A professional's first access, told to the holder, and to who represents a minor unless it is kept from them. Reading
writes nothing but the trail, so it is found there later: in windows of transaction ids that
have ended, each looked through once, as the sealing does.

What a mail told stays told, as what was looked at in the trail does: that it was told is a line of the trail, for
auditors and for `record.told_until` alone.

Who lists says nothing of any document. Who opened one, by its address, is told of as the trail tells of it: to nobody
from whom that document is withheld. That is looked for in the record, in the sight of who would be told."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX, MASQUE_PS, As
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, note, rows, statements, steward, steward_permit
from carnet.kernel.happened import Happened
from carnet.notify.rules import Kind
from carnet.notify.telling import put_together, wanting

_SQL = statements("carnet.notify")
TELL: Final = "notify.first_access"
# One window holds about this many lines of the trail at most, and a run looks through so many windows: what a long rest
# left is caught up with over several runs.
_LINES: Final = 20_000
_WINDOWS: Final = 25
# As `trail.first_accesses` has them.
_READINGS: Final = (
    *("document-open", "document-page", "document-read", "documents-list", "documents-search", "entries-list"),
    *("entries-search", "everything-read", "new-since-read", "summary-deposited", "summary-read"),
)
_BY_RIGHT: Final = (As.ATTENDING, As.COORDINATING, As.ADMINISTRATOR, As.AUTHORISED, As.TEAM, As.DEPUTY)
_BY_HAND: Final = (As.RECIPIENT,)
_ANYBODY: Final = MASQUE_PS | INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX


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
    }
    told = _tell_holders(asked)
    return told + _tell_representatives(asked | {"hidden": INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX})


def _tell_holders(asked: dict[str, Any]) -> int:
    """Two that came together are one."""
    told: dict[UUID, bool] = {}
    for row in _run("first_accesses", asked):
        person_id = row["person_id"]
        with steward(SYSTEM, row["record_id"], trace=None) as cursor:
            if row["named"] and not _is_first(cursor, asked, row):
                continue
            if person_id not in told:
                told[person_id] = put_together(person_id, row["record_id"], Kind.FIRST_ACCESS.value)
            _remember(cursor, row, As.HOLDER)
    return sum(told.values())


def _remember(cursor: CursorWrapper, row: dict[str, Any], whom: As) -> None:
    """By the capacity in which they look at the trail; it would tell of what is kept from some of them."""
    told = Trace("first-access-told", "professional", row["actor_id"], whom.value, _ANYBODY)
    note(cursor, steward_permit(SYSTEM, row["record_id"]), told)


def _is_first(cursor: CursorWrapper, asked: dict[str, Any], row: dict[str, Any]) -> bool:
    """By the trail of the record that has been entered, as they are told it from whom `asked["hidden"]` is hidden."""
    capacities = [each.value for each in (_BY_HAND if row["handed"] else _BY_RIGHT)]
    values = asked | row | {"readings": list(_READINGS), "capacities": capacities}
    cursor.execute(_SQL["sight"], values | {"hidden": 0})
    cursor.execute(_SQL["shown_late"], values)
    values |= rows(cursor)[0]
    cursor.execute(_SQL["sight"], values)
    cursor.execute(_SQL["told_first"], values)
    return bool(rows(cursor)[0]["first"])


def _tell_representatives(asked: dict[str, Any]) -> int:
    """Of whom they know: what is done by a secret right is hidden from them, who has nothing here but what is, and what
    somebody whom they know reads in a visit that is kept secret."""
    told = 0
    for row in _run("first_accesses_of_minors", asked):
        with steward(SYSTEM, row["record_id"], trace=None) as cursor:
            cursor.execute(_SQL["known"], row)
            if rows(cursor) and _is_first(cursor, asked, row):
                fact = Happened(Kind.FIRST_ACCESS.value, row["record_id"], row["actor_id"])
                people = wanting(fact, representatives=True)
                told += sum(put_together(person_id, row["record_id"], fact.kind) for person_id in people)
                if people:
                    _remember(cursor, row, As.REPRESENTATIVE)
    return told


def _one(statement: str, values: dict[str, Any]) -> dict[str, Any]:
    return next(iter(_run(statement, values)), {})


def _run(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL[statement], values)
        return rows(cursor) if cursor.description else []
