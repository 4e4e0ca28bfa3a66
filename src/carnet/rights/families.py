"""Who represents somebody, as a court decided: parental authority withdrawn, a child placed in care, the guardian of a
protected adult. Recorded by an operator of the support, with the ground and the reference of the decision; it counts
with the next request of whoever it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.actions import changed
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, note, rows, statements, steward, steward_permit
from carnet.people import actions as people_actions
from carnet.people import queries
from carnet.people.accounts import own_turn
from carnet.people.operators import support_only
from carnet.records.numbers import NotAnIns, record_of
from carnet.records.queries import existence
from carnet.records.rules import earliest_birth, majority, years_later
from carnet.rights import pairs
from carnet.rights.grounds import GUARDIANSHIP_END, MEASURES, RETURN, WITHDRAWAL, Grounds
from carnet.rights.pairs import Guardianship, Kind

_SQL = statements("carnet.rights", "families.sql")
_LOOKED_UP: Final = "family-looked-up"
_FRANCE: Final = ZoneInfo("Europe/Paris")
LONGEST_REFERENCE: Final = 100
_MISTAKE: Final = "mistake"
PARENT: Final = "parent"
GUARDIAN: Final = "guardian"


class Fault(StrEnum):
    """Why it is not done; the face has the words."""

    NO_GROUND = "no-ground"
    NO_REFERENCE = "no-reference"
    NOBODY = "nobody"
    MINOR = "minor"
    GROWN = "grown"
    NOT_AN_INS = "not-an-ins"
    NO_ACCOUNT = "no-account"
    THEMSELVES = "themselves"
    YOUNG = "young"
    PAST = "past"
    TOO_LONG = "too-long"
    ALREADY = "already"


class NotDone(ValueError):
    """Everything that is wrong with what was asked, so that it is mended at once; `fault` is the first of it."""

    def __init__(self, fault: Fault, *more: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.faults = (fault, *more)


@dataclass(frozen=True, slots=True)
class Link:
    """`basis`: the feed, a proof or a court. `ended_for` and `reference`: the decision that ended it."""

    id: UUID
    person_id: UUID
    name: str
    kind: str
    since: datetime
    until: datetime | None
    holds: bool
    basis: str
    measure: str
    ground: str
    ended_for: str
    reference: str


@dataclass(frozen=True, slots=True)
class Family:
    """Of somebody found by their number: whose it is, and who represents them or did."""

    record_id: UUID
    name: str
    birth_date: str
    minor: bool
    links: tuple[Link, ...]

    @property
    def now(self) -> tuple[Link, ...]:
        return tuple(each for each in self.links if each.holds and (each.kind == GUARDIAN) is not self.minor)

    @property
    def ended(self) -> tuple[Link, ...]:
        """Parents whose right a decision ended, and may be given back: the latest link of each, while none holds."""
        holding = {each.person_id for each in self.links if each.holds and each.kind == PARENT}
        found: dict[UUID, Link] = {}
        for each in self.links:
            if each.kind == PARENT and each.ended_for and each.person_id not in holding:
                found.setdefault(each.person_id, each)
        return tuple(found.values()) if self.minor else ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A decision that protects an adult: which, until which day, and by which court and reference."""

    code: str
    last_day: date | None
    reference: str


def find(actor: Actor, text: str) -> UUID | None:
    """Found or not, it leaves a line: in the record, or in the security log. Raises `NotAnIns`, `TooMany`."""
    support_only(actor)
    own_turn(actor)
    found = record_of(text)
    if found is None:
        audit.refused(actor, Purpose.SUPPORT, record_id=None, action=_LOOKED_UP, reason="unknown")
    return found


def family(actor: Actor, record_id: UUID) -> Family | None:
    support_only(actor)
    holder = existence(actor, record_id)
    if holder is None or not holder.state.exists:
        return None
    with steward(actor, record_id, trace=Trace(_LOOKED_UP)) as cursor:
        found = _all(cursor, "links", {"record_id": record_id})
    names = queries.names({row["person_id"] for row in found})
    who = holder.identity
    return Family(
        record_id,
        f"{who.birth_given.title()} {who.birth_family}",
        who.birth_date,
        _is_minor(who.birth_date),
        tuple(Link(name=names.get(row["person_id"], ""), **row) for row in found),
    )


