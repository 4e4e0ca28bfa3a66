"""Through which profession's view this record is looked at: the screen and the lists follow the same."""

from __future__ import annotations

from django.http import HttpRequest

from carnet.people import queries as people
from carnet.web.i18n import language
from carnet.web.pro import desk
from carnet.web.pro.screen import views
from carnet.web.pro.screen.views import View
from carnet.web.pro.visit import Visit


def own(visit: Visit) -> View:
    """Of the reader's profession or speciality, or of the emergency."""
    system, code, speciality = people.profession(visit.actor.id) or ("", "", "")
    return views.every().of((system, code), speciality, emergency=visit.in_emergency)


def chosen(request: HttpRequest, visit: Visit) -> View | None:
    """Another than their own, for this visit. In an emergency none is kept: that view comes first each time, whatever
    was looked through before."""
    if visit.in_emergency:
        return None
    return views.every().by_key(desk.look_of(request, visit.record_id))


def name(view: View) -> str:
    return view.fr if language() == "fr" else view.en
