"""`DocumentReference/ID/$withdraw`: a document that should never have been in this record, taken out at once by its
depositor, with the reason; those who had opened it are listed for notice."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body
from carnet.api.fhir.face import json, software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents.changing import NotThere, withdraw
from carnet.documents.powers import Cause
from carnet.formats.fhir import body as fhir_body
from carnet.formats.fhir import errors
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import to_bytes
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit

_CAUSES: Final = {"wrong-patient": Cause.WRONG_PATIENT, "error": Cause.WITHDRAWN}


@software("POST", audit=Audit.RECORD_WRITE, scope="DocumentReference.u")
def operation(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    cause = _cause(body.small(request))
    record_id, document_id = identified(fhir_id)
    with unaddressed():
        try:
            withdraw(actor, purpose, record_id=record_id, document_id=document_id, cause=cause)
        except NotThere:
            raise errors.failure("not-found") from None
    return json(to_bytes([errors.issue("withdrawn")]))


def _cause(payload: bytes) -> Cause:
    """From the parameter `reason` (valueCode)."""
    root = Node(fhir_body.parse(payload, "Parameters").resource, "Parameters", Problems())
    given = next((each.text("valueCode") for each in root.children("parameter") if each.text("name") == "reason"), "")
    if given not in _CAUSES:
        raise errors.failure("withdraw-reason", expression="Parameters.parameter")
    return _CAUSES[given]
