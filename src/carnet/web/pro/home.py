"""The desk of a professional: finding a person, and what they are told of their patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import alerts
from carnet.consent.standing import looked_up
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.people import queries as people
from carnet.records.queries import existence, matching, record_of_ins
from carnet.records.rules import Traits
from carnet.web import i18n
from carnet.web.pro import deputies, desk, finding, patients
from carnet.web.pro.finding import Fault, Fields
from carnet.web.pro.visit import desk_page, done, shown

NONE, SEVERAL, DIFFERS = "none", "several", "differs"


@dataclass(frozen=True, slots=True)
class Sought:
    """What came of a search: the one record, or why there is none to show."""

    record_id: UUID | None = None
    outcome: str = ""
    faults: list[Fault] = field(default_factory=list)


@desk_page(Audit.RECORD_READ, posted=True)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """GET shows the desk; POST finds a person, whose number is in no address."""
    if request.method != "POST":
        return _home(request, actor, Fields(), Sought())
    fields = finding.given({name: str(value) for name, value in request.POST.items()})
    sought = _sought(actor, fields, request.POST.get("par", ""))
    if sought.record_id is None:
        return _home(request, actor, fields, sought, status=422 if sought.faults else 200)
    desk.lay(request, sought.record_id)
    return done(f"/pro/carnets/{sought.record_id}")


@desk_page(Audit.RECORD_WRITE, posted=True)
def alert(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    if request.method == "POST":
        alerts.seen(actor, alert_id)
    return done("/pro/")


def _sought(actor: Actor, fields: Fields, way: str) -> Sought:
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
    """TD0.2 for people: told is whether this person has a record, and nothing of what is in it. A datamatrix is also
    held against the traits of the record: what it says of the person must be what the record says."""
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


def _home(request: HttpRequest, actor: Actor, fields: Fields, sought: Sought, *, status: int = 200) -> HttpResponse:
    names = people.organisation_names([actor.organisation]) if actor.organisation else {}
    context = {
        "organisation": next(iter(names.values()), ""),
        "deputies": deputies.of(actor),
        "alerts": alerts.unseen(actor),
        "fields": fields,
        "sought_for": fields.anything,
        "outcome": sought.outcome,
        "errors": sought.faults,
        "patients": patients.of(actor),
    }
    return shown(request, "pro/home.html", context, status=status)
