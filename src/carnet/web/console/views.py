from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from carnet.kernel.http import Audience, Audit, door
from carnet.web.console.face import shown


@door(audience=Audience.OPERATOR, audit=Audit.NONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return shown(request, "console/home.html")
