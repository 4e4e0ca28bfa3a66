"""Saying no to a record before it opens, by the code of the letter: no account, no reason, a receipt."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.kernel.http import Audience, Audit, door, seen_from
from carnet.records import letters
from carnet.records.life import NotDone, Receipt
from carnet.records.numbers import NotAnIns
from carnet.records.paper import WrongCode
from carnet.records.rules import Traits
from carnet.web.auth.throttles import CODES, too_many_codes
from carnet.web.i18n import gettext
from carnet.web.patient.adding_form import as_day
from carnet.web.render import page

_FIELDS: Final = ("matricule", "nom", "prenom", "naissance", "code")
_LONGEST: Final = 100
Errors = list[tuple[str, str]]


@door(audience=Audience.OPEN, audit=Audit.RECORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def oppose(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {})
    sent = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    errors = list(_missing(sent))
    if errors:
        return _form(request, sent, errors)
    if waits := too_many_codes(request):
        return _form(request, sent, [("code", waits)], status=429)
    try:
        receipt = _object(sent)
    except NotAnIns:
        text = gettext("Vérifiez le matricule : il a 15 caractères, clé comprise")
        return _form(request, sent, [("matricule", text)])
    except WrongCode:
        CODES.failed(seen_from(request))
        return _form(
            request, sent, [("code", gettext("Ces informations et ce code ne vont pas ensemble"))], unsure=True
        )
    except NotDone:
        return page(request, "public/oppose_late.html", status=409)
    return page(request, "public/opposed.html", {"receipt": receipt})


def _object(sent: dict[str, str]) -> Receipt:
    born = as_day(sent["naissance"])
    traits = Traits(sent["nom"], sent["prenom"], born.isoformat() if born else "")
    return letters.object_by_letter(number=sent["matricule"], traits=traits, code=sent["code"])


def _missing(sent: dict[str, str]) -> Errors:
    asked = {
        "matricule": gettext("Écrivez votre matricule INS"),
        "nom": gettext("Écrivez votre nom de naissance"),
        "prenom": gettext("Écrivez votre premier prénom de naissance"),
        "naissance": gettext("Écrivez votre date de naissance comme ceci : 12 3 1985"),
        "code": gettext("Écrivez le code de la lettre"),
    }
    return [
        (name, text)
        for name, text in asked.items()
        if not sent[name] or (name == "naissance" and as_day(sent[name]) is None)
    ]


def _form(
    request: HttpRequest,
    sent: dict[str, str],
    errors: Errors | None = None,
    *,
    unsure: bool = False,
    status: int = 0,
) -> HttpResponse:
    context: dict[str, Any] = {"sent": sent, "errors": errors or [], "unsure": unsure}
    return page(request, "public/oppose.html", context, status=status or (422 if errors else 200))
