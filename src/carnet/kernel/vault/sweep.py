"""Removes the files that no row names: deposits that were rolled back, and processes that died in between."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import structlog
from django.db import connections

from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import id_of, name_of

GRACE = timedelta(hours=1)
"""Longer than any deposit between its content and its row."""

_BATCH = 1000
_MOST = 10_000
_SUSPECT_FROM = 100
_SUSPECT_SHARE = 10
_log = structlog.get_logger("carnet.vault")


def sweep(now: datetime, *, folders: Collection[str] | None = None) -> int:
    """How many files it removed. Removes none when they are so many that the database must be the wrong one."""
    place = here()
    if not place.data_keys.check():
        return 0
    before = now - GRACE
    seen, orphans = 0, list[UUID]()
    for ids in _batches(place.store.names(older_than=before, folders=folders)):
        seen += len(ids)
        orphans += _without_row(ids)
        if len(orphans) >= _MOST:
            break
    if len(orphans) > max(_SUSPECT_FROM, seen // _SUSPECT_SHARE):
        _log.error("too many contents without row: none removed", extra={"orphans": len(orphans), "seen": seen})
        return 0
    for blob_id in orphans:
        place.store.delete(name_of(blob_id))
    return len(orphans) + place.store.drop_unfinished(before)


def _batches(names: Iterator[str]) -> Iterator[list[UUID]]:
    while batch := list(islice(names, _BATCH)):
        yield [blob_id for name in batch if (blob_id := id_of(name))]


def _without_row(ids: list[UUID]) -> list[UUID]:
    # On the writer: a reading replica may not know the newest rows yet.
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select id from kernel_blob where id = any(%s) union all select id from kernel_passing where id = any(%s)",
            (ids, ids),
        )
        known = {row[0] for row in cursor.fetchall()}
    return [blob_id for blob_id in ids if blob_id not in known]
