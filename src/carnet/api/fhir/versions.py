"""Versions of a resource: one of them (vread), or their history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from urllib.parse import quote_plus
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import operating, parameters, searching
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.documents.queries import Version
from carnet.formats.fhir import errors
from carnet.formats.fhir import history as fhir_history
from carnet.formats.fhir.search import DEFAULT_COUNT
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit

Read = Callable[[Actor, Purpose, UUID, UUID, int | None], list[Version]]


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def history(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    found = _versions(queries.versions, actor, purpose, fhir_id)
    return _told(request, actor, f"DocumentReference/{fhir_id}", "PATCH", found)


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def version(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, number: str) -> HttpResponse:
    return _one(_versions(queries.versions, actor, purpose, fhir_id, number))


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def list_history(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    found = _versions(queries.list_versions, actor, purpose, fhir_id)
    return _told(request, actor, f"List/{fhir_id}", "PUT", found)


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def list_version(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, number: str) -> HttpResponse:
    return _one(_versions(queries.list_versions, actor, purpose, fhir_id, number))


def _told(
    request: HttpRequest, actor: Actor, address: str, changed_by: Literal["PATCH", "PUT"], found: list[Version]
) -> HttpResponse:
    """A page of the history; `changed_by` is what made the versions after the first. The mark of a page is the version
    before it: one that comes meanwhile moves nothing."""
    pairs = parameters.of_query(request)
    count, cursor = operating.count(pairs, DEFAULT_COUNT), operating.one(pairs, "_cursor")
    place = f"{address}/_history"
    below = int(searching.opened(cursor, place, (), actor)[0]) if cursor else None
    left = [each for each in found if below is None or each.version < below]
    page = left[:count]
    made = [
        fhir_history.Version(each.fhir, each.version, each.at, "POST" if each.version == 1 else changed_by)
        for each in page
    ]
    further = searching.sealed(str(page[-1].version), place, (), actor) if len(page) < len(left) else ""
    asked = f"{base_url()}/{place}?_count={count}"
    return json(
        fhir_history.history(
            made,
            total=len(found),
            self_url=_from(asked, cursor) if pairs else f"{base_url()}/{place}",
            next_url=_from(asked, further) if further else None,
            base=base_url(),
        )
    )


def _from(address: str, cursor: str) -> str:
    return f"{address}&_cursor={quote_plus(cursor)}" if cursor else address


def _one(found: list[Version]) -> HttpResponse:
    response = json(found[0].fhir.encode())
    response["ETag"] = f'W/"{found[0].version}"'
    return response


def _versions(
    read: Read, actor: Actor, purpose: Purpose, fhir_id: str, number: str | None = None
) -> list[queries.Version]:
    if number is not None and not (number.isascii() and number.isdecimal() and len(number) <= len("999999999")):
        raise errors.failure("not-found")
    record_id, item_id = identified(fhir_id)
    with unaddressed():
        found = read(actor, purpose, record_id, item_id, int(number) if number else None)
    if not found:
        raise errors.failure("not-found")
    return found
