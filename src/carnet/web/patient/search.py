"""One box over titles, people and the text inside documents, and over what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from carnet.documents.searching import Hit, search_inside
from carnet.formats.folding import Piece, Term, highlight, query
from carnet.health import profile as health
from carnet.health import searching as facts
from carnet.health.history import Wanted
from carnet.web.i18n import gettext
from carnet.web.patient import fact_words, history_asked, listing
from carnet.web.patient.health_rows import signature
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
    nobody's document says. `who`: whose words they are."""

    kind: str
    icon: str
    label: tuple[Piece, ...]
    told: fact_words.Told
    at: datetime | None
    href: str
    times: int
    who: str


@patient_page(helps=Helps.READS)
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    asked = searching.asked("/recherche", request.GET)
    hits = search_inside(
        visit.actor, visit.purpose, visit.record_id, asked.text, category=asked.category, after=asked.after
    )
    said = _said(visit, asked)
    named = _named(visit, said)
    shown = searching.shown(asked, hits)
    if said.total:
        shown |= {"suggestion": ""}
    elif not shown["suggestion"] and not hits.total:
        shown |= {"suggestion": said.suggestion, "suggested": asked.href(said.suggestion)}
    context = {
        "section": "documents",
        "found": [_found(hit, asked, hits.terms) for hit in hits.hits],
        "facts": [_fact(hit, said.terms, _who(hit, named, visit)) for hit in said.hits],
        "facts_total": said.total,
        # The history finds whole words alone.
        "history": (visit.cover is None or visit.cover.reads_all) and said.terms == query(asked.text),
        "in_history": history_asked.href(Wanted(text=asked.text)),
        **shown,
    }
    return page(request, "patient/search.html", context)


def _said(visit: Visit, asked: Asked) -> facts.Found:
    """Beside the first documents."""
    if asked.category or asked.after:
        return facts.Found()
    return facts.find(visit.actor, visit.purpose, visit.record_id, asked.text)


def _named(visit: Visit, said: facts.Found) -> health.Profile:
    """Who signed what was found."""
    documents = [source for hit in said.hits if hit.said_by == "document" for source in hit.sources[:1]]
    if not said.hits:
        return health.Profile()
    return health.signed(visit.actor, visit.purpose, visit.record_id, documents)


def _who(hit: facts.Hit, named: health.Profile, visit: Visit) -> str:
    source = hit.sources[0]
    if hit.said_by == "document":
        by = named.documents[source].who if source in named.documents else ""
        return gettext("Un document : %(who)s") % {"who": by} if by else gettext("Un document")
    said = named.said.get(source)
    if said is None:
        return gettext("Un soignant") if hit.said_by == "professional" else gettext("Un proche")
    if said.depositor_id == visit.actor.id:
        return gettext("Vous")
    return gettext("Un soignant : %(who)s") % {"who": said.who} if hit.said_by == "professional" else signature(said)


def _fact(hit: facts.Hit, terms: tuple[Term, ...], who: str) -> FactRow:
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
        who=who,
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
