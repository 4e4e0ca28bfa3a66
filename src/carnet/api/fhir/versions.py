"""Versions of a resource: one of them (vread), or their history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.documents.queries import Version
from carnet.formats.fhir import errors
from carnet.formats.fhir import history as fhir_history
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit

Read = Callable[[Actor, Purpose, UUID, UUID, int | None], list[Version]]


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def history(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    return _told(f"DocumentReference/{fhir_id}", "PATCH", _versions(queries.versions, actor, purpose, fhir_id))


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def version(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, number: str) -> HttpResponse:
    return _one(_versions(queries.versions, actor, purpose, fhir_id, number))


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def list_history(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    return _told(f"List/{fhir_id}", "PUT", _versions(queries.list_versions, actor, purpose, fhir_id))


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def list_version(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, number: str) -> HttpResponse:
    return _one(_versions(queries.list_versions, actor, purpose, fhir_id, number))


def _told(address: str, changed_by: Literal["PATCH", "PUT"], found: list[Version]) -> HttpResponse:
    """The history bundle; `changed_by` is what made the versions after the first."""
    made = [
        fhir_history.Version(each.fhir, each.version, each.at, "POST" if each.version == 1 else changed_by)
        for each in found
    ]
    self_url = f"{base_url()}/{address}/_history"
    return json(fhir_history.history(made, total=len(found), self_url=self_url, base=base_url()))


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
