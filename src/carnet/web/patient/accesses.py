"""The trail of one's own record, a page of it at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carnet.consent import trail
from carnet.consent.trail import TrailLine
from carnet.documents import queries
from carnet.web.patient.sentences import Day, Sentence, days, sentence
from carnet.web.patient.visit import Visit

OTHERS, MINE, ALL = "autres", "moi", "tous"
CHOICES = (OTHERS, MINE, ALL)
# One's own lines are many: every page of one's record leaves one. What others did must not drown in them.
_LOOKED_AT = 2000
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Log:
    """`older` is the instant from which the next page goes on, or None at the beginning of the record; `whole`: this
    one page holds all lines, so that « nobody else » may be said."""

    chosen: str
    days: tuple[Day, ...]
    older: datetime | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Last:
    """`whole`: the record has no older lines, so that « nobody else » may be said."""

    sentence: Sentence | None
    whole: bool


def page_of(visit: Visit, chosen: str, before: datetime | None) -> Log:
    found = _lines(visit, before)
    titles = _titles(visit, found)
    kept = [line for line in found if _wanted(line, chosen, visit.actor.id) and _tellable(line, titles)]
    older = kept[_SHOWN - 1].at if len(kept) > _SHOWN else _end(found)
    whole = before is None and older is None
    return Log(chosen, tuple(days(kept[:_SHOWN], titles, visit.actor.id)), older, whole)


def last_of_others(visit: Visit) -> Last:
    """The latest thing that somebody else did in the record, looked for among the newest lines."""
    found = _lines(visit, None)
    titles = _titles(visit, found)
    others = (line for line in found if _wanted(line, OTHERS, visit.actor.id) and _tellable(line, titles))
    line = next(others, None)
    return Last(sentence(line, titles, visit.actor.id) if line else None, whole=_end(found) is None)


def _lines(visit: Visit, before: datetime | None) -> list[TrailLine]:
    return trail.lines(visit.actor, visit.purpose, visit.record_id, limit=_LOOKED_AT, before=before)


def _end(found: list[TrailLine]) -> datetime | None:
    """Where the lines go on that were not looked at; None when there are none."""
    return found[-1].at if len(found) == _LOOKED_AT else None


def _wanted(line: TrailLine, chosen: str, own: UUID) -> bool:
    return chosen == ALL or (line.actor_id == own) == (chosen == MINE)


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
