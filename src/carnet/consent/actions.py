"""Acts that change who may see what. Each ends every remembered grant of the record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.holders import permit_of_holder
from carnet.consent.models import Attending, Authorisation, Block, Choice, MatrixRow
from carnet.consent.rules import INVISIBLE_REPRESENTANTS_LEGAUX, As, Choices
from carnet.formats.terminology.matrix import Matrix
from carnet.kernel import clock, happened
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import (
    WRITER,
    Permit,
    Trace,
    command,
    note,
    open_record,
    raise_epoch,
    rows,
    statements,
    steward,
    steward_permit,
)
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7

_SQL = statements("carnet.consent")


class NotToBlock(ValueError):
    """The médecin traitant reads by law, as long as the insurance names them."""


class Blocked(Exception):
    """What would be given beside a block would come back with its end (dmp_rules 5.2)."""


@dataclass(frozen=True, slots=True)
class Grantee:
    """To whom a record is opened: a professional, all of an organisation, or a care team."""

    kind: Literal["professional", "organisation", "team"]
    id: UUID

    @property
    def column(self) -> str:
        return f"{self.kind}_id"


def authorise(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    professional_id: UUID | None = None,
    grantee: Grantee | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    express: bool = False,
    instead: bool = False,
    secret: bool = False,
    unmasked: bool = False,
) -> UUID:
    """The holder opens the record to a professional (or another `grantee`), with or without an end. `instead`: whatever
    they had given to the same ends. `secret`, which the holder alone says: the representatives do not learn of it, and
    what they know of goes on. `unmasked`: what is masked is shown to them too, as far as the decision lets them. Raises
    `Blocked` for a professional whom the actor knows to be blocked."""
    to = grantee or _professional(professional_id)
    permit = permit_of_holder(actor, purpose, record_id, action="authorise")
    hidden_from = _secret(permit) if secret else 0
    with violations(), open_record(permit, trace=None, using=WRITER) as cursor:
        if to.kind == "professional" and _is_blocked(cursor, record_id, to.id):
            raise Blocked
        if instead:
            _end_authorisations(cursor, record_id, to, secrets=secret)
        given = add_authorisation(
            cursor,
            permit,
            to,
            since=since,
            until=until,
            express=express,
            hidden_from=hidden_from,
            unmasked=unmasked,
        )
        note(cursor, permit, Trace("authorise", to.kind, to.id, hidden_from=hidden_from))
    return given


def add_authorisation(
    cursor: CursorWrapper,
    permit: Permit,
    to: Grantee,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    express: bool = False,
    declared_by: UUID | None = None,
    hidden_from: int = 0,
    unmasked: bool = False,
) -> UUID:
    """The row, in a record that has been entered to write."""
    authorisation_id = uuid7()
    Authorisation.objects.using(WRITER).create(
        record_id=permit.record_id,
        id=authorisation_id,
        express=express,
        since=since or clock.now(),
        until=until,
        declared_by=declared_by,
        given_by=None if declared_by else permit.actor.id,
        hidden_from=hidden_from,
        unmasked=unmasked,
        **{to.column: to.id},
    )
    changed(cursor, permit.record_id, permit.actor.id, hidden_from)
    return authorisation_id


def changed(cursor: CursorWrapper, record_id: UUID, by: UUID, hidden_from: int = 0) -> None:
    """After every act on who may see what: remembered grants end, and whoever wants to know is told."""
    raise_epoch(cursor, record_id)
    happened.tell(Happened("rights", record_id, by, hidden_from))


def withdraw(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    professional_id: UUID | None = None,
    grantee: Grantee | None = None,
) -> None:
    """Ends every authorisation of a professional (or another `grantee`) that the actor may know of, now."""
    to = grantee or _professional(professional_id)
    permit = permit_of_holder(actor, purpose, record_id, action="withdraw")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        hidden_from = _end_authorisations(cursor, record_id, to)
        if hidden_from is None:
            hidden_from = kept_secret(cursor, permit, to.id)
        note(cursor, permit, Trace("withdraw", to.kind, to.id, hidden_from=hidden_from))
        changed(cursor, record_id, actor.id, hidden_from)


def block(
    actor: Actor, purpose: Purpose, *, record_id: UUID, professional_id: UUID, since: datetime | None = None
) -> UUID:
    """Reading stops, deposit goes on. What the professional had been given ends too: to unblock is not to consent.
    Raises `NotToBlock`."""
    permit = permit_of_holder(actor, purpose, record_id, action="block")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        if professional_id in attending_now(cursor, record_id):
            raise NotToBlock
        hidden_from = kept_secret(cursor, permit, professional_id)
        block_id = add_block(cursor, permit, professional_id, since=since, hidden_from=hidden_from)
        note(cursor, permit, Trace("block", "professional", professional_id, hidden_from=hidden_from))
    return block_id


def add_block(
    cursor: CursorWrapper,
    permit: Permit,
    professional_id: UUID,
    *,
    since: datetime | None = None,
    hidden_from: int = 0,
) -> UUID:
    """In a record that has been entered to write. What was given in secret ends with the rest, whoever blocks, what was
    put into their hands too, and so does an emergency that goes on: whether another may begin is a setting. Whoever
    will be médecin traitant is blocked until that day."""
    block_id, until = uuid7(), _attending_from(cursor, permit.record_id, professional_id)
    Block.objects.using(WRITER).create(
        record_id=permit.record_id,
        id=block_id,
        professional_id=professional_id,
        since=since or clock.now(),
        until=until,
        hidden_from=hidden_from,
    )
    if until:
        note(cursor, permit, _ends(professional_id, until, hidden_from))
    cursor.execute(_SQL["lift"])
    _end_authorisations(cursor, permit.record_id, Grantee("professional", professional_id))
    cursor.execute(
        _SQL["end_shares"],
        {"record_id": permit.record_id, "professional_id": professional_id, "block_id": block_id},
    )
    end_emergencies(cursor, permit, professional_id)
    cursor.execute(command(_SQL["readers_follow"]), permit.row())
    changed(cursor, permit.record_id, permit.actor.id, hidden_from)
    return block_id


def end_emergencies(cursor: CursorWrapper, permit: Permit, professional_id: UUID) -> bool:
    """Those that go on, secret ones as well; whether there was one."""
    cursor.execute(_SQL["lift"])
    cursor.execute(_SQL["end_emergencies"], {"record_id": permit.record_id, "professional_id": professional_id})
    ended: bool = cursor.rowcount > 0
    cursor.execute(_SQL["lower"], {"hidden": permit.hidden})
    return ended


def attending_now(cursor: CursorWrapper, record_id: UUID) -> set[UUID]:
    """Médecins traitants of a record that has been entered."""
    cursor.execute(_SQL["attending"], {"record_id": record_id})
    return {row["professional_id"] for row in rows(cursor)}


def _attending_from(cursor: CursorWrapper, record_id: UUID, professional_id: UUID) -> datetime | None:
    cursor.execute(_SQL["attending_soon"], {"record_id": record_id, "professional_id": professional_id})
    since: datetime | None = rows(cursor)[0]["since"]
    return since


def _is_blocked(cursor: CursorWrapper, record_id: UUID, professional_id: UUID) -> bool:
    cursor.execute(_SQL["blocked"], {"record_id": record_id, "professional_id": professional_id})
    return bool(rows(cursor)[0]["blocked"])


def kept_secret(cursor: CursorWrapper, permit: Permit, professional_id: UUID) -> int:
    """The label bits of those who are not to learn what a minor does, or an administrator in their name, about a
    professional of whom the representatives know nothing, or whom nothing but a secret let in since they heard of
    them."""
    if permit.capacity not in {As.HOLDER, As.ADMINISTRATOR}:
        return 0
    cursor.execute(_SQL["kept_secret"], {"record_id": permit.record_id, "professional_id": professional_id})
    return INVISIBLE_REPRESENTANTS_LEGAUX if rows(cursor)[0]["secret"] else 0


def unblock(actor: Actor, purpose: Purpose, *, record_id: UUID, professional_id: UUID, undo: bool = False) -> int:
    """The professional reads again only by a new consent (dmp_rules 5.2). `undo`: but for what the holder had put into
    their hands, which ended with the block; how many of these came back."""
    permit = permit_of_holder(actor, purpose, record_id, action="unblock")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["unblock"], {"record_id": record_id, "professional_id": professional_id, "at": clock.now()})
        (ended,) = rows(cursor)
        hidden_from = _hidden_from(ended)
        if hidden_from is None:
            hidden_from = kept_secret(cursor, permit, professional_id)
        note(cursor, permit, Trace("unblock", "professional", professional_id, hidden_from=hidden_from))
        back = _give_back(cursor, permit, professional_id, ended["ids"] or []) if undo else 0
        changed(cursor, record_id, actor.id, hidden_from)
    return back


def _give_back(cursor: CursorWrapper, permit: Permit, professional_id: UUID, blocks: list[UUID]) -> int:
    cursor.execute(_SQL["give_back"], {"record_id": permit.record_id, "blocks": blocks})
    back = [row["hidden_from"] for row in rows(cursor)]
    for hidden_from in back:
        note(cursor, permit, Trace("document-handed", "professional", professional_id, hidden_from=hidden_from))
    if back:
        cursor.execute(command(_SQL["readers_follow"]), permit.row())
    return len(back)


def choose(actor: Actor, purpose: Purpose, *, record_id: UUID, choices: Choices) -> None:
    """What the holder wants in an emergency. An access that goes on ends with the switch that allowed it."""
    permit = permit_of_holder(actor, purpose, record_id, action="choose-emergency")
    detail = " ".join(name for name, on in asdict(choices).items() if on)
    with open_record(permit, trace=Trace("choose-emergency", detail=detail), using=WRITER) as cursor:
        Choice.objects.using(WRITER).update_or_create(
            record_id=record_id, defaults=asdict(choices) | {"changed_at": clock.now()}
        )
        changed(cursor, record_id, actor.id)


def see_emergencies(actor: Actor, purpose: Purpose, *, record_id: UUID) -> None:
    """The holder has been shown every emergency access there is."""
    permit = permit_of_holder(actor, purpose, record_id, action="emergencies-seen")
    with open_record(permit, trace=Trace("emergencies-seen"), using=WRITER) as cursor:
        cursor.execute(_SQL["show_emergencies"], {"record_id": record_id})


def _professional(professional_id: UUID | None) -> Grantee:
    if professional_id is None:
        raise ValueError("An authorisation is given to somebody.")
    return Grantee("professional", professional_id)


def _secret(permit: Permit) -> int:
    if permit.capacity != As.HOLDER:
        raise ValueError("The holder alone says what is kept from the representatives.")
    return INVISIBLE_REPRESENTANTS_LEGAUX


def _end_authorisations(cursor: CursorWrapper, record_id: UUID, to: Grantee, *, secrets: bool = False) -> int | None:
    """As `_of_what_ended`."""
    ids = {"professional_id": None, "organisation_id": None, "team_id": None, to.column: to.id}
    cursor.execute(_SQL["end_authorisations"], {"record_id": record_id, "secrets": secrets, **ids})
    return _of_what_ended(cursor)


def _of_what_ended(cursor: CursorWrapper) -> int | None:
    """The label bits of those who are not to learn that it ended, None where nothing did. Secrets alone: then that they
    ended is one too."""
    (row,) = rows(cursor)
    return _hidden_from(row)


def _hidden_from(row: dict[str, Any]) -> int | None:
    if not row["ended"]:
        return None
    return 0 if row["known"] else INVISIBLE_REPRESENTANTS_LEGAUX


def set_attending(actor: Actor, *, record_id: UUID, professional_id: UUID, since: datetime | None = None) -> None:
    """The médecin traitant as the insurance's feed tells, from a day that may have passed or is to come; the former
    one's right ends that day, and so does a block that holds then, of which the trail tells: the médecin traitant reads
    by law (L1111-16)."""
    now = clock.now()
    at = since or now
    freed = max(at, now)
    trace = Trace("attending", "professional", professional_id)
    with violations(), steward(actor, record_id, trace=trace) as cursor:
        cursor.execute(
            "update record.consent_attending set until = greatest(since, %s)"
            " where record_id = %s and (until is null or until > %s)",
            (at, record_id, at),
        )
        # A block that a minor keeps secret ends with the others.
        cursor.execute(_SQL["lift"])
        cursor.execute(_SQL["unblock"], {"record_id": record_id, "professional_id": professional_id, "at": freed})
        _tell_of_the_block(cursor, actor, record_id, professional_id, freed if freed > now else None)
        Attending.objects.using(WRITER).create(
            record_id=record_id, id=uuid7(), professional_id=professional_id, since=at
        )
        changed(cursor, record_id, actor.id)


def _tell_of_the_block(
    cursor: CursorWrapper, actor: Actor, record_id: UUID, professional_id: UUID, until: datetime | None
) -> None:
    """In a line of its own: of a block that a minor keeps secret, the representatives are told nothing. `until`: when
    it will end, None for now."""
    (row,) = rows(cursor)
    if row["ended"]:
        hidden_from = 0 if row["known"] else INVISIBLE_REPRESENTANTS_LEGAUX
        trace = Trace("block-ended", "professional", professional_id, hidden_from=hidden_from)
        trace = _ends(professional_id, until, hidden_from) if until else trace
        note(cursor, steward_permit(actor, record_id), trace)


def _ends(professional_id: UUID, until: datetime, hidden_from: int) -> Trace:
    """The line of a block that holds until a day to come."""
    return Trace("block-to-end", "professional", professional_id, detail=until.isoformat(), hidden_from=hidden_from)


def load_matrix(matrix: Matrix, *, using: str = WRITER) -> bool:
    """Brings a version of the access matrix into force from its date; every remembered grant ends. False when the
    version is here already."""
    if MatrixRow.objects.using(using).filter(version=matrix.version).exists():
        return False
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        MatrixRow.objects.using(using).bulk_create(
            MatrixRow(
                version=matrix.version,
                profession_system=line.system,
                profession_code=line.code,
                types=line.reads,
                team_only=line.care_team_only,
                effective=matrix.effective,
                source=matrix.source,
            )
            for line in matrix.lines.values()
            if line.enabled
        )
        cursor.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")
    return True
