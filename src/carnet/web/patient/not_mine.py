"""« Ce document n'est pas le mien »: reported in a few words, out of the list at once, taken back with one button."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents import reporting
from carnet.documents.reporting import LONGEST_WORDS, WordsTooLong
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient.standing import done, standing
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page


@patient_form()
def not_mine(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, document_id)
    target = {"record_id": visit.record_id, "document_id": document_id}
    if request.POST.get("acte") == "reprendre":
        reporting.take_back(visit.actor, visit.purpose, **target)
        return done(f"{request.path}?fait=repris")
    # A browser sends each end of a line as two characters, which it counts as one.
    words = request.POST.get("mots", "").replace("\r\n", "\n").strip()
    try:
        reporting.report(visit.actor, visit.purpose, **target, words=words)
    except WordsTooLong:
        text = gettext("Écrivez %(most)s caractères au plus : il y en a %(count)s.")
        return _page(request, visit, document_id, words, text % {"most": LONGEST_WORDS, "count": len(words)})
    return done(f"{request.path}?fait=signale")


def _page(request: HttpRequest, visit: Visit, document_id: UUID, words: str = "", error: str = "") -> HttpResponse:
    context = {
        "section": "documents",
        "document_id": document_id,
        "place": standing(visit, document_id),
        "words": words or drafts.fields(request, visit.actor.id).get("mots", ""),
        "errors": [("mots", error)] if error else [],
        "most": LONGEST_WORDS,
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/not_mine.html", context, status=422 if error else 200)
