from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from carnet.kernel.http import Audience, Audit, door
from carnet.web.render import page


@door(audience=Audience.OPERATOR, audit=Audit.NONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return page(request, "console/home.html")
