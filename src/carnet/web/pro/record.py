"""A record as a professional opens it: whose it is and what matters, on one screen; or why it is not open, and the ways
in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import administering
from carnet.consent.declaring import express_needed
from carnet.consent.standing import Standing, standing
from carnet.documents import queries
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.kernel.http import Audit
from carnet.records.rules import RecordState
from carnet.web.i18n import gettext
from carnet.web.patient.privacy_words import last_day
from carnet.web.pro import agreeing, breaking, deputies, desk, listing, may, secrecy
from carnet.web.pro.agreeing import VISIT
from carnet.web.pro.screen import built, doors
from carnet.web.pro.visit import Visit, done, record_page
from carnet.web.pro.visit import record as shown
from carnet.web.words import marked

DONE: Final = {
    "accord": marked("L'accord de la personne est enregistré. Elle le lit dans son carnet."),
    "secret": marked("Visite en secret : la personne la lit dans son carnet, et ses représentants n'en lisent rien."),
    "ouvert": marked("Le carnet est ouvert en urgence. La personne et son médecin traitant en sont avertis."),
    "quitte": marked("Vous avez quitté l'accès en urgence."),
    "fini": marked("L'accès en urgence a pris fin."),
    "bloque": marked("Le soignant est bloqué. La personne en est avertie."),
    "retire": marked("Le document est retiré du carnet."),
}
_MOST_DIGITS: Final = 5


@record_page()
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    stands = standing(visit.actor, visit.record_id)
    if visit.in_emergency and not _open(stands, visit.purpose):
        desk.leave(request, visit.record_id)
        return done(f"{visit.address}?fait=fini")
    reads = visit.in_emergency or stands.read.granted
    limited = may.limited(stands) and not visit.in_emergency
    context = {
        "may": may.lines(stands, visit.purpose),
        "limited": limited,
        "declares": stands.declare.granted,
        "hands_code": settings.CARNET.codes_at_visits
        and stands.declare.granted
        and visit.holder.state is RecordState.UNOPENED,
        "blocks": administering.may_block(stands.read.decision),
        "deposits": stands.deposit.granted,
        "urgent": _urgent(stands),
        "regulates": may.urgency(stands) is stands.regulation,
        "openable": may.openable(stands.read),
        "resumes": None if visit.in_emergency else _resumes(stands),
        "deputies": deputies.of(visit.actor),
        "ends": last_day(stands.ends) if stands.ends and not visit.in_emergency else "",
        "hushes": _hushes(request, visit, stands) if reads and not limited else None,
        "hushed": desk.hushed(request, visit.record_id),
        "documents": None,
        "listable": reads and limited,
        "cards": None,
        "around": None,
        "ways": doors.ways(visit, stands, reads=reads and not limited),
        "done": gettext(DONE[fait]) if (fait := request.GET.get("fait", "")) in DONE else "",
    }
    return shown(
        request, visit, "pro/record.html", context | _read(request, visit, stands, limited=limited, reads=reads)
    )


@record_page(Audit.NONE, posted=True)
def seen(request: HttpRequest, visit: Visit) -> HttpResponse:
    """« Tout vu »: kept in the session, nothing in the record."""
    if request.method == "POST":
        desk.see(request, visit.record_id, _read_at(request.POST.get("lu", ""), clock.now()))
    return done(visit.address)


def _read_at(text: str, now: datetime) -> datetime:
    """When the page was made that was seen: what came after it has been seen by nobody."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(at, now) if at.tzinfo else now


def _read(request: HttpRequest, visit: Visit, stands: Standing, *, limited: bool, reads: bool) -> dict[str, Any]:
    """The screen; a list of documents for who reads their own alone, or asks for it; nothing for who reads nothing."""
    told: dict[str, Any] = _agreement(visit) if limited else {}
    if not reads:
        return told
    asked = request.GET.get("documents") or request.GET.get("depuis")
    if limited and not asked and told["secrecy"] is not None:
        # Somebody represents the person, who may have to say first that the visit is a secret: nothing opens unasked.
        return told
    if limited or asked:
        return told | {"documents": _documents(request, visit)}
    return told | built.context(request, visit, built.of_request(request, visit))


def _hushes(request: HttpRequest, visit: Visit, stands: Standing) -> secrecy.Secrecy | None:
    """The words in which somebody who reads already may keep this visit from who represents the person."""
    may_say = stands.declare.granted and agreeing.reads_already(stands) and not visit.in_emergency
    return secrecy.of(visit) if may_say and not desk.hushed(request, visit.record_id) else None


def _agreement(visit: Visit) -> dict[str, Any]:
    """What the form of the person's consent begins with."""
    fields = {"until": VISIT, "day": "", "told": False, "express": False, "secret": False}
    return {"fields": fields, "errors": [], "express": express_needed(visit.actor), "secrecy": secrecy.of(visit)}


def _open(stands: Standing, mode: Purpose) -> bool:
    return (stands.in_regulation if mode is Purpose.REGULATION else stands.in_emergency).granted


def _urgent(stands: Standing) -> bool:
    found = may.urgency(stands)
    return bool(found and found.granted)


def _resumes(stands: Standing) -> datetime | None:
    """Until when they may come back behind the glass that they broke before, and left: not where the person has said no
    to it meanwhile."""
    still = breaking.still_broken(stands)
    return still[1] if still else None


def _documents(request: HttpRequest, visit: Visit) -> listing.Listing:
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id)
    offset = request.GET.get("depuis", "")
    begun = int(offset) if offset.isdecimal() and len(offset) <= _MOST_DIGITS else 0
    return listing.of(lines, request.GET.get("categorie", ""), begun)
