"""Identities that no record could be told to be theirs for sure: their traits, and after a proof the way to a record.
Never a list of records, and nothing of anybody's health."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import disowning, identities, identity_cases
from carnet.people.accounts import TooMany
from carnet.people.identities import NoRecord, NotNow, OtherBirth, Stop, TooYoung
from carnet.people.identity_cases import Case, Proof, Why
from carnet.records.numbers import NotAnIns
from carnet.rights import pairs
from carnet.rights.pairs import AskFirst
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.comparing import comparison, day, sex
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.listing import listing
from carnet.web.console.second_looks import asked_of_another, second_look
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/identites"
_STOPS: Final = {
    Stop.INCOMPLETE: marked("Il manque un trait d'identité"),
    Stop.NOBODY: marked("Aucun carnet n'a exactement ces traits"),
    Stop.SEVERAL: marked("Plusieurs carnets pourraient convenir : homonymes ou traits incomplets"),
    Stop.ACCOUNT: marked("Le carnet qui a ces traits a déjà un compte"),
    Stop.MINOR: marked("La personne n'a pas l'âge d'ouvrir son carnet elle-même"),
    Stop.DECEASED: marked("Le carnet qui a ces traits est fermé depuis un décès"),
}
PROOFS: Final = {
    Proof.CARD: marked("Carte nationale d'identité"),
    Proof.PASSPORT: marked("Passeport"),
    Proof.PERMIT: marked("Titre de séjour"),
    Proof.REGISTER: marked("Acte de naissance, avec la pièce d'identité d'un parent"),
}
_WHYS: Final = {
    Why.NO_RECORD: marked("La personne n'a pas de carnet"),
    Why.NOT_THEM: marked("Les papiers ne vont pas avec ces traits"),
    Why.ASKED: marked("La personne y renonce"),
}
FAULTS: Final = {
    NotAnIns: marked("Écrivez le matricule INS en entier : 15 caractères, clé comprise"),
    NoRecord: marked(
        "Aucun carnet à ce matricule : vérifiez chaque chiffre. S'il a été refusé, ou n'est pas encore ouvert, la page "
        "« Carnets » le dit"
    ),
    OtherBirth: marked("Ce carnet est celui d'une personne née un autre jour : vérifiez chaque chiffre"),
    NotNow: marked("Ce carnet est fermé depuis un décès : voyez d'abord l'état du carnet"),
    TooYoung: marked("La personne n'a pas l'âge : ses parents ouvrent ce carnet, depuis le leur"),
    TooMany: marked("Trop de recherches en une heure : reprenez plus tard"),
}


@support_page(_ADDRESS, Audit.ACCOUNT)
def waiting(request: HttpRequest, who: Actor) -> HttpResponse:
    found = listing(request, _ADDRESS, partial(identity_cases.cases, who), identity_cases.how_many(who))
    context = {
        "listing": found,
        "rows": [row(each) for each in found.rows],
        "done": request.GET.get("fait", ""),
        "disowned": disowning.how_many(who),
    }
    return shown(request, "console/identities.html", context, section=_ADDRESS)


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def identity(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    case = identity_cases.case(who, case_id)
    if case is None:
        raise Http404
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act in {"comparer", "rapprocher"}:
        return _tie(request, who, case, seen=act == "rapprocher")
    if act == "classer":
        return _dismiss(request, who, case)
    return _shown(request, who, case)


def _tie(request: HttpRequest, who: Actor, case: Case, *, seen: bool) -> HttpResponse:
    """Whose record it is is shown before it is done."""
    proof = request.POST.get("preuve", "")
    if proof not in {each.value for each in Proof}:
        return _shown(request, who, case, [("preuve", gettext("Choisissez la pièce que vous avez vue"))])
    if missing := unproven(request, Deed.COUNTER):
        return missing
    number = request.POST.get("matricule", "").strip()[:40]
    try:
        if not seen:
            holder = identities.holder_to_compare(who, case, number)
            context = {"row": row(case), "proof": proof, "number": number, "found": comparison(case, holder)}
            return shown(request, "console/identity_compare.html", context, section=_ADDRESS)
        identities.tie(who, case, number=number, proof=Proof(proof), by_two=pairs.needed(who, case.id))
    except AskFirst as asked:
        fault = asked_of_another(who, asked.record_id, case.id)
        return _shown(request, who, case, [("matricule", fault)]) if fault else see_other(f"{_ADDRESS}/{case.id}")
    except tuple(FAULTS) as wrong:
        return _shown(request, who, case, [("matricule", gettext(FAULTS[type(wrong)]))])
    return see_other(f"{_ADDRESS}?fait=rapproche")


def _dismiss(request: HttpRequest, who: Actor, case: Case) -> HttpResponse:
    why = request.POST.get("raison", "")
    if why not in {each.value for each in Why}:
        return _shown(request, who, case, [("raison", gettext("Choisissez une raison"))])
    identity_cases.dismiss(who, case.id, Why(why))
    return see_other(f"{_ADDRESS}?fait=classe")


def _shown(request: HttpRequest, who: Actor, case: Case, errors: list[tuple[str, str]] | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row(case),
        "proofs": {each.value: gettext(words) for each, words in PROOFS.items()},
        "whys": {each.value: gettext(words) for each, words in _WHYS.items()},
        "sent": {name: request.POST.get(name, "")[:40] for name in ("preuve", "matricule")},
        "errors": errors or [],
        **second_look(who, case.id),
    }
    return shown(request, "console/identity.html", context, section=_ADDRESS, status=422 if errors else 200)


def row(case: Case) -> dict[str, Any]:
    """Its traits in words."""
    return {
        "id": case.id,
        "reference": case.reference,
        "family": case.family,
        "givens": case.givens,
        "birth": day(case.birth_date),
        "sex": sex(case.sex),
        "place": case.birth_place,
        "why": gettext(_STOPS[Stop(case.reason)]),
        "at": case.at,
    }
