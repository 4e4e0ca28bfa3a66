"""One document, as a professional reads it, and its files."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from carnet.documents import reading as opening
from carnet.documents.powers import Act
from carnet.documents.queries import DocumentLine
from carnet.documents.reading import Opened
from carnet.health import disputing
from carnet.web import headers
from carnet.web.i18n import gettext
from carnet.web.pro import listing, neighbours, secrecy
from carnet.web.pro.visit import Visit, record, record_page
from carnet.web.reading import authors, changed, looked, rendering, serving, sheets, versions
from carnet.web.reading.serving import Asker
from carnet.web.words import marked

SECRET: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"  # noqa: S105  (a label)
DONE: Final = {
    "depose": marked("Le document est déposé dans le carnet."),
    "remplace": marked(
        "La nouvelle version est déposée. Ceux qui avaient lu l'ancienne sont inscrits pour en être avertis."
    ),
    "annoncer": marked("La personne voit maintenant ce document."),
    "masquer": marked("Le document est masqué aux autres professionnels."),
    "montrer": marked("Le document est de nouveau visible par les professionnels autorisés."),
    "taire": marked("Les représentants de la personne ne voient pas ce document."),
    "lever": marked("Les représentants de la personne voient maintenant ce document."),
}


@record_page()
def document(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """`q`: words to be marked; `page`: the page of a long document that must be among those shown; what narrows a list
    of documents, for who came from there."""
    context = read(request, visit, document_id)
    found = context["document"]
    context |= {
        "authors": authors.authors(found.fhir),
        "acts": acts(visit, context["opened"]),
        "replaceable": found.status == "current" and Act.WITHDRAW in context["opened"].acts,
        "done": _done(request.GET.get("fait", ""), found),
        "stands": neighbours.of(request, visit, document_id),
    }
    return with_keys(request, visit, "pro/document.html", context)


def read(request: HttpRequest, visit: Visit, document_id: UUID) -> dict[str, Any]:
    """A document as it stands on its page, and beside a list."""
    words, terms = looked.asked(request.GET.get("q", ""))
    opened = opening.opened(visit.actor, visit.purpose, visit.record_id, document_id, terms)
    if opened is None:
        raise Http404
    found = opened.content.document
    whole = serving.whole(opened.content)
    shown = rendering.of_bytes(found.media_type, whole, terms)
    around = versions.of(opened.around)
    leaves, fault = sheets.told(shown, terms, request.GET.get("page", ""), opened.hit)
    return {
        "opened": opened,
        "document": found,
        "row": listing.row(found, archived=opened.archived),
        "reading": shown,
        "sheets": leaves,
        "fault": fault,
        "looked": looked.of(words, terms, shown, leaves),
        "versions": around,
        "compared": bool(around.earlier) and changed.is_summary(found.media_type, whole),
        "reported": disputing.of_document(visit.actor, visit.purpose, visit.record_id, document_id),
    }


def with_keys(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, Any], **options: Any
) -> HttpResponse:
    """A page that shows what others wrote runs no script but the one of the keys, which this answer alone names."""
    nonce = token_urlsafe(16)
    return record(request, visit, template, {"nonce": nonce, **context}, csp=headers.keys_only(nonce), **options)


def _done(act: str, found: DocumentLine) -> str:
    if act == "montrer" and found.masked_by:
        return ""
    return gettext(DONE[act]) if act in DONE else ""


def acts(visit: Visit, opened: Opened) -> tuple[str, ...]:
    """What this professional may do to it as it stands, by the names that addresses have for it."""
    found = opened.content.document
    withheld, masked = "INVISIBLE_PATIENT" in found.labels, "MASQUE_PS" in found.labels
    secret = SECRET in found.labels
    kept_from = not secret and Act.HIDE_FROM_REPRESENTATIVES in opened.acts and secrecy.of(visit) is not None
    # Masked and withheld at once nobody but its author would see it: that is no choice.
    offered = (
        ("annoncer", Act.SHOW_TO_PATIENT, withheld),
        ("masquer", Act.MASK, not masked and not withheld),
        # What the holder masks by a rule is theirs to show.
        ("montrer", Act.UNMASK, masked and not found.masked_by),
        ("taire", Act.HIDE_FROM_REPRESENTATIVES, kept_from),
        ("lever", Act.SHOW_TO_REPRESENTATIVES, secret),
        ("retirer", Act.WITHDRAW, found.status == "current"),
    )
    return tuple(name for name, act, fits in offered if fits and act in opened.acts)


@record_page()
def image(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    return serving.image(_asker(visit), document_id, number, request.GET.get("largeur", ""))


@record_page()
def content(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return serving.content(_asker(visit), document_id)


@record_page()
def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    return serving.piece(_asker(visit), document_id, number)


@record_page()
def original(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return serving.original(_asker(visit), document_id)


def _asker(visit: Visit) -> Asker:
    return Asker(visit.actor, visit.purpose, visit.record_id)
