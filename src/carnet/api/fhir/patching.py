"""TD3.3a to TD3.3d: hide or show, archive or restore, withdraw, by a plain or a conditional PATCH."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, parameters, searching
from carnet.api.fhir.face import json
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.documents.changing import NotThere, VersionConflict, change
from carnet.formats.fhir import errors, if_match, patch, stored
from carnet.formats.fhir import search as fhir_search
from carnet.kernel.actor import Actor, Purpose

_ENOUGH = 2


def plain(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    wanted = _patch(request)
    return _changed(request, actor, purpose, fhir_id, wanted)


def conditional(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    """The one document that the query finds for this caller: none is a 404, several are a 412. What is not understood
    is refused, lest another document be found; the status is demanded of a search alone (ITI-67)."""
    wanted = _patch(request)
    asked = fhir_search.documents(parameters.of_query(request), strict=True, any_status=True)
    found = searching.page(
        actor,
        asked,
        lambda record_id, criteria, after, limit: queries.search(
            actor, purpose, record_id, criteria, after=after, limit=limit
        ),
        limit=_ENOUGH,
    )
    if found.total > 1:
        raise errors.failure("several-matches")
    if not found.entries:
        raise errors.failure("not-found")
    _, fhir_id = stored.address(found.entries[0])
    return _changed(request, actor, purpose, fhir_id, wanted)


def _changed(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, wanted: patch.Patch) -> HttpResponse:
    record_id, document_id = identified(fhir_id)
    header = request.headers.get("If-Match")
    version = if_match.version(header) if header is not None else None
    with unaddressed():
        try:
            done = change(actor, purpose, record_id=record_id, document_id=document_id, wanted=wanted, version=version)
        except NotThere:
            raise errors.failure("not-found") from None
        except VersionConflict:
            raise errors.failure("version-conflict", expression="http.If-Match") from None
    response = json(done.fhir.encode())
    response["ETag"] = f'W/"{done.version}"'
    return response


def _patch(request: HttpRequest) -> patch.Patch:
    return patch.read(request.headers.get("Content-Type", ""), body.small(request))
