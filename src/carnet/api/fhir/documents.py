"""DocumentReference: publish (ITI-105), find (ITI-67), read, update (TD3.3)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from carnet.api.fhir import parameters, patching, publish, searching
from carnet.api.fhir.face import json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.formats.fhir import errors
from carnet.formats.fhir import search as fhir_search
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit


@software("GET", "HEAD", "POST", "PATCH", audit=Audit.RECORD_WRITE)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponseBase:
    if request.method == "POST":
        return publish.simplified(request, actor, purpose)
    if request.method == "PATCH":
        return patching.conditional(request, actor, purpose)
    return _find(request, actor, purpose)


@software("POST", "GET", "HEAD", audit=Audit.RECORD_READ)
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _find(request, actor, purpose)


def _find(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.documents(parameters.of(request), strict=parameters.strict(request))
    return searching.answer(
        actor,
        "DocumentReference",
        asked,
        lambda record_id, wanted, after, limit: queries.search(
            actor, purpose, record_id, wanted, after=after, limit=limit
        ),
    )


@software("GET", "HEAD", "PATCH", audit=Audit.RECORD_WRITE)
def instance(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    if request.method == "PATCH":
        return patching.plain(request, actor, purpose, fhir_id)
    return _read(request, actor, purpose, fhir_id)


def _read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    record_id, document_id = identified(fhir_id)
    with unaddressed():
        document = queries.read_document(actor, purpose, record_id, document_id)
    if document is None:
        raise errors.failure("not-found")
    response = json(document.fhir.encode())
    response["ETag"] = f'W/"{document.version}"'
    return response
