"""Who represents somebody, as a court decided: found by a whole INS, one person at a time; ended at once, given back,
or a guardian recorded, each with the ground and the reference of the decision."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.db.constraints import Violation
from carnet.kernel.http import Audit
from carnet.people.accounts import TooMany
from carnet.records.numbers import NotAnIns
from carnet.rights import families
from carnet.rights.families import Family, Fault, Link, Measure, NotDone
from carnet.rights.grounds import GUARDIANSHIP_END, RETURN, WITHDRAWAL
from carnet.web import family_words
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.console.lives import TOO_MANY
from carnet.web.i18n import gettext
from carnet.web.patient.adding_form import as_day
from carnet.web.patient.privacy_words import last_day
from carnet.web.sent_twice import once
from carnet.web.words import marked

_ADDRESS: Final = "/console/familles"
_FOUND: Final = "console_families"
_MOST: Final = 100
_NUMBER: Final = marked("Écrivez le matricule INS en entier : 15 caractères, clé comprise")
Errors = list[tuple[str, str]]
# Of each fault the field of its form, without the form's own name.
FAULTS: Final = {
    Fault.NO_GROUND: ("raison", marked("Choisissez ce qui le fonde")),
    Fault.NO_REFERENCE: ("reference", marked("Écrivez la juridiction, le numéro et le jour : 100 caractères au plus")),
    Fault.NOBODY: ("qui", marked("Choisissez au moins une personne")),
    Fault.MINOR: ("tuteur", marked("La personne est mineure : ses parents la représentent")),
    Fault.GROWN: ("qui", marked("La personne est majeure : ses parents ne la représentent plus")),
    Fault.NOT_AN_INS: ("tuteur", _NUMBER),
    Fault.NO_ACCOUNT: (
        "tuteur",
        marked("Aucun compte à ce matricule : cette personne ouvre d'abord son propre carnet"),
    ),
    Fault.YOUNG: ("tuteur", marked("Cette personne est mineure : aucune mesure ne peut lui être confiée")),
    Fault.THEMSELVES: ("tuteur", marked("Les deux matricules sont ceux de la même personne")),
    Fault.PAST: ("jour", marked("Écrivez le dernier jour de la mesure, à venir, comme ceci : 12 3 2031")),
    Fault.TOO_LONG: ("jour", marked("La loi ne permet pas une mesure aussi longue : vérifiez la date")),
    Fault.ALREADY: ("qui", marked("Cette personne représente déjà : mettez-y d'abord fin")),
}
_ALREADY_GUARDIAN: Final = marked("Cette personne a déjà cette charge : mettez-y d'abord fin")
_BASES: Final = {
    "feed": marked("par le fichier de l'Assurance Maladie"),
    "proof": marked("sur une preuve examinée ici"),
    "court": marked("par une décision de justice"),
}


@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def look_up(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method != "POST":
        return _asked(request)
    number = request.POST.get("matricule", "").strip()[:400]
    try:
        found = families.find(who, number)
    except NotAnIns:
        return _asked(request, number, error=gettext(_NUMBER), status=422)
    except TooMany:
        return _asked(request, number, error=gettext(TOO_MANY), status=429)
    if found is None:
        return _asked(
            request, number, error=gettext("Aucun carnet à ce matricule : vérifiez chaque chiffre"), status=422
        )
    place = uuid4()
    request.session[_FOUND] = [*request.session.get(_FOUND, []), (str(place), str(found))][-_MOST:]
    return see_other(f"{_ADDRESS}/{place}")


def _asked(request: HttpRequest, number: str = "", *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"number": number, "errors": [("matricule", error)] if error else []}
    return shown(request, "console/families.html", context, section=_ADDRESS, status=status)


@once
@support_page(_ADDRESS, Audit.RECORD_WRITE, posted=True)
def family(request: HttpRequest, who: Actor, place: UUID) -> HttpResponse:
    """Of who was looked up in this session, by a name that means nothing elsewhere."""
    known = dict(request.session.get(_FOUND, [])).get(str(place))
    if known is None:
        raise Http404
    record_id = UUID(known)
    acts = {"finir": _end, "rendre": _give_back, "nommer": _appoint}
    act = request.POST.get("acte", "") if request.method == "POST" else ""
    if act not in acts:
        return _shown(request, who, record_id, place)
    if act != "finir" and (missing := unproven(request, Deed.COUNTER)):
        return missing
    try:
        acts[act](request, who, record_id)
    except TooMany:
        return _shown(request, who, record_id, place, [("nommer-tuteur", gettext(TOO_MANY))])
    except Violation as refused:
        return _shown(request, who, record_id, place, [("nommer-tuteur", refused.message)])
    except NotDone as refused:
        return _shown(request, who, record_id, place, [_told(act, each) for each in refused.faults])
    return see_other(f"{_ADDRESS}/{place}?fait={act}")


def _told(act: str, fault: Fault) -> tuple[str, str]:
    if act == "nommer" and fault is Fault.ALREADY:
        return "nommer-tuteur", gettext(_ALREADY_GUARDIAN)
    field, words = FAULTS[fault]
    return f"{act}-{field}", gettext(words)


def _end(request: HttpRequest, who: Actor, record_id: UUID) -> None:
    ids = [found for text in request.POST.getlist("qui") if (found := _uuid(text))]
    families.end(who, record_id=record_id, link_ids=ids, **_decision(request))


def _give_back(request: HttpRequest, who: Actor, record_id: UUID) -> None:
    link_id = _uuid(request.POST.get("qui", ""))
    families.give_back(who, record_id=record_id, link_id=link_id, **_decision(request))


def _appoint(request: HttpRequest, who: Actor, record_id: UUID) -> None:
    decision = _decision(request)
    measure = Measure(decision["ground"], as_day(request.POST.get("jour", "")), decision["reference"])
    guardian = request.POST.get("tuteur", "").strip()[:400]
    families.ask_guardian(who, record_id=record_id, guardian=guardian, measure=measure)


def _decision(request: HttpRequest) -> dict[str, str]:
    reference = " ".join(request.POST.get("reference", "").split())
    return {"ground": request.POST.get("raison", ""), "reference": reference}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(
    request: HttpRequest, who: Actor, record_id: UUID, place: UUID, errors: Errors | None = None
) -> HttpResponse:
    found = families.family(who, record_id)
    if found is None:
        raise Http404
    names = ("acte", "raison", "reference", "jour", "tuteur")
    context: dict[str, Any] = {
        "place": place,
        "whose": found,
        "about": {each.id: _about(each) for each in found.links},
        "ends": family_words.grounds(WITHDRAWAL if found.minor else GUARDIANSHIP_END),
        "returns": family_words.grounds(RETURN),
        "measures": family_words.measures(),
        "past": _past(found),
        "last_day": last_day,
        "sent": {name: request.POST.get(name, "")[:400] for name in names},
        "chosen": request.POST.getlist("qui"),
        "errors": errors or [],
        "done": request.GET.get("fait", ""),
    }
    return shown(request, "console/family.html", context, section=_ADDRESS, status=422 if errors else 200)


def _past(found: Family) -> list[Link]:
    return [each for each in found.links if not each.holds]


def _about(link: Link) -> str:
    """« Parent, par le fichier de l'Assurance Maladie. »"""
    if link.kind == families.GUARDIAN:
        said = [family_words.measure(link.measure) or gettext("Protection d'un majeur"), link.ground]
    else:
        said = [gettext("Parent"), gettext(_BASES.get(link.basis, _BASES["feed"]))]
    if link.ended_for:
        said += [gettext("Fin : %(ground)s") % {"ground": family_words.ground(link.ended_for)}, link.reference]
    return ", ".join(part for part in said if part) + "."
