"""ITI-65: a submission set with its documents, folders and replacements, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir import body, checking, faults, parameters
from carnet.api.fhir.face import json, software
from carnet.api.fhir.publish import Act, large
from carnet.api.fhir.secrecy import warnings_of
from carnet.documents.actions import submit
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.submission import Deposited, Listed, NewFolder, Submission, Submitted
from carnet.formats.fhir import errors, read_provide, transaction_response
from carnet.formats.fhir.outcome import Issue
from carnet.formats.fhir.provided import Patch, Provided, Slot
from carnet.formats.fhir.transaction_response import Answer
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import from_fhir_id, short


@software("POST", audit=Audit.RECORD_WRITE, scope="DocumentReference.c List.c")
def transaction(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    with large.admit(body.declared_size(request)):
        payload = body.resource(request, limit=settings.CARNET.max_fhir_bytes)
        with checking.all_at_once(actor):
            provided = read_provide.read(payload, strict=parameters.strict(request))
        del payload
        record_id, done, found = put(actor, purpose, provided)
    return json(_answer(record_id, provided, done, found))


def put(
    actor: Actor, purpose: Purpose, provided: Provided, *, act: Act = submit
) -> tuple[UUID, Submitted, list[tuple[Issue, ...]]]:
    """Into the record of its subject, with the warnings of each document; `act` may only foresee it. Raises with every
    problem."""
    record_id, submission, checks = _checked(actor, purpose, provided)
    try:
        done = act(actor, purpose, record_id=record_id, submission=submission)
    except DepositRefused as refused:
        raise faults.failure(refused, lambda fault: _place(provided, fault)) from refused
    found = [
        (*each, *warnings_of(document, f"{_path(provided, number)}.securityLabel"))
        for number, (each, document) in enumerate(zip(checks, done.documents, strict=True))
    ]
    return record_id, done, found


def _checked(actor: Actor, purpose: Purpose, provided: Provided) -> tuple[UUID, Submission, list[tuple[Issue, ...]]]:
    """The record, what is to be stored there, and the warnings of each document; raises with every problem."""
    first = provided.documents[0].position if provided.documents else provided.submission_set.position
    record_id, documents, found = checking.checked(
        actor,
        purpose,
        provided.subject,
        tuple(each.given for each in provided.documents),
        f"Bundle.entry[{first}].resource",
    )
    folders = tuple(
        NewFolder(each.metadata, each.folder_id, each.items.documents, each.items.references)
        for each in provided.folders
    )
    superseded = tuple(_target(record_id, each) for each in provided.patches)
    submission = Submission(documents, provided.submission_set.metadata, folders, superseded)
    return record_id, submission, found


def _target(record_id: UUID, patch: Patch) -> UUID:
    pair = from_fhir_id(patch.target)
    if pair is None or pair[0] != record_id:
        raise errors.failure("replaced-unknown", expression=f"Bundle.entry[{patch.position}].request.url")
    return pair[1]


def _path(provided: Provided, number: int) -> str:
    return f"Bundle.entry[{provided.documents[number].position}].resource"


def _place(provided: Provided, fault: DepositRefused) -> str:
    """The document or the part of the folder that is at fault, else the bundle as a whole."""
    if fault.position is not None:
        return _path(provided, fault.position)
    if fault.folder is None:
        return "Bundle"
    entry = f"Bundle.entry[{provided.folders[fault.folder].position}]"
    return f"{entry}.request.url" if fault.fault is Fault.FOLDER_UNKNOWN else f"{entry}.resource.entry"


def _answer(record_id: UUID, provided: Provided, done: Submitted, found: Sequence[tuple[Issue, ...]]) -> bytes:
    return transaction_response.write(_slot(record_id, slot, provided, done, found) for slot in provided.slots)


def _slot(
    record_id: UUID, slot: Slot, provided: Provided, done: Submitted, found: Sequence[tuple[Issue, ...]]
) -> Answer:
    match slot.kind:
        case "submission-set":
            return _listed(done.submission_set, slot)
        case "folder":
            return _listed(done.folders[slot.number], slot)
        case "document":
            document = done.documents[slot.number]
            return _deposited("DocumentReference", document, (*slot.warnings, *found[slot.number]))
        case "content":
            return _deposited("Binary", done.documents[slot.number], slot.warnings)
        case "patch":
            return Answer(200, f"DocumentReference/{provided.patches[slot.number].target}", warnings=slot.warnings)
        case "patient":
            return Answer(200, f"Patient/{short(record_id)}", warnings=slot.warnings)


def _listed(listed: Listed, slot: Slot) -> Answer:
    return Answer(201 if listed.new else 200, f"List/{listed.fhir_id}", listed.version, warnings=slot.warnings)


def _deposited(kind: str, document: Deposited, warnings: tuple[Issue, ...]) -> Answer:
    return Answer(201 if document.new else 200, f"{kind}/{document.fhir_id}", document.version, warnings=warnings)
