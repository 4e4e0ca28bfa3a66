"""What the holder has given, refused and chosen, as they read it. Every function takes the actor and the purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent.access import Refused, reading
from carnet.consent.actions import Grantee
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX, As, Choices
from carnet.consent.rules import Reason, Refusal
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, open_record, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Professional
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.consent")
_MOST_EMERGENCIES = 50
_HOLDERS = frozenset({As.HOLDER.value, As.REPRESENTATIVE.value})


@dataclass(frozen=True, slots=True)
class Given:
    """An authorisation that holds or will: `name` of a professional, an organisation or a team; `professional` when it
    is one. `declared`: by the professional, at a visit. `secret`: the representatives do not know of it."""

    to: Grantee
    name: str
    professional: Professional | None
    since: datetime
    until: datetime | None
    declared: bool
    express: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """The médecin traitant, or a professional who is blocked."""

    professional: Professional
    since: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """An emergency access: by whom, why, from when until when. `seen_at`: when the holder was first shown it. `secret`:
    the representatives do not know of it."""

    id: UUID
    professional: Professional
    organisation: str
    mode: Purpose
    reason: str
    since: datetime
    until: datetime
    seen_at: datetime | None
    secret: bool


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """`emergencies` newest first. `has_secrets`: the reader is a minor whom somebody represents, and may keep from them
    what they give."""

    attending: tuple[Linked, ...]
    given: tuple[Given, ...]
    blocked: tuple[Linked, ...]
    choices: Choices
    emergencies: tuple[Opened, ...]
    has_secrets: bool = False


def confidentiality(actor: Actor, purpose: Purpose, record_id: UUID) -> Confidentiality:
    """Of the holder, or who represents them. Raises `Refused`."""
    given, choices, emergencies, secrets = reading(actor, purpose, record_id, _read, action="confidentiality-read")
    known = people.professionals({row["professional_id"] for row in (*given, *emergencies) if row["professional_id"]})
    organisations = people.organisation_names(
        {row["organisation_id"] for row in (*given, *emergencies) if row["organisation_id"]}
    )
    teams = people.team_names({row["team_id"] for row in given if row["team_id"]})
    names = {**organisations, **teams, **{each: who.name for each, who in known.items()}}
    return Confidentiality(
        attending=tuple(_linked(row, known) for row in given if row["what"] == "attending"),
        given=tuple(_given(row, known, names) for row in given if row["what"] == "authorisation"),
        blocked=tuple(_linked(row, known) for row in given if row["what"] == "block"),
        choices=choices,
        emergencies=tuple(_opened(row, known, organisations) for row in emergencies),
        has_secrets=secrets,
    )


def unseen(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Opened, ...]:
    """Emergency accesses that the holder has not been shown yet, newest first. For a page that leaves its own line."""
    found = reading(actor, purpose, record_id, _unseen, action="confidentiality-read")
    known = people.professionals({row["professional_id"] for row in found}) if found else {}
    return tuple(_opened(row, known, {}) for row in found)


def _unseen(permit: Permit) -> list[dict[str, Any]]:
    if permit.capacity not in _HOLDERS:
        return []
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["unseen"], {"record_id": permit.record_id, "limit": _MOST_EMERGENCIES})
        return rows(cursor)


_Read = tuple[list[dict[str, Any]], Choices, list[dict[str, Any]], bool]


def _read(permit: Permit) -> _Read:
    if permit.capacity not in _HOLDERS:
        raise Refused(Refusal(Reason.NOT_YOURS), permit.actor)
    values: dict[str, Any] = {"record_id": permit.record_id, "limit": _MOST_EMERGENCIES}
    with open_record(permit, trace=Trace("confidentiality-read")) as cursor:
        cursor.execute(_SQL["given"], values)
        given = rows(cursor)
        cursor.execute(_SQL["choices"], values)
        chosen = [Choices(row["emergency"], row["regulation"], row["masked"]) for row in rows(cursor)]
        cursor.execute(_SQL["emergencies"], values)
        emergencies = rows(cursor)
        cursor.execute(_SQL["minor"], values)
        minor = any(clock.now().date() < majority(earliest_birth(row["birth"])) for row in rows(cursor))
        secrets = minor and permit.capacity == As.HOLDER
        return given, chosen[0] if chosen else Choices(), emergencies, secrets


def _linked(row: dict[str, Any], known: dict[UUID, Professional]) -> Linked:
    return Linked(known[row["professional_id"]], row["since"])


def _given(row: dict[str, Any], known: dict[UUID, Professional], names: dict[UUID, str]) -> Given:
    kinds = ("professional", "organisation", "team")
    to = next(Grantee(kind, row[f"{kind}_id"]) for kind in kinds if row[f"{kind}_id"])  # type: ignore[arg-type]
    return Given(
        to=to,
        name=names.get(to.id, ""),
        professional=known.get(to.id),
        since=row["since"],
        until=row["until"],
        declared=row["declared_by"] is not None,
        express=row["express"],
        secret=_secret(row),
    )


def _opened(row: dict[str, Any], known: dict[UUID, Professional], organisations: dict[UUID, str]) -> Opened:
    return Opened(
        id=row["id"],
        professional=known[row["professional_id"]],
        organisation=organisations.get(row["organisation_id"], ""),
        mode=Purpose(row["mode"]),
        reason=row["reason"],
        since=row["since"],
        until=row["until"],
        seen_at=row["seen_at"],
        secret=_secret(row),
    )


def _secret(row: dict[str, Any]) -> bool:
    return bool(row["hidden_from"] & INVISIBLE_REPRESENTANTS_LEGAUX)
