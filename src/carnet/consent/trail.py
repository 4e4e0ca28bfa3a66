"""A line of the trail as people read it. The lines themselves are read where the documents are (`documents.trail`),
since a line that names a document is told with that document's present visibility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent import articles, groups
from carnet.consent.articles import Article
from carnet.consent.facts import As
from carnet.consent.homes import NOBODY
from carnet.consent.standing import LOOKED
from carnet.kernel.actor import ActorKind
from carnet.people import queries as people

_GROUPS = frozenset({"organisation", "team"})

Position = tuple[datetime, UUID]
"""Where a line stands: its instant and its id."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """`title` is that of the document named, when there is one, `target_name` the name of the professional, team or
    organisation named;
    `software` the name of the software through which somebody acted, "" for none; `actor_name` is "" for software of
    which this reader is not to know the house (`consent.homes`)."""

    id: UUID
    at: datetime
    actor_id: UUID
    actor_name: str
    actor_kind: str
    organisation_name: str
    purpose: str
    capacity: str
    door: str
    action: str
    outcome: str
    target_kind: str
    target_id: UUID | None
    detail: str
    title: str | None = None
    software: str = ""
    target_name: str = ""


def shut_out(line: TrailLine) -> bool:
    """Somebody looked at what they may do here, and might read nothing: `detail` is the reason."""
    return line.action == LOOKED and line.detail != ""


def decided_by(line: TrailLine) -> Article | None:
    """The rule of access. None for what none decided, as what the service does by itself (R1111-43: who assists)."""
    if line.outcome == "refused" or shut_out(line):
        return articles.of_line(line.detail, line.at)
    by_itself = line.capacity == As.STEWARD and line.actor_kind == ActorKind.SYSTEM
    return None if by_itself else articles.of_line(line.capacity, line.at)


def named(found: list[dict[str, Any]]) -> list[TrailLine]:
    """Puts the names of today to the ids of the lines."""
    actors = people.names({row["actor_id"] for row in found} | set(filter(None, map(_whom, found))))
    organisations = people.organisation_names({row["organisation_id"] for row in found if row["organisation_id"]})
    given = groups.names({row["target_id"] for row in found if row["target_kind"] in _GROUPS and row["target_id"]})
    software = people.names_of_keys({key for row in found if (key := _software(row["door"]))})
    return [
        TrailLine(
            actor_name="" if row["actor_id"] == NOBODY else actors.get(row["actor_id"], "Carnet"),
            organisation_name=organisations.get(row.pop("organisation_id"), ""),
            software=software.get(_software(row["door"]), ""),
            target_name=actors.get(row["target_id"], "") if _whom(row) else given.get(row["target_id"], ""),
            **row,
        )
        for row in found
    ]


def _whom(row: dict[str, Any]) -> UUID | None:
    return row["target_id"] if row["target_kind"] == "professional" else None


def _software(door: str) -> str:
    """The door `fhir:hopital` is that of the software `hopital`."""
    return door.partition(":")[2]
