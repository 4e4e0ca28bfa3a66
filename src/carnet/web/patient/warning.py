"""« Être averti »: an e-mail address, confirmed by a link, and of what one wants to be told."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.kernel import config
from carnet.notify import contacts
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import DEFAULT, Kind
from carnet.notify.wording import CHOICES as _ADDRESS
from carnet.web import notices
from carnet.web.auth import drafts
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.i18n import gettext, language
from carnet.web.patient import family
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_form
from carnet.web.render import page
from carnet.web.words import marked

_KINDS: Final = {
    Kind.FIRST_ACCESS: marked("Le premier accès d'un professionnel"),
    Kind.EMERGENCY: marked("Un accès en urgence"),
    Kind.RIGHTS: marked("Un droit d'accès qui change"),
    Kind.WAITING: marked("Une mise à jour dont parler avec un soignant"),
    Kind.DOCUMENT: marked("Un nouveau document"),
    Kind.CORRECTION: marked("Un document corrigé"),
    Kind.APPS: marked("De temps en temps, les applications que vous avez laissées entrer"),
}
_FIRST: Final = DEFAULT | {Kind.CARED}
_CARED: Final = marked("Du nouveau pour une personne que vous aidez, parmi ce qu'elle vous laisse lire")


@patient_form(helps=Helps.ANY)
def warning(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, address=drafts.fields(request, visit.actor.id).get("courriel", ""))
    address, forgets = request.POST.get("courriel", "").strip(), request.POST.get("acte") == "effacer"
    if missing := unproven_address(request, visit, "" if forgets else address):
        return missing
    if forgets:
        contacts.forget(visit.actor)
        return done(f"{_ADDRESS}?fait=efface")
    offered = _offered(request, visit)
    chosen = [kind for kind in offered if kind.value in request.POST.getlist("quoi")]
    known = contacts.of(visit.actor)
    # What this page did not show stays as it was chosen elsewhere.
    kept = known.kinds - offered.keys() if known else frozenset[Kind]()
    try:
        contacts.choose(visit.actor, address=address, kinds={*chosen, *kept}, language=language())
    except BadAddress:
        error = notices.wrong_address()
        return _page(request, visit, address=address, chosen=frozenset(chosen), error=error)
    return done(f"{_ADDRESS}?fait=choisi")


@patient_form(helps=Helps.ANY)
def confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A link in a mail may be opened by a program: the page asks for one press of a button."""
    token = notices.token(request)
    if request.method == "POST":
        return done(f"{_ADDRESS}?fait={'confirme' if contacts.confirm(visit.actor, token) else 'passe'}")
    return page(
        request,
        "patient/warning_confirm.html",
        {"section": "accesses", "token": token[:200], "address_of_form": _ADDRESS},
    )


def unproven_address(request: HttpRequest, visit: Visit, address: str) -> HttpResponse | None:
    """Another address, or none: whoever has it is told of what happens to the account. What to be told of is a choice
    that anybody may change."""
    known = contacts.of(visit.actor)
    return None if address == (known.address if known else "") else unproven(request, Deed.CONTACT)


def kinds_in_words() -> dict[Kind, str]:
    reminds = config.load().apps_reminder_days > 0
    return {kind: gettext(words) for kind, words in _KINDS.items() if reminds or kind is not Kind.APPS}


def _offered(request: HttpRequest, visit: Visit) -> dict[Kind, str]:
    """Of one's own record and those that one represents; of those whom one helps, where there are any."""
    known = family.shown(request)
    covers = known.covers if known else ()
    found = kinds_in_words() if any(not each.helped for each in covers) or visit.cover is None else {}
    if any(each.helped for each in covers):
        found[Kind.CARED] = gettext(_CARED)
    return found


def _page(
    request: HttpRequest, visit: Visit, *, address: str = "", chosen: frozenset[Kind] = _FIRST, error: str = ""
) -> HttpResponse:
    known, kinds = contacts.of(visit.actor), _offered(request, visit)
    context = {
        "section": "accesses",
        "helping": bool(visit.cover and visit.cover.helped),
        "address_of_form": _ADDRESS,
        "meanwhile": gettext("Vos choix sont gardés. D'ici là, tout est inscrit dans « Qui a accédé »."),
        "always": gettext(
            "Une nouvelle clé d'accès, ou une connexion depuis un nouvel appareil : nous vous en avertissons toujours à"
            " cette adresse."
        ),
        **notices.form(request, known, kinds, address=address, chosen=chosen, error=error),
    }
    return page(request, "patient/warning.html", context, status=422 if error else 200)
