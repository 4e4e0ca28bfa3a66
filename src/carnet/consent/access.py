"""The one door: an actor with a purpose asks for a record, and gets a permit or `Refused`.

A permit is remembered in the process with its epochs; the database refuses it as soon as one has moved
(`Stale`), and the face then asks once more with `anew`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson

from carnet.consent import switches
from carnet.consent.rules import (
    NO_TYPES,
    Authorisation,
    Care,
    Choices,
    Clinician,
    Deputising,
    DeputyKind,
    Facts,
    Grant,
    Reason,
    Refusal,
    Span,
    Wish,
    decide,
)
from carnet.formats.terminology import noting
from carnet.kernel import audit, clock
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.kernel.db import READER, Permit, Stale, query, statements
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState

_SQL = statements("carnet.consent")
_MOST = 50_000
_OTHER_PATIENT = "other-patient"

T = TypeVar("T")
_MORE: Final = "/"

_Key = tuple[UUID, UUID | None, UUID | None, bool, Purpose, UUID]
_remembered: OrderedDict[_Key, Permit] = OrderedDict()
_lock = Lock()


_glass_in_hand: ContextVar[bool] = ContextVar("glass_in_hand", default=False)


class Refused(Exception):
    """The decision said no; it stands in the trail already. `reason` is for the trail, not for the asker."""

    def __init__(self, refusal: Refusal, actor: Actor | None, record_id: UUID | None = None) -> None:
        super().__init__(refusal.reason.value)
        self.refusal = refusal
        self.actor = actor
        self.record_id = record_id

    @property
    def reason(self) -> Reason:
        return self.refusal.reason


@contextmanager
def glass_in_hand() -> Iterator[None]:
    """Within it the refusal for want of a broken glass leaves no line: who enters it breaks the glass next, or is
    refused that, and either has a line of its own."""
    token = _glass_in_hand.set(True)
    try:
        yield
    finally:
        _glass_in_hand.reset(token)


def permit_to_read(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    *,
    action: str,
    target_kind: str = "record",
    target_id: UUID | None = None,
) -> Permit:
    """`action` and target name the attempt, for the trail line of a refusal. See `reading`."""
    _within(actor, purpose, record_id, action, target_kind, target_id)
    key = (actor.id, actor.organisation, actor.app, actor.regulates, purpose, record_id)
    with _lock:
        known = _remembered.get(key)
    if known and known.actor.epoch == actor.epoch and (known.until is None or known.until > clock.now()):
        return known
    permit = _ask(actor, purpose, record_id, Wish.READ, action, target_kind, target_id)
    with _lock:
        _remembered[key] = permit
        while len(_remembered) > _MOST:
            _remembered.popitem(last=False)
    return permit


def reading(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    read: Callable[[Permit], T],
    *,
    action: str,
    target_kind: str = "record",
    target_id: UUID | None = None,
) -> T:
    """Reads with a permit, remembered or fresh; one that the database calls stale is decided anew, once.
    A second *stale* means that the actor itself has changed: the face authenticates again."""
    ask = partial(
        permit_to_read, actor, purpose, record_id, action=action, target_kind=target_kind, target_id=target_id
    )
    try:
        return read(ask())
    except Stale:
        forget(actor, record_id)
    return read(ask())


def permit_quietly(actor: Actor, purpose: Purpose, record_id: UUID) -> Permit | None:
    """What would be granted at this moment, for what nobody has asked now: a refusal is no attempt of theirs, and
    leaves no line. Never remembered. Raises `Stale` when the actor is not any more who they were: that is no
    refusal."""
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    if row["actor_epoch"] != actor.epoch:
        raise Stale
    decision = decide(facts_of(row, actor, purpose, Wish.READ))
    return None if isinstance(decision, Refusal) else _permit(decision, row, actor, purpose, record_id)


def kept_quiet(actor: Actor, purpose: Purpose, record_id: UUID, wish: Wish = Wish.READ) -> int:
    """The label bits of those who are not to learn that this actor tried something in this record: for the line of what
    is refused before, or besides, the decision."""
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    return decide(facts_of(row, actor, purpose, wish)).quiet


def permit_to_act(actor: Actor, purpose: Purpose, record_id: UUID, *, action: str) -> Permit:
    """For an act on the record by who may read it; never remembered: a write decides on the facts of the moment."""
    return _ask(actor, purpose, record_id, Wish.READ, action, "record", None)


def permit_for_life(actor: Actor, record_id: UUID, *, purpose: Purpose = Purpose.SELF, action: str) -> Permit:
    """For the holder of a record, or who represents a minor, in whatever state it is, about that state alone:
    nothing of it is in sight."""
    return _ask(actor, purpose, record_id, Wish.LIFE, action, "record", None)


def permit_to_declare(
    actor: Actor, record_id: UUID, *, purpose: Purpose = Purpose.CARE, action: str = "declare"
) -> Permit:
    """For a professional who says that the person consents, or looks again at what they said."""
    return _ask(actor, purpose, record_id, Wish.DECLARE, action, "record", None)


def permit_to_break_glass(actor: Actor, purpose: Purpose, record_id: UUID) -> Permit:
    """For a professional in an emergency, or the centre 15, before they may read."""
    return _ask(actor, purpose, record_id, Wish.BREAK_GLASS, "break-glass", "record", None)


def permit_to_deposit(actor: Actor, purpose: Purpose, record_id: UUID, *, action: str) -> Permit:
    """Never remembered either."""
    return _ask(actor, purpose, record_id, Wish.DEPOSIT, action, "document", None)


def permit_to_state(actor: Actor, purpose: Purpose, record_id: UUID, *, action: str, note: str = "") -> Permit:
    """For saying something of health in one's own words; of a carer, within the types of the permit. `note`: what a
    professional says without a document (`formats.terminology.noting`)."""
    return _ask(actor, purpose, record_id, Wish.STATE, action, "entry", None, note=note)


def permit_to_withdraw(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> Permit:
    """For taking a document out of the record: by an operator of the support, or by who may read it (whether it is
    theirs to withdraw is for the act to tell)."""
    wish = Wish.WITHDRAW if actor.kind is ActorKind.OPERATOR else Wish.READ
    if purpose is Purpose.CARER:  # who was given to read only takes nothing out
        wish = Wish.DEPOSIT
    return _ask(actor, purpose, record_id, wish, "document-withdraw", "document", document_id)


def permit_to_join(actor: Actor, record_id: UUID) -> Permit:
    """For somebody who has brought the code of an invitation to help (`consent.answering`), about that alone."""
    return _ask(actor, Purpose.CARER, record_id, Wish.JOIN, "carer-invited", "record", None, invited=True)


def permit_to_stand(actor: Actor, record_id: UUID) -> Permit:
    """The same, of the code by which a parent invites the other one (`consent.parents`)."""
    return _ask(actor, Purpose.REPRESENTATIVE, record_id, Wish.JOIN, "parent-invited", "record", None, invited=True)


def permit_to_copy(record_id: UUID) -> Permit:
    """For the operator of the machine, who hands the holder a copy of their record, closed or not: in sight is what the
    holder would see, and told what the holder would be told, decided as for the holder. Raises `Refused` where there is
    no record."""
    row = query(READER, _SQL["copy_facts"], (record_id, SYSTEM.id, None))[0]
    state = RecordState(row["state"]) if row["state"] else None
    if state is None or not state.exists:
        raise Refused(Refusal(Reason.NO_RECORD), SYSTEM)
    asked = Facts(Wish.READ, Purpose.SELF, ActorKind.PERSON, row["now"], RecordState.ACTIVE, is_holder=True)
    of_holder = row["of_holder"]
    decision = decide(replace(asked, discreet=_known_since(of_holder), visits=_visits(of_holder)))
    if isinstance(decision, Refusal):
        raise Refused(decision, SYSTEM)
    return replace(_permit(decision, row, SYSTEM, Purpose.SUPPORT, record_id), capacity="owner")


def forget(actor: Actor, record_id: UUID | None = None) -> None:
    """Drops what is remembered of an actor (in one record, or in all), after a *stale* answer."""
    with _lock:
        for key in [k for k in _remembered if k[0] == actor.id and record_id in {None, k[-1]}]:
            del _remembered[key]


def _ask(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    wish: Wish,
    action: str,
    target_kind: str,
    target_id: UUID | None,
    *,
    invited: bool = False,
    note: str = "",
) -> Permit:
    _within(actor, purpose, record_id, action, target_kind, target_id)
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    if row["actor_epoch"] != actor.epoch:
        raise Stale
    decision = decide(replace(facts_of(row, actor, purpose, wish), invited=invited, note=note))
    if isinstance(decision, Refusal):
        if decision.reason is not Reason.GLASS or not _glass_in_hand.get():
            audit.refused(
                actor,
                purpose,
                record_id=None if decision.reason is Reason.NO_RECORD else record_id,
                action=action,
                reason=decision.reason.value,
                target_kind=target_kind,
                target_id=target_id,
                hidden_from=decision.quiet,
            )
        raise Refused(decision, actor, record_id)
    return _permit(decision, row, actor, purpose, record_id)


def _within(
    actor: Actor, purpose: Purpose, record_id: UUID, action: str, target_kind: str, target_id: UUID | None
) -> None:
    """A token that was given for one person knows no other: for it there is no other record, whatever its holder may
    read by another. The line names none either."""
    if actor.confined_from(record_id):
        audit.refused(
            actor,
            purpose,
            record_id=None,
            action=action,
            reason=_OTHER_PATIENT,
            target_kind=target_kind,
            target_id=target_id,
        )
        raise Refused(Refusal(Reason.NO_RECORD), actor)


def _permit(decision: Grant, row: dict[str, Any], actor: Actor, purpose: Purpose, record_id: UUID) -> Permit:
    return Permit(
        record_id=record_id,
        actor=actor,
        purpose=purpose,
        capacity=decision.capacity.value,
        record_epoch=row["record_epoch"],
        rules_epoch=row["rules_epoch"],
        types=decision.types,
        hidden=decision.hidden,
        trail=decision.trail,
        until=decision.until,
        quiet=decision.quiet,
        discreet=_discreet(decision),
    )


def _discreet(decision: Grant) -> str:
    """As the row policy of the trail reads it."""
    told = {str(who): since.isoformat() if since else "infinity" for who, since in decision.discreet}
    told |= dict(decision.visits)
    return orjson.dumps(told).decode() if told else ""


def facts_of(row: dict[str, Any], actor: Actor, purpose: Purpose, wish: Wish) -> Facts:
    """The row of `record.access_facts` as the decision's facts."""
    mode = purpose.value
    broken: list[dict[str, Any]] = loaded(row["emergencies"]) or []
    return Facts(
        wish=wish,
        purpose=purpose,
        actor=actor.kind,
        now=row["now"],
        state=RecordState(row["state"]) if row["state"] else None,
        is_holder=row["is_holder"],
        holder_birth=row["holder_birth"] or "",
        own=_clinician(loaded(row["own"])),
        deputising=tuple(
            Deputising(DeputyKind(item["kind"]), _span(item), _clinician(item["principal"]))
            for item in loaded(row["deputising"]) or ()
        ),
        emergencies=tuple(_span(item) for item in broken if item["mode"] == mode),
        broken=_spans(broken),
        choices=Choices(**(loaded(row["choices"]) or {})),
        switches=switches.of(loaded(row["switches"]) or {}),
        represents=_spans(loaded(row["represents"])),
        guards=_spans(loaded(row["guards"])),
        cares=tuple(
            Care(_span(item), frozenset(item["rights"]), acts=item["acts"]) for item in loaded(row["cares"]) or ()
        ),
        handed=_spans(loaded(row["handed"])),
        is_author=row["is_author"],
        reads_own=row["reads_own"],
        rules_until=row["rules_until"],
        operator=row["operator"] or "",
        regulates=actor.regulates,
        discreet=_known_since(row["discreet"]),
        visits=_visits(row["discreet"]),
    )


