"""One account, by an identifier typed in full; what may be done to it. No list, no copy, no part of a name."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.http import Audit
from carnet.people import accounts
from carnet.people.accounts import Reason, TooMany
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/comptes"
_ACTS: Final = {
    "fermer": accounts.end_sessions,
    "desactiver": accounts.deactivate,
    "reactiver": accounts.reactivate,
}
_REASONS: Final = {
    Reason.ASKED: marked("La personne le demande"),
    Reason.LOST: marked("Carte ou téléphone perdu ou volé"),
    Reason.MISUSE: marked("Usage qui ne s'explique pas"),
    Reason.LEFT: marked("Départ de l'établissement, fin d'activité ou de contrat"),
    Reason.MENDED: marked("La raison d'un acte précédent a disparu"),
}
_KINDS: Final = {
    ActorKind.PERSON: marked("Personne"),
    ActorKind.PROFESSIONAL: marked("Professionnel"),
    ActorKind.CLIENT: marked("Logiciel"),
    ActorKind.OPERATOR: marked("Membre de l'équipe"),
}
_FOUND: Final = "console_found"
_MOST: Final = 100


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def look_up(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method != "POST":
        return _asked(request)
    identifier = request.POST.get("identifiant", "").strip()
    if not identifier:
        return _asked(request, error=gettext("Écrivez l'identifiant en entier"), status=422)
    try:
        found = accounts.look_up(who, identifier)
    except TooMany:
        return _asked(request, identifier, outcome="too-many", status=429)
    if found is None:
        return _asked(request, identifier, outcome="none")
    _lay(request, found)
    return see_other(f"{_ADDRESS}/{found}")


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def account(request: HttpRequest, who: Actor, account_id: UUID) -> HttpResponse:
    """Of an account that was looked up in this session: to know an address is not to have found it."""
    if str(account_id) not in request.session.get(_FOUND, []):
        raise Http404
    if request.method == "POST":
        return _act(request, who, account_id)
    return _shown(request, who, account_id)


def _act(request: HttpRequest, who: Actor, account_id: UUID) -> HttpResponse:
    act = request.POST.get("acte", "")
    own = who.id == account_id
    if act not in _ACTS or own:
        return see_other(f"{_ADDRESS}/{account_id}")
    try:
        reason = Reason(request.POST.get("raison", ""))
    except ValueError:
        return _shown(request, who, account_id, error=gettext("Choisissez une raison"))
    _ACTS[act](who, account_id, reason)
    return see_other(f"{_ADDRESS}/{account_id}?fait={act}")


def _asked(
    request: HttpRequest, identifier: str = "", *, outcome: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "identifier": identifier[:200],
        "outcome": outcome,
        "errors": [("identifiant", error)] if error else [],
        "most": accounts.MOST_AN_HOUR,
    }
    return shown(request, "console/accounts.html", context, section=_ADDRESS, status=status)


def _shown(request: HttpRequest, who: Actor, account_id: UUID, error: str = "") -> HttpResponse:
    found = accounts.account(who, account_id)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "account": found,
        "kind": gettext(_KINDS[found.kind]),
        "own": who.id == account_id,
        "reasons": {reason: gettext(words) for reason, words in _REASONS.items()},
        "errors": [("raison", error)] if error else [],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/account.html", context, section=_ADDRESS, status=422 if error else 200)


def _lay(request: HttpRequest, account_id: UUID) -> None:
    found = [each for each in request.session.get(_FOUND, []) if each != str(account_id)]
    request.session[_FOUND] = [*found, str(account_id)][-_MOST:]
