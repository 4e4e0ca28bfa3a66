"""A line of « Ma santé » in one's own words: added, corrected, taken back. A list helps to name it; free words are as
good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.formats.clinical.model import Entry
from carnet.formats.terminology import choices
from carnet.health import profile as health
from carnet.health import situations, stating
from carnet.health.profile import Said
from carnet.health.queries import Line
from carnet.health.sections import ADDED_TO, KINDS, Section, section_of
from carnet.health.stating import NotYours
from carnet.health.treatments import entry_of
from carnet.kernel.actor import Purpose
from carnet.web.auth import drafts
from carnet.web.i18n import gettext, today
from carnet.web.patient.health import HOME, own_answer
from carnet.web.patient.health_form import MASKED, Fields, fields_of, given, read
from carnet.web.patient.health_words import HABITS, RELATIONS, SECTIONS
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_form
from carnet.web.render import page
from carnet.web.represented import adult

_LOOKS: Final = frozenset({"chercher", "choix"})


@patient_form(helps=Helps.SAYS)
def add(request: HttpRequest, visit: Visit, part: str) -> HttpResponse:
    """A search in the list, and a choice from it, show the form again: nothing is kept then."""
    section = _added(part, visit)
    stating.may_state(visit.actor, visit.purpose, visit.record_id)
    if request.method != "POST" or _LOOKS & request.POST.keys():
        return _page(request, visit, section, _typed(request, visit, Fields(quoi=request.GET.get("quoi", ""))))
    said = given(request.POST)
    entry, errors = read(section, said, today())
    if entry is None:
        return _page(request, visit, section, said, errors)
    told = health.told(visit.actor, visit.purpose, visit.record_id, KINDS[section])
    # What the person answered themselves is not a carer's to take back.
    _state(visit, entry, said, None if visit.purpose is Purpose.CARER else own_answer(told, section))
    return done(_after(section, "ajoute"))


@patient_form(helps=Helps.SAYS)
def amend(request: HttpRequest, visit: Visit, statement_id: UUID) -> HttpResponse:
    """One's own words alone. What is not there, or another's, is a 404."""
    line, section, said_before = _own(visit, statement_id)
    entry = entry_of(line)
    if entry is None:
        raise NotThere
    if situations.fact_of(entry) and request.POST.get("acte") != "retirer":
        # It is one of a list of questions, and corrected where they are.
        return done(f"{HOME}/vaccinations/situation")
    try:
        if request.method == "POST" and request.POST.get("acte") == "retirer":
            stating.retract(visit.actor, visit.purpose, record_id=visit.record_id, statement_id=statement_id)
            return done(_after(section, "retire"))
        if request.method != "POST" or _LOOKS & request.POST.keys():
            kept = fields_of(entry, masked=bool(said_before and said_before.masked))
            kept = replace(kept, secret="oui" if said_before and said_before.secret else "")
            return _page(request, visit, section, _typed(request, visit, kept), line=line)
        said = given(request.POST)
        made, errors = read(section, said, today(), entry)
        if made is None:
            return _page(request, visit, section, said, errors, line=line)
        _state(visit, made, said, statement_id)
    except NotYours:
        raise NotThere from None
    return done(_after(section, "corrige"))


def _after(section: Section, what: str) -> str:
    if section is Section.TREATMENTS:
        return f"{HOME}/traitements?fait={what}"
    return f"{HOME}?fait={what}#{section.value}"


def _state(visit: Visit, entry: Entry, said: Fields, instead_of: UUID | None) -> None:
    stating.state(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=entry,
        masked=said.qui == MASKED and visit.purpose is not Purpose.CARER,
        secret=keeps_secret(visit, said.secret),
        instead_of=instead_of,
    )


def keeps_secret(visit: Visit, asked: str) -> bool:
    """A minor, of what they say themselves."""
    return asked == "oui" and visit.purpose is Purpose.SELF and not adult()


def _own(visit: Visit, statement_id: UUID) -> tuple[Line, Section, Said | None]:
    told = health.told(visit.actor, visit.purpose, visit.record_id)
    line = told.spoken(statement_id)
    section = section_of(line.kind) if line else None
    if line is None or section is None or line.said_by != "person" or line.absence:
        raise NotThere
    if visit.purpose is Purpose.CARER and not line.mine:
        raise NotThere
    return line, section, told.said.get(statement_id)


def _added(part: str, visit: Visit) -> Section:
    every = part in {each.value for each in ADDED_TO}
    if not every or (part != Section.TREATMENTS.value and visit.cover and not visit.cover.says_all):
        raise Http404
    if visit.cover and not visit.cover.says_treatments:
        raise Http404
    return Section(part)


def _typed(request: HttpRequest, visit: Visit, kept: Fields) -> Fields:
    sent: Mapping[str, str] = request.POST if request.method == "POST" else drafts.fields(request, visit.actor.id)
    if not sent:
        return kept
    named = {"quoi": sent["choix"]} if "choix" in sent else {}
    return given({**{name: sent[name] for name in sent}, **named})


def _page(
    request: HttpRequest,
    visit: Visit,
    section: Section,
    said: Fields,
    errors: list[tuple[str, str]] | None = None,
    *,
    line: Line | None = None,
) -> HttpResponse:
    asked = SECTIONS[section]
    found = choices.search(asked.of, said.quoi) if asked.of and said.quoi else []
    context: dict[str, Any] = {
        "section": "health",
        "part": section.value,
        "asked": asked,
        "title": gettext("Corriger une ligne") if line else gettext(asked.add),
        "form": said,
        "found": [each for each in found if each.label != said.quoi],
        "chosen": choices.named(asked.of, said.quoi) if asked.of else None,
        "problems": choices.find(choices.Of.PROBLEM) if section is Section.TREATMENTS else (),
        "relations": RELATIONS,
        "habits": HABITS,
        "line": line,
        "action": request.path,
        "errors": errors or [],
        "sources": choices.source(),
    }
    return page(request, "patient/health_add.html", context, status=422 if errors else 200)
