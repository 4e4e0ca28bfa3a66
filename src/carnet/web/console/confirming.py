"""What lets somebody into another's record: read by other eyes before it counts."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import disowning, identity_cases
from carnet.records import numbers
from carnet.rights import counter, families, pairs
from carnet.rights.families import NotDone
from carnet.rights.pairs import Case, Fault, Kind, NotConfirmed
from carnet.web import family_words
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console import disowned, identities
from carnet.web.console.comparing import comparison, sex
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.families import FAULTS
from carnet.web.console.listing import listing
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/confirmer"
_KINDS: Final = {
    Kind.ENTRY: marked("Code d'accès"),
    Kind.IDENTITY: marked("Autre moyen de connexion"),
    Kind.GUARDIAN: marked("Mesure de protection"),
    Kind.ERASING: marked("Effacement d'un carnet"),
    Kind.TRAITS: marked("Identité à relire"),
}
_SEEN: Final = {
    Kind.ENTRY: marked("J'ai vu la personne et sa pièce d'identité, et c'est bien elle"),
    Kind.IDENTITY: marked("J'ai vu la personne et sa pièce d'identité, et c'est bien elle"),
    Kind.GUARDIAN: marked("J'ai lu la décision, et c'est bien ce qu'elle dit"),
    Kind.ERASING: marked("J'ai vu la personne et sa pièce d'identité : elle sait que rien ne reviendra, et le veut"),
    Kind.TRAITS: marked("J'ai vu la pièce d'identité et le matricule, et chaque trait est le même"),
}
_UNSEEN: Final = {
    Kind.ENTRY: marked("Cochez la case quand vous avez vu la personne et sa pièce d'identité"),
    Kind.IDENTITY: marked("Cochez la case quand vous avez vu la personne et sa pièce d'identité"),
    Kind.GUARDIAN: marked("Cochez la case quand vous avez lu la décision"),
    Kind.ERASING: marked("Cochez la case quand vous avez vu la personne et sa pièce d'identité"),
    Kind.TRAITS: marked("Cochez la case quand vous avez vu la pièce d'identité et le matricule"),
}
_WORDS: Final = {
    Fault.ONE_PAIR_OF_EYES: marked("Vous l'avez demandé : un autre membre de l'équipe doit le confirmer"),
    Fault.GONE: marked("Cette demande a déjà été traitée"),
}


@support_page(_ADDRESS, Audit.ACCOUNT)
def requests(request: HttpRequest, who: Actor) -> HttpResponse:
    found = listing(request, _ADDRESS, partial(pairs.waiting, who), pairs.how_many(who))
    context = {
        "listing": found,
        "rows": [{"ask": each, "kind": gettext(_KINDS[each.kind])} for each in found.rows],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/confirmations.html", context, section=_ADDRESS)


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def case(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    found = pairs.case(who, case_id)
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if found is None:
        if act:
            return see_other(f"{_ADDRESS}?fait=passe")
        raise Http404
    if act == "confirmer":
        return unproven(request, Deed.COUNTER) or _confirm(request, who, found)
    if act == "refuser":
        return _refuse(who, found)
    return _shown(request, found)


def _confirm(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    if "vu" not in request.POST:
        return _shown(request, found, gettext(_UNSEEN[found.ask.kind]))
    done_with_it = {Kind.GUARDIAN: families.confirm_guardian, Kind.TRAITS: counter.confirm_traits}
    confirm = done_with_it.get(found.ask.kind, pairs.confirm)
    try:
        confirm(who, found.ask.id)
    except NotConfirmed as refused:
        return _shown(request, found, gettext(_WORDS[refused.fault]))
    except NotDone as refused:
        return _shown(request, found, gettext(FAULTS[refused.fault][1]))
    return see_other(f"{_ADDRESS}?fait=confirme")


def _refuse(who: Actor, found: Case) -> HttpResponse:
    try:
        pairs.refuse(who, found.ask.id)
    except NotConfirmed:
        return see_other(f"{_ADDRESS}?fait=passe")
    return see_other(f"{_ADDRESS}?fait=refuse")


def _shown(request: HttpRequest, found: Case, error: str = "") -> HttpResponse:
    decided = found.guardianship
    context: dict[str, Any] = {
        "case": found,
        "kind": gettext(_KINDS[found.ask.kind]),
        "seen": gettext(_SEEN[found.ask.kind]),
        "number": numbers.grouped(found.holder.ins),
        "proven": _proven(found),
        "sex": sex(found.holder.sex),
        "measure": family_words.measure(decided.measure) if decided else "",
        "errors": [("vu", error)] if error else [],
    }
    return shown(request, "console/confirmation.html", context, section=_ADDRESS, status=422 if error else 200)


def _proven(found: Case) -> dict[str, Any]:
    """The identity that would open the account, to be held against whose it is: its traits, or how it was disowned."""
    of = found.identity
    return {
        "traits": identities.row(of) if isinstance(of, identity_cases.Case) else None,
        "found": comparison(of, found.holder) if isinstance(of, identity_cases.Case) else None,
        "disowned": disowned.row(of) if isinstance(of, disowning.Case) else None,
    }
