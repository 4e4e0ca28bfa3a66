"""What a professional may do in a record, and why: the decision asked for each act, nothing read, nothing opened.

It is for them to read, and tells nothing of a block: who is blocked is told what they would be without any tie to the
person. The act itself is decided on the facts as they are, and refused there in the words of any other refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from carnet.consent import articles
from carnet.consent.access import facts_of
from carnet.consent.articles import Article
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX, As, Decision, Facts, Grant, Reason, Refusal, Wish
from carnet.consent.rules import decide
from carnet.formats.terminology.noting import Note
from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, Stale, query, statements

_SQL = statements("carnet.consent")
LOOKED: Final = "standing-read"
"""To look at what one may do in a record."""


@dataclass(frozen=True, slots=True)
class May:
    decision: Decision
    article: Article

    @property
    def granted(self) -> bool:
        return isinstance(self.decision, Grant)


@dataclass(frozen=True, slots=True)
class Standing:
    """`emergency` and `regulation` are about breaking the glass, not about reading after it. The two instants tell
    until when the glass that was broken stays so, `notes` what may be noted without a document, `ends` until when lasts
    what they were given by name, where they read by that and it has an end."""

    read: May
    deposit: May
    declare: May
    emergency: May
    regulation: May
    in_emergency: May
    in_regulation: May
    emergency_until: datetime | None
    regulation_until: datetime | None
    notes: frozenset[str] = frozenset()
    ends: datetime | None = None


def standing(actor: Actor, record_id: UUID) -> Standing:
    """Of a professional. It leaves a line in the trail: to look whether one may is an act of its own. Where nothing is
    theirs to read, the line says by which rule."""
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    if row["actor_epoch"] != actor.epoch:
        raise Stale

    def may(purpose: Purpose, wish: Wish) -> May:
        decision = decide(without_a_block(facts_of(row, actor, purpose, wish)))
        return May(decision, articles.of(decision))

    def until(purpose: Purpose) -> datetime | None:
        broken = facts_of(row, actor, purpose, Wish.READ).emergencies
        return max((span.until for span in broken if span.until and span.holds(row["now"])), default=None)

    found = Standing(
        read=may(Purpose.CARE, Wish.READ),
        deposit=may(Purpose.CARE, Wish.DEPOSIT),
        declare=may(Purpose.CARE, Wish.DECLARE),
        emergency=may(Purpose.EMERGENCY, Wish.BREAK_GLASS),
        regulation=may(Purpose.REGULATION, Wish.BREAK_GLASS),
        in_emergency=may(Purpose.EMERGENCY, Wish.READ),
        in_regulation=may(Purpose.REGULATION, Wish.READ),
        emergency_until=until(Purpose.EMERGENCY),
        regulation_until=until(Purpose.REGULATION),
        notes=_notes(facts_of(row, actor, Purpose.CARE, Wish.DEPOSIT)),
        ends=_ends(without_a_block(facts_of(row, actor, Purpose.CARE, Wish.READ))),
    )
    _opened_nothing(actor, Purpose.CARE, record_id, capacity="none", action=LOOKED, detail=_shut_out(row, actor))
    return found


def _ends(facts: Facts) -> datetime | None:
    decision = decide(facts)
    if not isinstance(decision, Grant) or decision.capacity is not As.AUTHORISED:
        return None
    held = [each.span for each in facts.own.authorisations if not each.by_team and each.span.holds(facts.now)]
    ends = [span.until for span in held if span.until]
    return max(ends, default=None) if len(ends) == len(held) else None


def reading(actor: Actor, record_id: UUID) -> May:
    """Whether they may read here, and why, told as `standing` does: for a page that has said no, and left its line."""
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    decision = decide(without_a_block(facts_of(row, actor, Purpose.CARE, Wish.READ)))
    return May(decision, articles.of(decision))


def _shut_out(row: dict[str, Any], actor: Actor) -> str:
    """By what they read nothing here, for the holder alone: a block is named; "" where they do read."""
    for_care, *urgent = _readings(row, actor)
    refused = isinstance(for_care, Refusal) and all(isinstance(each, Refusal) for each in urgent)
    return for_care.reason.value if refused and isinstance(for_care, Refusal) else ""


def _notes(facts: Facts) -> frozenset[str]:
    return frozenset(each for each in Note if isinstance(decide(replace(facts, note=each)), Grant))


def still_read(actor: Actor, record_ids: Sequence[UUID]) -> set[UUID]:
    """In which of these records a professional may read now, for care or behind a glass that they broke. It is asked of
    records that they opened before, says nothing of any, and leaves no line; who was let go, was blocked or has closed
    their record is not among them, without a word."""
    if not record_ids:
        return set()
    found = query(READER, _SQL["access_facts_of"], (list(record_ids), actor.id, actor.organisation))
    if any(row["actor_epoch"] != actor.epoch for row in found):
        raise Stale
    return {row["record_id"] for row in found if _reads(row, actor)}


def _reads(row: dict[str, Any], actor: Actor) -> bool:
    return any(isinstance(each, Grant) for each in _readings(row, actor, changed=without_a_block))


def _readings(
    row: dict[str, Any], actor: Actor, *, changed: Callable[[Facts], Facts] = lambda facts: facts
) -> list[Decision]:
    """For care, and behind a glass that they broke."""
    purposes = (Purpose.CARE, Purpose.EMERGENCY, Purpose.REGULATION)
    return [decide(changed(facts_of(row, actor, purpose, Wish.READ))) for purpose in purposes]


def looked_up(actor: Actor, purpose: Purpose, record_id: UUID | None) -> None:
    """The line of who asked whether there is a record; None when there is none."""
    _opened_nothing(actor, purpose, record_id, capacity="existence", action="record-existence")


def _opened_nothing(
    actor: Actor, purpose: Purpose, record_id: UUID | None, *, capacity: str, action: str, detail: str = ""
) -> None:
    """A professional looks a minor up before it can be said that the visit is a secret: the holder alone is told."""
    audit.done(
        actor,
        purpose,
        record_id=record_id,
        capacity=capacity,
        action=action,
        detail=detail,
        hidden_from=INVISIBLE_REPRESENTANTS_LEGAUX,
    )


def without_a_block(facts: Facts) -> Facts:
    """The facts as they would be for the same professional whom the person has never given anything, where they are
    blocked; what they broke the glass for stays, as it does for anybody."""
    if not any(span.holds(facts.now) for span in facts.own.blocked):
        return facts
    return replace(facts, own=replace(facts.own, authorisations=(), blocked=(), attending=()), deputising=(), handed=())


def silently_blocked(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    """Whether nothing but a block keeps them from declaring a consent: a face that would show the refusal before
    anything is declared must not."""
    row = query(READER, _SQL["access_facts"], (record_id, actor.id, actor.organisation))[0]
    facts = facts_of(row, actor, purpose, Wish.DECLARE)
    decision = decide(facts)
    blocked = isinstance(decision, Refusal) and decision.reason is Reason.BLOCKED
    return blocked and isinstance(decide(without_a_block(facts)), Grant)
