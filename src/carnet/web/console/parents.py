"""Proofs of who says that they are a child's other parent: identities and a file, nothing of anybody's health."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.kernel.vault import Missing
from carnet.rights import parents
from carnet.rights.parents import LONGEST_WORDS, Case, Fault, NoReason, NotAccepted
from carnet.web import family_words
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.listing import listing
from carnet.web.i18n import gettext
from carnet.web.reading import rendering, serving
from carnet.web.words import marked

_ADDRESS: Final = "/console/parents"
Errors = list[tuple[str, str]]
_FAULTS: Final = {
    Fault.GROWN: marked("L'enfant a dix-huit ans : plus personne ne le représente. Refusez la demande."),
    Fault.SHUT_OUT: marked(
        "Une décision de justice a mis fin à sa représentation : elle se rétablit à la page Familles, décision vue."
    ),
    Fault.BOTH: marked("Deux personnes représentent déjà cet enfant. Voyez d'abord la page Familles."),
    Fault.UNINVITED: marked("Le parent qui l'a invitée ne représente plus cet enfant. Refusez la demande."),
    Fault.ALREADY: marked("Cette personne représente déjà cet enfant. Refusez la demande."),
}


@support_page(_ADDRESS, Audit.ACCOUNT)
def waiting(request: HttpRequest, who: Actor) -> HttpResponse:
    found = listing(request, _ADDRESS, partial(parents.cases, who), parents.how_many(who))
    rows = [{"of": each, "proof": family_words.proof(each.proof)} for each in found.rows]
    context = {"listing": found, "rows": rows, "done": request.GET.get("fait", "")}
    return shown(request, "console/parents.html", context, section=_ADDRESS)


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def case(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    found = parents.case(who, case_id)
    if found is None:
        if request.method == "POST":
            return see_other(f"{_ADDRESS}?fait=passe")
        raise Http404
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act == "accepter":
        return unproven(request, Deed.COUNTER) or _accept(request, who, found)
    if act == "refuser":
        return _refuse(request, who, found)
    return _shown(request, found)


def _accept(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    if "vue" not in request.POST:
        return _shown(request, found, [("vue", gettext("Cochez la case quand vous avez lu la preuve"))])
    try:
        accepted = parents.accept(who, found.id)
    except NotAccepted as fault:
        return _shown(request, found, [("vue", gettext(_FAULTS[fault.fault]))])
    return see_other(f"{_ADDRESS}?fait={'accepte' if accepted else 'passe'}")


def _refuse(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    reason, words = request.POST.get("raison", ""), " ".join(request.POST.get("mots", "").split())
    if len(words) > LONGEST_WORDS:
        return _shown(request, found, [("mots", gettext("Écrivez 300 caractères au plus"))])
    try:
        refused = parents.refuse(who, found.id, reason=reason, words=words)
    except NoReason:
        return _shown(request, found, [("raison", gettext("Choisissez une raison : la personne la lira"))])
    return see_other(f"{_ADDRESS}?fait={'refuse' if refused else 'passe'}")


@support_page(_ADDRESS, Audit.RECORD_READ)
def proof(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    """The file itself; who opened it is a line of the child's record."""
    del request
    try:
        found = parents.proof(who, case_id)
    except Missing:
        raise Http404 from None
    if found is None:
        raise Http404
    media_type, data = found
    response = HttpResponse(data, content_type=serving.content_type(media_type))
    name = rendering.file_name("preuve", media_type)
    return serving.named(response, name, inline=media_type in rendering.OPENED)


def _shown(request: HttpRequest, found: Case, errors: Errors | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "case": found,
        "proof": family_words.proof(found.proof),
        "reasons": family_words.refusals(),
        "sent": {name: request.POST.get(name, "")[: LONGEST_WORDS + 1] for name in ("raison", "mots")},
        "errors": errors or [],
    }
    return shown(request, "console/parent.html", context, section=_ADDRESS, status=422 if errors else 200)
