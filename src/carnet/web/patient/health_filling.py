"""The first filling of « Ma santé »: one question a screen, each kept at once, left and resumed at will."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from carnet.formats.clinical.model import Entry
from carnet.health import profile as health
from carnet.health import stating
from carnet.health.profile import Own
from carnet.health.sections import KINDS, Section
from carnet.web.i18n import gettext
from carnet.web.patient.health import HOME, STEPS, own_answer, step_question, steps_left
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import LONGEST, absence, simple
from carnet.web.patient.health_own import faults, keep
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page

START: Final = f"{HOME}/remplir"
_PEOPLE: Final = {"prevenir": Own.CONTACT, "confiance": Own.TRUSTED}
_MOST: Final = 20
_BETWEEN: Final = re.compile(r"\n|[,;]\s+(?=[^\W\d_])")
_FIELDS: Final = ("reponse", "lesquels", "nom", "lien", "telephone", "secret")


@patient_page()
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it was left."""
    told = health.told_arrangement(visit.actor, visit.purpose, visit.record_id)
    left = steps_left(told, visit)
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
    asked = {"record_id": visit.record_id}
    if said["reponse"] != "passer" and keeps_secret(visit, said["secret"]):
        health.dismiss(visit.actor, visit.purpose, **asked, question=step_question(name), secret=True)
    else:
        health.answered(visit.actor, visit.purpose, **asked, step=name)
    return done(START)


def _keep(visit: Visit, name: str, said: dict[str, str]) -> list[tuple[str, str]]:
    if name in _PEOPLE:
        return _person(visit, _PEOPLE[name], said)
    section = Section(name)
    match said["reponse"]:
        case "oui":
            return _named(visit, section, said["lesquels"], said["secret"])
        case "aucun" | "inconnu":
            _state(visit, section, [absence(section, unsure=said["reponse"] == "inconnu")], said["secret"])
            return []
    return [("reponse", gettext("Choisissez une réponse, ou passez cette question"))]


def _state(visit: Visit, section: Section, entries: Iterable[Entry], secret: str) -> None:
    """In the place of what was answered before: of that, the mask and the secret last."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, KINDS[section])
    before = own_answer(told, section)
    was = told.said.get(before) if before else None
    for entry in entries:
        stating.state(
            visit.actor,
            visit.purpose,
            record_id=visit.record_id,
            entry=entry,
            masked=bool(was and was.masked),
            secret=keeps_secret(visit, secret) or bool(was and was.secret),
            instead_of=before,
        )
        before = None


def names_in(text: str) -> list[str]:
    """One a line, or several on one, apart by « , » or « ; ». What a number follows is of the same: « 37,5 » is a
    dose, « Infarctus, 2010 » a year."""
    return list(dict.fromkeys(filter(None, (" ".join(each.split()) for each in _BETWEEN.split(text)))))


def _named(visit: Visit, section: Section, text: str, secret: str) -> list[tuple[str, str]]:
    names = names_in(text)
    if not names:
        return [("lesquels", gettext("Écrivez au moins une ligne"))]
    if len(names) > _MOST or any(len(each) > LONGEST for each in names):
        return [("lesquels", gettext("Écrivez %(most)s lignes au plus, chacune courte") % {"most": _MOST})]
    _state(visit, section, [simple(section, each) for each in names], secret)
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
