"""Of which records a person was told by e-mail: a mail names nobody, so the page that it leads to does."""

from __future__ import annotations

from collections.abc import Iterable
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


def of_emergencies(cases: Iterable[tuple[UUID, UUID, datetime]]) -> frozenset[UUID]:
    """Of these cases, by their ids, records and instants, those of which somebody was written to by e-mail."""
    known = list(cases)
    ids, records, instants = ([each[place] for each in known] for place in range(3))
    values = {"ids": ids, "records": records, "instants": instants, "kind": Kind.EMERGENCY.value}
    return frozenset(row["id"] for row in query(READER, _SQL["told_of_emergencies"], values)) if known else frozenset()
