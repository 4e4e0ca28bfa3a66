"""The home of a carer in the record of somebody whom they help: what they may do there, and what came last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.consent.caring import Right
from carnet.documents import shelf_list
from carnet.documents.changing import NotThere
from carnet.documents.shelf_list import Sort, Wanted
from carnet.web.i18n import gettext
from carnet.web.patient import care_words, listing
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
        "opens": frozenset(Right) - care_words.LATER,
        "newest": _newest(visit) if cover.reads else [],
    }
    return page(request, "patient/helping.html", context)


def _newest(visit: Visit) -> list[listing.Row]:
    wanted = Wanted(sort=Sort.DEPOSITED)
    found = shelf_list.documents(visit.actor, visit.purpose, visit.record_id, wanted, since=visit.since, limit=_NEWEST)
    return [listing.row(line) for line in found.lines]
