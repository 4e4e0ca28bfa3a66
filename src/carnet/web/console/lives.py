"""A record's life at the counter: found by a whole INS, one at a time; what may be recorded, on which ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from carnet.kernel.actor import Actor
from carnet.kernel.db.constraints import Violation
from carnet.kernel.http import Audit
from carnet.notify import texts
from carnet.people.accounts import TooMany
from carnet.records.ages import AGES
from carnet.records.entering import Handed, NotOpen, TooYoung
from carnet.records.life import NotDone
from carnet.records.numbers import NotAnIns
from carnet.records.rules import Act, Traits
from carnet.records.traits import Odd
from carnet.rights import counter, entrance, pairs
from carnet.rights.counter import GROUNDS, Claimant, Ground, NoClaimant, NotThatDay, Objected, OddTraits
from carnet.rights.entrance import Disowned, TooOften
from carnet.rights.pairs import AskFirst
from carnet.web import life_words, shown_again
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import unproven
from carnet.web.console.face import see_other, shown, support_page
from carnet.web.i18n import gettext
from carnet.web.patient.adding_form import as_day
from carnet.web.sent_twice import once
from carnet.web.words import marked

ADDRESS: Final = "/console/carnets"
_FOUND: Final = "console_records"
# A number is in no address: histories and logs keep those.
_UNKNOWN: Final = "console_unknown"
_MOST: Final = 100
_PASSED: Final = "passe"
_READ: Final = "relire"
_REFUSAL: Final = ("matricule", "nom", "prenom", "prenoms", "naissance", "sexe", "lieu")
_FIELDS: Final = {
    "matricule": marked("Matricule INS de la personne"),
    "nom": marked("Nom de naissance"),
    "prenom": marked("Premier prénom de naissance"),
    "prenoms": marked("Tous les prénoms de naissance"),
    "sexe": marked("Sexe"),
    "lieu": marked("Lieu de naissance (code INSEE)"),
}
# Who refuses may say no more; whose record it is to be signs in by all of these.
_NEEDED: Final = {
    Act.OPPOSE: ("matricule", "nom", "prenom"),
    Act.CREATE: ("matricule", "nom", "prenom", "prenoms", "sexe", "lieu"),
}
_ODD_TRAITS: Final = {
    Odd.GIVENS: ("prenoms", marked("Tous les prénoms commencent par le premier : écrivez-les dans l'ordre")),
    Odd.PLACE: ("lieu", marked("Le code INSEE a 5 caractères : 51215, ou 99350 pour un pays")),
}
TOO_MANY: Final = marked("Trop de recherches en une heure : reprenez plus tard")
_GROUNDS: Final = {
    Ground.ASKED: marked("La personne le demande, son identité est vérifiée"),
    Ground.IDENTITY: marked("Doute sur l'identité : deux personnes peut-être confondues"),
    Ground.MISUSE: marked("Usage qui ne s'explique pas"),
    Ground.FAULT: marked("Panne qui touche ce carnet"),
    Ground.SETTLED: marked("La vérification est terminée"),
    Ground.CERTIFICATE: marked("Acte de décès présenté"),
    Ground.REGISTER: marked("Décès connu par le répertoire national"),
    Ground.MISTAKE: marked("Décès enregistré par erreur"),
    Ground.CAUSE: marked("Connaître les causes de la mort"),
    Ground.MEMORY: marked("Défendre la mémoire de la personne"),
    Ground.RIGHTS: marked("Faire valoir ses droits"),
}
_CLAIMANTS: Final = {
    Claimant.HEIR: marked("Ayant droit (héritier)"),
    Claimant.SPOUSE: marked("Conjoint ou partenaire de PACS"),
    Claimant.PARTNER: marked("Concubin"),
    Claimant.PARENT: marked("Titulaire de l'autorité parentale (personne mineure)"),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A record that was looked up, and its name in this session: what it is called in the house is not told."""

    place: UUID
    record_id: UUID


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    follows: str
    button: str


