"""Single things that the holder does not want: since when, in a record that has been entered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.kernel import clock
from carnet.kernel.db import WRITER, statements
from carnet.kernel.db.record import rows
from carnet.kernel.ids import uuid7
from carnet.records import models
from carnet.records.rules import OptOut

_SQL = statements("carnet.records")


def opted_out(cursor: CursorWrapper, record_id: UUID) -> dict[OptOut, datetime]:
    cursor.execute(_SQL["opted_out"], {"record_id": record_id})
    return {OptOut(each["what"]): each["since"] for each in rows(cursor)}


def choose(cursor: CursorWrapper, record_id: UUID, wanted: Collection[OptOut]) -> None:
    """From now on exactly these are not wanted. What was chosen before stays written, with its dates."""
    now, known = clock.now(), opted_out(cursor, record_id)
    ended = [each.value for each in known if each not in wanted]
    cursor.execute(_SQL["opt_in"], {"record_id": record_id, "whats": ended, "now": now})
    for each in sorted(set(wanted) - set(known)):
        models.OptOut.objects.using(WRITER).create(record_id=record_id, id=uuid7(), what=each.value, since=now)