def _known_since(found: Any) -> tuple[tuple[UUID, datetime | None], ...]:
    """As `record.discreet` tells it."""
    return tuple(
        (UUID(who), None if since == "infinity" else datetime.fromisoformat(since))
        for who, since in (loaded(found) or {}).items()
        if _MORE not in who
    )


def _visits(found: Any) -> tuple[tuple[str, str], ...]:
    """The same, of visits that are kept secret, and of what was told before there was a secret."""
    return tuple((name, value) for name, value in (loaded(found) or {}).items() if _MORE in name)


def loaded(value: Any) -> Any:
    """JSON; Django leaves that of raw queries as text."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _clinician(found: dict[str, Any] | None) -> Clinician:
    if not found:
        return Clinician()
    return Clinician(
        capacity=Capacity(found["capacity"]),
        matrix=found["matrix"] or NO_TYPES,
        matrix_in_team=found["matrix_in_team"],
        authorisations=tuple(
            Authorisation(_span(item), express=item["express"], by_team=item["by_team"], unmasked=item["unmasked"])
            for item in found["authorisations"] or ()
        ),
        blocked=_spans(found["blocked"]),
        attending=_spans(found["attending"]),
        notes=noting.kinds(*found["profession"]),
    )


def _spans(items: list[dict[str, Any]] | None) -> tuple[Span, ...]:
    return tuple(_span(item) for item in items or ())


def _span(item: dict[str, Any]) -> Span:
    until = item["until"]
    secret = item.get("secret", False)
    return Span(datetime.fromisoformat(item["since"]), datetime.fromisoformat(until) if until else None, secret)