# What takes the record from its holder and from who treats them is no slip of a finger.
_CERTAIN: Final = {
    Act.CLOSE: marked("La personne est devant moi, et c'est bien ce qu'elle veut"),
    Act.REOPEN: marked("La personne est devant moi, et c'est bien ce qu'elle veut"),
    Act.ASK_ERASING: marked("La personne est devant moi, elle sait que rien ne reviendra, et c'est ce qu'elle veut"),
    Act.SUSPEND: marked("C'est bien ce carnet, et plus personne ne doit le lire"),
}
_ACTS: Final = {
    Act.OPPOSE: _Words(
        marked("Enregistrer le refus"),
        marked("Le carnet ne s'ouvrira pas. La personne reçoit un numéro, et peut demander un carnet plus tard."),
        marked("Enregistrer le refus"),
    ),
    Act.CREATE: _Words(
        marked("Créer le carnet à sa demande"),
        marked("Le carnet est créé, vide. Les soignants peuvent y déposer."),
        marked("Créer le carnet"),
    ),
    Act.CLOSE: _Words(
        marked("Fermer le carnet à sa demande"),
        marked("Plus personne ne l'ouvre et rien n'y est déposé. La personne peut le rouvrir pendant dix ans."),
        marked("Fermer le carnet"),
    ),
    Act.REOPEN: _Words(
        marked("Rouvrir le carnet à sa demande"),
        marked(
            "La personne retrouve ce qu'il contenait et ses réglages ; les soignants qu'elle avait autorisés le lisent "
            "de nouveau. Une demande d'effacement est annulée."
        ),
        marked("Rouvrir le carnet"),
    ),
    Act.WITHDRAW_ERASING: _Words(
        marked("Annuler la demande d'effacement"),
        marked("Le carnet reste fermé et illisible, dix ans après sa fermeture, puis il est effacé."),
        marked("Le garder fermé"),
    ),
    Act.ASK_ERASING: _Words(
        marked("Effacer le carnet à sa demande"),
        marked(
            "Le carnet est fermé aussitôt, puis effacé pour toujours dans trente jours. Jusque-là, la personne peut "
            "changer d'avis, ici ou dans son carnet. Elle en est avertie par courriel si elle a donné une adresse."
        ),
        marked("Demander l'effacement"),
    ),
    Act.SUSPEND: _Words(
        marked("Suspendre"),
        marked("Plus personne ne le lit, la personne non plus. On peut encore y déposer. La personne lit pourquoi."),
        marked("Suspendre le carnet"),
    ),
    Act.RESUME: _Words(
        marked("Mettre fin à la suspension"),
        marked("Le carnet redevient comme avant, avec ce qui a été déposé entre-temps."),
        marked("Mettre fin à la suspension"),
    ),
    Act.RECORD_DEATH: _Words(
        marked("Enregistrer un décès"),
        marked("Le carnet est fermé aussitôt : plus personne ne le lit. Il est gardé dix ans, puis effacé."),
        marked("Enregistrer le décès"),
    ),
    Act.UNDO_DEATH: _Words(
        marked("Corriger une erreur"),
        marked("Le carnet redevient comme avant."),
        marked("Annuler ce décès"),
    ),
    Act.GRANT_HEIRS: _Words(
        marked("Demande d'un proche : accepter"),
        marked("Seul ce qui répond à ce motif peut lui être remis, par l'équipe. Le proche n'ouvre pas le carnet."),
        marked("Accepter la demande"),
    ),
    Act.REFUSE_HEIRS: _Words(
        marked("Demande d'un proche : refuser"),
        marked("Le refus est motivé par écrit, et peut être contesté."),
        marked("Refuser la demande"),
    ),
}


@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def look_up(request: HttpRequest, who: Actor) -> HttpResponse:
    if request.method != "POST":
        return _asked(request)
    number = request.POST.get("matricule", "").strip()[:400]
    try:
        found = counter.find(who, number)
    except NotAnIns:
        error = gettext("Écrivez le matricule INS en entier : 15 caractères, clé comprise")
        return _asked(request, number, error=error, status=422)
    except TooMany:
        return _asked(request, number, error=gettext(TOO_MANY), status=429)
    if found is None:
        request.session[_UNKNOWN] = number[:40]
        return _asked(request, number, unknown=True)
    return see_other(f"{ADDRESS}/{_lay(request, found)}")


@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def record(request: HttpRequest, who: Actor, place: UUID) -> HttpResponse:
    """Of a record that was looked up in this session, by a name that means nothing elsewhere."""
    known = dict(request.session.get(_FOUND, [])).get(str(place))
    if known is None:
        raise Http404
    found = _Found(place, UUID(known))
    return _act(request, who, found) if request.method == "POST" else _shown(request, who, found)


@once
@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def code(request: HttpRequest, who: Actor, place: UUID) -> HttpResponse:
    """A code of entry, shown for some minutes, to print and hand over."""
    record_id = record_at(request, place)
    if record_id is None:
        raise Http404
    found = _Found(place, record_id)
    if request.method != "POST":
        made = shown_again.held(request, record_id)
        if made is None:
            return see_other(f"{ADDRESS}/{place}")
        context = {"handed": Handed.of(made), "place": place, "minutes": shown_again.MINUTES}
        return shown(request, "console/entry_code.html", context, section=ADDRESS)
    if "verifiee" not in request.POST:
        return _shown(
            request, who, found, error=("verifiee", gettext("Cochez la case quand son identité est vérifiée"))
        )
    return unproven(request, Deed.COUNTER) or _code(request, who, found)


