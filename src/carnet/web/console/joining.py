"""Two records of one person: proposed with a proof in hand, read by other eyes, joined. Their traits; nothing of what
either holds."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.db.constraints import Violation
from carnet.kernel.http import Audit
from carnet.people.accounts import TooMany
from carnet.people.identity_cases import Proof
from carnet.records import numbers
from carnet.records.numbers import NotAnIns
from carnet.rights import joining
from carnet.rights.joining import Case, Fault, NotJoined, Traits
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.identities import FAULTS, PROOFS
from carnet.web.console.listing import listing
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/reunir"
Errors = list[tuple[str, str]]
_WORDS: Final = {
    Fault.UNKNOWN: marked("Un de ces matricules n'a pas de carnet : vérifiez chaque chiffre"),
    Fault.SAME: marked("Ces deux matricules mènent déjà au même carnet"),
    Fault.OTHER_BIRTH: marked("Ces deux carnets ne sont pas de la même date de naissance : rien ne se réunit"),
    Fault.OTHER_SEX: marked("Ces deux carnets ne sont pas du même sexe : corrigez d'abord l'identité qui se trompe"),
    Fault.OPENED: marked("Quelqu'un est entré dans le carnet provisoire, ou il n'attend plus : il ne se réunit pas"),
    Fault.WORDS: marked("Quelqu'un a noté ou choisi quelque chose dans le carnet provisoire : les réunir le perdrait"),
    Fault.NOT_OPEN: marked("Le carnet définitif n'est pas ouvert : voyez d'abord l'état du carnet"),
    Fault.CLASH: marked("Deux documents différents portent le même identifiant : leur logiciel doit d'abord corriger"),
    Fault.TIES: marked("Des documents du carnet provisoire tiennent à d'autres : les réunir défait ces liens"),
    Fault.ONE_PAIR_OF_EYES: marked("Vous l'avez proposé : un autre membre de l'équipe doit le confirmer"),
    Fault.GONE: marked("Cette demande a déjà été traitée"),
}


@support_page(_ADDRESS, Audit.ACCOUNT, posted=True)
def records(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method != "POST":
        return _listed(request, who)
    return unproven(request, Deed.COUNTER) or _propose(request, who)


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def case(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    found = joining.case(who, case_id)
    if found is None:
        if request.method == "POST":
            return see_other(f"{_ADDRESS}?fait=passe")
        raise Http404
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act == "reunir":
        return unproven(request, Deed.COUNTER) or _confirm(request, who, found)
    if act == "refuser":
        return _refuse(who, found)
    return _shown(request, found)


def _propose(request: HttpRequest, who: Actor) -> HttpResponse:
    sent = {name: request.POST.get(name, "").strip()[:40] for name in ("provisoire", "definitif", "preuve")}
    errors: Errors = []
    for name in ("provisoire", "definitif"):
        try:
            numbers.whole(sent[name])
        except NotAnIns:
            errors.append((name, gettext(FAULTS[NotAnIns])))
    if sent["preuve"] not in {each.value for each in Proof}:
        errors.append(("preuve", gettext("Choisissez la pièce que vous avez vue")))
    if errors:
        return _listed(request, who, sent, errors)
    try:
        proof = Proof(sent["preuve"])
        reference = joining.propose(who, waiting=sent["provisoire"], final=sent["definitif"], proof=proof)
    except NotJoined as refused:
        return _listed(request, who, sent, [("provisoire", gettext(_WORDS[refused.fault]))])
    except TooMany:
        return _listed(request, who, sent, [("provisoire", gettext(FAULTS[TooMany]))])
    except Violation:
        return _listed(request, who, sent, [("provisoire", gettext("Ce carnet est déjà proposé à la réunion"))])
    return see_other(f"{_ADDRESS}?fait=propose&demande={reference}")


def _confirm(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    proof = request.POST.get("preuve", "")
    if proof not in {each.value for each in Proof}:
        return _shown(request, found, [("preuve", gettext("Choisissez la pièce que vous avez vue"))])
    try:
        joining.confirm(who, found.id, Proof(proof))
    except NotJoined as refused:
        return _shown(request, found, [("preuve", gettext(_WORDS[refused.fault]))])
    return see_other(f"{_ADDRESS}?fait=reuni")


def _refuse(who: Actor, found: Case) -> HttpResponse:
    try:
        joining.refuse(who, found.id)
    except NotJoined:
        return see_other(f"{_ADDRESS}?fait=passe")
    return see_other(f"{_ADDRESS}?fait=refuse")


def _listed(
    request: HttpRequest, who: Actor, sent: dict[str, str] | None = None, errors: Errors | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "listing": listing(request, _ADDRESS, partial(joining.cases, who), joining.how_many(who)),
        "undone": [
            {"reference": reference, "why": gettext(_WORDS[fault]), "at": at}
            for reference, fault, at in joining.undone(who)
        ],
        "proofs": {each.value: gettext(words) for each, words in PROOFS.items()},
        "sent": sent or {},
        "errors": errors or [],
        "done": request.GET.get("fait", ""),
        "reference": request.GET.get("demande", "")[:9],
    }
    return shown(request, "console/joinings.html", context, section=_ADDRESS, status=422 if errors else 200)


def _shown(request: HttpRequest, found: Case, errors: Errors | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "case": found,
        "sides": [
            _side(gettext("Carnet provisoire, jamais ouvert"), found.waiting),
            _side(gettext("Carnet définitif"), found.final),
        ],
        "proof": gettext(PROOFS[found.proof]),
        "proofs": {each.value: gettext(words) for each, words in PROOFS.items()},
        "errors": errors or [],
    }
    return shown(request, "console/joining.html", context, section=_ADDRESS, status=422 if errors else 200)


def _side(title: str, traits: Traits) -> dict[str, str]:
    birth = "/".join(reversed(traits.birth_date.split("-")))
    return {"title": title, "name": traits.name, "birth": birth, "number": numbers.grouped(traits.number)}
