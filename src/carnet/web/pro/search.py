"""A professional searches in the documents of a record that are in their sight."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, search_inside
from carnet.formats.folding import Piece, Term, highlight
from carnet.web.pro import listing
from carnet.web.pro.listing import Row
from carnet.web.pro.visit import Visit, record, record_page
from carnet.web.reading import searching
from carnet.web.reading.searching import Asked


@dataclass(frozen=True, slots=True)
class Found:
    """`href` leads to the page of the document where the words stand."""

    row: Row
    href: str
    title: tuple[Piece, ...]
    author: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page: int


@record_page()
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Not while they type: each search leaves a line, which the person reads."""
    asked = searching.asked(f"{visit.address}/recherche", request.GET)
    hits = search_inside(
        visit.actor, visit.purpose, visit.record_id, asked.text, category=asked.category, after=asked.after
    )
    found = [_found(hit, asked, visit, hits.terms) for hit in hits.hits]
    return record(request, visit, "pro/search.html", {"found": found, **searching.shown(asked, hits)})


def _found(hit: Hit, asked: Asked, visit: Visit, terms: tuple[Term, ...]) -> Found:
    row = listing.row(hit.document)
    return Found(
        row=row,
        href=searching.inside(f"{visit.address}/documents/{row.id}", asked, hit),
        title=tuple(highlight(row.title, terms)),
        author=tuple(highlight(row.author, terms)),
        snippet=hit.snippet,
        page=hit.page,
    )
