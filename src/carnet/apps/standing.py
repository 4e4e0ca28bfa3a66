"""Whether software may still be told, and as whom: asked anew before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from carnet.apps.rules import Topic
from carnet.formats import smart
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, query, statements
from carnet.people import client_queries, granting
from carnet.people import queries as people
from carnet.people.scopes import CONTEXTS

_SQL = statements("carnet.apps")
_NEEDED: Final = {
    Topic.DOCUMENTS: ("DocumentReference.r",),
    # What of it is read is for each reading to say: of none of it, nothing is told.
    Topic.ENTRIES: ("DocumentReference.r",),
}
_OF_APPS: Final = ("patient", "user")
PURPOSES: Final = {ActorKind.PROFESSIONAL: Purpose.CARE, ActorKind.CLIENT: Purpose.DEPOSIT}
"""For what an actor of that kind subscribes: no emergency lasts."""


@dataclass(frozen=True, slots=True)
class Client:
    id: UUID
    key: str
    active: bool
    organisation_id: UUID
    scope: str
    acts: bool


def client(client_id: UUID) -> Client | None:
    found = query(READER, _SQL["client"], {"id": client_id})
    return Client(**found[0]) if found else None


def actor_now(client_id: UUID, actor_id: UUID, topic: Topic, grant_id: UUID | None = None) -> Actor | None:
    """The actor as of now, through that software: None when the software or the professional is no more, may no more
    act for them, they work there no more, or its registered scope does not reach as far any more. Of an app: when what
    the professional granted it has ended, or does not reach as far."""
    known = client(client_id)
    if known is None or not known.active:
        return None
    if grant_id is not None:
        return _by_grant(known, actor_id, topic, grant_id)
    found = people.actor_by_id(actor_id)
    if found is None or found.kind not in PURPOSES or not _reaches(known, found.kind, topic):
        return None
    return found if found.id == known.id else _through(known, found)


def _reaches(known: Client, kind: ActorKind, topic: Topic) -> bool:
    try:
        held = smart.parse(known.scope)
    except smart.ScopeError:
        return False
    wanted = ("Subscription.r", *_NEEDED[topic])
    return all(held.allow(CONTEXTS[kind], *each.split(".")) for each in wanted)


def _by_grant(known: Client, actor_id: UUID, topic: Topic, grant_id: UUID) -> Actor | None:
    held = granting.held(grant_id)
    if held is None or (held.actor.id, held.actor.app) != (actor_id, known.id) or held.actor.only is None:
        return None
    reached = smart.known(held.scope) & smart.known(known.scope)
    wanted = (each.split(".") for each in ("Subscription.r", *_NEEDED[topic]))
    return held.actor if all(any(reached.allow(each, *one) for each in _OF_APPS) for one in wanted) else None


def _through(known: Client, professional: Actor) -> Actor | None:
    if professional.kind is not ActorKind.PROFESSIONAL or not known.acts:
        return None
    number = query(READER, _SQL["rpps"], {"id": professional.id})
    found = client_queries.professional_in(number[0]["rpps"], known.organisation_id) if number else None
    if found is None or not found[1]:
        return None
    actor = found[0]
    # As its tokens name them: in the software's organisation.
    return Actor(actor.kind, actor.id, actor.name, known.organisation_id, known.id, actor.epoch)
