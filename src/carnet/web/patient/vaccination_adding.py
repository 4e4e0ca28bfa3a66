"""A vaccination that a person declares: added, corrected, taken back. A professional may confirm it later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Kind, Vaccination
from carnet.health import profile as health
from carnet.health import stating
from carnet.health.profile import Said
from carnet.health.queries import Line
from carnet.health.schedule import diseases
from carnet.health.stating import NotYours
from carnet.health.treatments import entry_of
from carnet.kernel.actor import Purpose
from carnet.web.auth import drafts
from carnet.web.i18n import today
from carnet.web.patient import vaccination_form
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import MASKED
from carnet.web.patient.standing import done
from carnet.web.patient.vaccination_form import Faults, Fields
from carnet.web.patient.vaccination_words import of_disease
from carnet.web.patient.visit import Helps, Visit, patient_form
from carnet.web.render import page

HOME: Final = "/sante/vaccinations"
_LOOKS: Final = frozenset({"chercher", "choix"})


@patient_form(helps=Helps.SAYS_ALL)
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A search in the list, and a choice from it, show the form again: nothing is kept then."""
    stating.may_state(visit.actor, visit.purpose, visit.record_id)
    if request.method != "POST" or _LOOKS & request.POST.keys():
        return _page(request, _typed(request, visit, Fields(quoi=request.GET.get("quoi", ""))))
    said = _sent(request.POST, request.POST.getlist("contre"))
    entry, errors = vaccination_form.read(said, today())
    if entry is None:
        return _page(request, said, errors)
    _state(visit, entry, said, None)
    return done(f"{HOME}?fait=ajoute")


@patient_form(helps=Helps.SAYS_ALL)
def amend(request: HttpRequest, visit: Visit, statement_id: UUID) -> HttpResponse:
    """One's own words alone. What is not there, or another's, is a 404."""
    entry, before = _own(visit, statement_id)
    try:
        if request.method == "POST" and request.POST.get("acte") == "retirer":
            stating.retract(visit.actor, visit.purpose, record_id=visit.record_id, statement_id=statement_id)
            return done(f"{HOME}?fait=retire")
        if request.method != "POST" or _LOOKS & request.POST.keys():
            kept = vaccination_form.fields_of(
                entry, masked=bool(before and before.masked), secret=bool(before and before.secret)
            )
            return _page(request, _typed(request, visit, kept), statement_id=statement_id)
        said = _sent(request.POST, request.POST.getlist("contre"))
        made, errors = vaccination_form.read(said, today(), entry)
        if made is None:
            return _page(request, said, errors, statement_id=statement_id)
        _state(visit, made, said, statement_id)
    except NotYours:
        raise NotThere from None
    return done(f"{HOME}?fait=corrige")


def declared(visit: Visit) -> Mapping[str, tuple[Line, Said | None]]:
    """What was declared here, by its fact, with who did."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, (Kind.VACCINATION,))
    said = [line for line in told.lines if line.said_by == "person" and not line.struck]
    return {str(line.fact): (line, told.said.get(line.sources[0])) for line in said}


def may_amend(visit: Visit, line: Line) -> bool:
    """The holder and who represents them, what was declared for them; a carer, what they declared themselves."""
    return line.mine if visit.purpose is Purpose.CARER else True


def _own(visit: Visit, statement_id: UUID) -> tuple[Vaccination, Said | None]:
    told = health.told(visit.actor, visit.purpose, visit.record_id, (Kind.VACCINATION,))
    line = told.spoken(statement_id)
    entry = entry_of(line) if line and line.said_by == "person" and may_amend(visit, line) else None
    if not isinstance(entry, Vaccination):
        raise NotThere
    return entry, told.said.get(statement_id)


def _state(visit: Visit, entry: Vaccination, said: Fields, instead_of: UUID | None) -> None:
    stating.state(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=entry,
        masked=said.qui == MASKED and visit.purpose is not Purpose.CARER,
        secret=keeps_secret(visit, said.secret),
        instead_of=instead_of,
    )


def _typed(request: HttpRequest, visit: Visit, kept: Fields) -> Fields:
    sent = request.POST if request.method == "POST" else drafts.fields(request, visit.actor.id)
    return _sent(sent, sent.getlist("contre")) if sent else kept


def _sent(form: Mapping[str, str], against: list[str]) -> Fields:
    chosen = {"quoi": form["choix"]} if "choix" in form else {}
    return vaccination_form.given({**{name: form[name] for name in form}, **chosen}, against)


def _page(
    request: HttpRequest, said: Fields, errors: Faults | None = None, *, statement_id: UUID | None = None
) -> HttpResponse:
    known = vaccination_form.known(said.quoi)
    context = {
        "section": "health",
        "form": said,
        "found": [name for name in vaccination_form.found(said.quoi) if name != said.quoi],
        "known": [of_disease(key) for key in diseases() if key in known],
        "diseases": [(key, of_disease(key)) for key in diseases()],
        "statement_id": statement_id,
        "action": request.path,
        "errors": errors or [],
    }
    return page(request, "patient/vaccination_add.html", context, status=422 if errors else 200)
