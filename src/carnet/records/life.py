"""What becomes of a record that has been entered: one act of its life, by the rules, its line and its receipt."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.kernel import clock
from carnet.kernel.db import WRITER, raise_epoch, statements
from carnet.kernel.db.record import rows
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import enqueue
from carnet.records.models import Deed, Record
from carnet.records.rules import Act, Fault, Life, RecordState, Who, after, fault

_SQL = statements("carnet.records")
ERASE_TASK: Final = "rights.erase"
# No letter or figure that another is taken for.
ALPHABET: Final = "ACDEFGHJKLMNPQRTUVWXY34679"
_REFERENCE: Final = 10
ACTIONS: Final = {
    Act.OPEN: "record-unopened",
    Act.OPPOSE: "record-opposed",
    Act.CREATE: "record-created",
    Act.ACTIVATE: "record-active",
    Act.CLOSE: "record-closed",
    Act.REOPEN: "record-reopened",
    Act.ASK_ERASING: "record-erasing-asked",
    Act.WITHDRAW_ERASING: "record-erasing-withdrawn",
    Act.ERASE: "record-erased",
    Act.SUSPEND: "record-suspended",
    Act.RESUME: "record-resumed",
    Act.RECORD_DEATH: "record-deceased",
    Act.UNDO_DEATH: "record-death-undone",
    Act.GRANT_HEIRS: "heirs-granted",
    Act.REFUSE_HEIRS: "heirs-refused",
    Act.JOIN: "record-joined",
}
"""How the trail names each act."""


class NotDone(Exception):
    """The rules refuse this act now."""

    def __init__(self, fault: Fault, life: Life | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.life = life


@dataclass(frozen=True, slots=True)
class Receipt:
    reference: str
    act: Act
    at: datetime
    channel: str = ""
    ground: str = ""
    claimant: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a life stands, as its holder and the counter are told. `name` and `birth_date` as they are written
    there."""

    life: Life
    reason: str
    name: str
    birth_date: str
    died_on: date | None
    receipts: tuple[Receipt, ...] = ()


def standing(cursor: CursorWrapper, record_id: UUID) -> Standing | None:
    """In a record that has been entered."""
    cursor.execute(_SQL["life"], {"record_id": record_id})
    found = rows(cursor)
    if not found:
        return None
    row = found[0]
    life = Life(
        state=RecordState(row["state"]),
        since=row["state_since"],
        former=RecordState(row["former_state"]) if row["former_state"] else None,
        opens_at=row["opens_at"],
        erase_at=row["erase_at"],
        erasing_asked=row["erasing_asked"],
    )
    cursor.execute(_SQL["deeds"], {"record_id": record_id})
    receipts = tuple(
        Receipt(each["reference"], Act(each["act"]), each["at"], each["channel"], each["ground"], each["claimant"])
        for each in rows(cursor)
    )
    name = f"{row['birth_given']} {row['birth_family']}"
    return Standing(life, row["state_reason"], name, row["birth_date"], row["died_on"], receipts)


def take(
    cursor: CursorWrapper,
    record_id: UUID,
    act: Act,
    who: Who,
    *,
    ground: str = "",
    claimant: str = "",
    died_on: date | None = None,
) -> Receipt:
    """Does one act in a record that has been entered to write. Raises `NotDone`. Every remembered grant ends."""
    found = standing(cursor, record_id)
    if found is None:
        raise NotDone(Fault.NOT_NOW)
    now = clock.now()
    refused = fault(found.life, act, who, now)
    if refused is not None:
        raise NotDone(refused, found.life)
    following = after(found.life, act, now)
    if following is not None and following != found.life:
        _keep(cursor, record_id, following, ground, died_on)
    raise_epoch(cursor, record_id)
    return receipt(record_id, act, who, ground, claimant)


def receipt(record_id: UUID, act: Act, who: Who, ground: str = "", claimant: str = "") -> Receipt:
    made = Receipt(_code(_REFERENCE), act, clock.now(), who.value, ground, claimant)
    Deed.objects.using(WRITER).create(
        record_id=record_id,
        id=uuid7(),
        act=act.value,
        at=made.at,
        channel=who.value,
        ground=ground,
        claimant=claimant,
        reference=made.reference,
    )
    return made


def _keep(cursor: CursorWrapper, record_id: UUID, life: Life, ground: str, died_on: date | None) -> None:
    Record.objects.using(WRITER).filter(id=record_id).update(
        state=life.state.value,
        state_since=life.since,
        state_reason=ground,
        former_state=life.former.value if life.former else "",
        opens_at=life.opens_at,
        erasing_asked=life.erasing_asked,
        died_on=died_on,
    )
    erase_when(cursor, record_id, life.erase_at)


def erase_when(cursor: CursorWrapper, record_id: UUID, at: datetime | None) -> None:
    """The day on which it is erased, and the job of that day; None: not at all. An earlier job finds that it moved."""
    cursor.execute(_SQL["erase_at"], {"record_id": record_id, "at": at})
    if at is not None:
        enqueue(ERASE_TASK, {"record_id": record_id}, key=str(record_id), run_at=at)


def _code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
