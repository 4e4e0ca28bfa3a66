"""Adding a document: first its files, one after the other, then what it is. Nothing is in the record before the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from carnet.consent.caring import WISHES
from carnet.documents import adding, drafts, queries, shelf
from carnet.documents.drafts import Draft, DraftRefused
from carnet.documents.rules import DepositRefused
from carnet.documents.shelf_rules import LONGEST_FOLDER
from carnet.kernel import render
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import uuid7
from carnet.web import errors, headers, i18n, uploads
from carnet.web.auth import drafts as unsent
from carnet.web.i18n import gettext
from carnet.web.patient import adding_form, adding_words, glimpse
from carnet.web.patient.adding_form import Fields
from carnet.web.patient.visit import Helps, Visit, patient_form, patient_page
from carnet.web.render import page
from carnet.web.uploads import Receiver, Refusal

_CSP = headers.policy(script_src="'self'", connect_src="'self'")
_HOME = "/documents/ajouter"

Fault = tuple[str, str]
"""A field's id, and what to mend there."""


@patient_page(helps=Helps.ADDS)
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    adding.may_add(visit.actor, visit.purpose, visit.record_id)
    return _start(request, visit, uuid7())


@csrf_exempt
@patient_form(helps=Helps.ADDS)
def files(request: HttpRequest, visit: Visit, draft_id: UUID) -> HttpResponseBase:
    """Takes files into a draft, which begins with the first. A script that asks for JSON is answered in JSON."""
    if request.method != "POST":
        return HttpResponseRedirect(f"{_HOME}/{draft_id}")
    adding.may_add(visit.actor, visit.purpose, visit.record_id)
    if uploads.too_much(request):
        return _refused(request, visit, draft_id, [Refusal("", uploads.TOO_MUCH)], status=413)
    with uploads.receiving(request) as receiver:
        return _received(request, visit=visit, draft_id=draft_id, receiver=receiver)


@csrf_protect
def _received(request: HttpRequest, visit: Visit, draft_id: UUID, receiver: Receiver) -> HttpResponseBase:
    replaces = _replaced(request, visit)
    received = receiver.take(request)
    try:
        draft = drafts.extend(visit.actor, visit.record_id, draft_id, received.pieces, replaces=replaces)
    except DraftRefused as refused:
        drafts.forget(received.pieces)
        received.refusals.append(Refusal("", refused.code))
    else:
        if draft is None:
            drafts.forget(received.pieces)
            raise Http404
        if not received.pieces and not received.refusals:
            received.refusals.append(Refusal("", "nothing"))
    if received.refusals:
        return _refused(request, visit, draft_id, received.refusals)
    return _to(request, f"{_HOME}/{draft_id}")


def _to(request: HttpRequest, address: str) -> HttpResponseBase:
    return JsonResponse({"then": address}) if _wants_json(request) else HttpResponseRedirect(address)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _refused(
    request: HttpRequest, visit: Visit, draft_id: UUID, refusals: list[Refusal], *, status: int = 422
) -> HttpResponseBase:
    sentences = adding_words.refusals(refusals)
    if _wants_json(request):
        return JsonResponse({"errors": sentences}, status=status)
    faults = [("fichiers", sentence) for sentence in sentences]
    draft = drafts.find(visit.actor, visit.record_id, draft_id)
    if draft and draft.pieces:
        return _draft(request, visit, draft, None, faults, status=status)
    return _start(request, visit, draft_id, faults, status=status)


@patient_form(helps=Helps.ADDS)
def draft(request: HttpRequest, visit: Visit, draft_id: UUID) -> HttpResponseBase:
    """The files received, and what the document is; POST adds it."""
    found = _found(visit, draft_id)
    if not found.pieces:
        return HttpResponseRedirect(_HOME)
    if request.method != "POST":
        return _draft(request, visit, found, None, [])
    fields = adding_form.given({name: str(value) for name, value in request.POST.items()})
    about, faults = adding_form.read(fields, i18n.today())
    if about is None:
        return _draft(request, visit, found, fields, faults, status=422)
    try:
        done = adding.add(visit.actor, visit.purpose, record_id=visit.record_id, draft=found, about=about)
    except render.Busy:
        return errors.busy(request, 5)
    except render.Unreadable:
        return _draft(request, visit, found, fields, [("fichiers", _unreadable())], status=422)
    except DepositRefused as refused:
        return _draft(request, visit, found, fields, [("fichiers", _not_added(refused))], status=422)
    return HttpResponseRedirect(f"/documents/{done.id}?fait={'remplace' if found.replaces else 'ajoute'}")


