"""Where a document stands in the list from which it was opened: what comes before and after it, as links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from carnet.documents import queries
from carnet.health import overview
from carnet.kernel import clock
from carnet.web.pro import desk, looking, shelf_choices, shelves
from carnet.web.pro.shelves import Shelf, Wanted
from carnet.web.pro.visit import Visit

FROM_A_LIST: Final = "liste"


@dataclass(frozen=True, slots=True)
class Place:
    """`number` from 1; the links are "" at either end."""

    number: int
    count: int
    before: str
    after: str
    back: str


def home_of(visit: Visit) -> str:
    return f"{visit.address}/documents"


def shelf(request: HttpRequest, visit: Visit, wanted: Wanted, since: datetime | None) -> Shelf:
    """The list as it is asked for now, in the order of the view through which the record is looked at."""
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id, most=queries.WHOLE)
    view = looking.chosen(request, visit) or looking.own(visit)
    return shelves.of(lines, wanted, view, clock.now(), since)


def new_since(request: HttpRequest, visit: Visit) -> datetime | None:
    """What came later is new, here as on the first view; None for who was never here."""
    told = overview.last_visit(visit.actor, visit.purpose, visit.record_id), desk.seen(request, visit.record_id)
    return max((each for each in told if each), default=None)


def of(request: HttpRequest, visit: Visit, document_id: UUID) -> Place | None:
    """None for who did not come from a list, or whose list no longer has it."""
    if FROM_A_LIST not in request.GET:
        return None
    wanted = shelves.read(request.GET)
    found = shelf(request, visit, wanted, new_since(request, visit) if wanted.fresh else None)
    around = shelves.around(found, document_id)
    if around is None:
        return None
    return Place(
        number=around.number,
        count=around.count,
        before=page_of(visit, around.before, wanted),
        after=page_of(visit, around.after, wanted),
        back=shelf_choices.at(home_of(visit), wanted),
    )


def page_of(visit: Visit, document_id: UUID | None, wanted: Wanted) -> str:
    """The page of a document, from this list."""
    if document_id is None:
        return ""
    query = "&".join(filter(None, (wanted.query(), f"{FROM_A_LIST}=1")))
    return f"{home_of(visit)}/{document_id}?{query}"
