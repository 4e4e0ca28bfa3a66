"""Making people known, and linking them. Keyword-only, one transaction each."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from carnet.formats import smart
from carnet.formats.terminology import professions
from carnet.kernel import clock, happened
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER, Trace, note, query, raise_epoch, statements, steward, steward_permit
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.kernel.models import KernelActor
from carnet.people.models import (
    CareLink,
    Client,
    Deputy,
    Operator,
    Organisation,
    Person,
    Professional,
    Representation,
    SignIn,
    Situation,
    Team,
    TeamMember,
    Token,
)
from carnet.people.rules import Capacity

_SQL = statements("carnet.people")
REPRESENTED: Final = "represented"
"""The fact that somebody represents a person from now on."""


def add_organisation(*, organisation_id: UUID, identifier: str, name: str, part_of_id: UUID | None = None) -> UUID:
    """A service is part of an organisation that is none itself."""
    with violations():
        Organisation.objects.using(WRITER).create(
            id=organisation_id, identifier=identifier, name=name, part_of_id=part_of_id
        )
    return organisation_id


def _add_actor(kind: ActorKind, actor_id: UUID, key: str | None, name: str) -> KernelActor:
    return KernelActor.objects.using(WRITER).create(id=actor_id, kind=kind.value, key=key, name=name)


def add_person(*, actor_id: UUID, key: str | None, name: str, record_id: UUID | None) -> UUID:
    with violations(), transaction.atomic(using=WRITER):
        actor = _add_actor(ActorKind.PERSON, actor_id, key, name)
        Person.objects.using(WRITER).create(actor=actor, record_id=record_id)
    return actor_id


def give_record(actor_id: UUID, record_id: UUID) -> bool:
    """To an account that has none. False for any other. Raises `Violation` where somebody else has it."""
    with violations(), transaction.atomic(using=WRITER):
        return bool(Person.objects.using(WRITER).filter(actor_id=actor_id, record_id=None).update(record_id=record_id))


def add_professional(
    *,
    actor_id: UUID,
    key: str | None,
    rpps: str | None,
    family: str,
    given: str,
    title: str = "",
    profession_system: str = "G15",
    profession_code: str,
    speciality: str = "",
    capacity: Capacity = Capacity.CARE,
    organisation_id: UUID | None = None,
) -> UUID:
    """`title` is what stands before the name on screens ("Dr"); the profession's system is an OID, a URI or a short
    name ("G15") and is kept as the OID."""
    profession, _ = professions.split(profession_code, profession_system)
    name = " ".join(part for part in (title, given, family) if part)
    with violations(), transaction.atomic(using=WRITER):
        actor = _add_actor(ActorKind.PROFESSIONAL, actor_id, key, name)
        Professional.objects.using(WRITER).create(
            actor=actor,
            rpps=rpps,
            family=family,
            given=given,
            profession_system=profession.system,
            profession_code=profession.code,
            speciality=speciality,
            capacity=capacity.value,
            organisation_id=organisation_id,
        )
    return actor_id


def add_client(
    *,
    actor_id: UUID,
    key: str | None,
    name: str,
    organisation_id: UUID,
    reads_own: bool = True,
    acts_for_professionals: bool = False,
    scope: str = "",
    public: bool = False,
    redirect_uris: Sequence[str] = (),
    launch_uris: Sequence[str] = (),
    for_persons: bool = False,
) -> UUID:
    """`scope` is the most that its tokens may allow; `people.clients` gives it keys. One with `redirect_uris` is an app
    that professionals open in a browser, or patients do (`for_persons`). Raises `ScopeError`."""
    with violations(), transaction.atomic(using=WRITER):
        actor = _add_actor(ActorKind.CLIENT, actor_id, key, name)
        Client.objects.using(WRITER).create(
            actor=actor,
            organisation_id=organisation_id,
            reads_own=reads_own,
            acts_for_professionals=acts_for_professionals,
            scope=str(smart.parse(scope)),
            public=public,
            redirect_uris=list(redirect_uris),
            launch_uris=list(launch_uris),
            for_persons=for_persons,
        )
    return actor_id


def add_operator(*, actor_id: UUID, key: str | None, name: str, role: str) -> UUID:
    with violations(), transaction.atomic(using=WRITER):
        actor = _add_actor(ActorKind.OPERATOR, actor_id, key, name)
        Operator.objects.using(WRITER).create(actor=actor, role=role)
    return actor_id


def add_deputy(
    *, deputy_id: UUID, principal_id: UUID, kind: str, since: datetime, until: datetime | None = None
) -> None:
    """`kind` is a `consent.facts.DeputyKind`. What is remembered of the deputy's rights ends."""
    with violations(), transaction.atomic(using=WRITER):
        Deputy.objects.using(WRITER).create(
            id=uuid7(), deputy_id=deputy_id, principal_id=principal_id, kind=kind, since=since, until=until
        )
        raise_actor_epoch(deputy_id)


