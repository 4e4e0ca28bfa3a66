"""Authorisations and blocks of a record, each by itself, and what the holder chose for emergencies: read in a record
that has been entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX, Choices
from carnet.kernel.db import rows, statements

_SQL = statements("carnet.consent", "consents.sql")


@dataclass(frozen=True, slots=True)
class Party:
    """`number` is the RPPS of a professional, the national structure identifier of an organisation, "" for none. A
    `service` of an organisation is named with the whole of which it is one."""

    kind: Literal["professional", "organisation", "team"]
    id: UUID
    name: str
    number: str = ""
    service: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """What was agreed to (`permitted`), or that somebody was blocked. `hidden_from`: the label bits of those who are
    not to know of it."""

    id: UUID
    permitted: bool
    to: Party
    since: datetime
    until: datetime | None
    declared_by: Party | None
    express: bool
    unmasked: bool
    hidden_from: int

    @property
    def secret(self) -> bool:
        return bool(self.hidden_from & INVISIBLE_REPRESENTANTS_LEGAUX)

    def holds(self, now: datetime) -> bool:
        """Or will."""
        return self.until is None or self.until > now


def of_record(
    cursor: CursorWrapper, record_id: UUID, *, professional_id: UUID | None = None, consent_id: UUID | None = None
) -> list[Stated]:
    """Newest first, with those that have ended; of one professional the authorisations in their own name alone."""
    cursor.execute(_SQL["statements"], {"record_id": record_id, "professional_id": professional_id, "id": consent_id})
    return [_stated(row) for row in rows(cursor)]


def choices(cursor: CursorWrapper, record_id: UUID) -> tuple[Choices, datetime | None]:
    """And since when they are the holder's own: None for never."""
    cursor.execute(_SQL["choices"], {"record_id": record_id})
    for row in rows(cursor):
        return Choices(row["emergency"], row["regulation"], row["masked"]), row["changed_at"]
    return Choices(), None


def _stated(row: dict[str, Any]) -> Stated:
    declared_by = row["declared_by"]
    return Stated(
        id=row["id"],
        permitted=row["kind"] == "authorisation",
        to=_party(row),
        since=row["since"],
        until=row["until"],
        declared_by=declared_by
        and Party("professional", declared_by, row["declarant_name"] or "", row["declarant_rpps"] or ""),
        express=row["express"],
        unmasked=row["unmasked"],
        hidden_from=row["hidden_from"],
    )


def _party(row: dict[str, Any]) -> Party:
    if row["professional_id"]:
        return Party("professional", row["professional_id"], row["professional_name"] or "", row["rpps"] or "")
    if row["organisation_id"]:
        number = row["organisation_number"] or ""
        return Party("organisation", row["organisation_id"], row["organisation_name"] or "", number, row["is_service"])
    return Party("team", row["team_id"], row["team_name"] or "")
