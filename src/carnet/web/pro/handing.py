"""A professional helps the person before them to open their record: a code on paper, and no right for who hands it
out."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.http import Audit
from carnet.records.ages import AGES
from carnet.records.entering import Handed, NotOpen, TooYoung
from carnet.records.rules import RecordState
from carnet.rights import entrance
from carnet.rights.entrance import HasAnAccount, NotHere, TooOften
from carnet.web import shown_again
from carnet.web.i18n import gettext
from carnet.web.pro.visit import Visit, done, record, record_page
from carnet.web.sent_twice import once
from carnet.web.words import marked

_CODE: Final = "remis"
_SHUT: Final = {
    RecordState.CLOSED: marked(
        "La personne a fermé son carnet : aucun code ne l'ouvre. Elle le rouvre elle-même, ou à un guichet de"
        " l'Assurance Maladie."
    ),
    RecordState.DECEASED: marked("Un décès a été enregistré : ce carnet ne s'ouvre plus, et aucun code n'est remis."),
    RecordState.SUSPENDED: marked(
        "Ce carnet est suspendu le temps d'une vérification : aucun code n'est remis avant qu'elle soit finie."
    ),
}


@once
@record_page(Audit.RECORD_WRITE, posted=True)
def hand(request: HttpRequest, visit: Visit) -> HttpResponse:
    if not settings.CARNET.codes_at_visits:
        raise Http404
    if shut := _shut(visit):
        return _page(request, visit, shut=shut, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        made = shown_again.held(request, visit.record_id) if _CODE in request.GET else None
        return _page(request, visit, handed=Handed.of(made) if made else None)
    if "verifiee" not in request.POST:
        error = gettext("Cochez la case quand son identité est vérifiée")
        return _page(request, visit, errors=[("verifiee", error)], status=422)
    try:
        handed = entrance.at_visit(visit.actor, visit.record_id)
    except HasAnAccount:
        return _page(request, visit, has_account=True, status=409)
    except TooYoung:
        return _page(request, visit, too_young=True, status=409)
    except TooOften:
        error = gettext(
            "Vous avez remis beaucoup de codes aujourd'hui : reprenez demain, ou envoyez la personne au guichet"
        )
        return _page(request, visit, errors=[("verifiee", error)], status=429)
    except (NotOpen, NotHere):
        return done(visit.address)
    shown_again.keep(request, visit.record_id, handed.kept)
    return done(f"{visit.address}/code?{_CODE}")


def _shut(visit: Visit) -> str:
    """Why no code opens this record now, in words; "" for one that a code opens."""
    state = visit.holder.state
    return "" if state.open else gettext(_SHUT.get(state, _SHUT[RecordState.CLOSED]))


def _page(request: HttpRequest, visit: Visit, *, status: int = 200, **said: Any) -> HttpResponse:
    nothing: dict[str, Any] = {"errors": [], "handed": None, "has_account": False, "too_young": False, "shut": ""}
    nothing["own_access"], nothing["minutes"] = AGES.own_access, shown_again.MINUTES
    return record(request, visit, "pro/entry_code.html", nothing | said, status=status)
