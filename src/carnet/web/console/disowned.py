"""Connections that somebody said were not theirs: how each was opened, and whether its identity opens the account
again, nothing any more, or another record. Nothing of anybody's health."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.people import disowning
from carnet.people.disowning import Case, SameRecord
from carnet.people.identities import NoRecord
from carnet.people.identity_cases import Proof
from carnet.people.rules import Way
from carnet.rights import pairs
from carnet.rights.pairs import AskFirst
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.identities import FAULTS, PROOFS
from carnet.web.console.listing import listing
from carnet.web.console.second_looks import asked_of_another, second_look
from carnet.web.i18n import gettext
from carnet.web.patient.adding_form import as_day
from carnet.web.words import marked

_SECTION: Final = "/console/identites"
_ADDRESS: Final = f"{_SECTION}/pas-moi"
_WAYS: Final = {
    Way.PROVIDER: marked("une identité FranceConnect+"),
    Way.PASSKEY: marked("une clé d'accès, retirée depuis"),
    Way.CODE: marked("un code d'accès"),
    Way.LINK: marked("un lien d'un logiciel"),
}
_SAME: Final = marked("C'est le carnet dont la personne dit qu'il n'est pas le sien : vérifiez le matricule")
_DECISIONS: Final = {"retirer": disowning.remove, "classer": disowning.close}
_FIELDS: Final = ("preuve", "matricule", "naissance")
Errors = list[tuple[str, str]]


@support_page(_SECTION, Audit.ACCOUNT)
def disowned(request: HttpRequest, who: Actor) -> HttpResponse:
    found = listing(request, _ADDRESS, partial(disowning.cases, who), disowning.how_many(who))
    context = {
        "listing": found,
        "rows": [row(each) for each in found.rows],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/disowned.html", context, section=_SECTION)


@support_page(_SECTION, Audit.RECORD_WRITE, posted=True)
def case(request: HttpRequest, who: Actor, case_id: UUID) -> HttpResponse:
    found = disowning.case(who, case_id)
    if found is None:
        raise Http404
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act == "rattacher" and found.sign_in_id:
        return _move(request, who, found)
    if act == "retablir" and found.sign_in_id:
        return unproven(request, Deed.COUNTER) or _restore(request, who, found)
    if act in _DECISIONS and (act == "classer") is (found.sign_in_id is None):
        _DECISIONS[act](who, found)
        return see_other(f"{_ADDRESS}?fait={act}")
    return _shown(request, who, found)


def _restore(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    try:
        disowning.restore(who, found, by_two=pairs.needed(who, found.id))
    except AskFirst as asked:
        return _asked(request, who, found, asked, "retablir")
    except NoRecord as fault:
        return _shown(request, who, found, [("retablir", gettext(FAULTS[type(fault)]))])
    return see_other(f"{_ADDRESS}?fait=retablir")


def _move(request: HttpRequest, who: Actor, found: Case) -> HttpResponse:
    born, proof = as_day(request.POST.get("naissance", "")), request.POST.get("preuve", "")
    errors: Errors = []
    if proof not in set(Proof):
        errors.append(("preuve", gettext("Choisissez la pièce que vous avez vue")))
    if born is None or born > clock.now().date():
        errors.append(("naissance", gettext("Écrivez la date de naissance comme ceci : 12 3 1985")))
    if errors or born is None:
        return _shown(request, who, found, errors)
    if missing := unproven(request, Deed.COUNTER):
        return missing
    number, by_two = request.POST.get("matricule", "").strip()[:40], pairs.needed(who, found.id)
    try:
        disowning.move(who, found, number=number, birth_date=born, proof=Proof(proof), by_two=by_two)
    except AskFirst as asked:
        return _asked(request, who, found, asked, "matricule")
    except tuple(FAULTS) as fault:
        return _shown(request, who, found, [("matricule", gettext(FAULTS[type(fault)]))])
    except SameRecord:
        return _shown(request, who, found, [("matricule", gettext(_SAME))])
    return see_other(f"{_ADDRESS}?fait=rattacher")


def _asked(request: HttpRequest, who: Actor, found: Case, asked: AskFirst, field: str) -> HttpResponse:
    fault = asked_of_another(who, asked.record_id, found.id)
    return _shown(request, who, found, [(field, fault)]) if fault else see_other(f"{_ADDRESS}/{found.id}")


def _shown(request: HttpRequest, who: Actor, found: Case, errors: Errors | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row(found),
        "proofs": {each.value: gettext(words) for each, words in PROOFS.items()},
        "sent": {name: request.POST.get(name, "")[:40] for name in _FIELDS},
        "errors": errors or [],
        **second_look(who, found.id),
    }
    return shown(request, "console/disowned_case.html", context, section=_SECTION, status=422 if errors else 200)


def row(found: Case) -> dict[str, Any]:
    """How it came about, in words."""
    return {
        "id": found.id,
        "reference": found.reference,
        "name": found.name,
        "first": found.first_opening,
        "way": gettext(_WAYS[Way(found.way)]) if found.way else "",
        "device": " · ".join(filter(None, (found.browser, found.system))),
        "since": found.since,
        "at": found.at,
        "linked": found.sign_in_id is not None,
        "held": found.held,
    }
