"""One's own order: a document's folder, tags and pin; the name of a folder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents import shelf, shelf_list
from carnet.documents.changing import NotThere
from carnet.documents.shelf_list import Wanted
from carnet.documents.shelf_rules import LONGEST_FOLDER, LONGEST_TAG, MOST_TAGS, Fault, ShelfRefused, tags_in
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient import filters
from carnet.web.patient.standing import done, standing
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page
from carnet.web.words import marked

NEW = "nouveau"
_FIELDS = {
    Fault.NAME_MISSING: "nom",
    Fault.NAME_LONG: "nom",
    Fault.FOLDER_UNKNOWN: "classeur",
    Fault.TAG_LONG: "etiquettes",
    Fault.TAGS_MANY: "etiquettes",
}
_WORDS = {
    Fault.NAME_MISSING: marked("Donnez un nom au classeur"),
    Fault.NAME_LONG: marked("Choisissez un nom de %(folder)s caractères au plus"),
    Fault.FOLDER_UNKNOWN: marked("Choisissez un classeur de la liste"),
    Fault.TAG_LONG: marked("Chaque étiquette a %(tag)s caractères au plus"),
    Fault.TAGS_MANY: marked("Gardez %(tags)s étiquettes au plus"),
}


def _errors(fault: Fault) -> list[tuple[str, str]]:
    limits = {"folder": LONGEST_FOLDER, "tag": LONGEST_TAG, "tags": MOST_TAGS}
    return [(_FIELDS[fault], gettext(_WORDS[fault]) % limits)]


@patient_form()
def arrange(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _arranging(request, visit, document_id)
    try:
        _arrange(request, visit, document_id)
    except ShelfRefused as refused:
        return _arranging(request, visit, document_id, _errors(refused.fault))
    return done(f"{request.path}?fait=1")


def _arrange(request: HttpRequest, visit: Visit, document_id: UUID) -> None:
    chosen, name = request.POST.get("classeur", ""), request.POST.get("nom", "")
    if chosen == NEW and not name.strip():
        raise ShelfRefused(Fault.NAME_MISSING)
    shelf.arrange(
        visit.actor,
        visit.purpose,
        record_id=visit.record_id,
        document_id=document_id,
        tags=tags_in(request.POST.get("etiquettes", "")),
        pinned=request.POST.get("epingle") == "1",
        folder_id=_folder_id(chosen) if chosen not in {"", NEW} else None,
        new_folder=name if chosen == NEW else "",
    )


def _folder_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ShelfRefused(Fault.FOLDER_UNKNOWN) from None


def _arranging(
    request: HttpRequest, visit: Visit, document_id: UUID, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    place = standing(visit, document_id)
    kept = {
        "classeur": str(place.folder_id or ""),
        "nom": "",
        "etiquettes": ", ".join(place.tags),
        "epingle": "1" if place.pinned else "",
    }
    context: dict[str, Any] = {
        "section": "documents",
        "document_id": document_id,
        "place": place,
        "form": _typed(request, visit, kept),
        "errors": errors or [],
        "new": NEW,
        "longest": LONGEST_FOLDER,
        "done": request.GET.get("fait") == "1",
    }
    return page(request, "patient/arrange.html", context, status=422 if errors else 200)


def _typed(request: HttpRequest, visit: Visit, kept: dict[str, str]) -> dict[str, str]:
    """What stands in the fields: what was just sent, or was before the session ended, or else what is kept."""
    sent = request.POST if request.method == "POST" else drafts.fields(request, visit.actor.id)
    return {name: sent.get(name, "") for name in kept} if sent else kept


@patient_form()
def folder(request: HttpRequest, visit: Visit, folder_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _folder(request, visit, folder_id)
    target = {"record_id": visit.record_id, "folder_id": folder_id}
    if request.POST.get("acte") == "retirer":
        shelf.remove_folder(visit.actor, visit.purpose, **target)
        return done(filters.LIST)
    try:
        shelf.rename_folder(visit.actor, visit.purpose, **target, name=request.POST.get("nom", ""))
    except ShelfRefused as refused:
        return _folder(request, visit, folder_id, _errors(refused.fault))
    return done(filters.href(Wanted(folder=folder_id)))


def _folder(
    request: HttpRequest, visit: Visit, folder_id: UUID, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    known = shelf_list.documents(visit.actor, visit.purpose, visit.record_id, Wanted(folder=folder_id), limit=1)
    found = next((each for each in known.counts.folders if each.id == folder_id), None)
    if found is None:
        raise NotThere
    context = {
        "section": "documents",
        "folder": found,
        "name": _typed(request, visit, {"nom": found.name})["nom"],
        "back": filters.href(Wanted(folder=folder_id)),
        "errors": errors or [],
        "longest": LONGEST_FOLDER,
    }
    return page(request, "patient/folder.html", context, status=422 if errors else 200)
