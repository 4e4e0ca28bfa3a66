"""The first filling of « Ma santé »: one question a screen, each kept at once, left and resumed at will."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from carnet.health import profile as health
from carnet.health import stating
from carnet.health.profile import Own
from carnet.health.sections import KINDS, Section
from carnet.web.i18n import gettext
from carnet.web.patient.health import HOME, STEPS, own_answer
from carnet.web.patient.health_form import LONGEST, absence, simple
from carnet.web.patient.health_own import faults, keep
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page

START: Final = f"{HOME}/remplir"
_PEOPLE: Final = {"prevenir": Own.CONTACT, "confiance": Own.TRUSTED}
_MOST: Final = 20
_FIELDS: Final = ("reponse", "lesquels", "nom", "lien", "telephone")


@patient_page()
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it was left."""
    answered = health.told_arrangement(visit.actor, visit.purpose, visit.record_id).answered
    left = [step for step in STEPS if step not in answered]
    return done(f"{START}/{left[0]}" if left else f"{HOME}?fait=rempli")


@patient_form()
def step(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    stating.may_state(visit.actor, visit.purpose, visit.record_id)
    if request.method != "POST":
        return _page(request, name, {})
    said = {key: request.POST.get(key, "").replace("\r\n", "\n").strip() for key in _FIELDS}
    errors = [] if said["reponse"] == "passer" else _keep(visit, name, said)
    if errors:
        return _page(request, name, said, errors)
    health.answered(visit.actor, visit.purpose, record_id=visit.record_id, step=name)
    return done(START)


def _keep(visit: Visit, name: str, said: dict[str, str]) -> list[tuple[str, str]]:
    if name in _PEOPLE:
        return _person(visit, _PEOPLE[name], said)
    section = Section(name)
    match said["reponse"]:
        case "oui":
            return _named(visit, section, said["lesquels"])
        case "aucun" | "inconnu":
            entry = absence(section, unsure=said["reponse"] == "inconnu")
            before = own_answer(_told(visit, section), section)
            stating.state(visit.actor, visit.purpose, record_id=visit.record_id, entry=entry, instead_of=before)
            return []
    return [("reponse", gettext("Choisissez une réponse, ou passez cette question"))]


def _told(visit: Visit, section: Section) -> health.Profile:
    return health.told(visit.actor, visit.purpose, visit.record_id, KINDS[section])


def _named(visit: Visit, section: Section, text: str) -> list[tuple[str, str]]:
    names = list(dict.fromkeys(" ".join(line.split()) for line in text.replace(",", "\n").split("\n") if line.strip()))
    if not names:
        return [("lesquels", gettext("Écrivez au moins une ligne"))]
    if len(names) > _MOST or any(len(each) > LONGEST for each in names):
        return [("lesquels", gettext("Écrivez %(most)s lignes au plus, chacune courte") % {"most": _MOST})]
    instead_of = own_answer(_told(visit, section), section)
    for each in names:
        entry = simple(section, each)
        stating.state(visit.actor, visit.purpose, record_id=visit.record_id, entry=entry, instead_of=instead_of)
        instead_of = None
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
    context: dict[str, Any] = {
        "section": "health",
        "step": name,
        "number": STEPS.index(name) + 1,
        "many": len(STEPS),
        "person": person,
        "asked": asked,
        "form": dict.fromkeys(_FIELDS, "") | said,
        "before": f"{START}/{STEPS[STEPS.index(name) - 1]}" if STEPS.index(name) else HOME,
        "errors": errors or [],
    }
    return page(request, "patient/health_filling.html", context, status=422 if errors else 200)
