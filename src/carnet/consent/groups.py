"""Organisations, their services and care teams, to whom a record may be opened: how they are named, and which services
one has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from carnet.kernel.db import READER, query, statements
from carnet.people.queries import IN_A_GROUP

_SQL = statements("carnet.consent", "groups.sql")


@dataclass(frozen=True, slots=True)
class Service:
    """`members` is how many professionals read by it now."""

    id: UUID
    name: str
    members: int


def names(ids: Collection[UUID]) -> dict[UUID, str]:
    """« Urgences, Centre hospitalier des Ponts » : a service is named with its whole."""
    return {row["id"]: row["name"] for row in query(READER, _SQL["named"], {"ids": list(ids)})} if ids else {}


def services(organisation_id: UUID) -> list[Service]:
    """Those of a whole to which a record may be opened alone."""
    found = query(READER, _SQL["services"], {"id": organisation_id, "capacities": IN_A_GROUP})
    return [Service(row["id"], row["name"], row["members"]) for row in found]
