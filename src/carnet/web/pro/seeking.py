"""Whom a professional looks for: the one record that it is, or why there is none to show. Told is whether this person
has a record, and nothing of what is in it (TD0.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings

from carnet.consent.standing import looked_up
from carnet.kernel.actor import Actor, Purpose
from carnet.records.queries import existence, matching, record_of_ins
from carnet.records.rules import Traits
from carnet.web import i18n
from carnet.web.pro import finding
from carnet.web.pro.finding import Fault, Fields

NONE: Final = "none"
SEVERAL: Final = "several"
DIFFERS: Final = "differs"


@dataclass(frozen=True, slots=True)
class Sought:
    """What came of a search: the one record, or why there is none to show."""

    record_id: UUID | None = None
    outcome: str = ""
    faults: list[Fault] = field(default_factory=list)


def sought(actor: Actor, fields: Fields, way: str) -> Sought:
    """`way`: by the one field, by the number, or by the traits."""
    if way == "tout":
        return _by_anything(actor, fields)
    return _by_number(actor, fields.ins) if way == "ins" else _by_traits(actor, fields)


def _by_anything(actor: Actor, fields: Fields) -> Sought:
    """The one field of every page: a number or a datamatrix as it is scanned, or the names and the birth date."""
    if not fields.anything or finding.is_number(fields.anything):
        return _by_number(actor, fields.anything, field="patient")
    asked, faults = finding.either(fields.anything, i18n.today())
    return Sought(faults=faults) if faults else _one_of(actor, asked)


def _by_number(actor: Actor, text: str, *, field: str = "ins") -> Sought:
    """A datamatrix is also held against the traits of the record: what it says of the person must be what the record
    says."""
    numbers, faults = finding.numbers(text, demonstration=settings.CARNET.demo)
    if faults:
        return Sought(faults=[(field, words) for _, words in faults])
    known = (record_of_ins(each.oid, each.value15, remembered=True) for each in numbers)
    record_id = next((each for each in known if each), None)
    found = existence(actor, record_id)
    looked_up(actor, Purpose.CARE, record_id)
    if not found or not found.state.exists:
        return Sought(outcome=NONE)
    printed = finding.printed_traits(text)
    return Sought(outcome=DIFFERS) if printed and finding.differ(printed, found.identity) else Sought(found.record_id)


def _by_traits(actor: Actor, fields: Fields) -> Sought:
    """Exact traits of one person alone: who bears those of several is found by their number."""
    traits, faults = finding.traits(fields, i18n.today())
    if traits is None:
        return Sought(faults=faults)
    return _one_of(actor, [traits])


def _one_of(actor: Actor, asked: Sequence[Traits]) -> Sought:
    found = list({each.record_id: each for traits in asked for each in matching(actor, traits)}.values())
    record_id = found[0].record_id if len(found) == 1 else None
    looked_up(actor, Purpose.CARE, record_id)
    return Sought(record_id, "" if record_id else SEVERAL if found else NONE)
