"""ITI-105: one DocumentReference with its document inside; ITI-106: a bare document, whose metadata are made here."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, checking, faults, parameters
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.secrecy import warnings_of
from carnet.documents.actions import submit
from carnet.documents.rules import DepositRefused
from carnet.documents.submission import Deposited, Submission, Submitted
from carnet.formats.fhir import document_reference, errors, generate
from carnet.formats.fhir.outcome import FhirError, Issue, to_bytes
from carnet.formats.fhir.provided import Given
from carnet.formats.fhir.read_subject import Subject
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.limits import LargeBodies

large = LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


class Act(Protocol):
    """`submit`, or `foresee`."""

    def __call__(self, actor: Actor, purpose: Purpose, *, record_id: UUID, submission: Submission) -> Submitted: ...


def simplified(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    with large.admit(body.declared_size(request)):
        payload = body.resource(request, limit=settings.CARNET.max_fhir_bytes)
        with checking.all_at_once(actor):
            read = document_reference.read(payload, strict=parameters.strict(request))
        del payload
        done, found = put(actor, purpose, read.given, read.subject)
    return published(request, done, (*read.warnings, *found))


@software("POST", audit=Audit.RECORD_WRITE, scope="DocumentReference.c")
def generated(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    """ITI-106: the metadata are those of the CDA's header, or of the FHIR document's Composition."""
    with large.admit(body.declared_size(request)):
        bare = generate.read(body.resource(request, limit=settings.CARNET.max_fhir_bytes))
        entry = checking.metadata_of(actor, purpose, bare)
        document = Given(
            entry, bare.content, (), "Parameters.parameter[0].resource", "Parameters.parameter[0].resource"
        )
        done, _ = put(actor, purpose, document, Subject(None, entry.patient.ins))
    response = json(generate.write(done.fhir_id), status=200)
    response["Location"] = _location(done)
    return response


def put(
    actor: Actor, purpose: Purpose, document: Given, subject: Subject, *, act: Act = submit
) -> tuple[Deposited, tuple[Issue, ...]]:
    """One document into the record of its subject, with what is to be said of it; `act` may only foresee it."""
    record_id, new, found = checking.checked(actor, purpose, subject, (document,), document.path)
    try:
        done = act(actor, purpose, record_id=record_id, submission=Submission(new))
    except DepositRefused as refused:
        raise FhirError(faults.at(refused, document.path)) from refused
    return done.documents[0], (*found[0], *warnings_of(done.documents[0], f"{document.path}.securityLabel"))


def published(request: HttpRequest, done: Deposited, warnings: tuple[Issue, ...]) -> HttpResponse:
    """The stored resource, or what `Prefer: return=` asks for instead."""
    status = 201 if done.new else 200
    match parameters.preferred(request):
        case "minimal":
            response = HttpResponse(status=status)
        case "operationoutcome":
            response = json(to_bytes(warnings or (errors.issue("stored"),)), status=status)
        case _:
            response = json(done.fhir.encode(), status=status)
    response["Location"] = _location(done)
    response["ETag"] = f'W/"{done.version}"'
    return response


def _location(done: Deposited) -> str:
    return f"{base_url()}/DocumentReference/{done.fhir_id}/_history/{done.version}"
