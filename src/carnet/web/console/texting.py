"""A code of entry by text message, at the counter: first a code that the person reads out from their telephone, then
the one by which they come in, which nobody sees here."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.notify import texts
from carnet.notify.wording import FRENCH, LANGUAGES
from carnet.records.ages import AGES
from carnet.records.entering import NotOpen, TooYoung
from carnet.rights import entrance
from carnet.rights.entrance import BadNumber, Disowned, NotProven, TooOften
from carnet.rights.pairs import AskFirst
from carnet.web import shown_again
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.lives import ADDRESS, record_at
from carnet.web.i18n import gettext
from carnet.web.sent_twice import once
from carnet.web.words import marked

_ASKED: Final = "console_number"
_SENT: Final = "envoye"
_UNCHECKED: Final = marked("Cochez la case quand son identité est vérifiée")
_TOO_OFTEN: Final = marked("Trop de messages ou trop d'essais : donnez le code sur papier, ou reprenez plus tard")
_NO_NUMBER: Final = marked("Écrivez un numéro de portable, par exemple 06 12 34 56 78")
_NOT_PROVEN: Final = marked("Ce n'est pas le code envoyé, ou il est trop vieux : vérifiez le numéro avec la personne")
Errors = list[tuple[str, str]]


@once
@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def text(request: HttpRequest, who: Actor, place: UUID) -> HttpResponse:
    record_id = record_at(request, place)
    if record_id is None or not texts.offered():
        raise Http404
    try:
        return _texted(request, who, place, record_id)
    except (AskFirst, Disowned):
        return see_other(f"{ADDRESS}/{place}")


def _texted(request: HttpRequest, who: Actor, place: UUID, record_id: UUID) -> HttpResponse:
    if request.method == "POST" and (missing := unproven(request, Deed.COUNTER)):
        return missing
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act == "verifier":
        return _ask(request, who, place, record_id)
    if act == "envoyer":
        return _send(request, who, place, record_id)
    sent = shown_again.held(request, record_id) if _SENT in request.GET else None
    if sent:
        return _shown(request, place, end=sent["end"], until=datetime.fromisoformat(sent["until"]))
    return _shown(request, place, chosen=entrance.language_of(record_id))


def _ask(request: HttpRequest, who: Actor, place: UUID, record_id: UUID) -> HttpResponse:
    errors: Errors = [] if "verifiee" in request.POST else [("verifiee", gettext(_UNCHECKED))]
    number = request.POST.get("numero", "").strip()[:40]
    if not number:
        errors.append(("numero", gettext(_NO_NUMBER)))
    chosen = request.POST.get("langue", "")
    typed: dict[str, Any] = {
        "number": number,
        "chosen": chosen if chosen in LANGUAGES else entrance.language_of(record_id),
    }
    if errors:
        return _shown(request, place, errors, **typed)
    try:
        sealed = entrance.ask_number(who, record_id, number, typed["chosen"])
    except BadNumber:
        return _shown(request, place, [("numero", gettext(_NO_NUMBER))], **typed)
    except TooOften:
        return _shown(request, place, [("numero", gettext(_TOO_OFTEN))], status=429, **typed)
    request.session[_ASKED] = [str(place), b64encode(sealed).decode()]
    return _shown(request, place, end=entrance.end_of(record_id, sealed))


def _send(request: HttpRequest, who: Actor, place: UUID, record_id: UUID) -> HttpResponse:
    there, kept = request.session.get(_ASKED, ("", ""))
    if there != str(place):
        return see_other(f"{ADDRESS}/{place}/sms")
    sealed = b64decode(kept)
    end = entrance.end_of(record_id, sealed)
    try:
        handed = entrance.by_text(who, record_id, sealed, request.POST.get("code", "")[:40])
    except NotProven:
        return _shown(request, place, [("code", gettext(_NOT_PROVEN))], end=end)
    except TooOften:
        return _shown(request, place, [("code", gettext(_TOO_OFTEN))], end=end, status=429)
    except TooYoung:
        text = gettext("Avant %(age)s ans, ce sont les parents qui ouvrent le carnet, depuis le leur") % {
            "age": AGES.own_access
        }
        return _shown(request, place, [("code", text)], end=end)
    except NotOpen:
        return see_other(f"{ADDRESS}/{place}")
    del request.session[_ASKED]
    shown_again.keep(request, record_id, {"end": end, "until": handed.until.isoformat()})
    return see_other(f"{ADDRESS}/{place}/sms?{_SENT}")


def _shown(
    request: HttpRequest, place: UUID, errors: Errors | None = None, *, status: int = 0, **more: object
) -> HttpResponse:
    """`end`: the last figures of the number that is being proven; `until`: the code has left."""
    context = {"place": place, "errors": errors or [], "number": "", "end": "", "until": None, "chosen": FRENCH} | more
    return shown(
        request, "console/entry_text.html", context, section=ADDRESS, status=status or (422 if errors else 200)
    )
