"""A professional searches in all of a record that is in their sight: what its documents say as facts, by their weight,
then the documents with the words where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, search_inside
from carnet.formats.clinical.model import Kind
from carnet.formats.folding import Piece, Term, highlight
from carnet.health import searching as facts
from carnet.web.i18n import gettext
from carnet.web.patient import fact_words
from carnet.web.pro import listing
from carnet.web.pro.listing import Row
from carnet.web.pro.visit import Visit, record, record_page
from carnet.web.reading import searching
from carnet.web.reading.searching import Asked
from carnet.web.words import marked

_MOST_FACTS: Final = 30
_OTHERS: Final = marked("Autres données")
_LASTING: Final = frozenset({Kind.PROBLEM, Kind.TREATMENT, Kind.PRESCRIPTION, Kind.ENCOUNTER, Kind.DEVICE})
_GROUPS: Final = (
    (marked("Allergies et intolérances"), "alert-triangle", frozenset({Kind.ALLERGY})),
    (marked("Traitements"), "pill", frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})),
    (marked("Problèmes de santé"), "heart-rate-monitor", frozenset({Kind.PROBLEM})),
    (marked("Résultats et mesures"), "test-pipe", frozenset({Kind.RESULT, Kind.MEASURE})),
    (marked("Vaccinations"), "vaccine", frozenset({Kind.VACCINATION})),
    (_OTHERS, "report-medical", frozenset(Kind)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """`href` leads to the page of the document where the words stand."""

    row: Row
    href: str
    title: tuple[Piece, ...]
    author: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page: int


@dataclass(frozen=True, slots=True)
class Fact:
    """The newest of what is called alike, and how many there are. `kind` is "" where its group says it. `href` opens
    its source; "" for what the person says themselves."""

    kind: str
    label: tuple[Piece, ...]
    told: fact_words.Told
    since: datetime | None
    until: datetime | None
    href: str
    times: int


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    icon: str
    facts: tuple[Fact, ...]


@record_page()
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Not while they type: each search leaves a line, which the person reads."""
    asked = searching.asked(f"{visit.address}/recherche", request.GET)
    hits = search_inside(
        visit.actor, visit.purpose, visit.record_id, asked.text, category=asked.category, after=asked.after
    )
    said = _said(visit, asked, mends=not hits.total and not hits.suggestion)
    shown = searching.shown(asked, hits)
    if said.total:
        shown |= {"suggestion": ""}
    elif not shown["suggestion"] and not hits.total:
        shown |= {"suggestion": said.suggestion, "suggested": asked.href(said.suggestion)}
    context = {
        "groups": list(_groups(said.hits, visit, said.terms)),
        "facts_total": said.total,
        "found": [_found(hit, asked, visit, hits.terms) for hit in hits.hits],
        **shown,
    }
    return record(request, visit, "pro/search.html", context)


def _said(visit: Visit, asked: Asked, *, mends: bool) -> facts.Found:
    """Beside the first documents. `mends`: those suggest nothing themselves."""
    if asked.category or asked.after:
        return facts.Found()
    return facts.find(visit.actor, visit.purpose, visit.record_id, asked.text, limit=_MOST_FACTS, mends=mends)


def _groups(hits: Iterable[facts.Hit], visit: Visit, terms: tuple[Term, ...]) -> Iterable[Group]:
    left = list(hits)
    for title, icon, kinds in _GROUPS:
        mine = [hit for hit in left if hit.kind in kinds]
        left = [hit for hit in left if hit.kind not in kinds]
        if mine:
            several = title == _OTHERS or len({hit.kind for hit in mine}) > 1
            shown = tuple(_fact(hit, visit, terms, several=several) for hit in mine)
            yield Group(gettext(title), icon, shown)


def _fact(hit: facts.Hit, visit: Visit, terms: tuple[Term, ...], *, several: bool) -> Fact:
    told = fact_words.told(hit)
    return Fact(
        kind=gettext(fact_words.KINDS[hit.kind][0]) if several else "",
        label=tuple(highlight(told.label, terms)),
        told=told,
        since=hit.since,
        until=hit.until if hit.kind in _LASTING and hit.until != hit.since else None,
        href=f"{visit.address}/documents/{hit.sources[0]}" if hit.said_by == "document" else "",
        times=hit.times,
    )


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
