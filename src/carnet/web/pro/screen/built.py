"""One screen: what was read, as its view arranges it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest

from carnet.health import screen
from carnet.health.screen import FRESH, Screen, Wanted
from carnet.kernel import clock
from carnet.web import i18n
from carnet.web.i18n import PARIS
from carnet.web.pro import desk, looking
from carnet.web.pro.screen import around, background, labs, medicines, news, papers, shots, views, vigilance
from carnet.web.pro.screen.views import EMERGENCY, View
from carnet.web.pro.visit import Visit

__all__ = ["Asked", "context", "of_request"]

_ALL: Final = "tout"
_EVERY: Final = "toutes"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for beside the view, which is kept for this visit unless it is an emergency. `whole`:
    without the first view's limit in time; `labs`, `news`: all of them."""

    view: View
    own: View
    whole: bool = False
    category: str = ""
    labs: bool = False
    news: bool = False


def of_request(request: HttpRequest, visit: Visit) -> Asked:
    own = looking.own(visit)
    chosen = views.every().by_key(request.GET.get("vue", ""))
    if chosen and not visit.in_emergency:
        desk.look(request, visit.record_id, "" if chosen is own else chosen.key)
    kept = chosen or looking.chosen(request, visit)
    return Asked(
        view=kept or own,
        own=own,
        whole=request.GET.get("periode") == _ALL,
        category=request.GET.get("categorie", ""),
        labs=request.GET.get("analyses") == _EVERY,
        news=request.GET.get("nouveau") == _ALL,
    )


def _begins(today: date) -> datetime:
    """The day of this date some years ago, in Paris."""
    year = today.year - views.every().years
    day = today.replace(year=year, day=min(today.day, 28) if today.month == 2 else today.day)  # noqa: PLR2004
    return datetime.combine(day, time(), PARIS)


def context(request: HttpRequest, visit: Visit, asked: Asked) -> dict[str, Any]:
    view, today, now, base = asked.view, i18n.today(), clock.now(), visit.address
    every = views.every()
    since = None if asked.whole else _begins(today)
    emergency = view.key == EMERGENCY
    wanted = Wanted(
        kinds=view.kinds,
        values="biologie" in view.cards or "mesures" in view.cards,
        series=every.blood_group if emergency else (),
        types=vigilance.TYPES,
        since=since,
        first=[f"analyte:{key}" for key in view.analytes],
        few=screen.MOST if asked.labs else labs.FEW,
        seen=desk.seen(request, visit.record_id),
    )
    told = screen.read(visit.actor, visit.purpose, visit.record_id, wanted)
    fresh = news.of(told.news, told.documents, view, every.fold, base, every=asked.news)
    return {
        "view": view,
        "views": [(each.key, looking.name(each), each is view) for each in every.views],
        "since": since,
        "whole": asked.whole,
        "read_at": now.isoformat(),
        "years": every.years,
        "columns": view.columns,
        "cards": _cards(told, visit, view, asked, today, now, fresh, since, emergency=emergency),
        "around": around.of(told, visit.actor.id),
        "link": _Links(request, base, keeps_view=visit.in_emergency),
    }


def _cards(
    told: Screen,
    visit: Visit,
    view: View,
    asked: Asked,
    today: date,
    now: datetime,
    fresh: news.Told | None,
    since: datetime | None,
    *,
    emergency: bool,
) -> Mapping[str, Any]:
    base = visit.address
    blood = views.every().blood_group if emergency else ()
    new = frozenset(each.line.id for each in told.news.papers)
    makers: Mapping[str, Callable[[], Any]] = {
        "vigilance": lambda: vigilance.known(told, base, today, blood=blood),
        "nouveau": lambda: fresh,
        "traitements": lambda: medicines.current(told, base, now),
        "problemes": lambda: background.problems(told, base),
        "antecedents": lambda: background.past(told, base),
        "grossesse": lambda: background.pregnancies(told, base),
        "autonomie": lambda: background.functions(told, base),
        "biologie": lambda: labs.laboratory(told.values, view.analytes, base, told.every, now - FRESH),
        "mesures": lambda: labs.measured(told.values, view.measures, base),
        "vaccins": lambda: shots.of(told, visit.holder, base, today),
        "sejours": lambda: background.stays(told, base, now),
        "documents": lambda: papers.of(told.papers, view, since, asked.category, new),
    }
    return {card: makers[card]() for card in view.cards if card in makers}


class _Links:
    """Addresses of this screen with one thing changed, and what else was asked kept. `keeps_view`: in the address,
    where the visit does not."""

    def __init__(self, request: HttpRequest, base: str, *, keeps_view: bool) -> None:
        names = ("periode", "categorie", "analyses", "nouveau", *(("vue",) if keeps_view else ()))
        self._asked = {name: request.GET[name] for name in names if request.GET.get(name)}
        self._base = base

    def __call__(self, fragment: str = "", **changed: str) -> str:
        asked = {name: value for name, value in (self._asked | changed).items() if value}
        return self._base + (f"?{urlencode(asked)}" if asked else "") + (f"#{fragment}" if fragment else "")
