"""What vaccines depend on beside age: the person says what holds of it, or nothing. It is never read out of a disease
or a treatment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.health import profile as health
from carnet.health import situations, stating
from carnet.health.profile import Said
from carnet.health.schedule.edition import Words
from carnet.health.stating import NotYours
from carnet.health.vaccinations import card, questions
from carnet.web.i18n import today
from carnet.web.patient.health_adding import keeps_secret
from carnet.web.patient.health_form import MASKED
from carnet.web.patient.standing import done
from carnet.web.patient.vaccination_adding import HOME
from carnet.web.patient.vaccination_words import may_be_pregnant, told
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page

PATH: Final = f"{HOME}/situation"


@patient_form()
def situation(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is ticked holds from now on; what was, and is no more, is taken back."""
    found = card(visit.actor, visit.purpose, visit.record_id, today())
    kept = _kept(visit)
    asked = questions(found.holder, today())
    # What was said at another age stands in the list until it is taken back.
    facts = {fact: words for fact, words in found.edition.sayable.items() if fact in asked or fact in kept}
    if request.method == "POST":
        chosen = request.POST.getlist("fait")
        _keep(request, visit, kept, {fact: words for fact, words in facts.items() if fact in chosen})
        return done(f"{HOME}?fait=situation")
    context = {
        "section": "health",
        "may_be_pregnant": may_be_pregnant(found.holder),
        "facts": [(fact, told(words)) for fact, words in facts.items()],
        "chosen": frozenset(kept),
        "masked": any(each.masked for each in kept.values()),
        "kept_secret": "oui" if any(each.secret for each in kept.values()) else "",
    }
    return page(request, "patient/vaccination_situation.html", context)


def _kept(visit: Visit) -> Mapping[str, Said]:
    """What the person, or who speaks for them, said already, by its fact."""
    profile = health.told(visit.actor, visit.purpose, visit.record_id, (situations.KIND,))
    own = situations.said(line for line in profile.lines if line.said_by == "person")
    return {fact: profile.said[line.sources[0]] for fact, line in own.items() if line.sources[0] in profile.said}


def _keep(request: HttpRequest, visit: Visit, kept: Mapping[str, Said], chosen: Mapping[str, Words]) -> None:
    masked = request.POST.get("qui") == MASKED
    secret = keeps_secret(visit, request.POST.get("secret", ""))
    try:
        for fact, before in kept.items():
            if fact not in chosen:
                who = (visit.actor, visit.purpose)
                stating.retract(*who, record_id=visit.record_id, statement_id=before.source_id)
        for fact, words in chosen.items():
            said = kept.get(fact)
            if said is None or (said.masked, said.secret) != (masked, secret):
                stating.state(
                    visit.actor,
                    visit.purpose,
                    record_id=visit.record_id,
                    entry=situations.stated(fact, words),
                    masked=masked,
                    secret=secret,
                    instead_of=said.source_id if said else None,
                )
    except NotYours:
        raise NotThere from None
