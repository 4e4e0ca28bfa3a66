"""Of which records a person was told by e-mail: a mail names nobody, so the page that it leads to does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, query, statements
from carnet.notify.rules import Kind

_SQL: Final = statements("carnet.notify")
LONGEST: Final = timedelta(days=30)
"""What was told before is not called new any more."""
_KINDS: Final = (
    *(Kind.EMERGENCY, Kind.RIGHTS, Kind.DOCUMENT, Kind.CORRECTION, Kind.FIRST_ACCESS, Kind.WAITING),
    Kind.CARED,
)


def told_of(actor: Actor) -> dict[UUID, datetime]:
    """By record, when last; a mail that did not leave counts as well."""
    kinds = [kind.value for kind in _KINDS]
    values = {"person_id": actor.id, "kinds": kinds, "since": clock.now() - LONGEST}
    return {row["record_id"]: row["at"] for row in query(READER, _SQL["told_of"], values)}
