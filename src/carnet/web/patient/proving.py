"""Whoever was invited as the other parent of a child: who asks, for whom; yes with a proof of the link, or no. And what
becomes of it: their own requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from carnet.consent import parents
from carnet.consent.access import Refused
from carnet.consent.answering import NotThere, is_own
from carnet.consent.parents import Given, Offer, Own, Proof
from carnet.consent.rules import Reason, Refusal
from carnet.documents import drafts
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audience, Audit, door
from carnet.web import family_words, uploads
from carnet.web.auth.session import authenticate
from carnet.web.i18n import gettext
from carnet.web.patient import adding_words, answering, family
from carnet.web.patient.parents import STATES
from carnet.web.patient.standing import done
from carnet.web.render import page
from carnet.web.sent_twice import answered_before, remember
from carnet.web.uploads import Receiver
from carnet.web.words import first_name

_LONGEST: Final = 100
_REQUESTS: Final = "/parents/demandes"
_REPLY: Final = "/parents/repondre"
Errors = list[tuple[str, str]]


@csrf_exempt
@door(audience=Audience.PATIENT, audit=Audit.RECORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponseBase:
    """The form brings a file, which is checked as it comes; then the form's token, as anywhere."""
    actor = _signed_in(request)
    if request.method != "POST" and request.GET.get("fait") == "refuse":
        return page(request, "patient/parent_refused.html", {"section": "covers"})
    if request.method != "POST":
        return _answered(request, actor, request.GET.get("code", ""), [])
    if uploads.too_much(request):
        return _ask(request, gettext("Ce fichier est trop grand : reprenez avec un fichier plus léger"), status=413)
    with uploads.receiving(request, until=parents.proof_until(clock.now())) as receiver:
        return _sent(request, actor=actor, receiver=receiver)


@csrf_protect
def _sent(request: HttpRequest, actor: Actor, receiver: Receiver) -> HttpResponseBase:
    received = receiver.take_shared()
    try:
        return _decide(request, actor, received)
    finally:
        # What has become the proof of a request is in it no more.
        drafts.forget(received.pieces)


def _decide(request: HttpRequest, actor: Actor, received: uploads.Received) -> HttpResponseBase:
    code, act = request.POST.get("code", ""), request.POST.get("acte", "")
    if act not in {"prouver", "refuser"}:
        return _answered(request, actor, code, [])
    if act == "refuser":
        return _brought(request, actor, code, _refused)
    errors = _faults(request, received)
    if errors:
        return _answered(request, actor, code, errors)
    return _brought(request, actor, code, partial(_proved, received=received))


def _faults(request: HttpRequest, received: uploads.Received) -> Errors:
    found: Errors = []
    if request.POST.get("preuve", "") not in set(Proof):
        found.append(("preuve", gettext("Choisissez ce que vous donnez comme preuve")))
    refusals = adding_words.refusals(received.refusals)
    if refusals:
        found += [("fichier", text) for text in refusals]
    elif len(received.pieces) != 1:
        found.append(("fichier", gettext("Choisissez un seul fichier : une photo ou un PDF")))
    return found


def _proved(request: HttpRequest, actor: Actor, code: str, received: uploads.Received) -> HttpResponse:
    offer = parents.offered(code)
    if is_own(actor, offer.record_id, offer.by_id):
        return _ask(request, gettext(answering.OWN), status=409)
    piece = received.pieces[0]
    parents.stand(actor, code, Given(Proof(request.POST["preuve"]), piece.content_id, piece.media_type))
    received.pieces.clear()
    sent = done(f"{_REQUESTS}?fait=envoye")
    remember(request, _said(request), sent)
    return sent


def _refused(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    offer = parents.offered(code)
    if is_own(actor, offer.record_id, offer.by_id):
        return _ask(request, gettext(answering.OWN), status=409)
    parents.refuse(actor, code)
    refused = done(f"{_REPLY}?fait=refuse")
    remember(request, _said(request), refused)
    return refused


def _said(request: HttpRequest) -> bytes:
    """What tells one answer from another: the file is not asked."""
    return " ".join(request.POST.get(name, "") for name in ("csrfmiddlewaretoken", "acte", "code")).encode()


def _brought(
    request: HttpRequest, actor: Actor, code: str, act: Callable[[HttpRequest, Actor, str], HttpResponse]
) -> HttpResponseBase:
    """With a code that counts, or is a wrong one: too many of these, and one waits."""
    if answering.tired(actor):
        return _ask(request, gettext("Trop de codes essayés : attendez une heure"), status=429)
    try:
        return act(request, actor, code.strip()[:_LONGEST])
    except NotThere:
        before = answered_before(request, _said(request))
        if before is not None:
            return before
        answering.note(actor)
        audit.refused(actor, Purpose.REPRESENTATIVE, record_id=None, action="parent-invited", reason="not-found")
        return _ask(request, gettext("Ce code ne vaut pas, ou plus. Demandez une nouvelle invitation."), status=422)


def _answered(request: HttpRequest, actor: Actor, code: str, errors: Errors) -> HttpResponseBase:
    if not code.strip():
        sent = request.method == "POST"
        return _ask(request, gettext(answering.CODE_MISSING) if sent else "", status=422 if sent else 200)
    return _brought(request, actor, code, partial(_offer, errors=errors))


def _offer(request: HttpRequest, actor: Actor, code: str, errors: Errors) -> HttpResponse:
    offer: Offer = parents.offered(code)
    if is_own(actor, offer.record_id, offer.by_id):
        return _ask(request, gettext(answering.OWN), status=409)
    context = {
        "section": "covers",
        "offer": offer,
        "code": code,
        "name": first_name(offer.child),
        "by": first_name(offer.by),
        "proofs": family_words.proofs(),
        "chosen": request.POST.get("preuve", ""),
        "days": settings.CARNET.proof_days,
        "errors": errors,
    }
    return page(request, "patient/parent_offer.html", context, status=422 if errors else 200)


def _ask(request: HttpRequest, error: str, *, status: int = 200) -> HttpResponse:
    context = {"section": "covers", "errors": [("code", error)] if error else []}
    return page(request, "patient/parent_answer.html", context, status=status)


@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD"])
def requests(request: HttpRequest) -> HttpResponse:
    actor = _signed_in(request)
    context = {
        "section": "covers",
        "found": [_row(each) for each in parents.own(actor)],
        "done": request.GET.get("fait", ""),
        "days": settings.CARNET.proof_days,
    }
    return page(request, "patient/parent_requests.html", context)


def _row(each: Own) -> dict[str, Any]:
    return {
        "of": each,
        "name": first_name(each.child),
        "state": gettext(STATES[each.state]),
        "proof": family_words.proof(each.proof),
        "why": " ".join(part for part in (family_words.refusal(each.reason), each.words) if part),
    }


@door(audience=Audience.PATIENT, audit=Audit.RECORD_WRITE)
@require_http_methods(["POST"])
def take_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    actor = _signed_in(request)
    mine = next((each for each in parents.own(actor) if each.id == case_id), None)
    if mine is None:
        raise Http404
    if mine.state == "waiting":
        parents.take_back(actor, record_id=mine.record_id, case_id=mine.id)
    return done(f"{_REQUESTS}?fait=retire")


def _signed_in(request: HttpRequest) -> Actor:
    actor = authenticate(request)
    if actor is None:
        raise Refused(Refusal(Reason.NO_RECORD), None)
    family.of(request, actor)
    return actor
