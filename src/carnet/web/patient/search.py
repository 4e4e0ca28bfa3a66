"""One box over titles, people and the text inside documents."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, search_inside
from carnet.formats.folding import Piece, Term, highlight
from carnet.web.patient import listing
from carnet.web.patient.listing import Row
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.reading import searching
from carnet.web.reading.searching import Asked
from carnet.web.render import page


@dataclass(frozen=True, slots=True)
class Found:
    """`href` leads to the page of the document where the words stand."""

    row: Row
    href: str
    title: tuple[Piece, ...]
    source: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page: int


@patient_page(helps=Helps.READS)
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = searching.asked("/recherche", request.GET)
    hits = search_inside(
        visit.actor, visit.purpose, visit.record_id, asked.text, category=asked.category, after=asked.after
    )
    found = [_found(hit, asked, hits.terms) for hit in hits.hits]
    context = {"section": "documents", "found": found, **searching.shown(asked, hits)}
    return page(request, "patient/search.html", context)


def _found(hit: Hit, asked: Asked, terms: tuple[Term, ...]) -> Found:
    row = listing.row(hit.document)
    return Found(
        row=row,
        href=searching.inside(f"/documents/{row.id}", asked, hit),
        title=hit.title or (Piece(row.title, hit=False),),
        source=tuple(highlight(row.source, terms)),
        snippet=hit.snippet,
        page=hit.page,
    )