def _unreadable() -> str:
    return gettext("Une de ces photos ne se lit pas. Retirez-la, puis prenez-la de nouveau.")


def _not_added(refused: DepositRefused) -> str:
    if refused.code.startswith("replaced-"):
        return gettext("Le document à remplacer a changé entre-temps. Ouvrez sa version actuelle, puis recommencez.")
    return gettext("Ce document ne peut pas être ajouté. Vos fichiers sont gardés : réessayez dans une minute.")


@patient_form(helps=Helps.ADDS)
def take_out(request: HttpRequest, visit: Visit, draft_id: UUID, content_id: UUID) -> HttpResponseBase:
    if request.method == "POST":
        drafts.without(visit.actor, visit.record_id, draft_id, content_id)
    return HttpResponseRedirect(f"{_HOME}/{_found(visit, draft_id).id}")


@patient_form(helps=Helps.ADDS)
def give_up(request: HttpRequest, visit: Visit, draft_id: UUID) -> HttpResponseBase:
    if request.method == "POST":
        drafts.drop(visit.actor, visit.record_id, draft_id)
    return HttpResponseRedirect(_HOME)


@patient_page(helps=Helps.ADDS)
def preview(request: HttpRequest, visit: Visit, draft_id: UUID, content_id: UUID) -> HttpResponseBase:
    """A small picture of a file received."""
    piece = next((each for each in _found(visit, draft_id).pieces if each.content_id == content_id), None)
    image = glimpse.of(piece) if piece else None
    if image is None:
        raise Http404
    return HttpResponse(image, content_type=render.IMAGE_TYPE)


def _found(visit: Visit, draft_id: UUID) -> Draft:
    found = drafts.find(visit.actor, visit.record_id, draft_id)
    if found is None:
        raise Http404
    return found


def _replaced(request: HttpRequest, visit: Visit) -> UUID | None:
    """The document that the address says will be replaced: one's own and current, or it is not there."""
    text = request.GET.get("remplace", "")
    if not text:
        return None
    try:
        document_id = UUID(text)
    except ValueError:
        raise Http404 from None
    found = queries.read_document(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None or not found.mine or found.status != "current":
        raise Http404
    return document_id


def _start(
    request: HttpRequest, visit: Visit, draft_id: UUID, faults: Sequence[Fault] = (), *, status: int = 200
) -> HttpResponse:
    context = _context(draft_id, faults) | {
        "replaces": _replaced(request, visit),
        "unfinished": [each for each in drafts.unfinished(visit.actor, visit.record_id) if each.pieces],
        "lost": "perdu" in request.GET,
    }
    return page(request, "patient/add.html", context, status=status, csp=_CSP)


def _draft(
    request: HttpRequest,
    visit: Visit,
    found: Draft,
    fields: Fields | None,
    faults: Sequence[Fault],
    *,
    status: int = 200,
) -> HttpResponse:
    folders = shelf.folders(visit.actor, visit.purpose, visit.record_id)
    context = _context(found.id, faults) | {
        "adding": found,
        "fields": fields or _kept(request, visit) or glimpse.proposed(found, _folder_of(visit, found.replaces)),
        "folders": [folder.name for folder in folders],
        "longest_folder": LONGEST_FOLDER,
        "types": {code: gettext(label) for code, label in adding_words.TYPES.items() if _may_be(visit, code)},
        "glimpses": glimpse.SEEN,
    }
    return page(request, "patient/add_details.html", context, status=status, csp=_CSP)


def _may_be(visit: Visit, code: str) -> bool:
    return visit.purpose is not Purpose.CARER or code not in WISHES


def _kept(request: HttpRequest, visit: Visit) -> Fields | None:
    """What was being written when the session ended."""
    kept = unsent.fields(request, visit.actor.id)
    return adding_form.given({name: str(value) for name, value in kept.items()}) if kept else None


def _folder_of(visit: Visit, document_id: UUID | None) -> str:
    place = shelf.place(visit.actor, visit.purpose, visit.record_id, document_id) if document_id else None
    return next((each.name for each in place.folders if each.id == place.folder_id), "") if place else ""


def _context(draft_id: UUID, faults: Sequence[Fault]) -> dict[str, Any]:
    return {
        "section": "documents",
        "draft_id": draft_id,
        "errors": faults,
        "accepted": ",".join(sorted(drafts.ACCEPTED)),
        "pictures": ",".join(sorted(drafts.PICTURES)),
        "limit": adding_words.limit(),
        "most": drafts.MOST_PIECES,
    }
