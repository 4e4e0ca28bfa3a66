"""Opening a record in an emergency, leaving it, and coming back while the glass is still broken."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.consent.emergency import LASTS, LONGEST_REASON, ReasonNeeded, break_glass
from carnet.consent.standing import Standing, standing
from carnet.kernel.actor import Purpose
from carnet.kernel.http import Audit
from carnet.web.auth import continuing
from carnet.web.i18n import gettext
from carnet.web.pro import desk, may, secrecy
from carnet.web.pro.visit import Visit, done, record, record_page

Fault = tuple[str, str]
_HOURS: Final = int(LASTS.total_seconds() // 3600)


@record_page(Audit.RECORD_WRITE, posted=True)
def urgency(request: HttpRequest, visit: Visit) -> HttpResponse:
    act = request.POST.get("acte", "")
    if act == "quitter":
        desk.leave(request, visit.record_id)
        return done(f"{visit.address}?fait=quitte")
    stands = standing(visit.actor, visit.record_id)
    if act == "reprendre":
        return _resume(request, visit, stands)
    urgent = may.urgency(stands)
    if urgent is None or not urgent.granted or visit.in_emergency or not may.limited(stands):
        return done(visit.address)
    mode = Purpose.REGULATION if urgent is stands.regulation else Purpose.EMERGENCY
    if request.method != "POST":
        return _form(request, visit, mode, "", [])
    return _break(request, visit, mode)


def _break(request: HttpRequest, visit: Visit, mode: Purpose) -> HttpResponse:
    reason = request.POST.get("motif", "")
    if len(" ".join(reason.split())) > LONGEST_REASON:
        fault = gettext("Écrivez %(most)s caractères au plus") % {"most": LONGEST_REASON}
        return _form(request, visit, mode, reason, [("motif", fault)], status=422)
    try:
        secret = bool(request.POST.get("secret")) and secrecy.of(visit) is not None
        broken = break_glass(visit.actor, mode, record_id=visit.record_id, reason=reason, secret=secret)
    except ReasonNeeded:
        fault = gettext("Dites en quelques mots pourquoi vous ouvrez ce carnet : la personne le lira")
        return _form(request, visit, mode, reason, [("motif", fault)], status=422)
    desk.enter(request, visit.record_id, mode, broken.until)
    return done(continuing.take(request, str(visit.record_id)) or f"{visit.address}?fait=ouvert")


def _resume(request: HttpRequest, visit: Visit, stands: Standing) -> HttpResponse:
    """Within the hours of an access that was opened and said: nothing new is asked."""
    still = still_broken(stands)
    if still:
        desk.enter(request, visit.record_id, *still)
    return done(visit.address)


def still_broken(stands: Standing) -> tuple[Purpose, datetime] | None:
    """In which way, and until when."""
    modes = (
        (Purpose.REGULATION, stands.in_regulation, stands.regulation_until),
        (Purpose.EMERGENCY, stands.in_emergency, stands.emergency_until),
    )
    return next(((mode, until) for mode, reading, until in modes if reading.granted and until), None)


def _form(
    request: HttpRequest, visit: Visit, mode: Purpose, reason: str, faults: list[Fault], *, status: int = 200
) -> HttpResponse:
    context = {
        "regulates": mode is Purpose.REGULATION,
        "hours": _HOURS,
        "longest": LONGEST_REASON,
        "reason": reason,
        "secret": bool(request.POST.get("secret")),
        "secrecy": secrecy.of(visit),
        "errors": faults,
    }
    return record(request, visit, "pro/break.html", context, status=status)
