"""The trail of one's own record, a page of it at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carnet.consent import trail
from carnet.consent.trail import Position, TrailLine
from carnet.documents import queries
from carnet.web.patient.sentences import Day, Sentence, days, sentence
from carnet.web.patient.visit import Visit

OTHERS, MINE, ALL = "autres", "moi", "tous"
CHOICES = (OTHERS, MINE, ALL)
_OTHERS = {OTHERS: True, MINE: False, ALL: None}
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Log:
    """`older` is where the next page goes on, or "" at the beginning of the record; `whole`: this one page holds all
    lines of the choice, so that « nobody else » may be said."""

    chosen: str
    days: tuple[Day, ...]
    older: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Last:
    """`whole`: no older line was left out, so that « nobody else » may be said."""

    sentence: Sentence | None
    whole: bool


def page_of(visit: Visit, chosen: str, before: str) -> Log:
    found = _lines(visit, chosen, _position(before))
    titles = _titles(visit, found)
    kept = [line for line in found if _tellable(line, titles)]
    older = f"{found[-1].at.isoformat()}_{found[-1].id}" if len(found) == _PAGE else ""
    return Log(chosen, tuple(days(kept, titles, visit.actor.id)), older, whole=not before and not older)


def last_of_others(visit: Visit) -> Last:
    """The latest thing that somebody else did in the record."""
    found = _lines(visit, OTHERS, None)
    titles = _titles(visit, found)
    line = next((line for line in found if _tellable(line, titles)), None)
    return Last(sentence(line, titles, visit.actor.id) if line else None, whole=len(found) < _PAGE)


def _lines(visit: Visit, chosen: str, before: Position | None) -> list[TrailLine]:
    return trail.lines(visit.actor, visit.purpose, visit.record_id, others=_OTHERS[chosen], limit=_PAGE, before=before)


def _position(text: str) -> Position | None:
    """What `Log.older` wrote; anything else is the beginning."""
    at, _, identifier = text.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(identifier)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


def _tellable(line: TrailLine, titles: Mapping[UUID, str]) -> bool:
    """What was done with a document that the reader may not see yet stays untold, or its existence would show (a
    result that waits for its announcement). A refused attempt is always told: it names no document."""
    return line.outcome == "refused" or line.target_kind != "document" or line.target_id in titles


def _titles(visit: Visit, lines: Iterable[TrailLine]) -> dict[UUID, str]:
    """Only of documents that the reader may see now."""
    wanted = {line.target_id for line in lines if line.target_kind == "document" and line.target_id}
    if not wanted:
        return {}
    return queries.visible_titles(visit.actor, visit.purpose, visit.record_id, wanted)
