"""`$validate`: everything that a deposit would be told, and nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, checking, parameters, provide, publish
from carnet.api.fhir.face import json, software
from carnet.documents.actions import foresee
from carnet.formats.fhir import body as fhir_body
from carnet.formats.fhir import document_reference, errors, read_provide
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError, Issue, to_bytes
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit

_Check = Callable[[bytes], Sequence[Issue]]


@software("POST", audit=Audit.RECORD_WRITE, scope="DocumentReference.c")
def document(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    """A DocumentReference as ITI-105 takes it, bare or as the parameter `resource`."""
    strict = parameters.strict(request)

    def check(payload: bytes) -> Sequence[Issue]:
        with checking.all_at_once(actor):
            read = document_reference.read(payload, strict=strict)
        _, found = publish.put(actor, purpose, read.given, read.subject, act=foresee)
        return (*read.warnings, *found)

    return _outcome(request, check)


@software("POST", audit=Audit.RECORD_WRITE, scope="DocumentReference.c List.c")
def bundle(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    """A bundle as ITI-65 takes it, bare or as the parameter `resource`."""
    strict = parameters.strict(request)

    def check(payload: bytes) -> Sequence[Issue]:
        with checking.all_at_once(actor):
            provided = read_provide.read(payload, strict=strict)
        _, _, found = provide.put(actor, purpose, provided, act=foresee)
        return (*provided.warnings, *(issue for each in found for issue in each))

    return _outcome(request, check)


def _outcome(request: HttpRequest, check: _Check) -> HttpResponse:
    """200 whatever is found, as FHIR wants it: the issues tell; what cannot be read at all is an error as elsewhere."""
    with publish.large.admit(body.declared_size(request)):
        payload = _unwrapped(body.resource(request, limit=settings.CARNET.max_fhir_bytes))
        try:
            found = check(payload)
        except FhirError as error:
            if error.status < 404:  # noqa: PLR2004  (no resource, no right)
                raise
            found = error.issues
    return json(to_bytes(tuple(found) or (errors.issue("valid"),)))


def _unwrapped(payload: bytes) -> bytes:
    """The parameter `resource` of a Parameters, or the body itself."""
    try:
        parsed = fhir_body.parse(payload, "Parameters", head_limit=read_provide.HEAD_LIMIT)
    except FhirError:
        return payload
    root = Node(parsed.resource, "Parameters", Problems())
    for each in root.children("parameter"):
        if each.text("name") == "resource" and each.has("resource"):
            return parsed.text(each.child("resource").fields)
    raise errors.failure("required", expression="Parameters.parameter")
