"""Acts on a document: announcing it, masking it or keeping it secret at the person's request, taking back one's own.
Each is asked on a page that says first what follows."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.documents import changing
from carnet.documents import reading as opening
from carnet.documents.powers import Cause
from carnet.formats.fhir.outcome import FhirError
from carnet.kernel.http import Audit
from carnet.web.pro import listing
from carnet.web.pro.document import SECRET, acts
from carnet.web.pro.visit import Visit, done, record, record_page

_LABELS: Final = {
    "annoncer": ("INVISIBLE_PATIENT", False),
    "masquer": ("MASQUE_PS", True),
    "montrer": ("MASQUE_PS", False),
    "taire": (SECRET, True),
    "lever": (SECRET, False),
}


@record_page(Audit.RECORD_WRITE, posted=True)
def change(request: HttpRequest, visit: Visit, document_id: UUID, act: str) -> HttpResponse:
    if request.method == "POST":
        return _withdraw(request, visit, document_id) if act == "retirer" else _label(visit, document_id, act)
    opened = opening.opened(visit.actor, visit.purpose, visit.record_id, document_id)
    if opened is None or act not in acts(visit, opened):
        raise Http404
    document = opened.content.document
    context = {"document": document, "row": listing.row(document, archived=opened.archived), "act": act}
    return record(request, visit, "pro/change.html", context)


def _label(visit: Visit, document_id: UUID, act: str) -> HttpResponse:
    if act not in _LABELS:
        raise Http404
    label, on = _LABELS[act]
    address = f"{visit.address}/documents/{document_id}"
    try:
        changing.set_label(
            visit.actor, visit.purpose, record_id=visit.record_id, document_id=document_id, label=label, on=on
        )
    except FhirError:
        # Another act came in between: the page shows the document as it stands now.
        return done(address)
    return done(f"{address}?fait={act}")


def _withdraw(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    cause = Cause.WRONG_PATIENT if request.POST.get("autre") else Cause.WITHDRAWN
    changing.withdraw(visit.actor, visit.purpose, record_id=visit.record_id, document_id=document_id, cause=cause)
    return done(f"{visit.address}?fait=retire")