def end_deputy(*, deputy_id: UUID, principal_id: UUID, kind: str | None = None, until: datetime | None = None) -> None:
    """In that way or in every way; on the next request, or at that instant what has begun by then."""
    with transaction.atomic(using=WRITER):
        Deputy.objects.using(WRITER).filter(
            _going_on(until) & (Q(kind=kind) if kind else Q()), deputy_id=deputy_id, principal_id=principal_id
        ).update(until=_end(until))
        raise_actor_epoch(deputy_id)


def _going_on(until: datetime | None) -> Q:
    at = until or clock.now()
    begun = Q(since__lte=until) if until else Q()
    return begun & (Q(until=None) | Q(until__gt=at))


def _end(until: datetime | None) -> Greatest:
    return Greatest(F("since"), until or Now())


def add_situation(
    *, professional_id: UUID, organisation_id: UUID, role: str = "", since: datetime, until: datetime | None = None
) -> None:
    """As the directory tells it. `role` in French words, "" for none."""
    with violations(), transaction.atomic(using=WRITER):
        Situation.objects.using(WRITER).create(
            id=uuid7(),
            professional_id=professional_id,
            organisation_id=organisation_id,
            role=role,
            since=since,
            until=until,
        )
        raise_circle_epoch(professional_id)


def end_situation(
    *, professional_id: UUID, organisation_id: UUID, role: str | None = None, until: datetime | None = None
) -> None:
    """In that role or in every role; on the next request, or at that instant what has begun by then."""
    as_that = Q() if role is None else Q(role=role)
    with transaction.atomic(using=WRITER):
        Situation.objects.using(WRITER).filter(
            _going_on(until) & as_that, professional_id=professional_id, organisation_id=organisation_id
        ).update(until=_end(until))
        raise_circle_epoch(professional_id)


def add_team(*, team_id: UUID, name: str, organisation_id: UUID | None = None) -> UUID:
    with violations():
        Team.objects.using(WRITER).create(id=team_id, name=name, organisation_id=organisation_id)
    return team_id


def join_team(*, team_id: UUID, professional_id: UUID, since: datetime, until: datetime | None = None) -> None:
    with violations(), transaction.atomic(using=WRITER):
        TeamMember.objects.using(WRITER).create(
            id=uuid7(), team_id=team_id, professional_id=professional_id, since=since, until=until
        )
        raise_circle_epoch(professional_id)


def leave_team(*, team_id: UUID, professional_id: UUID, until: datetime | None = None) -> None:
    """On the next request, or at that instant what has begun by then."""
    with transaction.atomic(using=WRITER):
        TeamMember.objects.using(WRITER).filter(
            _going_on(until), team_id=team_id, professional_id=professional_id
        ).update(until=_end(until))
        raise_circle_epoch(professional_id)


def add_sign_in(*, issuer: str, subject: str, actor_id: UUID) -> None:
    with violations():
        SignIn.objects.using(WRITER).create(id=uuid7(), issuer=issuer, subject=subject, actor_id=actor_id)


def represent(
    actor: Actor,
    *,
    record_id: UUID,
    representative_id: UUID,
    kind: str = "parent",
    since: datetime,
    until: datetime | None = None,
    ground: str = "",
    basis: str = "feed",
    measure: str = "",
) -> None:
    """`kind` "guardian": of a protected adult, with an end and the decision that it rests on. `basis`: by the feed, a
    proof or a court."""
    trace = Trace("representation-added", "person", representative_id, "" if basis == "feed" else basis)
    with violations(), steward(actor, record_id, trace=trace) as cursor:
        Representation.objects.using(WRITER).create(
            record_id=record_id,
            id=uuid7(),
            representative_id=representative_id,
            kind=kind,
            since=since,
            until=until,
            ground=ground,
            basis=basis,
            measure=measure,
        )
        raise_epoch(cursor, record_id)
        happened.tell(Happened(REPRESENTED, record_id, actor.id))


