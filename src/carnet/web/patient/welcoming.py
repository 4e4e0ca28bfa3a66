"""« Bienvenue »: a record opened for the first time, in five screens. Each keeps its answer at once, so that it may be
left and resumed; none but the first must be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import actions as consent
from carnet.consent import queries as confidentiality
from carnet.consent.facts import Choices
from carnet.health.sections import Section
from carnet.kernel.actor import Actor, Purpose
from carnet.notify import contacts
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import DEFAULT, Kind
from carnet.people import disowning, passkeys
from carnet.people.rules import Way
from carnet.records import numbers
from carnet.records.queries import existence
from carnet.records.rules import OptOut, RecordState
from carnet.rights import activation, choices
from carnet.rights.activation import Waiting
from carnet.web.auth import opening, session
from carnet.web.i18n import gettext, language
from carnet.web.patient import first_question
from carnet.web.patient.first_question import START
from carnet.web.patient.health_answers import SOME, Answer, answered, answers_before, keep, wrong
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.patient.warning import kinds_in_words, unproven_address
from carnet.web.render import page
from carnet.web.words import marked

_DONE: Final = f"{START}/fini"
KEY: Final = f"{START}/cle"
_SCREENS: Final = ("identite", "avertir", "choix", "reperes")
_LATER: Final = "welcome"
# What somebody who treats looks for first, each with its question; kept in the same order.
_FACTS: Final = {
    Section.ALLERGIES: marked("Avez-vous des allergies ou des intolérances ?"),
    Section.TREATMENTS: marked("Prenez-vous des médicaments ?"),
    Section.PROBLEMS: marked("Avez-vous des problèmes de santé ?"),
}


def waits(request: HttpRequest, visit: Visit) -> bool:
    """The first page shows the way in, until it is put off. Asked once a session."""
    if visit.purpose is not Purpose.SELF:
        return False
    if _LATER not in request.session:
        request.session[_LATER] = "asked" if activation.waiting(visit.actor, visit.record_id) else ""
    return bool(request.session[_LATER] == "asked")


def begin(request: HttpRequest) -> None:
    """A record that came into being in this session is asked about as any other that waits for its holder."""
    request.session.pop(_LATER, None)
    first_question.forget(request)


def put_off(request: HttpRequest, visit: Visit) -> bool:
    return visit.purpose is Purpose.SELF and request.session.get(_LATER) == "later"


@patient_page(welcomes=True)
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it was left."""
    found = _waiting(request, visit)
    if found is None:
        return done("/accueil")
    return done(f"{START}/{_SCREENS[min(found.done, len(_SCREENS) - 1)]}")


