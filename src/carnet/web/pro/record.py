"""A record as a professional opens it: whose it is, what they may do and why, and what they may read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import administering
from carnet.consent.standing import Standing, standing
from carnet.documents import queries
from carnet.kernel.actor import Purpose
from carnet.records.rules import RecordState
from carnet.web.i18n import gettext
from carnet.web.pro import deputies, desk, listing, may
from carnet.web.pro.visit import Visit, done, record_page
from carnet.web.pro.visit import record as shown
from carnet.web.words import marked

DONE: Final = {
    "accord": marked("L'accord de la personne est enregistré. Elle le lit dans son carnet."),
    "ouvert": marked("Le carnet est ouvert en urgence. La personne et son médecin traitant en sont avertis."),
    "quitte": marked("Vous avez quitté l'accès en urgence."),
    "fini": marked("L'accès en urgence a pris fin."),
    "bloque": marked("Le soignant est bloqué. La personne en est avertie."),
    "retire": marked("Le document est retiré du carnet."),
}
_MOST_DIGITS: Final = 5


@record_page()
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    stands = may.as_signed_in(standing(visit.actor, visit.record_id), visit.actor)
    if visit.in_emergency and not _open(stands, visit.purpose):
        desk.leave(request, visit.record_id)
        return done(f"{visit.address}?fait=fini")
    reads = visit.in_emergency or stands.read.granted
    context = {
        "may": may.lines(stands, visit.purpose),
        "reads": reads,
        "limited": may.limited(stands) and not visit.in_emergency,
        "declares": stands.declare.granted,
        "hands_code": settings.CARNET.codes_at_visits
        and stands.declare.granted
        and visit.holder.state is RecordState.UNOPENED,
        "blocks": administering.may_block(stands.read.decision),
        "deposits": stands.deposit.granted,
        "urgent": _urgent(stands),
        "regulates": may.urgency(stands) is stands.regulation,
        "openable": may.openable(stands),
        "resumes": _resumes(stands) if not visit.in_emergency else None,
        "deputies": deputies.of(visit.actor),
        "documents": _documents(request, visit) if reads else None,
        "done": gettext(DONE[fait]) if (fait := request.GET.get("fait", "")) in DONE else "",
    }
    return shown(request, visit, "pro/record.html", context)


def _open(stands: Standing, mode: Purpose) -> bool:
    return (stands.in_regulation if mode is Purpose.REGULATION else stands.in_emergency).granted


def _urgent(stands: Standing) -> bool:
    found = may.urgency(stands)
    return bool(found and found.granted)


def _resumes(stands: Standing) -> datetime | None:
    """Until when the glass stays broken that was broken before, and left."""
    return stands.regulation_until or stands.emergency_until


def _documents(request: HttpRequest, visit: Visit) -> listing.Listing:
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id)
    offset = request.GET.get("depuis", "")
    begun = int(offset) if offset.isdecimal() and len(offset) <= _MOST_DIGITS else 0
    return listing.of(lines, request.GET.get("categorie", ""), begun)
