from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from carnet.kernel.http import Audience, Audit, door
from carnet.people import queries as people
from carnet.web.auth.session import authenticate
from carnet.web.render import page


@door(audience=Audience.PROFESSIONAL, audit=Audit.NONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    who = authenticate(request)
    organisation = who.organisation if who else None
    names = people.organisation_names([organisation]) if organisation else {}
    return page(request, "pro/home.html", {"organisation": names.get(organisation, "") if organisation else ""})
