"""Who is who. No health content here: these reads need no permit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from carnet.formats.ins import OIDS, InsError, parse
from carnet.formats.terminology import professions, systems
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, as_actor, query, rows, statements
from carnet.kernel.remember import Remembered
from carnet.people import sealed_context
from carnet.people.rules import Capacity
from carnet.records.queries import record_of_ins

_SQL = statements("carnet.people")
_MOST_WORDS = 6
_RPPS_SUBJECT: Final = re.compile(r"8\d{11}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """`client_id` is the software it was given to, if any; `client_key` names that software, "" for none; `bound` is
    what its sender must prove ("jkt:…", "x5t#S256:…"), "" for a bearer's. `grant_id`: what an app was granted, from
    which it comes; `proof` what the provider of professionals said, of one that was exchanged."""

    actor: Actor
    purpose: Purpose
    scope: str
    issued_at: datetime
    expires_at: datetime
    client_id: UUID | None
    client_key: str
    bound: str = ""
    grant_id: UUID | None = None
    proof: dict[str, Any] | None = None


def actor_by_id(actor_id: UUID) -> Actor | None:
    """The actor as of now, or None when unknown or deactivated."""
    return _one("actor", id=actor_id, key=None)


def signed_in(actor_id: UUID, since: datetime, key: str) -> Actor | None:
    """The actor of the session of that key, which began then; None also when it, or all of theirs, was ended since."""
    return _one("signed_in", id=actor_id, since=since, digest=sha256(key.encode()).digest())


def actor_by_key(key: str) -> Actor | None:
    return _one("actor", id=None, key=key)


def actor_for_identity(issuer: str, subject: str) -> Actor | None:
    return _one("actor_for_identity", issuer=issuer, subject=subject)


def professional_for_identity(issuer: str, subject: str) -> Actor | None:
    """Of the provider of professionals, whose subjects are national identifiers: also by the directory alone."""
    known = actor_for_identity(issuer, subject)
    if known is not None or not _RPPS_SUBJECT.fullmatch(subject):
        return known
    return _one("actor_of_rpps", rpps=subject[1:])


def identity_is_taken(issuer: str, subject: str) -> bool:
    """Also by somebody whose account is shut."""
    return bool(query(READER, _SQL["identity_is_taken"], {"issuer": issuer, "subject": subject}))


def actor_for_token(token: str) -> VerifiedToken | None:
    """None for a token that is unknown, expired or revoked, or whose actor is deactivated."""
    found = query(READER, _SQL["actor_for_token"], {"digest": sha256(token.encode()).digest()})
    if not found:
        return None
    row = found[0]
    return VerifiedToken(
        actor=replace(_actor(row), app=row["app_id"], regulates=row["regulates"], only=_context(row)),
        purpose=Purpose(row["purpose"]),
        scope=row["scope"],
        issued_at=row["created_at"],
        expires_at=row["expires_at"],
        client_id=row["client_id"],
        client_key=row["client_key"] or "",
        bound=row["bound"],
        grant_id=row["grant_id"],
        proof=orjson.loads(row["proof"]) if row["proof"] else None,
    )


def _context(row: dict[str, Any]) -> UUID | None:
    """The patient for whom alone an app was granted something."""
    return sealed_context.open_(row["grant_id"].bytes, row["context"]) if row["context"] else None


def represented(actor: Actor) -> list[UUID]:
    """The records of those whom a person represents now; whether they may open them is the decision's affair."""
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["represented"], {"id": actor.id})
        return [row["record_id"] for row in rows(cursor)]


def representing(actor: Actor, record_id: UUID) -> str:
    """As what a person represents the holder now: "guardian", or "parent"."""
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["representing"], {"id": actor.id, "record_id": record_id})
        return "guardian" if "guardian" in {row["kind"] for row in rows(cursor)} else "parent"


@dataclass(frozen=True, slots=True)
class Caring:
    """Somebody whom a person helps now: with what, whether they act or read only, until when."""

    record_id: UUID
    rights: frozenset[str]
    acts: bool
    until: datetime | None


def cared_for(actor: Actor, record_id: UUID | None = None) -> list[Caring]:
    """Whom a person helps now, or whether they help in that record; whether they may is the decision's affair."""
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["cared_for"], {"id": actor.id, "record_id": record_id})
        return [Caring(row["record_id"], frozenset(row["rights"]), row["acts"], row["until"]) for row in rows(cursor)]


def record_of(actor: Actor) -> UUID | None:
    """A person's own record."""
    found = query(READER, _SQL["record_of"], {"id": actor.id})
    return found[0]["record_id"] if found else None


