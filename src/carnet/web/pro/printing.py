"""Several documents of a record printed as one PDF, each page of which says at its head whose and what it is.

Each document is opened for itself, by its own decision, and leaves its own line. What cannot be printed has a page that
says so: whoever prints five documents holds five in their hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from carnet.documents import queries
from carnet.documents.queries import DocumentLine
from carnet.kernel import limits, render
from carnet.kernel.render import BLOCKS, Head, Part
from carnet.web import i18n
from carnet.web.i18n import gettext
from carnet.web.pro import documents, listing, neighbours, shelves
from carnet.web.pro.documents import MOST_PRINTED
from carnet.web.pro.shelves import Wanted
from carnet.web.pro.visit import Visit, done, record_page
from carnet.web.pro.visit import record as shown
from carnet.web.reading import blocks, faults, rendering, serving
from carnet.web.reading.rendering import Kind, Reading

MOST_BYTES: Final = 50 << 20
MOST_PAGES: Final = 200


class _Gone(Exception):
    """One of them is not there, or is not for this reader: the same."""


@record_page(posted=True)
def together(request: HttpRequest, visit: Visit) -> HttpResponse:
    wanted = shelves.read(QueryDict(request.POST.get("liste", "")))
    if request.method != "POST":
        return done(neighbours.home_of(visit))
    asked = list(dict.fromkeys(filter(None, map(shelves.as_id, request.POST.getlist("document")))))
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id, most=queries.WHOLE)
    chosen = [line for line in lines if line.id in set(asked)]
    fault = _fault(asked, chosen)
    if fault:
        return _refused(request, visit, wanted, fault, asked)
    try:
        pdf = _printed(visit, chosen)
    except _Gone:
        return _refused(request, visit, wanted, _gone(), asked)
    except render.Unreadable:
        return _refused(request, visit, wanted, _too_heavy(), asked)
    except render.Busy:
        raise limits.Busy from None
    return serving.named(HttpResponse(pdf, content_type=rendering.PDF), "documents.pdf")


def _fault(asked: Sequence[UUID], chosen: Sequence[DocumentLine]) -> str:
    """Before any of them is opened."""
    if not asked:
        return gettext("Cochez au moins un document à imprimer")
    if len(asked) > MOST_PRINTED:
        return gettext("Cochez %(most)s documents au plus") % {"most": MOST_PRINTED}
    if len(chosen) < len(asked):
        return _gone()
    return _too_heavy() if sum(line.size for line in chosen) > MOST_BYTES else ""


def _gone() -> str:
    return gettext("L'un des documents cochés n'est pas dans ce carnet, ou n'y est plus : choisissez de nouveau")


def _too_heavy() -> str:
    return gettext("Ces documents font plus de 200 pages, ou sont trop lourds pour un seul PDF : cochez-en moins")


def _refused(request: HttpRequest, visit: Visit, wanted: Wanted, fault: str, asked: Sequence[UUID]) -> HttpResponse:
    """What was ticked stays so."""
    since = neighbours.new_since(request, visit)
    shelf = neighbours.shelf(request, visit, wanted, since)
    context = documents.listed(request, visit, shelf, since) | {"unprinted": fault, "ticked": frozenset(asked)}
    return shown(request, visit, "pro/documents.html", context, status=422)


def _printed(visit: Visit, chosen: Iterable[DocumentLine]) -> bytes:
    made: list[bytes] = []
    size, left = 0, MOST_PAGES
    for line in chosen:
        made.append(_one(visit, line, left))
        size += len(made[-1])
        left -= render.page_count(made[-1])
        if size > MOST_BYTES or left < 0:
            raise render.Unreadable("too-large")
    return made[0] if len(made) == 1 else render.joined(made)


def _one(visit: Visit, line: DocumentLine, most: int) -> bytes:
    found = queries.content(visit.actor, visit.purpose, visit.record_id, line.id)
    if found is None:
        raise _Gone
    head = _head(visit, found.document)
    reading = rendering.of_bytes(found.document.media_type, serving.whole(found))
    try:
        return render.printed(list(_parts(reading)), head, most=max(most, 1))
    except render.Unreadable as unreadable:
        if unreadable.code == "too-many-pages":
            raise
        return render.printed([_said(faults.sentence(unreadable.code))], head, most=1)


def _parts(reading: Reading) -> Iterable[Part]:
    """What its page shows, and the files with pages that are joined to it."""
    if reading.kind is Kind.SHEETS and reading.file:
        yield Part(reading.file.media_type, reading.file.data)
    elif reading.kind is Kind.NARRATIVE:
        if reading.html:
            yield _set(blocks.of_narrative(reading.html))
    elif reading.kind is Kind.TEXT:
        yield _set(blocks.of_text(reading.paragraphs))
        if reading.cut:
            yield _said(gettext("Ce texte est très long : la suite n'est pas imprimée. Téléchargez l'original."))
    else:
        yield _said(gettext("Ce fichier ne peut pas être imprimé ici : téléchargez l'original pour le lire."))
    for piece in reading.pieces:
        if piece.media_type in rendering.SHEETS:
            yield Part(piece.media_type, piece.data)
        else:
            yield _said(gettext("Fichier joint qui n'est pas imprimé : %(name)s") % {"name": piece.name})


def _said(sentence: str) -> Part:
    return _set([blocks.paragraph(sentence)])


def _set(made: list[blocks.Block]) -> Part:
    return Part(BLOCKS, json.dumps(made).encode())


def _head(visit: Visit, line: DocumentLine) -> Head:
    row = listing.row(line)
    band = visit.band
    return Head(
        title=row.title,
        about=f"{i18n.day(row.at)}. {row.author}" + (f" ({row.kind})" if row.kind else ""),
        whose=gettext("%(name)s, naissance : %(date)s, INS %(ins)s")
        % {"name": band.name, "date": i18n.birth(band.birth), "ins": band.ins},
        foot=gettext("Imprimé du carnet le %(day)s par %(who)s")
        % {"day": i18n.day(i18n.today()), "who": visit.actor.name},
    )
