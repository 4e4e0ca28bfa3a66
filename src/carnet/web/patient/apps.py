"""« Mes applications »: which apps a person let into their own record or a child's, and taking that back. Who came of
age finds here, to decide anew, what they let in before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.consent import letting_in
from carnet.formats import smart
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door
from carnet.people import app_consents, granting
from carnet.people import queries as people
from carnet.people.app_consents import App
from carnet.web.patient import family
from carnet.web.patient.standing import done
from carnet.web.render import page
from carnet.web.smart import scope_words

HOME: Final = "/applications"
_DONE: Final = {"retiree", "gardee"}


@dataclass(frozen=True, slots=True)
class Line:
    """`names`: whose records besides one's own it reads now; `until`: of what it holds now."""

    app: App
    reads: tuple[str, ...]
    names: tuple[str, ...]
    until: datetime | None


@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def apps(request: HttpRequest) -> HttpResponse:
    who: Actor = request.actor  # type: ignore[attr-defined]
    found = family.of(request, who)
    lines = _lines(who, {each.record_id: each.name for each in found.covers if not each.own} if found else {})
    if request.method == "POST":
        return _answered(request, who, lines)
    again = {app.id for app in to_decide(who)}
    said = request.GET.get("fait", "")
    context = {
        "section": "devices",
        "done": said if said in _DONE else "",
        "again": [line for line in lines if line.app.id in again],
        "lines": [line for line in lines if line.app.id not in again],
    }
    return page(request, "patient/applications.html", context)


def _answered(request: HttpRequest, who: Actor, lines: list[Line]) -> HttpResponse:
    line = next((each for each in lines if str(each.app.id) == request.POST.get("application")), None)
    if line is None:
        return done(HOME)
    if request.POST.get("acte") == "garder":
        app_consents.agree(who, line.app.id, line.app.scope)
        return done(f"{HOME}?fait=gardee")
    letting_in.put_out(who, line.app.id)
    app_consents.withdraw(who, line.app.id)
    return done(f"{HOME}?fait=retiree")


def to_decide(who: Actor) -> list[App]:
    """Those that they let into their own record before they came of age, and have not decided on since."""
    own = people.record_of(who)
    found = app_consents.apps(who) if own else []
    return [each for each in found if own and each.given_at and letting_in.before_of_age(who, own, each.given_at)]


def _lines(who: Actor, names: dict[UUID, str]) -> list[Line]:
    held = granting.let_in(who)
    return [
        Line(
            app,
            tuple(scope_words.reads(smart.known(app.scope), whole=scope_words.EVERYTHING)),
            tuple(
                sorted({names[each.record_id] for each in held if each.client_id == app.id and each.record_id in names})
            ),
            max((each.until for each in held if each.client_id == app.id), default=None),
        )
        for app in app_consents.apps(who)
    ]
