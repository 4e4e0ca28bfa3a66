"""Who sees a document: what masking does is said before it is done, and undone with one button after. What a standing
mask covers stays masked, whatever is done here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.consent import seers
from carnet.documents import changing
from carnet.web.patient import mask_words
from carnet.web.patient.standing import done, standing
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page

MASK, SECRET = "MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"
_ACTS = {
    "masquer": (MASK, True),
    "montrer": (MASK, False),
    "cacher": (SECRET, True),
    "confier": (SECRET, False),
}


@patient_form()
def visibility(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    act = request.POST.get("acte", "")
    if request.method == "POST" and act in _ACTS:
        label, on = _ACTS[act]
        changing.set_label(
            visit.actor, visit.purpose, record_id=visit.record_id, document_id=document_id, label=label, on=on
        )
        return done(f"{request.path}?fait={act}")
    place = standing(visit, document_id)
    context = {
        "section": "documents",
        "document_id": document_id,
        "place": place,
        "masked": MASK in place.labels,
        "rules": mask_words.by(place.masked_by),
        "see_masked": [each.name for each in seers.of_masked(visit.actor, visit.purpose, visit.record_id)],
        "secret": SECRET in place.labels,
        "done": _stands(request.GET.get("fait", ""), place.labels),
    }
    return page(request, "patient/visibility.html", context, status=422 if request.method == "POST" else 200)


def _stands(act: str, labels: frozenset[str]) -> str:
    """The act that the address says was done, so far as the document bears it out."""
    label, on = _ACTS.get(act, ("", True))
    return act if (label in labels) is on else ""
