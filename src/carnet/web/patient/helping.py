"""The home of a carer in the record of somebody whom they help: what they may do there, and what came last."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from carnet.documents import shelf_list
from carnet.documents.changing import NotThere
from carnet.documents.shelf_list import Sort, Wanted
from carnet.web.about import about
from carnet.web.i18n import gettext
from carnet.web.patient import care_words, listing
from carnet.web.patient.family import Cover
from carnet.web.patient.visit import Visit
from carnet.web.render import page

_NEWEST = 3


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    cover = visit.cover
    if cover is None:
        raise NotThere
    given = {right: gettext(words) for right, words in care_words.RIGHTS.items() if right in cover.rights}
    context = {
        "section": "home",
        "given": {right: (words, gettext(care_words.HINTS[right])) for right, words in given.items()},
        "doors": _doors(cover),
        "newest": _newest(visit) if cover.reads else [],
    }
    return page(request, "patient/helping.html", context)


@dataclass(frozen=True, slots=True)
class Door:
    href: str
    icon: str
    text: str
    more: str


def _doors(cover: Cover) -> list[Door]:
    """Where what they were given is."""
    found = []
    if cover.reads_all:
        found.append(Door("/sante", "heart-rate-monitor", about("Ma santé"), gettext("Maladies, allergies, séjours")))
    if cover.reads_treatments:
        found.append(Door("/sante/traitements", "pill", gettext("Traitements"), gettext("Prescrits, délivrés, pris")))
    if cover.reads_appointments:
        more = gettext("Ceux que les documents annoncent")
        found.append(Door("/sante/rendez-vous", "stethoscope", gettext("Rendez-vous"), more))
    if cover.reads_measures:
        more = gettext("Poids, tension et autres")
        found.append(Door("/sante/mesures", "heart-rate-monitor", gettext("Mesures"), more))
    if cover.reads_all:
        found += [
            Door("/sante/resultats", "test-pipe", gettext("Résultats"), gettext("Analyses et courbes")),
            Door("/sante/vaccinations", "vaccine", gettext("Vaccinations"), gettext("Faites et à faire")),
            Door("/histoire", "report-medical", gettext("Histoire de santé"), gettext("Ce qui s'est passé, et quand")),
        ]
    return found


def _newest(visit: Visit) -> list[listing.Row]:
    wanted = Wanted(sort=Sort.DEPOSITED)
    found = shelf_list.documents(visit.actor, visit.purpose, visit.record_id, wanted, since=visit.since, limit=_NEWEST)
    return [listing.row(line) for line in found.lines]
