"""The erasing itself, by the database's one function for it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

import structlog
from django.db import connections, transaction

from carnet.kernel import clock
from carnet.kernel.db import WRITER
from carnet.kernel.erasing import journal
from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of

_log = structlog.get_logger("carnet.erasing")


def erase(record_id: UUID) -> bool:
    """False when its day has not come, or there is nothing. Rows, key and look-ups go in one transaction, the files
    after it: without the key they are noise, and the sweep takes what a crash leaves."""
    place = here()
    with transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        cursor.execute("select id from app.kernel_blob where scope_id = %s", (record_id,))
        contents = [row[0] for row in cursor.fetchall()]
        cursor.execute("select record.erase(%s)", (record_id,))
        erased = bool(cursor.fetchone()[0])
        if erased:
            cursor.execute("select app.part_from(%s)", (record_id,))
            # Before the commit: an erasing that the journal does not know could come back with a backup.
            journal.append(journal.place(place.config), [(record_id, clock.now())])
            transaction.on_commit(partial(_after, record_id, contents), using=WRITER)
    return erased


def _after(record_id: UUID, contents: Collection[UUID]) -> None:
    place = here()
    place.data_keys.forget(record_id)
    for content_id in contents:
        try:
            place.store.delete(name_of(content_id))
        except (StoreFault, OSError) as error:
            _log.warning("erased content kept", blob=content_id, error=type(error).__name__)
