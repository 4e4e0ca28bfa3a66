"""A file that another application shares with Carnet. The system posts it without our form's token, and perhaps without
our cookie: it waits, belongs to who brings the cookie of this answer and is signed in, and is a document only when that
person confirms it on our page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from carnet.documents import drafts
from carnet.documents.drafts import DraftRefused
from carnet.kernel.http import Audience, Audit, door, seen_from
from carnet.kernel.limits import Busy
from carnet.web import errors, uploads
from carnet.web.auth.throttles import SHARED
from carnet.web.patient import adding_words
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page
from carnet.web.uploads import Receiver, Refusal

COOKIE = "carnet_partage"
_PATH = "/documents/ajouter"


@door(audience=Audience.OPEN, audit=Audit.NONE)
@csrf_exempt
@require_POST
def share(request: HttpRequest) -> HttpResponseBase:
    if uploads.too_much(request):
        return _refused(request, [Refusal("", uploads.TOO_MUCH)], status=413)
    if SHARED.wait(seen_from(request)):
        return _refused(request, [Refusal("", "too-many-waiting")], status=429)
    SHARED.failed(seen_from(request))
    try:
        with uploads.receiving(request) as receiver:
            return _parked(request, receiver)
    except Busy as busy:
        return errors.busy(request, busy.retry_after)


def _parked(request: HttpRequest, receiver: Receiver) -> HttpResponseBase:
    title = request.POST.get("titre", "")
    received = receiver.take_shared()
    if received.refusals or not received.pieces:
        drafts.forget(received.pieces)
        return _refused(request, received.refusals or [Refusal("", "nothing")])
    try:
        secret = drafts.park(received.pieces, title)
    except DraftRefused as refused:
        drafts.forget(received.pieces)
        return _refused(request, [Refusal("", refused.code)])
    response = HttpResponseRedirect(f"{_PATH}/recu")
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(drafts.WAITS.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _refused(request: HttpRequest, refusals: list[Refusal], *, status: int = 422) -> HttpResponse:
    faults = [("contenu", sentence) for sentence in adding_words.refusals(refusals)]
    return page(request, "public/share.html", {"errors": faults}, status=status, anonymous=True)


@patient_page(helps=Helps.ADDS)
def received(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Gives what was shared to who is signed in now."""
    secret = request.COOKIES.get(COOKIE, "")
    draft = drafts.claim(visit.actor, visit.record_id, secret) if secret else None
    response = HttpResponseRedirect(f"{_PATH}/{draft.id}" if draft else f"{_PATH}?perdu")
    response.delete_cookie(COOKIE, path=_PATH, samesite="Lax")
    return response
