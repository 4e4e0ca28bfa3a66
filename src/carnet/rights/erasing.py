"""The end of a record: what its holder asked for, or what ten years have ended."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from carnet.kernel import erasing
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, steward
from carnet.kernel.vault import passing
from carnet.records.life import ACTIONS, ERASE_TASK
from carnet.records.rules import Act
from carnet.rights.models import Export

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
    with steward(SYSTEM, record_id, trace=Trace(ACTIONS[Act.ERASE])):
        copies = Export.objects.using(WRITER).filter(record_id=record_id).exclude(content_id=None)
        passing.drop([each for each in copies.values_list("content_id", flat=True) if each])
        if not erasing.erase(record_id):
            raise _NotDue
    return True
