"""For those who run Carnet: is it alive, is it ready, what are its figures. Never a word about anyone."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from carnet.kernel import metrics as figures
from carnet.kernel.db import READER, WRITER
from carnet.kernel.http import Audience, Audit, door


@door(audience=Audience.OPERATIONS, audit=Audit.NONE)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@door(audience=Audience.OPERATIONS, audit=Audit.NONE)
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Both log-ins reach a migrated database."""
    try:
        for alias in (READER, WRITER):
            with connections[alias].cursor() as cursor:
                cursor.execute("select value from app.kernel_epoch where name = 'rules'")
                cursor.fetchone()
    except Error:
        return JsonResponse({"status": "database"}, status=503)
    return JsonResponse({"status": "ready"})


@door(audience=Audience.OPERATIONS, audit=Audit.NONE)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; outside the demonstration it wants the token of `CARNET_METRICS_TOKEN`."""
    expected = settings.CARNET.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.CARNET.demo and not (expected and hmac.compare_digest(given, expected)):
        return HttpResponse(status=404)
    return HttpResponse(figures.text(), content_type=figures.CONTENT_TYPE)
