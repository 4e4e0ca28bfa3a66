"""The consents in a professional's own name, for one who is blocked: they are told of what has ended, as anybody is
whose consent the person has withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from carnet.consent.access import permit_to_deposit
from carnet.consent.consents import Consent, Party
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Trace, open_record, rows, statements

_SQL = statements("carnet.consent", "consents.sql")
_ACTION = "standing-read"


def consents(actor: Actor, record_id: UUID) -> list[Consent]:
    """Newest first. With the permit that a block leaves: whoever may declare may deposit. Raises `Refused`."""
    permit = permit_to_deposit(actor, Purpose.CARE, record_id, action=_ACTION)
    with open_record(permit, trace=Trace(_ACTION)) as cursor:
        asked = {"record_id": record_id, "professional_id": actor.id, "id": None}
        cursor.execute(_SQL["statements"], asked)
        return [_consent(row) for row in rows(cursor)]


def _consent(row: dict[str, Any]) -> Consent:
    declared_by = row["declared_by"]
    return Consent(
        id=row["id"],
        mode="care",
        permitted=True,
        since=row["since"],
        until=row["until"],
        to=Party("professional", row["professional_id"], row["professional_name"] or "", row["rpps"] or ""),
        declared_by=declared_by
        and Party("professional", declared_by, row["declarant_name"] or "", row["declarant_rpps"] or ""),
        express=row["express"],
    )
