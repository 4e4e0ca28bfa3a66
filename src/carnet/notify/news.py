"""A mail that says that there is something new may have waited: for the end of an hour, for its server. Before it
leaves, what it tells of is looked for as its reader would. What was withdrawn, withheld or kept secret meanwhile is not
there, and a mail about nothing would tell that there was something."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from carnet.consent.access import permit_quietly
from carnet.kernel.actor import Purpose
from carnet.kernel.db import READER, open_record, rows, statements
from carnet.notify.rules import Kind
from carnet.people import queries as people

_SQL = statements("carnet.notify")
_OF_DOCUMENTS: Final = {Kind.DOCUMENT.value, Kind.CORRECTION.value, Kind.CARED.value}
_CLOCKS: Final = timedelta(seconds=5)
"""By how much the clocks of two machines may differ."""


def still_there(claimed: dict[str, Any]) -> bool:
    """Of a notice; what is not about documents is there, and so is what nobody opens: a record that waits."""
    since: datetime | None = claimed["since"]
    if claimed["kind"] not in _OF_DOCUMENTS or since is None:
        return True
    person_id, record_id = claimed["person_id"], claimed["record_id"]
    actor = people.actor_by_id(person_id)
    permit = permit_quietly(actor, _purpose(claimed["kind"], person_id, record_id), record_id) if actor else None
    if permit is None:
        return True
    with open_record(permit, trace=None, using=READER) as cursor:
        cursor.execute(_SQL["something_new"], {"record_id": record_id, "since": since - _CLOCKS})
        return bool(rows(cursor)[0]["new"])


def _purpose(kind: str, person_id: UUID, record_id: UUID) -> Purpose:
    if kind == Kind.CARED:
        return Purpose.CARER
    return Purpose.SELF if people.person_of(record_id) == person_id else Purpose.REPRESENTATIVE
