"""Home: what to do, what is new, where things are, who looked last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from carnet.consent import queries as confidentiality
from carnet.consent.queries import Opened
from carnet.documents import announcing, shelf_list
from carnet.documents.shelf_list import Wanted
from carnet.health.front import front
from carnet.health.history import Latest
from carnet.kernel.actor import Purpose
from carnet.records.rules import Handover
from carnet.web.about import about
from carnet.web.i18n import gettext, ngettext, today
from carnet.web.patient import (
    accesses,
    apps,
    family,
    filters,
    first_question,
    helping,
    history_words,
    listing,
    vaccination_ahead,
    welcoming,
)
from carnet.web.patient.accesses import Others
from carnet.web.patient.standing import done
from carnet.web.patient.task import Task
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page
from carnet.web.words import first_name

_NEWEST = 3
_MOST = 3
_MOST_FRESH = 12


@patient_page(helps=Helps.ANY)
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    if visit.purpose is Purpose.CARER:
        return helping.home(request, visit)
    if welcoming.waits(request, visit):
        return done(first_question.START)
    of = visit.actor, visit.purpose, visit.record_id
    found = shelf_list.newest(*of, since=visit.since, limit=_NEWEST)
    others = accesses.of_others(visit)
    fresh = [line for line in found.lines if line.fresh]
    told = front(*of, today(), since=visit.since, most=_MOST_FRESH)
    latest = told.latest
    tasks = [*_begun(request, visit), *_growing(request, visit)]
    tasks += _tasks(others, confidentiality.unseen(*of), announced=announcing.told(*of))
    vaccines = vaccination_ahead.ahead(visit, told.vaccines)
    tasks += [*vaccines.task, *_to_read(found.fresh)]
    context = {
        "section": "home",
        "first_name": first_name(visit.actor.name),
        "tasks": tasks[:_MOST],
        "fresh": bool(fresh),
        "newest": [_saying(listing.row(line, folders=found.folders), latest) for line in fresh or found.lines],
        "told": [history_words.row(line) for line in latest.fresh if not line.papers and not line.stated_in][:_NEWEST],
        "results": history_words.row(latest.results) if latest.results else None,
        "results_at": latest.results.first if latest.results else None,
        "told_since": min((year for year in (found.oldest, latest.since) if year), default=None),
        "all_fresh": filters.href(Wanted(fresh=True)),
        "pinned": filters.href(Wanted(pinned=True)),
        "documents": found.count,
        "any_pinned": found.pinned,
        "vaccines": vaccines.to_do,
        "next_vaccine": vaccines.soonest,
        "last": others.last,
    }
    return page(request, "patient/home.html", context)


def _saying(row: listing.Row, latest: Latest) -> listing.Row:
    """What is new in a new document, in a few words."""
    line = next((each for each in latest.fresh if row.id in {paper.id for paper in each.papers}), None)
    said = history_words.in_short(line) if line else ""
    return replace(row, kind=said) if said else row


def _begun(request: HttpRequest, visit: Visit) -> Iterable[Task]:
    if welcoming.put_off(request, visit):
        more = gettext("Quelques choix à faire. Deux minutes suffisent.")
        yield Task(gettext("Finir d'ouvrir votre carnet"), more, first_question.START, "key")


def _growing(request: HttpRequest, visit: Visit) -> Iterable[Task]:
    known = family.shown(request)
    if known is None or visit.cover is None:
        return
    if known.open.own:
        for name in known.growing.children:
            text = gettext("%(name)s a dix-huit ans") % {"name": name or gettext("Votre enfant")}
            yield Task(text, gettext("Son carnet ne s'ouvre plus qu'à cette personne."), "/carnets", "users")
    coming = known.growing.own if known.open.own else known.open.handover
    if coming is Handover.SOON:
        more = gettext("À dix-huit ans, une personne est seule à ouvrir son carnet : ce qui change, et quand.")
        yield Task(gettext("Bientôt dix-huit ans"), more, "/grandir", "users")
    if known.open.own and (asked := apps.to_decide(visit.actor)):
        text = ngettext("Décider pour une application", "Décider pour %(count)s applications", len(asked))
        more = gettext("Vous avez dix-huit ans : ce que vous aviez laissé entrer avant s'est arrêté.")
        yield Task(text % {"count": len(asked)}, more, apps.HOME, "id")
    if coming is Handover.DONE and known.open.own:
        more = gettext("Vos parents n'ouvrent plus votre carnet. Voyez ce que vous pouvez faire maintenant.")
        yield Task(gettext("Vous avez dix-huit ans"), more, "/grandir", "users")


def _tasks(others: Others, emergencies: Sequence[Opened], *, announced: bool) -> Iterable[Task]:
    if emergencies:
        text = ngettext("Voir un accès en urgence", "Voir %(count)s accès en urgence", len(emergencies))
        more = about("%(who)s a ouvert votre carnet en urgence", who=emergencies[0].professional.name)
        yield Task(text % {"count": len(emergencies)}, more, "/confidentialite#urgences", "ambulance", "danger")
    if announced:
        more = about("Parlez-en à un soignant, par exemple à votre médecin traitant.")
        yield Task(about("Votre carnet a été mis à jour"), more, "/aide#annonce", "stethoscope")
    if refused := others.refused:
        text = ngettext("Voir un accès refusé", "Voir %(count)s accès refusés", len(refused))
        yield Task(text % {"count": len(refused)}, refused[0].text, "/acces?qui=refus", "lock", "warning")


def _to_read(fresh: int) -> Iterable[Task]:
    if fresh:
        text = ngettext("Lire un nouveau document", "Lire %(count)s nouveaux documents", fresh)
        more = gettext("Arrivé depuis votre dernière visite, et pas encore ouvert.")
        several = gettext("Arrivés depuis votre dernière visite, et pas encore ouverts.")
        yield Task(text % {"count": fresh}, several if fresh > 1 else more, filters.href(Wanted(fresh=True)), "files")
