"""The trail of one's own record, a page of it at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent.trail import Position, TrailLine
from carnet.documents import trail
from carnet.web.patient.sentences import Day, Sentence, days, sentence
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page

OTHERS, MINE, ALL = "autres", "moi", "tous"
CHOICES = (OTHERS, MINE, ALL)
_OTHERS = {OTHERS: True, MINE: False, ALL: None}
_PAGE = 200
_RECENT = 50


@dataclass(frozen=True, slots=True)
class Log:
    """`older` is where the next page goes on, or "" at the beginning of the record; `whole`: this one page holds all
    lines of the choice, so that « nobody else » may be said."""

    chosen: str
    days: tuple[Day, ...]
    older: str
    whole: bool


@patient_page()
def accesses(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who looked. Without a choice, what others did."""
    chosen = request.GET.get("qui", "")
    before = request.GET.get("avant", "")
    shown = page_of(visit, chosen if chosen in CHOICES else OTHERS, before)
    return page(request, "patient/accesses.html", {"section": "accesses", "log": shown})


def page_of(visit: Visit, chosen: str, before: str) -> Log:
    found = _lines(visit, chosen, _position(before), _PAGE + 1)
    shown = found[:_PAGE]
    older = f"{shown[-1].at.isoformat()}_{shown[-1].id}" if len(found) > _PAGE else ""
    return Log(chosen, tuple(days(shown, visit.actor.id)), older, whole=not before and not older)


@dataclass(frozen=True, slots=True)
class Others:
    """The latest thing that somebody else did in the record, so far as it may be told, and what was refused to others
    since the visit before this one, newest first."""

    last: Sentence | None
    refused: tuple[Sentence, ...]


def of_others(visit: Visit) -> Others:
    found = _lines(visit, OTHERS, None, _RECENT)
    told = [sentence(line, visit.actor.id) for line in found]
    refused = [
        said
        for line, said in zip(found, told, strict=True)
        if line.outcome == "refused" and visit.since and line.at > visit.since
    ]
    return Others(told[0] if told else None, tuple(refused))


def _lines(visit: Visit, chosen: str, before: Position | None, limit: int) -> list[TrailLine]:
    return trail.lines(visit.actor, visit.purpose, visit.record_id, others=_OTHERS[chosen], limit=limit, before=before)


def _position(text: str) -> Position | None:
    """What `Log.older` wrote; anything else is the beginning."""
    at, _, identifier = text.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(identifier)
    except ValueError:
        return None
    return found if found[0].tzinfo else None
