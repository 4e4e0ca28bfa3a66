"""Whether there is somebody to keep a secret from (L1111-5, R1111-50): the parents of a minor, or who a court chose to
represent a protected adult."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.utils import CursorWrapper

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, query, rows, statements
from carnet.kernel.db.record import stale_if_told
from carnet.records.rules import is_minor

_SQL = statements("carnet.consent", "represented.sql")
_FRANCE: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Representation:
    """`somebody`: we know of one who represents the holder now; `guarded`: it is a guardian."""

    birth: str
    somebody: bool
    guarded: bool

    @property
    def has_secrets(self) -> bool:
        """A minor of whose parents we do not know has them too: they may come to be known."""
        return self.guarded or is_minor(self.birth, clock.now().astimezone(_FRANCE).date())


def representation(cursor: CursorWrapper, record_id: UUID) -> Representation:
    """Of a record that has been entered; one that is gone has secrets."""
    cursor.execute(_SQL["representation"], {"record_id": record_id})
    return next((Representation(**row) for row in rows(cursor)), Representation("", somebody=False, guarded=False))


def guarded(actor: Actor, record_id: UUID) -> bool:
    """For a professional who has found the person, and is asked to keep something from a guardian; no right in the
    record follows from it."""
    with stale_if_told():
        return bool(query(READER, _SQL["guarded"], (record_id, actor.id, actor.epoch))[0]["guarded"])
