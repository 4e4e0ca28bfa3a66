"""Publishers who register their software themselves. In a sandbox it serves at once, with the rights of a sandbox; in
every installation what it asks for in production waits for an operator."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction

from carnet.formats import rpps, smart
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7
from carnet.kernel.jwk import PublicJwk
from carnet.kernel.throttle import Throttle
from carnet.people import actions, clients, queries
from carnet.people.models import Client, Registration
from carnet.people.operators import note, support_only

SANDBOX: Final = (
    "system/DocumentReference.cruds system/List.cruds system/Binary.r system/Bundle.r system/Patient.rs"
    " system/Subscription.cruds"
)
"""The most that software may do before an operator has accepted it: deposit, and see what it deposited itself."""
SANDBOX_OF_APPS: Final = f"{' '.join(sorted(smart.OF_APPS))} patient/*.cruds user/*.cruds"
"""The same, of an app that professionals open there, as they let it in."""
OF_PERSONS: Final = f"{' '.join(sorted(smart.OF_APPS - {smart.LAUNCH}))} patient/*.rs"
"""The most of an app that patients open, there and in production: it reads one record, and nothing launches it."""
MOST_KEYS: Final = 5
REGISTRATIONS: Final = Throttle("publisher", 30, timedelta(hours=1))
"""From one address: whoever fills up their own hour leaves everybody else's as it was."""
LONGEST: Final = 200
_WORDS: Final = 1000
_SQL = statements("carnet.people", "publishers.sql")

State = Literal["waiting", "accepted", "refused"]


class TooMany(Exception):
    """As many have registered from this address within an hour as may; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s to wait")
        self.seconds = seconds


class NothingOfIt(Exception):
    """Nothing of the scope that was asked for is one for software, or it cannot be read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a publisher says. `scope` is asked for in production; `structure` is the national identifier of the
    organisation for which the software will deposit there, "" when it is not known yet. With `redirect_uris` it is an
    app that professionals open in a browser, or patients do (`for_persons`); a `public` one keeps no key."""

    software: str
    publisher: str
    address: str
    website: str
    contact: str
    email: str
    scope: str
    structure: str = ""
    redirect_uris: tuple[str, ...] = ()
    launch_uris: tuple[str, ...] = ()
    public: bool = False
    for_persons: bool = False

    @property
    def said(self) -> dict[str, str]:
        """What is kept of it as it was said; the rest is the client's."""
        kept = ("software", "publisher", "address", "website", "contact", "email", "structure")
        return {name: getattr(self, name) for name in kept}


@dataclass(frozen=True, slots=True)
class Registered:
    """`secret` is told once: with it the publisher asks how the request stands."""

    id: UUID
    client_key: str
    secret: str
    scope: str
    active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands; `words` are the operator's."""

    id: UUID
    client_id: UUID
    client_key: str
    active: bool
    state: State
    words: str
    software: str
    publisher: str
    address: str
    website: str
    contact: str
    email: str
    scope: str
    structure: str
    granted: str
    asked_at: datetime
    decided_at: datetime | None
    redirect_uris: list[str]
    launch_uris: list[str]
    public: bool
    for_persons: bool


def register(
    wish: Wish, keys: Sequence[PublicJwk], *, sandbox: bool, address: str, until: datetime | None = None
) -> Registered:
    """Raises `TooMany`, `NothingOfIt`, or `Violation`. `address`: from where it is asked. `until` ends the keys."""
    asked, most = _scope(wish), _most(wish)
    _one_more_from(address)
    now, secret = clock.now(), f"editeur_{secrets.token_urlsafe(24)}"
    key, client_id, house = _key(wish.software), uuid7(), uuid7()
    # Until an operator says otherwise: in an organisation of its own, where nobody works.
    granted = str(asked & most) if sandbox else ""
    with transaction.atomic(using=WRITER):
        actions.add_organisation(organisation_id=house, identifier=f"editeur-{house.hex[-20:]}", name=wish.publisher)
        actions.add_client(
            actor_id=client_id,
            key=key,
            name=wish.software,
            organisation_id=house,
            scope=granted,
            public=wish.public,
            redirect_uris=wish.redirect_uris,
            launch_uris=wish.launch_uris,
            for_persons=wish.for_persons,
        )
        for each in keys:
            clients.add_key(client_id=client_id, key=each, until=until)
        if not sandbox:
            actions.deactivate(actor_id=client_id)
        Registration.objects.using(WRITER).create(
            id=uuid7(),
            client_id=client_id,
            secret=sha256(secret.encode()).digest(),
            state="waiting",
            asked_at=now,
            **wish.said,
            scope=str(asked),
        )
        audit.done(
            Actor(ActorKind.CLIENT, client_id, wish.software, house, None, 1),
            Purpose.SUPPORT,
            record_id=None,
            capacity="account",
            action="publisher-registered",
            target_kind="client",
            target_id=client_id,
        )
    return Registered(client_id, key, secret, granted, sandbox)