def end(actor: Actor, *, record_id: UUID, link_ids: Collection[UUID], ground: str, reference: str = "") -> int:
    """They represent nobody here from the next request on, whatever way it had come to be. Who still does, and the
    holder, are told; whose right has ended is told nothing by us, and the codes they gave away open nothing. Raises
    `NotDone`."""
    support_only(actor)
    with steward(actor, record_id, trace=None) as cursor:
        minor = _is_minor(_birth(cursor, record_id))
        grounds = WITHDRAWAL if minor else GUARDIANSHIP_END
        _all_right(() if link_ids else (Fault.NOBODY,), _wrong_words(grounds, ground, reference))
        said = _said(grounds, ground, reference)
        values: dict[str, Any] = {"record_id": record_id, "ids": list(link_ids), "ground": ground, "reference": said}
        ended = _all(cursor, "end", values)
        if not ended:
            raise NotDone(Fault.NOBODY)
        for row in ended:
            who = {"record_id": record_id, "person_id": row["representative_id"]}
            cursor.execute(_SQL["end_the_rest"], values | who | {"kind": row["kind"]})
            _cancel_invitations(cursor, who)
            trace = Trace("representation-ended", "person", row["representative_id"], ground)
            note(cursor, steward_permit(actor, record_id), trace)
        changed(cursor, record_id, actor.id)
    return len(ended)


def give_back(actor: Actor, *, record_id: UUID, link_id: UUID | None, ground: str, reference: str = "") -> None:
    """A parent whose right a decision had ended has it anew, from now on. A guardian is appointed anew, with the
    measure's own end. Raises `NotDone`."""
    support_only(actor)
    with steward(actor, record_id, trace=None) as cursor:
        _all_right(() if link_id else (Fault.NOBODY,), _wrong_words(RETURN, ground, reference))
        said = _said(RETURN, ground, reference)
        found = [row for row in _all(cursor, "one", {"record_id": record_id, "id": link_id}) if row["ended_for"]]
        if not found or found[0]["kind"] != PARENT:
            raise NotDone(Fault.NOBODY)
        minor, (row,) = _is_minor(_birth(cursor, record_id)), found
        if not minor:
            raise NotDone(Fault.GROWN)
        if _represents(cursor, record_id, row["person_id"], PARENT):
            raise NotDone(Fault.ALREADY)
        people_actions.represent(
            actor,
            record_id=record_id,
            representative_id=row["person_id"],
            since=_begun(cursor),
            ground=said or ground,
            # What was recorded by mistake is as it had been; no court has said anything.
            basis=row["basis"] if ground == _MISTAKE else "court",
        )
        changed(cursor, record_id, actor.id)


def ask_guardian(actor: Actor, *, record_id: UUID, guardian: str, measure: Measure) -> str:
    """The guardian of a protected adult, by the guardian's own number: another operator confirms it before it counts.
    The reference of the request. Raises `TooMany`, `NotDone` with everything that is wrong, `Violation`."""
    support_only(actor)
    whose, person_id = _of_guardian(actor, record_id, guardian)
    _all_right(whose, _wrong_measure(measure))
    if person_id is None or measure.last_day is None:
        raise NotDone(Fault.NO_ACCOUNT)
    whom = Guardianship(person_id, measure.code, measure.last_day, measure.reference)
    return pairs.ask(actor, record_id, Kind.GUARDIAN, whom)


def _all_right(*wrong: Iterable[Fault]) -> None:
    faults = [each for part in wrong for each in part]
    if faults:
        raise NotDone(*faults)


def _of_guardian(actor: Actor, record_id: UUID, number: str) -> tuple[list[Fault], UUID | None]:
    """What keeps whoever has this number from being the guardian; their account."""
    try:
        person_id = _account(actor, number)
        with steward(actor, record_id, trace=None) as cursor:
            _may_be_guardian(cursor, actor, record_id, person_id)
    except NotAnIns:
        return [Fault.NOT_AN_INS], None
    except NotDone as refused:
        return list(refused.faults), None
    return [], person_id


def _wrong_measure(measure: Measure) -> Iterator[Fault]:
    known = MEASURES.get(measure.code)
    longest = known.longest_years if known else max(each.longest_years for each in MEASURES.values())
    yield from _wrong_words(MEASURES, measure.code, measure.reference)
    try:
        _until(measure.last_day, longest)
    except NotDone as refused:
        yield refused.fault


