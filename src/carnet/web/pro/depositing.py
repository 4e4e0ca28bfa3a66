"""Depositing a document, or a corrected version of one's own: its file is kept as soon as it is received, so that a
form to be mended does not ask for it again. What the file tells of itself is proposed, seen, and theirs to change."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from carnet.documents import announcing, combining, drafts, writing
from carnet.documents import reading as opening
from carnet.documents.drafts import Draft, DraftRefused
from carnet.documents.powers import Act
from carnet.documents.queries import Document
from carnet.documents.rules import DepositRefused
from carnet.documents.writing import Corrected
from carnet.formats.terminology import practice
from carnet.kernel import clock, render, vault
from carnet.kernel.http import Audit
from carnet.kernel.ids import uuid7
from carnet.people import queries as people
from carnet.people.queries import Principal
from carnet.web import errors, i18n, uploads
from carnet.web.i18n import gettext
from carnet.web.patient import adding_words
from carnet.web.pro import deposit_form, deposited, desk, listing, proposing, secrecy
from carnet.web.pro.deposit_form import Fields, Wrong
from carnet.web.pro.secrecy import Secrecy
from carnet.web.pro.visit import Visit, done, record, record_page
from carnet.web.reading import serving
from carnet.web.uploads import Received, Receiver, Refusal

_SECRET: Final = frozenset({"secret"})
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is deposited: in the record, or in the place of `before`, one of their own that it corrects. `secrecy`:
    of whom somebody represents; `hushed`: the visit is kept from these."""

    visit: Visit
    address: str
    secrecy: Secrecy | None
    before: Document | None = None
    corrects: Corrected | None = None
    hushed: bool = False

    @property
    def begun(self) -> Fields:
        """What is known before any file: of the one before, or of where they practise."""
        fields = deposit_form.of(self.before) if self.before else Fields(labels=_SECRET if self.hushed else frozenset())
        return proposing.placed(fields, self.visit.actor)


@csrf_exempt
@record_page(Audit.RECORD_WRITE, posted=True)
def deposit(request: HttpRequest, visit: Visit) -> HttpResponse:
    writing.may_deposit(visit.actor, visit.record_id)
    hushed = desk.hushed(request, visit.record_id) is not None
    return _deposit(request, Place(visit, f"{visit.address}/deposer", secrecy.of(visit), hushed=hushed))


