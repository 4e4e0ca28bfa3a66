"""One box over titles, people and the text inside documents, and over what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, search_inside
from carnet.formats.folding import Piece, Term, highlight
from carnet.health import searching as facts
from carnet.health.history import Wanted
from carnet.web.i18n import gettext
from carnet.web.patient import fact_words, history_asked, listing
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


@dataclass(frozen=True, slots=True)
class FactRow:
    """What is told of one thing: its newest value, and how many there are. `href` opens its source, "" for what
    nobody's document says."""

    kind: str
    icon: str
    label: tuple[Piece, ...]
    told: fact_words.Told
    at: datetime | None
    href: str
    times: int


@patient_page(helps=Helps.READS)
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = searching.asked("/recherche", request.GET)
    hits = search_inside(
        visit.actor, visit.purpose, visit.record_id, asked.text, category=asked.category, after=asked.after
    )
    said = _said(visit, asked)
    shown = searching.shown(asked, hits)
    if said.total:
        shown |= {"suggestion": ""}
    elif not shown["suggestion"] and not hits.total:
        shown |= {"suggestion": said.suggestion, "suggested": asked.href(said.suggestion)}
    context = {
        "section": "documents",
        "found": [_found(hit, asked, hits.terms) for hit in hits.hits],
        "facts": [_fact(hit, hits.terms) for hit in said.hits],
        "facts_total": said.total,
        "history": visit.cover is None or visit.cover.reads_all,
        "in_history": history_asked.href(Wanted(text=asked.text)),
        **shown,
    }
    return page(request, "patient/search.html", context)


def _said(visit: Visit, asked: Asked) -> facts.Found:
    """Beside the first documents."""
    if asked.category or asked.after:
        return facts.Found()
    return facts.find(visit.actor, visit.purpose, visit.record_id, asked.text)


def _fact(hit: facts.Hit, terms: tuple[Term, ...]) -> FactRow:
    words, icon = fact_words.KINDS[hit.kind]
    told = fact_words.told(hit)
    return FactRow(
        kind=gettext(words),
        icon=icon,
        label=tuple(highlight(told.label, terms)),
        told=told,
        at=hit.since,
        href=f"/documents/{hit.sources[0]}" if hit.said_by == "document" else "",
        times=hit.times,
    )


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
