"""The desk of a professional: finding a person, and what they are told of their patients."""

from __future__ import annotations

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
from carnet.web import i18n
from carnet.web.pro import deputies, desk, finding
from carnet.web.pro.finding import Fault, Fields
from carnet.web.pro.visit import desk_page, done, shown

NONE, SEVERAL = "none", "several"


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
    sought = _by_number(actor, fields) if request.POST.get("par") == "ins" else _by_traits(actor, fields)
    if sought.record_id is None:
        return _home(request, actor, fields, sought, status=422 if sought.faults else 200)
    desk.lay(request, sought.record_id)
    return done(f"/pro/carnets/{sought.record_id}")


@desk_page(Audit.RECORD_WRITE, posted=True)
def alert(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    if request.method == "POST":
        alerts.seen(actor, alert_id)
    return done("/pro/")


def _by_number(actor: Actor, fields: Fields) -> Sought:
    """TD0.2 for people: told is whether this person has a record, and nothing of what is in it."""
    numbers, faults = finding.numbers(fields.ins, demonstration=settings.CARNET.demo)
    if faults:
        return Sought(faults=faults)
    known = (record_of_ins(each.oid, each.value15, remembered=True) for each in numbers)
    record_id = next((each for each in known if each), None)
    found = existence(actor, record_id)
    looked_up(actor, Purpose.CARE, record_id)
    return Sought(found.record_id) if found and found.state.exists else Sought(outcome=NONE)


def _by_traits(actor: Actor, fields: Fields) -> Sought:
    """Exact traits of one person alone: who bears those of several is found by their number."""
    traits, faults = finding.traits(fields, i18n.today())
    if traits is None:
        return Sought(faults=faults)
    found = matching(actor, traits)
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
        "outcome": sought.outcome,
        "errors": sought.faults,
    }
    return shown(request, "pro/home.html", context, status=status)