def record_of_account(actor_id: UUID) -> UUID | None:
    """The own record of an account; None for who has none."""
    found = query(READER, _SQL["record_of"], {"id": actor_id})
    return found[0]["record_id"] if found else None


def person_of(record_id: UUID) -> UUID | None:
    """Whose own record it is; None as long as they have no account."""
    found = query(READER, _SQL["person_of"], {"record_id": record_id})
    return found[0]["actor_id"] if found else None


def operator_role(actor_id: UUID) -> str:
    """ "" for who is no operator."""
    found = query(READER, _SQL["operator_role"], {"id": actor_id})
    return str(found[0]["role"]) if found else ""


_professionals: Remembered[str, UUID] = Remembered(most=50_000, seconds=60)


def professional_of_rpps(rpps: str) -> UUID | None:
    return _professionals.get(rpps, lambda: _professional_of_rpps(rpps))


def _professional_of_rpps(rpps: str) -> UUID | None:
    found = query(READER, _SQL["professional_of_rpps"], {"rpps": rpps})
    return found[0]["actor_id"] if found else None


def names(actor_ids: Iterable[UUID]) -> dict[UUID, str]:
    return {row["id"]: row["name"] for row in query(READER, _SQL["names"], {"ids": list(actor_ids)})}


def names_of_keys(keys: Iterable[str]) -> dict[str, str]:
    return {row["key"]: row["name"] for row in query(READER, _SQL["names_of_keys"], {"keys": list(keys)})}


@dataclass(frozen=True, slots=True)
class Professional:
    """`profession` in French words: the speciality where there is one. `capacity` is the position they practise in."""

    id: UUID
    name: str
    profession: str
    organisation: str
    organisation_id: UUID | None
    capacity: Capacity


def professionals(ids: Iterable[UUID]) -> dict[UUID, Professional]:
    """Also those who have left."""
    return {row["id"]: _professional(row) for row in query(READER, _SQL["professionals"], {"ids": list(ids)})}


def profession(actor_id: UUID) -> tuple[str, str, str] | None:
    """The system and code that the directory has for them, and that of their speciality, "" for none; None for who is
    not in it."""
    found = query(READER, _SQL["professionals"], {"ids": [actor_id]})
    if not found:
        return None
    (row,) = found
    return row["profession_system"], row["profession_code"], row["speciality"] or ""


def directory(words: str, *, limit: int = 20) -> list[Professional]:
    """Professionals in practice whom a person may authorise, by words of their name or place, or by RPPS number."""
    patterns = _patterns(words)
    if not patterns:
        return []
    asked = {
        "number": "".join(words.split()),
        "patterns": patterns,
        "word": _longest(words),
        "capacities": [each.value for each in Capacity if each not in {Capacity.INSURER, Capacity.SECRETARIAT}],
        "limit": limit,
    }
    return [_professional(row) for row in query(READER, _SQL["directory"], asked)]


def _parts(words: str) -> list[str]:
    return [part for part in words.lower().split() if len(part) > 1][:_MOST_WORDS]


def _longest(words: str) -> str:
    """For `to_tsquery`: words that begin as the longest of these does, which is the rarest as a rule."""
    word = max(_parts(words), key=len, default="").replace("\\", "").replace("'", "''")
    return f"'{word}':*" if word else ""