def _code(request: HttpRequest, who: Actor, found: _Found) -> HttpResponse:
    try:
        handed = entrance.at_counter(who, found.record_id)
    except TooYoung:
        error = gettext("Avant %(age)s ans, ce sont les parents qui ouvrent le carnet, depuis le leur") % {
            "age": AGES.own_access
        }
        return _shown(request, who, found, error=("verifiee", error))
    except TooOften:
        error = gettext("Vous avez remis beaucoup de codes aujourd'hui : un autre membre de l'équipe peut le faire")
        return _shown(request, who, found, error=("verifiee", error))
    except AskFirst:
        return _ask_first(request, who, found)
    except (Disowned, NotOpen):
        return see_other(f"{ADDRESS}/{found.place}")
    shown_again.keep(request, found.record_id, handed.kept)
    return see_other(f"{ADDRESS}/{found.place}/code")


def _ask_first(request: HttpRequest, who: Actor, found: _Found) -> HttpResponse:
    """The person has an account: another operator sees them too. Whoever asks again is told of what waits."""
    if entrance.second_look(who, found.record_id)[0] is pairs.State.NONE:
        try:
            pairs.ask(who, found.record_id, pairs.Kind.ENTRY)
        except Violation as refused:
            return _shown(request, who, found, error=("verifiee", refused.message))
    return see_other(f"{ADDRESS}/{found.place}")


def record_at(request: HttpRequest, place: UUID) -> UUID | None:
    """A record that was looked up in this session, by its name there."""
    known = dict(request.session.get(_FOUND, [])).get(str(place))
    return UUID(known) if known else None


def _lay(request: HttpRequest, record_id: UUID) -> UUID:
    place = uuid4()
    request.session[_FOUND] = [*request.session.get(_FOUND, []), (str(place), str(record_id))][-_MOST:]
    return place


@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def oppose(request: HttpRequest, who: Actor) -> HttpResponse:
    """For who has no record and was never told: their refusal is noted all the same."""
    return _of_unknown(request, who, Act.OPPOSE)


@support_page(ADDRESS, Audit.RECORD_WRITE, posted=True)
def create(request: HttpRequest, who: Actor) -> HttpResponse:
    """For who has no record, and wants one."""
    missing = unproven(request, Deed.COUNTER) if request.method == "POST" else None
    return missing or _of_unknown(request, who, Act.CREATE)


def _of_unknown(request: HttpRequest, who: Actor, act: Act) -> HttpResponse:
    sent = {name: request.POST.get(name, "").strip()[:100] for name in _REFUSAL}
    if request.method != "POST":
        return _unknown(request, act, sent | {"matricule": request.session.get(_UNKNOWN, "")})
    born = as_day(sent["naissance"])
    errors = [
        (name, gettext("%(field)s : à remplir") % {"field": gettext(_FIELDS[name])})
        for name in _NEEDED[act]
        if not sent[name]
    ]
    if born is None:
        errors.append(("naissance", gettext("Écrivez la date comme ceci : 12 3 1985")))
    if errors or born is None:
        return _unknown(request, act, sent, errors)
    sex = sent["sexe"] if sent["sexe"] in {"F", "M"} else "U"
    traits = Traits(sent["nom"].upper(), sent["prenom"].upper(), born.isoformat(), sex, sent["lieu"])
    givens = sent["prenoms"].upper()
    try:
        note = counter.oppose_unknown if act is Act.OPPOSE else counter.create_unknown
        receipt = note(who, number=sent["matricule"], traits=traits, givens=givens)
    except OddTraits as odd:
        field, words = _ODD_TRAITS[odd.what]
        return _unknown(request, act, sent, [(field, gettext(words))])
    except NotAnIns:
        error = gettext("Écrivez le matricule INS en entier : 15 caractères, clé comprise")
        return _unknown(request, act, sent, [("matricule", error)])
    except Violation as refused:
        return _unknown(request, act, sent, [("matricule", refused.message)])
    signs_in = bool(givens and sent["lieu"] and sex != "U")
    context = {"act": act.value, "receipt": receipt, "signs_in": signs_in, "by_two": settings.CARNET.codes_by_two}
    return shown(request, "console/life_opposed.html", context, section=ADDRESS)


