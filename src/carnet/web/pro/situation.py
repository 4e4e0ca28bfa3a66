"""Where a professional of several places practises now: chosen when they sign in, and changed in the header. What they
do stands in the trail with that place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.people import queries as people
from carnet.web.auth import continuing, session
from carnet.web.pro.visit import desk_page, done, shown


@desk_page(Audit.ACCOUNT, posted=True, situated=False)
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    held = session.places(request, actor)
    if not held and people.situations(actor.id):
        # The directory has moved them away from every place that their card names.
        session.sign_out(request)
        return done("/connexion?raison=fermee")
    if session.settle(request, actor):
        return done(continuing.take(request) or "/pro/")
    if request.method != "POST":
        return _page(request, held)
    wanted = request.POST.get("lieu", "")
    chosen = next((each for each in held if str(each.id) == wanted), None)
    if chosen is None:
        return _page(request, held, missing=True, status=422)
    placed = session.situate(request, chosen.id) or actor
    audit.done(placed, Purpose.CARE, record_id=None, capacity="account", action="situation-chosen")
    return done(continuing.take(request) or "/pro/")


def _page(
    request: HttpRequest, held: list[people.Situation], *, missing: bool = False, status: int = 200
) -> HttpResponse:
    return shown(request, "pro/situation.html", {"places": held, "missing": missing}, status=status)
