"""The desk of a professional: finding a person, and what they are told of their patients."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import alerts
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import appointments
from carnet.people import queries as people
from carnet.web.demo_software import persons
from carnet.web.pro import deputies, desk, finding, patients
from carnet.web.pro.finding import Fields
from carnet.web.pro.seeking import Sought, sought
from carnet.web.pro.visit import desk_page, done, shown


@desk_page(Audit.RECORD_READ, posted=True)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """GET shows the desk; POST finds a person, whose number is in no address."""
    if request.method != "POST":
        return _home(request, actor, Fields(), Sought())
    fields = finding.given({name: str(value) for name, value in request.POST.items()})
    found = sought(actor, fields, request.POST.get("par", ""))
    if found.record_id is None:
        return _home(request, actor, fields, found, status=422 if found.faults else 200)
    desk.lay(request, found.record_id)
    return done(f"/pro/carnets/{found.record_id}")


@desk_page(Audit.RECORD_WRITE, posted=True)
def alert(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    if request.method == "POST":
        alerts.seen(actor, alert_id)
    return done("/pro/")


def _home(request: HttpRequest, actor: Actor, fields: Fields, found: Sought, *, status: int = 200) -> HttpResponse:
    names = people.organisation_names([actor.organisation]) if actor.organisation else {}
    context = {
        "organisation": next(iter(names.values()), ""),
        "deputies": deputies.of(actor),
        "alerts": alerts.unseen(actor),
        "fields": fields,
        "sought_for": fields.anything,
        "outcome": found.outcome,
        "errors": found.faults,
        "patients": patients.of(actor),
        "appointments": appointments.today(actor),
        "invented": persons.invented(),
    }
    return shown(request, "pro/home.html", context, status=status)