def _wrong_words(grounds: Grounds, ground: str, reference: str) -> Iterator[Fault]:
    """Of a decision: on what it stands, and what it is called. A measure always has a name by which it is found."""
    known = grounds.get(ground)
    if known is None:
        yield Fault.NO_GROUND
    if (grounds is MEASURES or (known is not None and known.court)) and _no_reference(reference):
        yield Fault.NO_REFERENCE


def _no_reference(text: str) -> bool:
    """Court, number and day, as the operator reads them on the decision."""
    return not text or len(text) > LONGEST_REFERENCE or not text.isprintable()


def confirm_guardian(actor: Actor, case_id: UUID) -> None:
    """By another operator, who has seen the decision too: it counts with the guardian's next request. Raises
    `NotConfirmed`, `NotDone`."""
    with transaction.atomic(using=WRITER):
        record_id, whom = pairs.guardianship_confirmed(actor, case_id)
        until = _until(whom.last_day, MEASURES[whom.measure].longest_years)
        with steward(actor, record_id, trace=None) as cursor:
            _may_be_guardian(cursor, actor, record_id, whom.person_id)
            people_actions.represent(
                actor,
                record_id=record_id,
                representative_id=whom.person_id,
                kind=GUARDIAN,
                since=_begun(cursor),
                until=until,
                ground=whom.reference,
                basis="court",
                measure=whom.measure,
            )
            changed(cursor, record_id, actor.id)
            pairs.tell_entrance(record_id, actor)


def _may_be_guardian(cursor: CursorWrapper, actor: Actor, record_id: UUID, person_id: UUID) -> None:
    if queries.person_of(record_id) == person_id:
        raise NotDone(Fault.THEMSELVES)
    own = existence(actor, queries.record_of_account(person_id))
    if own and _is_minor(own.identity.birth_date):  # Code civil, 395
        raise NotDone(Fault.YOUNG)
    if _is_minor(_birth(cursor, record_id)):
        raise NotDone(Fault.MINOR)
    if _represents(cursor, record_id, person_id, GUARDIAN):
        raise NotDone(Fault.ALREADY)


def _said(grounds: Grounds, ground: str, reference: str) -> str:
    """What the decision is called, cut where no court gave it that name."""
    return reference if grounds[ground].court else reference[:LONGEST_REFERENCE]


def _until(last_day: date | None, longest_years: int) -> datetime:
    """To the end of that day, in France."""
    now = clock.now()
    if last_day is None or last_day < now.astimezone(_FRANCE).date():
        raise NotDone(Fault.PAST)
    until = datetime.combine(date.fromordinal(last_day.toordinal() + 1), time(), _FRANCE)
    if until > years_later(now, longest_years):
        raise NotDone(Fault.TOO_LONG)
    return until


def _account(actor: Actor, text: str) -> UUID:
    own_turn(actor)
    own = record_of(text)
    person_id = queries.person_of(own) if own else None
    if person_id is None:
        audit.refused(actor, Purpose.SUPPORT, record_id=own, action=_LOOKED_UP, reason="unknown")
        raise NotDone(Fault.NO_ACCOUNT)
    return person_id


def _represents(cursor: CursorWrapper, record_id: UUID, person_id: UUID, kind: str) -> bool:
    found = _all(cursor, "links", {"record_id": record_id})
    return any((row["person_id"], row["kind"]) == (person_id, kind) and row["holds"] for row in found)


def _cancel_invitations(cursor: CursorWrapper, who: dict[str, Any]) -> None:
    """They stand among the holder's own people, and the support sees none of them: the sight is theirs for the act."""
    cursor.execute("select set_config('carnet.trail', 'yes', true)")
    cursor.execute(_SQL["cancel_invitations"], who)
    cursor.execute("select set_config('carnet.trail', '', true)")


def _begun(cursor: CursorWrapper) -> datetime:
    """When this transaction began, by the database's clock: who represents from then on is told with the others."""
    cursor.execute("select now()")
    begun: datetime = cursor.fetchone()[0]
    return begun


def _birth(cursor: CursorWrapper, record_id: UUID) -> str:
    cursor.execute("select r.birth_date::text as birth from record.records_record r where r.id = %s", (record_id,))
    found = rows(cursor)
    if not found:
        raise NotDone(Fault.NOBODY)
    return str(found[0]["birth"])


def _is_minor(birth_date: str) -> bool:
    return clock.now().astimezone(_FRANCE).date() < majority(earliest_birth(birth_date))


def _all(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[statement], values)
    return rows(cursor)
