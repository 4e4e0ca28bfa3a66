"""« Mes avis par courriel »: where a professional wants to be told that something waits for them in the portal."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.notify import contacts
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import OF_PROFESSIONALS, Kind
from carnet.notify.wording import PROFESSIONAL_CHOICES as ADDRESS
from carnet.web import notices as face
from carnet.web.i18n import gettext, language
from carnet.web.pro.visit import desk_page, done, shown
from carnet.web.words import marked

_KINDS: Final = {
    Kind.ALERT: marked("Un accès en urgence au carnet d'une personne dont vous êtes le médecin traitant"),
}


@desk_page(Audit.ACCOUNT, posted=True, situated=False)
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    if request.method != "POST":
        return _page(request, actor)
    if request.POST.get("acte") == "effacer":
        contacts.forget(actor)
        return done(f"{ADDRESS}?fait=efface")
    address = request.POST.get("courriel", "").strip()
    chosen = frozenset(kind for kind in _KINDS if kind.value in request.POST.getlist("quoi"))
    try:
        contacts.choose(actor, address=address, kinds=chosen, language=language())
    except BadAddress:
        return _page(request, actor, address=address, chosen=chosen, error=face.wrong_address())
    return done(f"{ADDRESS}?fait=choisi")


@desk_page(Audit.ACCOUNT, posted=True, situated=False)
def confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    """As a person's: the link alone changes nothing."""
    token = face.token(request)
    if request.method == "POST":
        return done(f"{ADDRESS}?fait={'confirme' if contacts.confirm(actor, token) else 'passe'}")
    return shown(request, "pro/notices_confirm.html", {"token": token[:200], "address_of_form": ADDRESS})


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    address: str = "",
    chosen: frozenset[Kind] = OF_PROFESSIONALS,
    error: str = "",
) -> HttpResponse:
    kinds = {kind: gettext(words) for kind, words in _KINDS.items()}
    context = {
        "address_of_form": ADDRESS,
        "meanwhile": gettext("Vos choix sont gardés. D'ici là, ce qui vous attend se lit sur la page d'accueil."),
        "always": "",
        **face.form(request, contacts.of(actor), kinds, address=address, chosen=chosen, error=error),
    }
    return shown(request, "pro/notices.html", context, status=422 if error else 200)
