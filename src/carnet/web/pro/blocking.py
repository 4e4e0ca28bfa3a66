"""An administrator named by the person blocks somebody in their name, by their number: nobody is listed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent import administering
from carnet.consent.actions import NotToBlock
from carnet.consent.standing import standing
from carnet.kernel.http import Audit
from carnet.people import queries as people
from carnet.web.i18n import gettext
from carnet.web.pro.visit import Visit, done, record, record_page


@record_page(Audit.RECORD_WRITE, posted=True)
def block(request: HttpRequest, visit: Visit) -> HttpResponse:
    if not administering.may_block(standing(visit.actor, visit.record_id).read.decision):
        raise Http404
    if request.method != "POST":
        return _page(request, visit)
    number = "".join(request.POST.get("rpps", "").split())
    professional_id = people.professional_of_rpps(number)
    if professional_id is None:
        return _page(request, visit, number, gettext("Ce numéro RPPS n'est celui d'aucun soignant connu : vérifiez-le"))
    try:
        administering.block(visit.actor, record_id=visit.record_id, professional_id=professional_id)
    except NotToBlock:
        return _page(
            request, visit, number, gettext("Ni vous-même ni le médecin traitant ne peuvent être bloqués ainsi")
        )
    return done(f"{visit.address}?fait=bloque")


def _page(request: HttpRequest, visit: Visit, number: str = "", error: str = "") -> HttpResponse:
    said = {"errors": [("rpps", error)] if error else [], "number": number}
    return record(request, visit, "pro/block.html", said, status=422 if error else 200)
