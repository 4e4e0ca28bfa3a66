"""The copy of one's whole record: asked for, then taken."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from carnet.rights import actions
from carnet.web import headers, i18n
from carnet.web.auth.assurance import Deed
from carnet.web.auth.stepup import proof_of_now
from carnet.web.patient.visit import Visit, patient_form, patient_page
from carnet.web.render import page

_HOME = "/export"


@patient_form()
@proof_of_now(lambda: Deed.COPY)
def export(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """What a copy is and what to beware of; POST has one made, or drops it."""
    whose = {"record_id": visit.record_id}
    if request.method == "POST":
        if request.POST.get("acte") == "effacer":
            actions.drop(visit.actor, visit.purpose, **whose)
        else:
            actions.ask(visit.actor, visit.purpose, **whose)
        return HttpResponseRedirect(_HOME)
    found = actions.offered(visit.actor, visit.purpose, **whose)
    return page(request, "patient/export.html", {"section": "export", "export": found})


@patient_page()
@proof_of_now(lambda: Deed.COPY)
def download(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    taken = actions.take(visit.actor, visit.purpose, record_id=visit.record_id)
    if taken is None:
        raise Http404
    found, parts = taken
    response = StreamingHttpResponse(parts, content_type="application/zip")
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f'attachment; filename="carnet-{i18n.today():%Y-%m-%d}.zip"'
    response["Content-Security-Policy"] = headers.FILE
    return response