def end_representation(
    actor: Actor, *, record_id: UUID, representative_id: UUID, kind: str = "parent", until: datetime | None = None
) -> bool:
    """On the next request, or at that instant what has begun by then. False, without a line, when nothing goes on."""
    with steward(actor, record_id, trace=None) as cursor:
        ended = (
            Representation.objects.using(WRITER)
            .filter(_going_on(until), record_id=record_id, representative_id=representative_id, kind=kind)
            .update(until=_end(until))
        )
        if ended:
            note(
                cursor,
                steward_permit(actor, record_id),
                Trace("representation-ended", "person", representative_id),
            )
            raise_epoch(cursor, record_id)
    return bool(ended)


def care_for(
    actor: Actor,
    *,
    record_id: UUID,
    carer_id: UUID,
    rights: Collection[str],
    acts: bool = False,
    since: datetime,
    until: datetime | None = None,
) -> None:
    with violations(), steward(actor, record_id, trace=Trace("carer-added", "person", carer_id)) as cursor:
        CareLink.objects.using(WRITER).create(
            record_id=record_id,
            id=uuid7(),
            carer_id=carer_id,
            rights=sorted(rights),
            acts=acts,
            since=since,
            until=until,
        )
        raise_epoch(cursor, record_id)


def issue_token(
    *,
    actor_id: UUID,
    purpose: Purpose,
    scope: str = "",
    lifetime: timedelta = timedelta(hours=8),
    key_id: UUID | None = None,
    bound: str = "",
    regulates: bool = False,
    grant_id: UUID | None = None,
    proof: Mapping[str, Any] | None = None,
) -> str:
    """A new token; only its hash is kept. Without a scope it allows nothing; `key_id` is the key of the client that
    asked for it, `bound` what its sender must prove ("" for a bearer's). `regulates`: the professional's provider says
    that they answer the calls of the centre 15; `proof` is what else it said. `grant_id`: what an app was granted, from
    which the token comes."""
    token = f"carnet_{secrets.token_urlsafe(32)}"
    now = clock.now()
    Token.objects.using(WRITER).create(
        digest=sha256(token.encode()).digest(),
        actor_id=actor_id,
        key_id=key_id,
        purpose=purpose.value,
        scope=scope,
        bound=bound,
        regulates=regulates,
        grant_id=grant_id,
        proof=proof,
        created_at=now,
        expires_at=now + lifetime,
    )
    return token


def revoke_token(*, token: str) -> None:
    """Ends a token on the very next request: the actor's epoch moves, whoever remembered it asks anew."""
    with transaction.atomic(using=WRITER):
        row = Token.objects.using(WRITER).get(digest=sha256(token.encode()).digest())
        row.revoked_at = clock.now()
        row.save(using=WRITER, update_fields=["revoked_at"])
        raise_actor_epoch(row.actor_id)


def deactivate(*, actor_id: UUID) -> None:
    with transaction.atomic(using=WRITER):
        KernelActor.objects.using(WRITER).filter(id=actor_id).update(active=False)
        raise_circle_epoch(actor_id)


def reactivate(*, actor_id: UUID) -> None:
    with transaction.atomic(using=WRITER):
        KernelActor.objects.using(WRITER).filter(id=actor_id).update(active=True)
        raise_circle_epoch(actor_id)


def raise_actor_epoch(actor_id: UUID) -> None:
    """Whatever is remembered of them, in whichever process, is asked anew."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute("update app.kernel_actor set epoch = epoch + 1 where id = %s", (actor_id,))


def raise_circle_epoch(actor_id: UUID) -> None:
    """Theirs, and of those who read in their place."""
    raise_actor_epoch(actor_id)
    for deputy_id in Deputy.objects.using(WRITER).filter(principal_id=actor_id).values_list("deputy_id", flat=True):
        raise_actor_epoch(deputy_id)


def begin_visit(person_id: UUID) -> datetime | None:
    """Notes that a person signs in; answers since when things are new to them: their visit before, or the last thirty
    days at their first. None for somebody who is no person."""
    found = query(WRITER, _SQL["begin_visit"], {"id": person_id})
    return found[0]["before"] if found else None