@patient_form(welcomes=True)
def screen(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    found = _waiting(request, visit) or _sent_late(request, visit, name)
    if found is None or name not in _SCREENS:
        return done("/accueil")
    number = _SCREENS.index(name)
    if number > found.done:
        return done(START)
    if request.method != "POST":
        return _page(request, visit, found, name)
    return _ANSWERS[name](request, visit, found)


@patient_form()
def later(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST" and _waiting(request, visit) is not None:
        request.session[_LATER] = "later"
    return done("/accueil")


@patient_page(welcomes=True)
def finished(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.session.get(_LATER) != "done":
        return done(START)
    offer = {"offers_key": offers_key(visit.actor), "by_code": opening.way(request.session) is Way.CODE}
    context = {"section": "home", "step": len(_SCREENS) + 1, "errors": [], **_many(), **offer}
    return page(request, "patient/welcome_done.html", context)


def offers_key(person: Actor) -> bool:
    """Whether a passkey is proposed: to who has none, and may add one."""
    return not passkeys.of(person) and not disowning.waiting_of(person.id)


@patient_page(welcomes=True)
def key(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Proposed once to who came in by a code."""
    if visit.purpose is not Purpose.SELF or not offers_key(visit.actor):
        return done("/accueil")
    if _waiting(request, visit) is not None and not put_off(request, visit):
        return done(START)
    by_code = opening.way(request.session) is Way.CODE
    return page(request, "patient/welcome_key.html", {"section": "home", "by_code": by_code})


def _identity(request: HttpRequest, visit: Visit, found: Waiting) -> HttpResponse:
    said = request.POST.get("reponse")
    if said == "arreter":
        return _not_me(request, visit)
    if said != "oui":
        return page(request, "patient/welcome_not_me.html", {"section": "home", "stopped": None})
    return _next(visit, 1)


def _not_me(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Said again before it is done: nobody comes in by this identity until the support has looked into it."""
    stopped = disowning.not_theirs(visit.actor, request.session.session_key or "")
    session.sign_out(request)
    return page(request, "patient/welcome_not_me.html", {"stopped": stopped})


def _told(request: HttpRequest, visit: Visit, found: Waiting) -> HttpResponse:
    address = request.POST.get("courriel", "").strip()
    if request.POST.get("reponse") == "rien":
        return _next(visit, 2)
    if missing := unproven_address(request, visit, address):
        return missing
    wanted = [kind for kind in Kind if kind.value in request.POST.getlist("quoi")]
    try:
        contacts.choose(visit.actor, address=address, kinds=wanted, language=language())
    except BadAddress:
        errors = [("courriel", gettext("Écrivez une adresse complète, par exemple nom@exemple.fr"))]
        return _page(request, visit, found, "avertir", errors=errors, address=address, chosen=frozenset(wanted))
    return _next(visit, 2)


def _chosen(request: HttpRequest, visit: Visit, found: Waiting) -> HttpResponse:
    of = visit.actor, visit.purpose
    in_emergency = Choices(
        emergency="medecin" in request.POST, regulation="samu" in request.POST, masked="masques" in request.POST
    )
    consent.choose(*of, record_id=visit.record_id, choices=in_emergency)
    unwanted = set(choices.chosen(*of, visit.record_id)) - {OptOut.PREVENTION, OptOut.STATISTICS}
    unwanted |= {OptOut.PREVENTION} if "prevention" not in request.POST else set()
    unwanted |= {OptOut.STATISTICS} if "statistiques" not in request.POST else set()
    choices.choose(*of, record_id=visit.record_id, unwanted=unwanted)
    return _next(visit, 3)


def _stated(request: HttpRequest, visit: Visit, found: Waiting) -> HttpResponse:
    """What they say of themselves are lines of « Ma santé »; what is left empty is not answered."""
    said = {section: _answer(request, section) for section in _FACTS}
    errors = [(f"{section.value}-lesquels", text) for section, answer in said.items() if (text := wrong(answer))]
    if errors:
        return _page(request, visit, found, "reperes", errors=errors, said=said)
    _keep(visit, said)
    activation.answered(visit.actor, visit.record_id, len(_SCREENS))
    activation.finish(visit.actor, visit.record_id)
    request.session[_LATER] = "done"
    return done(_DONE)


def _answer(request: HttpRequest, section: Section) -> Answer:
    """Whoever writes lines and ticks nothing has said « oui »."""
    which = request.POST.get(f"{section.value}-lesquels", "").replace("\r\n", "\n").strip()
    said = request.POST.get(section.value, SOME if which else "")
    return Answer(said, which, request.POST.get("secret", ""))


def _keep(visit: Visit, said: Mapping[Section, Answer]) -> None:
    before = answers_before(visit, tuple(_FACTS))
    given = {section: answer for section, answer in said.items() if answer.said}
    for section, answer in given.items():
        if answer.said != before[section]:
            keep(visit, section, answer)
    if given:
        answered(visit, [each.value for each in given], secret=next(iter(given.values())).secret)


def _next(visit: Visit, screen: int) -> HttpResponse:
    activation.answered(visit.actor, visit.record_id, screen)
    return done(f"{START}/{_SCREENS[screen]}")


_ANSWERS: Final[dict[str, Callable[[HttpRequest, Visit, Waiting], HttpResponse]]] = {
    "identite": _identity,
    "avertir": _told,
    "choix": _chosen,
    "reperes": _stated,
}


def _waiting(request: HttpRequest, visit: Visit) -> Waiting | None:
    """None in another's record, and once it is open: from then on the first page is as ever."""
    found = activation.waiting(visit.actor, visit.record_id) if visit.purpose is Purpose.SELF else None
    if found is None and request.session.get(_LATER) != "done":
        request.session.pop(_LATER, None)
    return found


def _sent_late(request: HttpRequest, visit: Visit, name: str) -> Waiting | None:
    """A form of a page from before the record was open, sent twice or from another window: what it says counts all the
    same. In another session only what may be said there of oneself, and that it is not them."""
    late = request.method == "POST" and visit.purpose is Purpose.SELF
    if not late or (request.session.get(_LATER) != "done" and name not in {"identite", "reperes"}):
        return None
    holder = existence(visit.actor, visit.record_id)
    return Waiting(holder.identity, len(_SCREENS)) if holder and holder.state is RecordState.ACTIVE else None


def _page(
    request: HttpRequest,
    visit: Visit,
    found: Waiting,
    name: str,
    *,
    errors: list[tuple[str, str]] | None = None,
    **said: Any,
) -> HttpResponse:
    context = {
        "section": "home",
        "identity": found.identity,
        "number": numbers.grouped(found.identity.ins),
        "step": _SCREENS.index(name) + 1,
        "errors": errors or [],
        **_many(),
        **_CONTEXTS[name](visit),
        **said,
    }
    return page(request, f"patient/welcome_{_TEMPLATES[name]}.html", context, status=422 if errors else 200)


def _many() -> dict[str, int]:
    return {"many": len(_SCREENS) + 1}


_TEMPLATES: Final = {"identite": "identity", "avertir": "told", "choix": "choices", "reperes": "facts"}


def _known_contact(visit: Visit) -> dict[str, Any]:
    known = contacts.of(visit.actor)
    return {
        "address": known.address if known else "",
        "chosen": known.kinds if known else DEFAULT,
        "kinds": kinds_in_words(),
        "sends": bool(settings.CARNET.smtp_url),
    }


def _known_choices(visit: Visit) -> dict[str, Any]:
    of = visit.actor, visit.purpose, visit.record_id
    in_emergency, unwanted = confidentiality.confidentiality(*of).choices, choices.chosen(*of)
    return {
        "on": {
            "medecin": in_emergency.emergency,
            "samu": in_emergency.regulation,
            "masques": in_emergency.masked,
            "prevention": OptOut.PREVENTION not in unwanted,
            "statistiques": OptOut.STATISTICS not in unwanted,
        }
    }


def _known_facts(visit: Visit) -> dict[str, Any]:
    before = answers_before(visit, tuple(_FACTS))
    return {
        "facts": [(each, gettext(question), SECTIONS[each]) for each, question in _FACTS.items()],
        "said": {section: Answer(said) for section, said in before.items()},
    }


_CONTEXTS: Final[dict[str, Callable[[Visit], dict[str, Any]]]] = {
    "identite": lambda _: {},
    "avertir": _known_contact,
    "choix": _known_choices,
    "reperes": _known_facts,
}
