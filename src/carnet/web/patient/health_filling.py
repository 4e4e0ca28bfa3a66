"""The first filling of « Ma santé »: one question a screen, each kept at once, left and resumed at will."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from carnet.health import profile as health
from carnet.health import stating
from carnet.health.profile import Own
from carnet.health.sections import Section
from carnet.web.i18n import gettext
from carnet.web.patient.health import HOME, steps, steps_left
from carnet.web.patient.health_answers import NONE, SOME, UNSURE, Answer, answered, wrong
from carnet.web.patient.health_answers import keep as keep_answer
from carnet.web.patient.health_own import faults, keep
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page

START: Final = f"{HOME}/remplir"
_PEOPLE: Final = {"prevenir": Own.CONTACT, "confiance": Own.TRUSTED}
_FIELDS: Final = ("reponse", "lesquels", "nom", "lien", "telephone", "secret")


@patient_page()
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it was left."""
    told = health.told_arrangement(visit.actor, visit.purpose, visit.record_id)
    left = steps_left(request, told, visit)
    return done(f"{START}/{left[0]}" if left else f"{HOME}?fait=rempli")


@patient_form()
def step(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    if name not in steps(request):
        raise Http404
    stating.may_state(visit.actor, visit.purpose, visit.record_id)
    if request.method != "POST":
        return _page(request, name, {})
    said = {key: request.POST.get(key, "").replace("\r\n", "\n").strip() for key in _FIELDS}
    errors = [] if said["reponse"] == "passer" else _keep(visit, name, said)
    if errors:
        return _page(request, name, said, errors)
    answered(visit, [name], secret=said["secret"] if said["reponse"] != "passer" else "")
    return done(START)


def _keep(visit: Visit, name: str, said: dict[str, str]) -> list[tuple[str, str]]:
    if name in _PEOPLE:
        return _person(visit, _PEOPLE[name], said)
    if said["reponse"] not in {NONE, UNSURE, SOME}:
        return [("reponse", gettext("Choisissez une réponse, ou passez cette question"))]
    answer = Answer(said["reponse"], said["lesquels"], said["secret"])
    if fault := wrong(answer):
        return [("lesquels", fault)]
    keep_answer(visit, Section(name), answer)
    return []


def _person(visit: Visit, kind: Own, said: dict[str, str]) -> list[tuple[str, str]]:
    found = faults(kind, said | {"mots": "", "reponse": ""})
    if not found:
        keep(visit, kind, said | {"reponse": "", "mots": ""}, None)
    return found


def _page(
    request: HttpRequest, name: str, said: dict[str, str], errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    person = name in _PEOPLE
    asked = None if person else SECTIONS[Section(name)]
    every = steps(request)
    place = every.index(name)
    context: dict[str, Any] = {
        "section": "health",
        "step": name,
        "number": place + 1,
        "many": len(every),
        "person": person,
        "asked": asked,
        "form": dict.fromkeys(_FIELDS, "") | said,
        "before": f"{START}/{every[place - 1]}" if place else HOME,
        "errors": errors or [],
    }
    return page(request, "patient/health_filling.html", context, status=422 if errors else 200)
