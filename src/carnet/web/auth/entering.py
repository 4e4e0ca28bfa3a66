"""Coming in by a code on paper, for who has no other way in."""

from __future__ import annotations

from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door, seen_from
from carnet.people import actions as people_actions
from carnet.people.queries import record_of
from carnet.people.rules import Way
from carnet.records import entering
from carnet.records.numbers import NotAnIns
from carnet.records.paper import WrongCode
from carnet.records.queries import existence
from carnet.records.rules import RecordState
from carnet.rights import entrance
from carnet.web.auth import opening, session, views
from carnet.web.auth.arriving import Unwelcome
from carnet.web.auth.opening import Opening
from carnet.web.auth.providers import PATIENT
from carnet.web.auth.throttles import CODES, too_many_codes
from carnet.web.i18n import gettext
from carnet.web.patient import welcoming
from carnet.web.patient.adding_form import as_day
from carnet.web.render import page

_FIELDS: Final = ("matricule", "naissance", "code")
_LONGEST: Final = 100
# Whoever handed the code over has seen the person and a document of theirs: as good as a substantial level.
_FACE_TO_FACE: Final = "eidas2"
Errors = list[tuple[str, str]]

log = structlog.get_logger("carnet.signin")


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {})
    sent = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    born = as_day(sent["naissance"])
    asked = {
        "matricule": "" if sent["matricule"] else gettext("Écrivez votre numéro de sécurité sociale"),
        "naissance": "" if born else gettext("Écrivez votre date de naissance comme ceci : 12 3 1985"),
        "code": "" if sent["code"] else gettext("Écrivez le code que vous avez reçu"),
    }
    errors = [(name, text) for name, text in asked.items() if text]
    if errors or born is None:
        return _form(request, sent, errors)
    if waits := too_many_codes(request):
        return _form(request, sent, [("code", waits)], status=429)
    try:
        record_id = entering.enter(number=sent["matricule"], birth_date=born, code=sent["code"])
    except NotAnIns:
        return _form(request, sent, [("matricule", gettext("Vérifiez ce numéro : il a 15 caractères, clé comprise"))])
    except WrongCode:
        log.info("signin", provider="code", outcome="wrong")
        CODES.failed(seen_from(request))
        text = gettext("Ces informations et ce code ne vont pas ensemble, ou le code ne vaut plus")
        return _form(request, sent, [("code", text)])
    who = entrance.holder(record_id)
    if who is None:
        return views.unknown(request, PATIENT, Unwelcome("unknown"))
    return _welcome(request, who)


def _welcome(request: HttpRequest, who: Actor) -> HttpResponse:
    session.sign_in(request, who, people_actions.begin_visit(who.id))
    opening.note(request, Opening(Way.CODE, _FACE_TO_FACE))
    views.note(who, "sign-in")
    log.info("signin", provider="code", outcome="done")
    return opening.recognised(request, who, HttpResponseRedirect(_first_page(who)))


def _first_page(who: Actor) -> str:
    """The code serves once: who has opened the record before is offered a way back in. At a first opening that comes
    last."""
    holder = existence(who, record_of(who))
    opened = holder is not None and holder.state is RecordState.ACTIVE
    return welcoming.KEY if opened and welcoming.offers_key(who) else views.HOMES[who.kind]


def _form(request: HttpRequest, sent: dict[str, str], errors: Errors | None = None, *, status: int = 0) -> HttpResponse:
    context = {"sent": sent, "errors": errors or []}
    return page(request, "signin/code.html", context, status=status or (422 if errors else 200))
