"""The person says at the visit that they consent: the professional declares it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from carnet.consent.declaring import TooLong, declare, express_needed, this_visit
from carnet.consent.facts import As, Grant
from carnet.consent.standing import Standing, standing
from carnet.kernel import clock
from carnet.kernel.http import Audit
from carnet.web import i18n
from carnet.web.auth import continuing
from carnet.web.i18n import PARIS, gettext
from carnet.web.pro import dates, desk
from carnet.web.pro import secrecy as secrecies
from carnet.web.pro.secrecy import Secrecy
from carnet.web.pro.visit import Visit, done, record, record_page

Fault = tuple[str, str]
VISIT, UNTIL = "visite", "jour"
_DAY: Final = timedelta(days=1)


@record_page(Audit.RECORD_WRITE, posted=True)
def agree(request: HttpRequest, visit: Visit) -> HttpResponse:
    stands = standing(visit.actor, visit.record_id)
    if not stands.declare.granted:
        return done(visit.address)
    express, secrecy = express_needed(visit.actor), secrecies.of(visit)
    hushes = secrecy is not None and bool(request.POST.get("secret"))
    if reads_already(stands) and not hushes and stands.ends is None:
        return done(visit.address)
    if request.method != "POST":
        return _form(request, visit, {"until": VISIT}, [], express=express, secrecy=secrecy)
    until, faults = _read(request.POST, express=express)
    if not faults:
        try:
            declare(visit.actor, record_id=visit.record_id, until=until, express=express, secret=hushes)
        except TooLong:
            faults = [("jour", gettext("Choisissez un jour à venir, dans un an au plus"))]
    if faults:
        return _form(request, visit, _given(request.POST), faults, express=express, secrecy=secrecy, status=422)
    if hushes:
        desk.hush(request, visit.record_id, until or this_visit(clock.now()))
    said = "secret" if hushes and reads_already(stands) else "accord"
    return done(continuing.take(request, str(visit.record_id)) or f"{visit.address}?fait={said}")


def reads_already(stands: Standing) -> bool:
    """Who does so declares nothing more, but that this visit is a secret, and that what has an end goes on longer."""
    decision = stands.read.decision
    return isinstance(decision, Grant) and decision.capacity not in {As.AUTHOR, As.RECIPIENT}


def _given(form: Any) -> dict[str, Any]:
    return {
        "until": form.get("duree", ""),
        "day": form.get("jour", "").strip()[:20],
        "told": bool(form.get("informee")),
        "express": bool(form.get("expres")),
        "secret": bool(form.get("secret")),
    }


def _read(form: Any, *, express: bool) -> tuple[datetime | None, list[Fault]]:
    given = _given(form)
    until: datetime | None = None
    faults: list[Fault] = []
    if given["until"] not in {VISIT, UNTIL}:
        faults.append(("duree", gettext("Choisissez jusqu'à quand vaut cet accord")))
    elif given["until"] == UNTIL:
        until, fault = _end(given["day"], i18n.today())
        faults += [("jour", fault)] if fault else []
    if not given["told"]:
        faults.append(("informee", gettext("Informez la personne, puis cochez cette case si elle accepte")))
    if express and not given["express"]:
        faults.append(("expres", gettext("Cochez cette case si la personne a donné un accord exprès")))
    return until, faults


def _end(text: str, today: date) -> tuple[datetime | None, str]:
    """The end of that day, in France."""
    if not text:
        return None, gettext("Saisissez le dernier jour de l'accord")
    day = dates.day(text)
    if day is None:
        return None, gettext("Écrivez la date comme ceci : 12 3 2027")
    if day < today:
        return None, gettext("Choisissez un jour à venir, dans un an au plus")
    return datetime.combine(day + _DAY, time(), PARIS), ""


def _form(
    request: HttpRequest,
    visit: Visit,
    fields: dict[str, Any],
    faults: list[Fault],
    *,
    express: bool,
    secrecy: Secrecy | None,
    status: int = 200,
) -> HttpResponse:
    empty = {"until": VISIT, "day": "", "told": False, "express": False, "secret": False}
    context = {"fields": empty | fields, "errors": faults, "express": express, "secrecy": secrecy}
    return record(request, visit, "pro/agree.html", context, status=status)
