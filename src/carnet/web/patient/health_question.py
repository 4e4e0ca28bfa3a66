"""The question of why a medicine is taken: put aside, or answered in the person's own words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.formats.clinical.values import Concept
from carnet.formats.terminology import choices
from carnet.health import profile as health
from carnet.health import stating, treatments
from carnet.health.profile import Kept
from carnet.health.sections import KINDS, Section
from carnet.web.patient.health import HOME, denies_treatments, groups_of, own_answer
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import MASKED
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form

__all__ = ["suggestion"]


@patient_form()
def suggestion(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return done(HOME)
    key, why = request.POST.get("question", "")[:200], " ".join(request.POST.get("raison", "").split())[:300]
    if why and request.POST.get("acte") != "plus-tard":
        masked, secret = request.POST.get("qui") == MASKED, keeps_secret(visit, request.POST.get("secret", ""))
        return done(f"{HOME}?fait=raison") if _answer(visit, key, why, Kept(masked, secret)) else done(HOME)
    health.dismiss(visit.actor, visit.purpose, record_id=visit.record_id, question=key)
    return done(HOME)


def _answer(visit: Visit, key: str, why: str, wished: Kept) -> bool:
    """Said beside what others say of the medicine; what the person had said of it keeps its dose. It is hidden from
    whom anything that is said of the medicine is hidden, for it tells of that: whoever asks for less. False where
    nothing was to be asked."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, KINDS[Section.TREATMENTS])
    groups = groups_of(told, all_of_them=True)
    group = next((each for each in groups if treatments.question_of(each.substance) == key), None)
    if group is None or denies_treatments(told) or not treatments.lacks_reason(group):
        return False
    kept = health.kept(visit.actor, visit.purpose, visit.record_id, told.sources_of(group.facts))
    line = told.line(group.own[0].fact) if group.own else None
    stating.state(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        entry=treatments.with_reason(line, group, _problem(why)),
        masked=kept.masked or wished.masked,
        secret=kept.secret or wished.secret,
        instead_of=line.sources[0] if line else own_answer(told, Section.TREATMENTS),
    )
    return True


def _problem(words: str) -> Concept:
    known = choices.named(choices.Of.PROBLEM, words)
    return known.concept if known else Concept(words)
