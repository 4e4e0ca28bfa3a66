"""What the holder has given, refused and chosen, as they read it. Every function takes the actor and the purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent import stated
from carnet.consent.access import reading
from carnet.consent.actions import Grantee
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX, As, Choices
from carnet.consent.holders import HOLDERS, for_holders
from carnet.consent.represented import representation
from carnet.consent.stated import Stated
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, open_record, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Professional

_SQL = statements("carnet.consent")
_MOST_EMERGENCIES = 50


@dataclass(frozen=True, slots=True)
class Given:
    """An authorisation that holds or will: `name` of a professional, an organisation or a team; `professional` when it
    is one; `service`: one of an organisation, not the whole. `declared`: by the professional, at a visit.
    `unmasked`: what is masked is shown too. `secret`: the representatives do not know of it."""

    to: Grantee
    name: str
    professional: Professional | None
    since: datetime
    until: datetime | None
    declared: bool
    express: bool
    unmasked: bool
    secret: bool
    service: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """The médecin traitant, or a professional who is blocked. `unblocked_at`: when the block of who is
    médecin traitant now ended, by that as a rule."""

    professional: Professional
    since: datetime
    unblocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An emergency access: by whom, why, from when until when. `seen_at`: when the holder was first shown it. `secret`:
    the representatives do not know of it. `verdict`: what an operator answered who looked into it
    (`reviewing.Verdict`), at `reviewed_at`; "" before."""

    id: UUID
    professional: Professional
    organisation: str
    mode: Purpose
    reason: str
    since: datetime
    until: datetime
    seen_at: datetime | None
    secret: bool
    verdict: str = ""
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """`emergencies` newest first. `has_secrets`: the reader is a minor, or a protected adult, whom somebody represents,
    and may keep from them what they give."""

    attending: tuple[Linked, ...]
    given: tuple[Given, ...]
    blocked: tuple[Linked, ...]
    choices: Choices
    emergencies: tuple[Opened, ...]
    has_secrets: bool = False


def confidentiality(actor: Actor, purpose: Purpose, record_id: UUID) -> Confidentiality:
    """Of the holder, or who represents them. Raises `Refused`."""
    read = reading(actor, purpose, record_id, _read, action="confidentiality-read")
    about = [row["professional_id"] for row in (*read.attending, *read.emergencies)]
    known = people.professionals({*about, *(each.to.id for each in read.consents)})
    organisations = people.organisation_names(
        {row["organisation_id"] for row in read.emergencies if row["organisation_id"]}
    )
    return Confidentiality(
        attending=tuple(
            Linked(known[row["professional_id"]], row["since"], row["unblocked_at"]) for row in read.attending
        ),
        given=tuple(_given(each, known) for each in read.consents if each.permitted),
        blocked=tuple(Linked(known[each.to.id], each.since) for each in read.consents if not each.permitted),
        choices=read.choices,
        emergencies=tuple(_opened(row, known, organisations) for row in read.emergencies),
        has_secrets=read.has_secrets,
    )


def unseen(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Opened, ...]:
    """Emergency accesses that the holder has not been shown yet, newest first. For a page that leaves its own line."""
    found = reading(actor, purpose, record_id, _unseen, action="confidentiality-read")
    known = people.professionals({row["professional_id"] for row in found}) if found else {}
    return tuple(_opened(row, known, {}) for row in found)


def _unseen(permit: Permit) -> list[dict[str, Any]]:
    if permit.capacity not in HOLDERS:
        return []
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["unseen"], {"record_id": permit.record_id, "limit": _MOST_EMERGENCIES})
        return rows(cursor)


@dataclass(frozen=True, slots=True)
class _Read:
    """`consents` that hold or will, oldest first."""

    consents: list[Stated]
    attending: list[dict[str, Any]]
    choices: Choices
    emergencies: list[dict[str, Any]]
    has_secrets: bool


def _read(permit: Permit) -> _Read:
    for_holders(permit, "confidentiality-read")
    values: dict[str, Any] = {"record_id": permit.record_id, "limit": _MOST_EMERGENCIES}
    now = clock.now()
    with open_record(permit, trace=Trace("confidentiality-read")) as cursor:
        held = [each for each in stated.of_record(cursor, permit.record_id) if each.holds(now)]
        cursor.execute(_SQL["attending"], values)
        attending = rows(cursor)
        cursor.execute(_SQL["emergencies"], values)
        emergencies = rows(cursor)
        secrets = keeps_secrets(cursor, permit)
        return _Read(held[::-1], attending, stated.choices(cursor, permit.record_id)[0], emergencies, secrets)


def keeps_secrets(cursor: CursorWrapper, permit: Permit) -> bool:
    """Whether who entered is a minor, or a protected adult, whom somebody represents: they may keep secrets."""
    if permit.capacity != As.HOLDER:
        return False
    found = representation(cursor, permit.record_id)
    return found.somebody and found.has_secrets


def _given(given: Stated, known: dict[UUID, Professional]) -> Given:
    who = known.get(given.to.id)
    return Given(
        to=Grantee(given.to.kind, given.to.id),
        name=who.name if who else given.to.name,
        professional=who,
        since=given.since,
        until=given.until,
        declared=given.declared_by is not None,
        express=given.express,
        unmasked=given.unmasked,
        secret=given.secret,
        service=given.to.service,
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
        verdict=row.get("verdict") or "",
        reviewed_at=row.get("closed_at"),
    )


def _secret(row: dict[str, Any]) -> bool:
    return bool(row["hidden_from"] & INVISIBLE_REPRESENTANTS_LEGAUX)