def _patterns(words: str) -> list[str]:
    parts = _parts(words)
    escaped = [part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") for part in parts]
    return [f"%{part}%" for part in escaped]


# Whom what is given to their organisation or their team lets read; the others need a consent of their own, or none will
# do.
IN_A_GROUP: Final = [
    Capacity.CARE.value,
    Capacity.CHILD_PROTECTION.value,
    Capacity.REGULATION.value,
    Capacity.COORDINATING.value,
]


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation or a care team; `members` is how many professionals read by it now, `organisation` that of a
    team, "" for none."""

    id: UUID
    kind: Literal["organisation", "team"]
    name: str
    organisation: str
    members: int


def groups(words: str, *, limit: int = 20) -> list[Group]:
    """Those in which somebody practises, by words of their name."""
    patterns = _patterns(words)
    if not patterns:
        return []
    return _groups({"id": None, "patterns": patterns, "word": _longest(words), "limit": limit})


def group(group_id: UUID) -> Group | None:
    return next(iter(_groups({"id": group_id, "patterns": [], "word": "", "limit": 1})), None)


def _groups(asked: dict[str, Any]) -> list[Group]:
    return [Group(**row) for row in query(READER, _SQL["groups"], asked | {"capacities": IN_A_GROUP})]


def members(group_id: UUID, *, limit: int) -> list[Professional]:
    """Those who read by it now, in the order of their names."""
    asked = {"id": group_id, "capacities": IN_A_GROUP, "limit": limit}
    return [_professional(row) for row in query(READER, _SQL["members"], asked)]


@dataclass(frozen=True, slots=True)
class Principal:
    """For whom a professional stands in, as what (`consent.facts.DeputyKind`), until when."""

    id: UUID
    name: str
    kind: str
    until: datetime | None


def principals(deputy_id: UUID) -> list[Principal]:
    found = query(READER, _SQL["principals"], {"id": deputy_id})
    return [Principal(row["id"], row["name"], row["kind"], row["until"]) for row in found]


@dataclass(frozen=True, slots=True)
class Situation:
    """A place where a professional practises now, by the id of its organisation; `whole` is that of which it is a
    service. `role` is "" for none; `main`: the directory's own place for them, beside which the others are told."""

    id: UUID
    name: str
    role: str
    whole: UUID | None
    main: bool

    def named_by(self, places: Collection[UUID]) -> bool:
        """Whether it is among these, or the organisation of which it is a service: a card knows no services."""
        return self.id in places or self.whole in places


def situations(professional_id: UUID) -> list[Situation]:
    """The main one first; a service is named with its whole."""
    return [Situation(**row) for row in query(READER, _SQL["situations"], {"id": professional_id})]


@dataclass(frozen=True, slots=True)
class Signature:
    """How a professional signs a document; `rpps` is "" for who has no number, `organisation` the national structure
    identifier, "" for none: of a service that of its whole, since no register knows services. `profession` and
    `speciality` are pairs of code and system, codes "" for none."""

    rpps: str
    family: str
    given: str
    doctor: bool
    profession: tuple[str, str]
    speciality: str
    organisation: str
    organisation_name: str


def signature(actor_id: UUID, organisation_id: UUID | None = None) -> Signature | None:
    """In the organisation where they practise as they sign, or their main one. None for who is no professional in
    practice."""
    found = query(READER, _SQL["signature"], {"id": actor_id, "organisation_id": organisation_id})
    return next((_signature(row) for row in found), None)


def _signature(row: dict[str, Any]) -> Signature:
    return Signature(
        rpps=row["rpps"] or "",
        family=row["family"],
        given=row["given"],
        doctor=row["name"].startswith("Dr "),
        profession=(row["profession_code"], row["profession_system"]),
        speciality=row["speciality"] or "",
        organisation=row["organisation"] or "",
        organisation_name=row["organisation_name"] or "",
    )


def _professional(row: dict[str, Any]) -> Professional:
    speciality = professions.display(systems.R38, row["speciality"] or "")
    return Professional(
        id=row["id"],
        name=row["name"],
        profession=speciality or professions.display(row["profession_system"], row["profession_code"]),
        organisation=row["organisation"],
        organisation_id=row["organisation_id"],
        capacity=Capacity(row["capacity"]),
    )


def team_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return {row["id"]: row["name"] for row in query(READER, _SQL["team_names"], {"ids": list(ids)})}


def organisation_of(identifier: str) -> UUID | None:
    """By the national structure identifier."""
    found = query(READER, _SQL["organisation"], {"identifier": identifier})
    return found[0]["id"] if found else None


def organisations_named(identifiers: Iterable[str]) -> frozenset[UUID]:
    """Those that we know, by their national structure identifiers."""
    found = query(READER, _SQL["organisations_named"], {"identifiers": list(identifiers)})
    return frozenset(row["id"] for row in found)


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """« Urgences, Centre hospitalier des Ponts » : a service is named with its whole."""
    return {row["id"]: row["name"] for row in query(READER, _SQL["organisation_names"], {"ids": list(ids)})}


def _one(statement: str, **parameters: Any) -> Actor | None:
    found = query(READER, _SQL[statement], parameters)
    return _actor(found[0]) if found else None


def _actor(row: dict[str, Any]) -> Actor:
    return Actor(ActorKind(row["kind"]), row["id"], row["name"], row["organisation_id"], None, row["epoch"])


def find_record(text: str) -> UUID | None:
    """What an operator types: a record id, a full INS (13 or 15 characters), or a key of the cast."""
    try:
        return UUID(text)
    except ValueError:
        pass
    by_key = actor_by_key(text)
    if by_key is not None:
        return record_of(by_key)
    for oid in sorted(OIDS):
        try:
            ins = parse(text, oid)
        except InsError:
            continue
        found = record_of_ins(ins.oid, ins.value15)
        if found:
            return found
    return None
