"""The end of a record: what its holder asked for, or what ten years have ended. What had been joined to it ends with
it, and not before: a backup of before the join has its documents there alone."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from carnet.kernel import erasing
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, query, statements, steward
from carnet.kernel.vault import passing
from carnet.records.life import ACTIONS, ERASE_TASK
from carnet.records.rules import Act
from carnet.rights.models import Export, SecondLook

_SQL = statements("carnet.rights", "joining.sql")
TASK: Final = ERASE_TASK
_GONE: Final = "CN002"


def carry_out(record_id: UUID) -> bool:
    """The job. False when its day has moved, or it was done before: the database decides."""
    try:
        with transaction.atomic(using=WRITER):
            return _erase(record_id)
    except _NotDue:
        return False
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == _GONE:
            return False
        raise


class _NotDue(Exception):
    """Nothing of what was begun is kept, the line neither."""


def _erase(record_id: UUID) -> bool:
    joined = [row["record_id"] for row in query(WRITER, _SQL["joined_to"], {"into_id": record_id})]
    with steward(SYSTEM, record_id, trace=Trace(ACTIONS[Act.ERASE])):
        copies = Export.objects.using(WRITER).filter(record_id=record_id).exclude(content_id=None)
        passing.drop([each for each in copies.values_list("content_id", flat=True) if each])
        SecondLook.objects.using(WRITER).filter(record_id=record_id).delete()
        if not erasing.erase(record_id):
            raise _NotDue
    for each in joined:
        _with_it(each)
    return True


def _with_it(record_id: UUID) -> None:
    with steward(SYSTEM, record_id, trace=Trace(ACTIONS[Act.ERASE])) as cursor:
        cursor.execute(_SQL["due"], {"record_id": record_id})
        if not erasing.erase(record_id):
            raise _NotDue
