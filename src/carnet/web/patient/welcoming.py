"""« Bienvenue »: a record opened for the first time, in five screens. Each keeps its answer at once, so that it may be
left and resumed; none but the first must be answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.consent import actions as consent
from carnet.consent import queries as confidentiality
from carnet.consent.facts import Choices
from carnet.documents import adding
from carnet.documents.adding import About
from carnet.documents.rules import DepositRefused
from carnet.kernel.actor import Purpose
from carnet.notify import contacts
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import DEFAULT, Kind
from carnet.people import disowning
from carnet.records import numbers
from carnet.records.rules import OptOut
from carnet.rights import activation, choices
from carnet.rights.activation import Waiting
from carnet.web.auth import session
from carnet.web.i18n import gettext, language, today
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.patient.warning import kinds_in_words, unproven_address
from carnet.web.render import page
from carnet.web.words import marked

START: Final = "/bienvenue"
_DONE: Final = f"{START}/fini"
_SCREENS: Final = ("identite", "avertir", "choix", "reperes")
_LATER: Final = "welcome"
_LONGEST: Final = 1000
_TYPE: Final = "DOCPAT01"
# Asked in the words of the person; written in the same order.
_FACTS: Final = {
    "allergies": (marked("Allergies"), marked("Un médicament, un aliment, le latex… et ce qui s'est passé.")),
    "traitements": (
        marked("Traitements en cours"),
        marked("Ce que vous prenez régulièrement, avec la dose si possible."),
    ),
    "prevenir": (marked("Personne à prévenir"), marked("Son nom, son lien avec vous et son téléphone.")),
}


def waits(request: HttpRequest, visit: Visit) -> bool:
    """The first page shows the way in, until it is put off. Asked once a session."""
    if visit.purpose is not Purpose.SELF:
        return False
    if _LATER not in request.session:
        request.session[_LATER] = "asked" if activation.waiting(visit.actor, visit.record_id) else ""
    return bool(request.session[_LATER] == "asked")


def put_off(request: HttpRequest, visit: Visit) -> bool:
    return visit.purpose is Purpose.SELF and request.session.get(_LATER) == "later"


@patient_page()
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it was left."""
    found = _waiting(request, visit)
    if found is None:
        return done("/accueil")
    return done(f"{START}/{_SCREENS[min(found.done, len(_SCREENS) - 1)]}")


@patient_form()
def screen(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    found = _waiting(request, visit)
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


@patient_page()
def finished(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.session.get(_LATER) != "done":
        return done(START)
    return page(
        request, "patient/welcome_done.html", {"section": "home", "step": len(_SCREENS) + 1, "errors": [], **_many()}
    )


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
    """What they say of themselves is a document in their own words; who says nothing has none."""
    said = {name: request.POST.get(name, "").strip() for name in _FACTS}
    errors = [
        (name, gettext("Écrivez %(most)s caractères au plus") % {"most": _LONGEST})
        for name, text in said.items()
        if len(text) > _LONGEST
    ]
    if errors:
        return _page(request, visit, found, "reperes", errors=errors, said=said)
    if any(said.values()):
        # Sent twice with other words: the first are in the record, and can be replaced there.
        with suppress(DepositRefused):
            _write(visit, said)
    activation.answered(visit.actor, visit.record_id, len(_SCREENS))
    activation.finish(visit.actor, visit.record_id)
    request.session[_LATER] = "done"
    return done(_DONE)


def _write(visit: Visit, said: dict[str, str]) -> None:
    text = "\n\n".join(f"{gettext(_FACTS[name][0])}\n{words}" for name, words in said.items() if words)
    about = About(title=gettext("Mes premières informations"), type_code=_TYPE, day=today())
    key = uuid5(NAMESPACE_URL, f"urn:carnet:welcome:{visit.record_id}")
    adding.write(visit.actor, visit.purpose, record_id=visit.record_id, key=key, about=about, text=text)


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
    if found is None:
        request.session.pop(_LATER, None)
    return found


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
    facts = {name: (gettext(text), gettext(hint)) for name, (text, hint) in _FACTS.items()}
    return {"facts": facts, "said": {}, "longest": _LONGEST}


_CONTEXTS: Final[dict[str, Callable[[Visit], dict[str, Any]]]] = {
    "identite": lambda _: {},
    "avertir": _known_contact,
    "choix": _known_choices,
    "reperes": _known_facts,
}
