"""Brings synthetic people into the house. A second loading adds nothing, an interrupted one goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from carnet.consent.actions import set_attending
from carnet.demo.cast import actor_id
from carnet.demo.entrance import add_organisations, add_professional, deposit, is_here, open_record
from carnet.demo.identifiers import INS_TEST
from carnet.demo.people import Inhabitant, doctors, inhabitants
from carnet.demo.words import moment
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER
from carnet.people import queries
from carnet.records.queries import record_of_ins
from carnet.records.rules import RecordState

_STEP = 100


def load_people(count: int, seed: int, now: datetime, say: Callable[[int], object] = lambda _number: None) -> int:
    """`count` people of a seed; answers how many documents were added. `say` hears how many people are in."""
    added = 0
    with context.use("demo-data"):
        _add_doctors()
        for number, inhabitant in enumerate(inhabitants(count, seed), start=1):
            added += _load(inhabitant, now)
            if number % _STEP == 0:
                say(number)
    return added


def _add_doctors() -> None:
    practice = doctors()
    add_organisations([doctor.organisation for doctor in practice])
    for doctor in practice:
        if queries.actor_by_key(doctor.key) is None:
            add_professional(doctor)


def _load(inhabitant: Inhabitant, now: datetime) -> int:
    """Two seeds may draw the same INS: the first to come has it, the other stays out."""
    known = record_of_ins(INS_TEST, inhabitant.identity.ins)
    if known is None:
        _open(inhabitant)
    elif known != inhabitant.record_id or is_here(inhabitant.documents[-1]):
        return 0
    return deposit((each for each in inhabitant.documents if not is_here(each)), now)


def _open(inhabitant: Inhabitant) -> None:
    with transaction.atomic(using=WRITER):
        open_record(inhabitant.identity, RecordState.ACTIVE, inhabitant.record_id)
        set_attending(
            SYSTEM,
            record_id=inhabitant.record_id,
            professional_id=actor_id(inhabitant.doctor.key),
            since=moment("2018-01-01"),
        )
