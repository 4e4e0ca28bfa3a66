"""« Mon activité »: what one put into records and read in them, for oneself alone, and about no patient."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.documents import figures as counted
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audit
from carnet.web.i18n import birth
from carnet.web.pro.visit import desk_page, shown


@desk_page(Audit.NONE)
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    months = counted.own(actor, clock.now())
    rows = [(birth(each.key), each) for each in months if each != counted.Month(each.key)]
    totals = counted.Month(
        "",
        deposited=sum(each.deposited for each in months),
        noted=sum(each.noted for each in months),
        withdrawn=sum(each.withdrawn for each in months),
        emergencies=sum(each.emergencies for each in months),
    )
    return shown(request, "pro/activity.html", {"rows": rows, "totals": totals, "months": counted.MONTHS})
