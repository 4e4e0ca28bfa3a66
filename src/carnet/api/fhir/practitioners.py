"""Who the professional is for whom a token was given (SMART, `fhirUser`): themselves alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir.face import json, software
from carnet.formats.fhir import errors, practitioner
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import short
from carnet.people import queries as people


@software("GET", "HEAD", audit=Audit.NONE)
def read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    signed = people.signature(actor.id) if actor.kind is ActorKind.PROFESSIONAL else None
    if signed is None or fhir_id != short(actor.id):
        raise errors.failure("not-found")
    return json(practitioner.write(signed.rpps, signed.family, signed.given, fhir_id=fhir_id))
