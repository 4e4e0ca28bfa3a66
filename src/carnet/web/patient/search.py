"""One box over titles, people and the text inside documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, Hits, Position, search_inside
from carnet.formats.folding import Piece, Term, highlight
from carnet.formats.terminology import document_types
from carnet.web import words
from carnet.web.i18n import gettext
from carnet.web.patient import listing
from carnet.web.patient.listing import Row
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page

_LONGEST: Final = 400
"""Of what a person types and sees again; no more is searched."""


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`href` leads to the page of the document where the words stand."""

    row: Row
    href: str
    title: tuple[Piece, ...]
    source: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page: int


@patient_page()
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "")[:_LONGEST].split())
    chosen = request.GET.get("type", "")
    chosen = chosen if chosen in document_types.categories() else ""
    after = _position(request.GET.get("apres", ""))
    hits = search_inside(visit.actor, visit.purpose, visit.record_id, asked, category=chosen, after=after)
    context = {
        "section": "documents",
        "asked": asked,
        "searched": bool(hits.terms),
        "total": hits.total,
        "chips": _chips(asked, chosen, hits),
        "found": [_found(hit, asked, hits.terms) for hit in hits.hits],
        "suggestion": hits.suggestion,
        "suggested": _href(hits.suggestion),
        "start": _href(asked, chosen) if after else "",
        "more": _href(asked, chosen, hits.next) if hits.next else "",
    }
    return page(request, "patient/search.html", context)


def _found(hit: Hit, asked: str, terms: tuple[Term, ...]) -> Found:
    row = listing.row(hit.document)
    anchor = f"#page-{hit.page}" if hit.page else ""
    return Found(
        row=row,
        href=f"/documents/{row.id}?{urlencode({'q': asked})}{anchor}",
        title=hit.title or (Piece(row.title, hit=False),),
        source=tuple(highlight(row.source, terms)),
        snippet=hit.snippet,
        page=hit.page,
    )


def _chips(asked: str, chosen: str, hits: Hits) -> list[Chip]:
    """None when there is nothing to choose between."""
    if len(hits.categories) <= 1 and not chosen:
        return []
    every = Chip(gettext("Tous"), _href(asked), sum(hits.categories.values()), chosen=not chosen)
    labels = document_types.categories()
    counts = dict(hits.categories) | ({chosen: hits.categories.get(chosen, 0)} if chosen else {})
    return [
        every,
        *(
            Chip(words.category(labels[code]), _href(asked, code), count, chosen=code == chosen)
            for code, count in counts.items()
        ),
    ]


def _href(asked: str, category: str = "", after: Position | None = None) -> str:
    place = f"{int(after.headed)}_{after.at.isoformat()}_{after.id}" if after else ""
    query = {"q": asked, "type": category, "apres": place}
    return f"/recherche?{urlencode({name: value for name, value in query.items() if value})}"


def _position(text: str) -> Position | None:
    """What `_href` wrote; anything else is the beginning."""
    headed, _, rest = text.partition("_")
    at, _, identifier = rest.partition("_")
    try:
        found = Position(headed == "1", datetime.fromisoformat(at), UUID(identifier))
    except ValueError:
        return None
    return found if found.at.tzinfo else None
