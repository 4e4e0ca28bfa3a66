"""A link from the doctor's software into the portal (`/pro/ouvrir`): straight to the patient's screen, for exactly the
professional for whom it was made.

`lien` was asked for with a token of theirs (`/oauth/launch`). Where that token came from their own sign-in at the
provider, and the software has the right to, it opens the session too; any other leads through the sign-in. `jeton` is
signed by the software itself, `billet` is the way on after a sign-in: neither opens a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from carnet.api.oauth import addresses
from carnet.consent.standing import standing
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, door, header
from carnet.people import client_queries, launching, provider_sessions
from carnet.people import queries as people
from carnet.people.launching import Kind, Launched
from carnet.people.rules import Way as CameBy
from carnet.web.auth import continuing, opening, session
from carnet.web.auth.opening import Opening
from carnet.web.auth.views import SITUATION, note
from carnet.web.pro import breaking, desk, may
from carnet.web.pro.screen.views import EMERGENCY
from carnet.web.render import page
from carnet.web.smart import signed_link, tickets
from carnet.web.smart.signed_link import BadLink
from carnet.web.smart.tickets import Way

ADDRESS: Final = "/pro/ouvrir"
CHANGE: Final = "/pro/ouvrir/changer"
LINK, SIGNED, TICKET = "lien", "jeton", "billet"
_STATUS: Final = {"patient": 404, "often": 429}
_log = structlog.get_logger("carnet.apps")


@csrf_exempt
@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest) -> HttpResponse:
    """A token with a person's number in it is posted: the address must not hold it. What is posted from another site
    comes without the session of this one, and goes on as an address of it."""
    try:
        if request.method == "POST":
            return _ticket(signed_link.read(request, request.POST.get(SIGNED, ""), in_address=False))
        if request.method == "HEAD" or header(request, "Sec-Purpose").startswith("prefetch"):
            return HttpResponse(status=204)  # whoever only looks at an address uses nothing up
        if SIGNED in request.GET:
            return _ticket(signed_link.read(request, request.GET[SIGNED], in_address=True))
        if TICKET in request.GET:
            return _by_ticket(request, request.GET[TICKET])
        return _by_link(request, request.GET.get(LINK, ""))
    except BadLink as bad:
        return _explained(request, bad.why)


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Who is signed in leaves, and the link is followed as if nobody had been."""
    session.sign_out(request)
    try:
        if request.POST.get(TICKET):
            return _by_ticket(request, request.POST[TICKET])
        return _by_link(request, request.POST.get(LINK, ""))
    except BadLink as bad:
        return _explained(request, bad.why)


def _explained(request: HttpRequest, why: str) -> HttpResponse:
    _log.info("link refused", reason=why)
    return page(request, "smart/no_link.html", {"why": why}, status=_STATUS.get(why, 400))


def _ticket(way: Way) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": f"{ADDRESS}?{urlencode({TICKET: tickets.seal(way)})}"})


def _by_ticket(request: HttpRequest, text: str) -> HttpResponse:
    way = tickets.opened(text)
    if way is None:
        raise BadLink("old")
    who = session.authenticate(request)
    if who is None:
        there = f"{ADDRESS}?{urlencode({TICKET: text})}"
        return HttpResponseRedirect(f"/connexion/professionnel?{urlencode({'suite': there})}")
    if who.id != way.actor_id:
        return _somebody_else(request, way, {TICKET: text})
    return _arrive(request, who, way)


def _by_link(request: HttpRequest, handle: str) -> HttpResponse:
    found = launching.look(Kind.LINK, handle) if handle else None
    if found is None or not found.asker_holds:
        raise BadLink("forged")
    if found.state != "good":
        raise BadLink(found.state)
    way = Way(found.actor_id, found.record_id, found.purpose, found.app_id, found.asker_id)
    who = session.authenticate(request)
    if who is not None and who.id != found.actor_id:
        return _somebody_else(request, way, {LINK: handle})
    if not launching.spend(Kind.LINK, handle):
        raise BadLink("used")
    if who is None:
        who = _came_in(request, found)
    return _arrive(request, who, way) if who else _ticket(way)


def _came_in(request: HttpRequest, found: Launched) -> Actor | None:
    """A session as the provider would have opened it, on the word that it gave to the software; None where there is no
    such word, it was taken back since, or the software may not open sessions."""
    who = people.actor_by_id(found.actor_id) if found.proof and found.asker_opens else None
    if who is None or not found.proof or who.kind is not ActorKind.PROFESSIONAL:
        return None
    proof = found.proof
    session.sign_in(request, who)
    session.prove(request, proof["at"], proof["acr"])
    there, account = bytes.fromhex(proof["session"]) or None, bytes.fromhex(proof["subject"])
    provider_sessions.begin_hashed(request.session.session_key or "", who.id, there, account)
    # Afterwards: an end that comes from now on finds the session.
    given = datetime.fromtimestamp(proof.get("given", 0), UTC)
    if provider_sessions.ended(session=there, subject=account, since=given):
        session.sign_out(request)
        return None
    opening.note(request, Opening(CameBy.LINK, proof["acr"]))
    places = [found.organisation_id] if found.organisation_id else None
    placed = session.practise(request, places, regulates=found.regulates) or who
    session.settle(request, placed)
    note(placed, "sign-in")
    return session.authenticate(request)


def _somebody_else(request: HttpRequest, way: Way, hidden: dict[str, str]) -> HttpResponse:
    context: dict[str, Any] = {
        "meant": people.names([way.actor_id]).get(way.actor_id, ""),
        "action": CHANGE,
        "hidden": hidden,
    }
    return page(request, "smart/somebody_else.html", context, status=403)


def _arrive(request: HttpRequest, who: Actor, way: Way) -> HttpResponse:
    """At the app, launched for them; or at the patient's screen, or at the act that is missing before it."""
    if session.unsituated(request):
        continuing.keep(request, f"{ADDRESS}?{urlencode({TICKET: tickets.seal(way)})}")
        return HttpResponseRedirect(SITUATION)
    desk.lay(request, way.record_id)
    app = client_queries.client_by_id(way.app_id) if way.app_id else None
    if app and app.active and app.launch_uris and way.asker_id:
        wish = launching.Wish(way.asker_id, who, way.purpose, way.record_id, app.id, None)
        handle = launching.ask(Kind.LAUNCH, wish)
        return HttpResponse(status=303, headers={"Location": addresses.launched_at(app.launch_uris[0], handle)})
    try:
        return HttpResponseRedirect(_screen(request, who, way))
    except Stale:
        anew = session.authenticate_anew(request)
        return HttpResponseRedirect(_screen(request, anew, way) if anew else "/pro/")


def _screen(request: HttpRequest, who: Actor, way: Way) -> str:
    """In an emergency that this session is in, or that is still open, nothing is asked again."""
    place = f"/pro/carnets/{way.record_id}"
    if desk.emergency(request, way.record_id):
        return place
    stands = standing(who, way.record_id)
    urgently = way.purpose is not Purpose.CARE
    if not may.limited(stands):
        return f"{place}?vue={EMERGENCY}" if urgently else place
    still = breaking.still_broken(stands)
    if urgently and still:
        desk.enter(request, way.record_id, *still)
        return place
    urgent = may.urgency(stands)
    if urgently and urgent and urgent.granted:
        return f"{place}/urgence"
    return f"{place}/accord" if stands.declare.granted else place
