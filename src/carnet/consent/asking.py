"""From an age on (`records.ages`), a child's agreement is sought before a parent does something that weighs: what the
parent says of it stands in the trail, where the child reads it. The parent decides all the same (CSP L1111-4)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from carnet.consent.access import permit_to_act
from carnet.consent.facts import As
from carnet.consent.holders import for_holders
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record
from carnet.records.rules import Stage, earliest_birth, stage


class Answer(StrEnum):
    """What a parent says that the child said."""

    AGREES = "agrees"
    AGAINST = "against"
    UNASKED = "unasked"


ACTIONS: Final = {answer: f"child-{answer.value}" for answer in Answer}


def is_asked(birth_date: str, today: date) -> bool:
    """At that age; "" for a birth date that is not known."""
    return bool(birth_date) and stage(earliest_birth(birth_date), today) in {Stage.ASKED, Stage.OWN}


def note_answer(actor: Actor, purpose: Purpose, *, record_id: UUID, answer: Answer) -> None:
    """Before the act itself, as a line of its own. Raises `Refused`."""
    action = ACTIONS[answer]
    permit = permit_to_act(actor, purpose, record_id, action=action)
    for_holders(permit, action)
    if permit.capacity != As.REPRESENTATIVE:
        return
    with open_record(permit, trace=Trace(action), using=WRITER):
        pass