def _unknown(
    request: HttpRequest, act: Act, sent: dict[str, str], errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    context = {"act": act.value, "sent": sent, "errors": errors or []}
    return shown(request, "console/life_oppose.html", context, section=ADDRESS, status=422 if errors else 200)


def _act(request: HttpRequest, who: Actor, found: _Found) -> HttpResponse:
    if request.POST.get("acte") == _READ:
        counter.ask_reading(who, found.record_id)
        return see_other(f"{ADDRESS}/{found.place}")
    try:
        act, ground = Act(request.POST.get("acte", "")), Ground(request.POST.get("raison", ""))
    except ValueError:
        return _shown(request, who, found, error=(request.POST.get("acte", ""), gettext("Choisissez une raison")))
    if act in _CERTAIN and "certain" not in request.POST:
        return _shown(request, who, found, error=(f"certain-{act.value}", gettext("Cochez la case pour continuer")))
    if act is Act.ASK_ERASING and (missing := unproven(request, Deed.COUNTER)):
        return missing
    return _taken(request, who, found, act, ground)


def _taken(request: HttpRequest, who: Actor, found: _Found, act: Act, ground: Ground) -> HttpResponse:
    claimant = request.POST.get("demandeur", "")
    asked_by = Claimant(claimant) if claimant in {each.value for each in Claimant} else None
    died_on = as_day(request.POST.get("jour", ""))
    try:
        counter.act(who, record_id=found.record_id, act=act, ground=ground, died_on=died_on, claimant=asked_by)
    except NotThatDay:
        error = gettext("Écrivez le jour du décès comme ceci : 12 3 2025. Il est passé, et suit la naissance.")
        return _shown(request, who, found, error=("jour", error))
    except NoClaimant:
        return _shown(request, who, found, error=(f"qui-{act.value}", gettext("Dites qui le demande")))
    except Objected:
        error = gettext("De son vivant, la personne a refusé que ses proches le demandent")
        return _shown(request, who, found, error=(act.value, error))
    except AskFirst:
        counter.ask_erasing(who, found.record_id)
        return see_other(f"{ADDRESS}/{found.place}")
    except (NotDone, TooYoung):
        return see_other(f"{ADDRESS}/{found.place}?fait={_PASSED}")
    return see_other(f"{ADDRESS}/{found.place}?fait={act.value}")


def _asked(
    request: HttpRequest, number: str = "", *, error: str = "", unknown: bool = False, status: int = 200
) -> HttpResponse:
    context = {"number": number, "errors": [("matricule", error)] if error else [], "unknown": unknown}
    return shown(request, "console/lives.html", context, section=ADDRESS, status=status)


def _shown(request: HttpRequest, who: Actor, of: _Found, error: tuple[str, str] | None = None) -> HttpResponse:
    found = counter.standing(who, of.record_id)
    if found is None:
        raise Http404
    said = request.GET.get("fait", "")
    second, number = entrance.second_look(who, of.record_id)
    context: dict[str, Any] = {
        "place": of.place,
        "standing": found,
        "state": life_words.state(found.life.state),
        "receipts": [(each, life_words.done_sentence(each.act)) for each in found.receipts],
        "acts": [_choice(act) for act in _ACTS if counter.may(found, act)],
        "erasing": pairs.state(who, of.record_id, pairs.Kind.ERASING),
        "unread": counter.unread(who, of.record_id),
        "reading": pairs.state(who, of.record_id, pairs.Kind.TRAITS),
        "claimants": {each: gettext(_CLAIMANTS[each]) for each in counter.claimants(found)},
        "errors": [error] if error else [],
        "sent": {name: request.POST.get(name, "")[:40] for name in ("acte", "raison", "demandeur", "jour")},
        "passed": said == _PASSED,
        "texts": texts.offered(),
        "hands_codes": found.life.state.open,
        "stopped": entrance.stopped(of.record_id),
        "second": second.value,
        "second_number": number,
        "done": life_words.done_sentence(Act(said)) if said in {each.value for each in _ACTS} else "",
    }
    return shown(request, "console/life.html", context, section=ADDRESS, status=422 if error else 200)


def _choice(act: Act) -> dict[str, Any]:
    words = _ACTS[act]
    return {
        "act": act.value,
        "title": gettext(words.title),
        "follows": gettext(words.follows),
        "button": gettext(words.button),
        "grounds": {ground.value: gettext(_GROUNDS[ground]) for ground in GROUNDS[act]},
        "certain": gettext(_CERTAIN[act]) if act in _CERTAIN else "",
        "dated": act is Act.RECORD_DEATH,
        "claimed": act in {Act.GRANT_HEIRS, Act.REFUSE_HEIRS},
    }
