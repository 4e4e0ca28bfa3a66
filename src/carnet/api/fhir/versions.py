"""Versions of a document's metadata: one of them (vread), or their history."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import queries
from carnet.formats.fhir import errors
from carnet.formats.fhir import history as fhir_history
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def history(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    found = _versions(actor, purpose, *identified(fhir_id))
    return json(
        fhir_history.history(
            [
                fhir_history.Version(each.fhir, each.version, each.at, "POST" if each.version == 1 else "PATCH")
                for each in found
            ],
            total=len(found),
            self_url=f"{base_url()}/DocumentReference/{fhir_id}/_history",
            base=base_url(),
        )
    )


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def version(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str, number: str) -> HttpResponse:
    if not number.isascii() or not number.isdecimal() or len(number) > len("999999999"):
        raise errors.failure("not-found")
    found = _versions(actor, purpose, *identified(fhir_id), int(number))
    response = json(found[0].fhir.encode())
    response["ETag"] = f'W/"{found[0].version}"'
    return response


def _versions(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, number: int | None = None
) -> list[queries.Version]:
    with unaddressed():
        found = queries.versions(actor, purpose, record_id, document_id, number)
    if not found:
        raise errors.failure("not-found")
    return found
