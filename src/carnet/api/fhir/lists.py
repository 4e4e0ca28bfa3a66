"""List: find submission sets and folders (ITI-66), read one."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import parameters, searching
from carnet.api.fhir.face import json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.documents.queries import Asked
from carnet.formats.fhir import errors
from carnet.formats.fhir import search as fhir_search
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit


@software("GET", "HEAD", "POST", audit=Audit.RECORD_READ, scope="List.s")
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.lists(parameters.of(request), strict=parameters.strict(request))
    return searching.answer(
        actor,
        "List",
        asked,
        lambda record_id, wanted, after, limit: queries.search_lists(
            actor, purpose, record_id, wanted, after=after, limit=limit
        ),
    )


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    record_id, list_id = identified(fhir_id)
    with unaddressed():
        found = queries.search_lists(actor, purpose, record_id, Asked(ids=[list_id]), limit=1)
    if not found.entries:
        raise errors.failure("not-found")
    response = json(found.entries[0])
    response["ETag"] = f'W/"{orjson.loads(found.entries[0])["meta"]["versionId"]}"'
    return response