def _one_more_from(address: str) -> None:
    """Counted before it is done: those who come at the same time are all counted."""
    if REGISTRATIONS.failed(address) > REGISTRATIONS.most:
        raise TooMany(REGISTRATIONS.wait(address))


def standing(client_key: str, secret: str) -> Standing | None:
    """None for a wrong name or a wrong secret, in the same words."""
    asked = {"key": client_key, "secret": sha256(secret.encode("utf-8", "surrogatepass")).digest()}
    return next((Standing(**row) for row in query(READER, _SQL["standing"], asked)), None)


@dataclass(frozen=True, slots=True)
class HowMany:
    """Requests that wait and those that were decided; software that operators added."""

    waiting: int
    decided: int
    added: int


def how_many(actor: Actor) -> HowMany:
    support_only(actor)
    return HowMany(**query(READER, _SQL["how_many"], {})[0])


def waiting(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Standing]:
    """The oldest first, after the request `after`; `named`: with each of these words in the name of the software or of
    the publisher, or in the identifier. To have read them is a line."""
    support_only(actor)
    note(actor, "publishers-read", "client")
    return [Standing(**row) for row in query(READER, _SQL["waiting"], _asked(after, named, limit))]


def decided(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Standing]:
    """The latest first; part of reading those that wait, which leaves the line."""
    support_only(actor)
    return [Standing(**row) for row in query(READER, _SQL["decided"], _asked(after, named, limit))]


def _asked(after: UUID | None, named: str, limit: int | None) -> dict[str, Any]:
    return {"after": after, "words": named.lower().split(), "limit": limit}


@dataclass(frozen=True, slots=True)
class Added:
    """Software that an operator added."""

    id: UUID
    name: str
    organisation: str


def added(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Added]:
    """By name; part of reading the requests, which leaves the line."""
    support_only(actor)
    return [Added(**row) for row in query(READER, _SQL["added"], _asked(after, named, limit))]


def accept(actor: Actor, request_id: UUID) -> bool:
    """The software gets what it asked for, in the organisation it named. False when it was decided meanwhile."""
    return _decide(actor, request_id, "accepted", "")


def refuse(actor: Actor, request_id: UUID, words: str) -> bool:
    """With words for the publisher. In a sandbox the software goes on there."""
    return _decide(actor, request_id, "refused", words[:_WORDS])


def _decide(actor: Actor, request_id: UUID, state: State, words: str) -> bool:
    support_only(actor)
    with transaction.atomic(using=WRITER):
        waiting = Registration.objects.using(WRITER).select_for_update().filter(id=request_id, state="waiting").first()
        if waiting is None:
            return False
        waiting.state, waiting.words, waiting.decided_at, waiting.decided_by = state, words, clock.now(), actor.id
        waiting.save(using=WRITER, update_fields=["state", "words", "decided_at", "decided_by"])
        if state == "accepted":
            _let_in(waiting)
        note(actor, f"publisher-{state}", "client", waiting.client_id)
    return True


def _let_in(request: Registration) -> None:
    if request.structure:
        house = queries.organisation_of(request.structure) or actions.add_organisation(
            organisation_id=uuid7(), identifier=request.structure, name=request.publisher
        )
        Client.objects.using(WRITER).filter(actor_id=request.client_id).update(organisation_id=house)
    clients.change(client_id=request.client_id, scope=request.scope)
    actions.reactivate(actor_id=request.client_id)


def structure(text: str) -> str:
    """The national identifier as it is kept; raises `RppsError`."""
    return rpps.structure(text).value if text.strip() else ""


def _scope(wish: Wish) -> smart.Scopes:
    """For the software itself, and of an app for those who let it in: whom it may act for besides is a right that an
    operator gives apart."""
    try:
        found = smart.parse(wish.scope)
    except smart.ScopeError:
        raise NothingOfIt from None
    asked = found.within("system")
    if wish.for_persons:
        asked = found & smart.parse(OF_PERSONS)
    elif wish.redirect_uris:
        words = smart.Scopes(words=found.words & smart.OF_APPS)
        asked = asked | found.within("patient") | found.within("user") | words
    granted = asked & _most(wish)
    if not (granted.permissions if wish.for_persons else granted):
        raise NothingOfIt
    return asked


def _most(wish: Wish) -> smart.Scopes:
    if wish.for_persons:
        return smart.parse(OF_PERSONS)
    most = smart.parse(SANDBOX)
    return most | smart.parse(SANDBOX_OF_APPS) if wish.redirect_uris else most


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:28].strip("-") or "logiciel"
    return f"{stem}-{secrets.token_hex(4)}"


def told(found: Standing) -> dict[str, Any]:
    """What a publisher may know of their own request, for programs (RFC 7592)."""
    return {
        "client_id": found.client_key,
        "client_name": found.software,
        "scope": found.granted,
        "production": {"state": found.state, "scope": found.scope, "words": found.words},
        "active": found.active,
        "redirect_uris": found.redirect_uris,
        "launch_uris": found.launch_uris,
        "for_persons": found.for_persons,
    }
