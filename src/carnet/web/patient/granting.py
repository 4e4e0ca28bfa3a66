"""Opening the record to a professional, a care team or an organisation: found in the directory, and what it means
said before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import giving, groups
from carnet.consent.declaring import this_visit
from carnet.consent.giving import Footing, Hindrance, NotGiven, Why, Wish
from carnet.consent.queries import Confidentiality
from carnet.consent.seeing import Reader
from carnet.documents import preview
from carnet.documents.changing import NotThere
from carnet.formats.fhir.consent.model import LAST_YEAR
from carnet.kernel import clock
from carnet.people import queries as people
from carnet.people.queries import Professional
from carnet.web.about import about
from carnet.web.auth import drafts
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import settling, unproven, unsettled
from carnet.web.i18n import PARIS, gettext, today
from carnet.web.patient import asking
from carnet.web.patient import privacy_words as words
from carnet.web.patient.adding_form import as_day
from carnet.web.patient.listing import Badge
from carnet.web.patient.privacy_state import State, settings, state
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.sent_twice import once
from carnet.web.words import marked

MOST = 20
_LONGEST = 100
_SHORTEST = 2
"""Of what has an end: later ones leave what a calendar can count."""
ALWAYS, UNTIL, TODAY = "toujours", "date", "jour"
_HINDRANCES: Final = {
    Why.ATTENDING: marked("C'est votre médecin traitant : la loi lui donne déjà accès à tout, sans autorisation."),
    Why.BLOCKED: marked("Vous lui avez bloqué l'accès à votre carnet. Débloquez-le d'abord."),
    Why.EMPTY: marked("L'annuaire n'y connaît personne qui puisse lire un carnet."),
    Why.SECRETARY: marked("Un secrétariat lit ce que lit le soignant pour qui il travaille : autorisez ce soignant."),
    Why.EXPRESS: marked(
        "La médecine du travail et celle des sapeurs-pompiers n'ouvrent votre carnet qu'avec votre accord exprès."
    ),
    Why.SECRET: marked("Cette autorisation ne peut pas rester secrète."),
    Why.UNMASKED: marked("Ce que vous masquez ne peut pas lui être montré."),
    Why.SETTLING: marked("Cela attend deux jours après une entrée par un code d'accès : rien n'est fait."),
    Why.CHILD: marked("Dites ce qu'en dit votre enfant : choisissez « Autoriser » de nouveau."),
}


@dataclass(frozen=True, slots=True)
class Match:
    who: Professional
    badge: Badge | None


@patient_page(grown=True)
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "")[:_LONGEST].split())
    short = bool(asked) and not any(len(word) >= _SHORTEST for word in asked.split())
    looked = bool(asked) and not short
    found = people.directory(asked, limit=MOST + 1) if looked else []
    groups = people.groups(asked, limit=MOST + 1) if looked else []
    known = settings(visit)
    context = {
        "section": "accesses",
        "asked": asked,
        "found": [Match(each, _badge(each.id, known)) for each in found[:MOST]],
        "groups": [(each, _badge(each.id, known)) for each in groups[:MOST]],
        "more": len(found) > MOST or len(groups) > MOST,
        "most": MOST,
        "errors": [("soignant", gettext("Écrivez au moins deux lettres d'un nom"))] if short else [],
    }
    return page(request, "patient/grant_find.html", context, status=422 if short else 200)


def _badge(professional_id: UUID, known: Confidentiality) -> Badge | None:
    if any(each.professional.id == professional_id for each in known.attending):
        return Badge(gettext("Médecin traitant"), "stethoscope")
    if any(each.professional.id == professional_id for each in known.blocked):
        return Badge(gettext("Accès bloqué"), "lock", "warning")
    if any(each.to.id == professional_id for each in known.given):
        return Badge(gettext("A déjà accès"), "key")
    return None


@once
@patient_form(grown=True)
def grant(request: HttpRequest, visit: Visit, grantee_id: UUID) -> HttpResponse:
    standing = state(visit, grantee_id)
    if standing.professional and people.actor_by_id(grantee_id) is None:
        raise NotThere
    if request.method != "POST":
        return _page(request, visit, standing, [])
    until, errors = ending(request.POST.get("duree", ""), request.POST.get("jour", ""))
    express = occupational(standing)
    if express and request.POST.get("expres") != "1":
        errors.append(
            ("expres", gettext("Donnez votre accord exprès, ou n'autorisez pas : refuser est sans conséquence"))
        )
    answer, unsaid = asking.answered(request, visit)
    errors += unsaid
    if errors or hindrance(visit, standing):
        return _page(request, visit, standing, errors, status=422)
    unmasked = may_be_trusted(standing) != "" and request.POST.get("masques") == "1"
    if unmasked and (missing := unproven(request, Deed.ADMINISTRATOR)):
        return missing
    wish = Wish(
        until,
        express=express,
        secret=_may_be_secret(standing) and request.POST.get("secret") == "1",
        unmasked=unmasked,
        answer=answer,
        proven=settling(request, visit.actor) is None,
    )
    if wish.lasts and (waits := unsettled(request, Deed.CARER)):
        return waits
    try:
        giving.open_to(visit.actor, visit.purpose, record_id=visit.record_id, to=standing.to, wish=wish)
    except NotGiven as refused:
        said = in_words(refused.hindrance)
        # What the page says in place of the form is not said twice.
        errors = [] if hindrance(visit, standing) == said else [("duree", said)]
        return _page(request, visit, standing, errors, status=422)
    return done(f"/confidentialite/soignants/{grantee_id}?fait=autorise")


def occupational(standing: State) -> bool:
    return giving.by_express(standing.professional.capacity if standing.professional else None)


def may_be_trusted(standing: State) -> str:
    """As whom the holder may let them see what is masked: "coordinating", "administrator", or not at all."""
    return giving.trusted_as(standing.professional.capacity if standing.professional else None)


def _may_be_secret(standing: State) -> bool:
    """Of who belongs to a team or an organisation, what is given to it cannot be kept."""
    return standing.has_secrets and standing.professional is not None


def ending(duration: str, typed: str) -> tuple[datetime | None, list[tuple[str, str]]]:
    """The instant at which it ends, None for never; and what to mend."""
    if duration == ALWAYS:
        return None, []
    if duration == TODAY:
        return this_visit(clock.now()), []
    if duration != UNTIL:
        return None, [("duree", gettext("Choisissez jusqu'à quand"))]
    last = as_day(typed)
    if last is None:
        return None, [("jour", gettext("Écrivez la date comme ceci : 12 3 2027"))]
    if fault := beyond(last):
        return None, [("jour", fault)]
    return midnight_after(last), []


def beyond(last: date) -> str:
    """What is wrong with the last day of a right, in words; "" for nothing."""
    if last < today():
        return gettext("Écrivez une date à venir : celle-ci est passée")
    return gettext("Écrivez une date avant l'an 3000") if last.year > LAST_YEAR else ""


def midnight_after(last: date) -> datetime:
    return datetime.combine(last + timedelta(days=1), time(), PARIS)


def hindrance(visit: Visit, standing: State) -> str:
    """Why there is nothing to give here, in words; "" when there is."""
    found = footing(visit, standing).to_give
    return in_words(found) if found else ""


def footing(visit: Visit, standing: State) -> Footing:
    found = giving.footing(visit.actor, visit.purpose, record_id=visit.record_id, to=standing.to)
    if found is None:
        raise NotThere
    return found


def in_words(found: Hindrance) -> str:
    """To whoever would open the record. Raises `NotThere` for who is not in practice."""
    if found.why is Why.UNKNOWN:
        raise NotThere
    if found.why in _HINDRANCES:
        return about(_HINDRANCES[found.why])
    return words.refused(found.reason) if found.reason else ""


def _foreseen(visit: Visit, standing: State) -> preview.Preview:
    # A block of which who looks knows nothing is not told by what would be shown.
    reader = Reader(standing.to.id, supposed=True, unblocked=standing.blocked is None)
    found = preview.preview(visit.actor, visit.purpose, visit.record_id, reader)
    if found is None:
        raise NotThere
    return found


def _page(
    request: HttpRequest, visit: Visit, standing: State, errors: list[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else drafts.fields(request, visit.actor.id)
    foreseen = None if standing.group else _foreseen(visit, standing)
    context: dict[str, Any] = {
        "section": "accesses",
        "standing": standing,
        "clinician": standing.professional,
        "hindrance": hindrance(visit, standing),
        "foreseen": foreseen,
        "services": groups.services(standing.to.id) if standing.group else [],
        "masked": foreseen.count(preview.Why.MASKED) if foreseen else 0,
        "may_be_secret": _may_be_secret(standing),
        "occupational": occupational(standing),
        "trusted": may_be_trusted(standing),
        "form": {name: sent.get(name, "") for name in ("duree", "jour", "expres", "secret", "masques")},
        "errors": errors,
    } | asking.context(visit, sent.get(asking.FIELD, ""))
    return page(request, "patient/grant.html", context, status=status)
