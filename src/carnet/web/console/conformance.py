"""How registered software fares in the sandbox, before it is accepted in production."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.apps import conformance, receivers
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.web import conformance as report
from carnet.web.console.face import shown, support_page

_SECTION = "/console/editeurs"


@support_page(_SECTION, Audit.ACCOUNT)
def conformity(request: HttpRequest, who: Actor, client_id: UUID) -> HttpResponse:
    software = conformance.software(who, client_id)
    if software is None:
        raise Http404
    found = report.context(conformance.report(client_id, software.asked or software.scope))
    named = {"software": software, "receivers": receivers.of_client(client_id)}
    return shown(request, "console/conformance.html", found | named, section=_SECTION)
