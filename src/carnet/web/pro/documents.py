"""The list of documents of a record as a professional works through it: narrowed by links, with one of them beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.documents.queries import DocumentLine
from carnet.web.i18n import gettext
from carnet.web.pro import document, listing, looking, neighbours, shelf_choices, shelves
from carnet.web.pro.listing import Row
from carnet.web.pro.shelves import Part, Placed, Shelf, Wanted
from carnet.web.pro.visit import Visit, record_page
from carnet.web.pro.visit import record as shown
from carnet.web.words import marked

MOST_PRINTED: Final = 20
_HEADINGS: Final = {
    Part.FIRST: marked("D'abord pour votre profession"),
    Part.OTHERS: marked("Autres documents"),
    Part.FOLDED: marked("Doublons et papiers administratifs"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`href` leads to its page, `beside` shows it beside the list; `heading` where a part of the list begins. `fresh`:
    it came since this reader was last here."""

    row: Row
    href: str
    beside: str
    heading: str
    fresh: bool
    opened: bool


@record_page()
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`apercu`: the document beside the list, which is opened like any other."""
    wanted = shelves.read(request.GET)
    since = neighbours.new_since(request, visit)
    shelf = neighbours.shelf(request, visit, wanted, since)
    beside = shelves.as_id(request.GET.get("apercu", ""))
    context = listed(request, visit, shelf, since, beside)
    if beside is None:
        return shown(request, visit, "pro/documents.html", context)
    try:
        context |= document.read(request, visit, beside) | {"stands": _place(visit, shelf, beside)}
    except Http404:
        # Taken away or hidden meanwhile, or never there: the list says so, and stays.
        return shown(request, visit, "pro/documents.html", context | {"beside": None, "gone": True}, status=404)
    return document.with_keys(request, visit, "pro/documents.html", context)


def listed(
    request: HttpRequest, visit: Visit, shelf: Shelf, since: datetime | None, beside: UUID | None = None
) -> dict[str, Any]:
    """What the page of the list says, but for the document beside it."""
    home, wanted = neighbours.home_of(visit), shelf.wanted
    choices = shelf_choices.of(shelf, home)
    return {
        "home": home,
        "shelf": shelf,
        "choices": choices,
        "lines": _lines(visit, shelf, _headings(request, visit), since, beside),
        "since": since,
        "everything": shelf_choices.everything(shelf, home),
        "unfolded": shelf_choices.unfolded(shelf, home),
        "more": shelf_choices.at(home, shelf.more) if shelf.more else "",
        "start": shelf_choices.at(home, wanted.whole()) if shelf.begins else "",
        "beside": beside,
        "gone": False,
        "stands": None,
        "wanted": wanted.query(),
        "unprinted": "",
        "ticked": frozenset(),
        "most": MOST_PRINTED,
    }


def _headings(request: HttpRequest, visit: Visit) -> dict[Part, str]:
    said = {part: gettext(words) for part, words in _HEADINGS.items()}
    other = looking.chosen(request, visit)
    if other is None:
        return said
    return said | {Part.FIRST: gettext("D'abord dans la vue « %(view)s »") % {"view": looking.name(other)}}


def _lines(
    visit: Visit, shelf: Shelf, headings: Mapping[Part, str], since: datetime | None, beside: UUID | None
) -> list[Line]:
    before = shelf.lines[shelf.begins - 1].part if shelf.begins else None
    headed = len({each.part for each in shelf.lines}) > 1 or bool(shelf.lines and shelf.lines[0].part is Part.FOLDED)
    made: list[Line] = []
    for each in shelf.page:
        heading = headings[each.part] if headed and each.part is not before else ""
        made.append(_line(visit, shelf.wanted, each, heading, _is_fresh(each.line, since), each.line.id == beside))
        before = each.part
    return made


def _line(visit: Visit, wanted: Wanted, each: Placed, heading: str, fresh: bool, opened: bool) -> Line:  # noqa: FBT001
    return Line(
        row=listing.row(each.line),
        href=neighbours.page_of(visit, each.line.id, wanted.whole()),
        beside=beside_of(visit, each.line.id, wanted),
        heading=heading,
        fresh=fresh,
        opened=opened,
    )


def beside_of(visit: Visit, document_id: UUID | None, wanted: Wanted) -> str:
    if document_id is None:
        return ""
    query = "&".join(filter(None, (wanted.query(), f"apercu={document_id}")))
    return f"{neighbours.home_of(visit)}?{query}#d-{document_id}"


def _place(visit: Visit, shelf: Shelf, beside: UUID) -> neighbours.Place | None:
    around = shelves.around(shelf, beside)
    if around is None:
        return None
    wanted = shelf.wanted
    return neighbours.Place(
        number=around.number,
        count=around.count,
        before=beside_of(visit, around.before, shelves.at_page_of(shelf, around.number - 2)),
        after=beside_of(visit, around.after, shelves.at_page_of(shelf, around.number)),
        back=shelf_choices.at(neighbours.home_of(visit), wanted),
    )


def _is_fresh(line: DocumentLine, since: datetime | None) -> bool:
    return since is not None and shelves.is_new(line, since)