@csrf_exempt
@record_page(Audit.RECORD_WRITE, posted=True)
def replace(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """Of one's own alone; of one that was replaced meanwhile its page says so."""
    writing.may_deposit(visit.actor, visit.record_id)
    opened = opening.opened(visit.actor, visit.purpose, visit.record_id, document_id)
    if opened is None or Act.WITHDRAW not in opened.acts:
        raise Http404
    before = opened.content.document
    address = f"{visit.address}/documents/{document_id}"
    if before.status != "current":
        return done(address)
    content = serving.whole(opened.content) if before.media_type == writing.CDA else b""
    corrects = writing.corrected(before, content)
    return _deposit(request, Place(visit, f"{address}/remplacer", secrecy.of(visit), before, corrects))


def _deposit(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method != "POST":
        return _form(request, place, uuid7(), place.begun, [])
    if uploads.too_much(request):
        return _form(request, place, uuid7(), place.begun, _told([Refusal("", uploads.TOO_MUCH)]), status=413)
    with uploads.receiving(request) as receiver:
        return _received(request, place=place, receiver=receiver)


@csrf_protect
def _received(request: HttpRequest, place: Place, receiver: Receiver) -> HttpResponse:
    visit, draft_id = place.visit, _draft_id(request)
    received = receiver.take(request)
    _pasted(request, received)
    try:
        draft = _with_new(visit, draft_id, received.pieces)
    except DraftRefused as refused:
        drafts.forget(received.pieces)
        draft = drafts.find(visit.actor, visit.record_id, draft_id)
        received.refusals.append(Refusal("", refused.code))
    fields = deposit_form.given(
        {name: str(value) for name, value in request.POST.items()}, request.POST.getlist("etiquettes")
    )
    if "oter" in request.POST:
        _take_out(visit, draft_id, request.POST["oter"])
        return _form(request, place, draft_id, fields, _told(received.refusals))
    if request.POST.get("acte") == "recevoir":
        return _proposed(request, place, draft, draft_id, fields, _told(received.refusals))
    if not received.pieces and not received.refusals and (draft is None or not draft.pieces):
        # The last step sent twice: it is done.
        made = deposited.of_draft(visit, draft_id)
        if made:
            return _there(place, made)
    principals = people.principals(visit.actor.id)
    written, faults = deposit_form.read(
        fields,
        i18n.today(),
        represented=place.secrecy is not None,
        together=combining.allowed(),
        principals=[each.id for each in principals],
        signs=_signs(visit),
    )
    if received.refusals:
        faults = [*_told(received.refusals), *faults]
    elif draft is None or not draft.pieces:
        faults = [("fichier", gettext("Choisissez le fichier à déposer")), *faults]
    if faults or written is None or draft is None or not draft.pieces:
        return _proposed(request, place, draft, draft_id, fields, faults, status=422)
    return _add(request, place, draft, written, fields, again=not received.pieces)


def _add(
    request: HttpRequest, place: Place, draft: Draft, written: writing.Written, fields: Fields, *, again: bool
) -> HttpResponse:
    """`again`: nothing new came with the form, so that what it became already is the same."""
    visit = place.visit
    try:
        added = writing.add(
            visit.actor, record_id=visit.record_id, draft=draft, written=written, corrects=place.corrects
        )
    except render.Busy:
        return errors.busy(request, 5)
    except render.Unreadable:
        faults = [("fichier", gettext("Cette image ne se lit pas. Choisissez-en une autre."))]
        return _form(request, place, draft.id, fields, faults, status=422)
    except (DepositRefused, vault.Missing) as fault:
        # Of two at one moment the other may have done it.
        made = deposited.of_draft(visit, draft.id) if again else None
        if made:
            return _there(place, made)
        if isinstance(fault, vault.Missing):
            raise
        return _form(request, place, draft.id, fields, deposit_form.refused(fault), status=422)
    return _there(place, added.id)


def _there(place: Place, document_id: UUID) -> HttpResponse:
    return done(f"{place.visit.address}/documents/{document_id}?fait={'remplace' if place.corrects else 'depose'}")


def _proposed(
    request: HttpRequest,
    place: Place,
    draft: Draft | None,
    draft_id: UUID,
    fields: Fields,
    faults: list[Wrong],
    *,
    status: int = 200,
) -> HttpResponse:
    """The form with what the file tells in the fields that are empty, each said to be a proposal."""
    if draft is None or not draft.pieces:
        if not faults:
            faults = [("fichier", gettext("Choisissez un fichier, ou collez un texte"))]
        return _form(request, place, draft_id, fields, faults, status=422)
    filled, proposals = proposing.proposed(fields, draft, place.visit.actor, place.visit.band.birth)
    status = 422 if faults else status
    return _form(request, place, draft_id, filled, faults, status=status, proposals=proposals)


def _pasted(request: HttpRequest, received: Received) -> None:
    """A text that was pasted is a file like another."""
    text = request.POST.get("texte", "").replace("\r\n", "\n").strip()
    if not text:
        return
    try:
        until = clock.now() + drafts.LASTS
        name = proposing.pasted_name()
        received.pieces.append(drafts.receive(name, text.encode(), limit=settings.CARNET.max_web_bytes, until=until))
    except DraftRefused as refused:
        received.refusals.append(Refusal(gettext("Le texte collé"), refused.code, len(text.encode())))
    except vault.ScannerUnavailable:
        received.refusals.append(Refusal(gettext("Le texte collé"), uploads.BUSY))


def _take_out(visit: Visit, draft_id: UUID, content: str) -> None:
    with suppress(ValueError):
        drafts.without(visit.actor, visit.record_id, draft_id, UUID(content))


def _draft_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("depot", ""))
    except ValueError:
        return uuid7()


def _with_new(visit: Visit, draft_id: UUID, pieces: list[drafts.Piece]) -> Draft | None:
    """Photographs are pages, one after the other; of other files the one that was chosen last is deposited."""
    known = drafts.find(visit.actor, visit.record_id, draft_id)
    if not pieces:
        return known
    if not all(each.is_picture for each in pieces):
        *others, newest = pieces
        drafts.forget(others)
        pieces = [newest]
    if known and not (known.of_pictures and all(each.is_picture for each in pieces)):
        for piece in known.pieces:
            drafts.without(visit.actor, visit.record_id, draft_id, piece.content_id)
    draft = drafts.extend(visit.actor, visit.record_id, draft_id, pieces)
    if draft is None:
        drafts.forget(pieces)
    return draft


def _signs(visit: Visit) -> bool:
    """Whoever has a national number signs; the others deposit for whom they work."""
    signature = people.signature(visit.actor.id)
    return bool(signature and signature.rpps)


def _told(refusals: list[Refusal]) -> list[Wrong]:
    return [("fichier", sentence) for sentence in adding_words.refusals(refusals)]


def _form(
    request: HttpRequest,
    place: Place,
    draft_id: UUID,
    fields: Fields,
    faults: list[Wrong],
    *,
    status: int = 200,
    proposals: Mapping[str, str] = NOTHING,
) -> HttpResponse:
    visit, before = place.visit, place.before
    draft = drafts.find(visit.actor, visit.record_id, draft_id)
    principals = people.principals(visit.actor.id)
    signs = _signs(visit)
    context: dict[str, Any] = {
        "action": place.address,
        "secrecy": place.secrecy,
        "before": listing.row(before) if before else None,
        "kept": deposit_form.of(before).labels if before else frozenset(),
        "draft_id": draft_id,
        "pieces": draft.pieces if draft else (),
        "pages": bool(draft and draft.of_pictures),
        "proposals": proposals,
        "instants": announcing.instants(clock.now()),
        "facilities": practice.facilities().values(),
        "settings": practice.settings().values(),
        "fields": fields,
        "errors": faults,
        "types": deposit_form.types(),
        "qualified": writing.qualified(visit.actor) if signs else "",
        "authors": _authors(visit, principals, signs=signs),
        "accepted": ",".join(sorted(drafts.ACCEPTED)),
        "pictures": ",".join(sorted(drafts.PICTURES)),
        "limit": adding_words.limit(),
    }
    return record(request, visit, "pro/deposit.html", context, status=status)


def _authors(visit: Visit, principals: list[Principal], *, signs: bool) -> list[tuple[str, str]]:
    """In whose name it may be deposited; one alone is no choice, and none at all is for a secretary without anybody."""
    own = [("", visit.actor.name)] if signs else []
    return own + [(str(each.id), each.name) for each in principals]
