"""Who let apps in is reminded of it every so many days (`CARNET_APPS_REMINDER_DAYS`): an agreement that nobody thinks
of any more goes on reading. The mail names no app: many a name says what somebody suffers from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import connections, transaction

from carnet.kernel import clock, config
from carnet.kernel.db import WRITER, rows, statements
from carnet.notify.rules import Kind
from carnet.notify.telling import put

_SQL = statements("carnet.notify")
TELL: Final = "notify.apps"
# In one run; those whom it leaves are told by the next.
_MOST: Final = 10_000


def tell() -> int:
    """The number of notices."""
    days = config.load().apps_reminder_days
    if not days:
        return 0
    values: dict[str, Any] = {"kind": Kind.APPS.value, "before": clock.now() - timedelta(days=days), "most": _MOST}
    with transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["letting_apps_in"], values)
        people = [row["person_id"] for row in rows(cursor)]
        for person_id in people:
            put(person_id, None, Kind.APPS)
    return len(people)
