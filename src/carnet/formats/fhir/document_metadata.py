"""The metadata that a FHIR document states of itself, in its Composition (the counterpart of a CDA's header)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from carnet.formats.entry import Author, Coded, DocumentEntry, Organisation, Patient, Period
from carnet.formats.fhir import fhir_document, identifiers, patient, structure
from carnet.formats.fhir.fhir_document import Document
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_metadata import NEVER, document_type
from carnet.formats.fhir.read_people import coded
from carnet.formats.terminology import document_types, labels

__all__ = ["of_bundle", "of_bytes"]

_DEFAULT_LANGUAGE: Final = "fr-FR"


def of_bundle(resource: Mapping[str, Any], path: str = "Bundle") -> DocumentEntry:
    """Raise `FhirError` with every problem; `path` is where the document stands."""
    problems = Problems()
    structure.check(resource, "Bundle", problems, path)
    problems.settle()
    return _entry(fhir_document.check(Node(resource, path, problems)))


def of_bytes(content: bytes) -> DocumentEntry:
    """Raise `FhirError` with every problem of the document, its expressions beginning with `Bundle`."""
    return _entry(fhir_document.open_document(content))


def _entry(document: Document) -> DocumentEntry:
    composition, problems = document.composition, document.bundle.problems
    kind = document_type(composition)
    entry = DocumentEntry(
        unique_id=_unique_id(document.bundle),
        type=kind,
        title=composition.text("title", required=True),
        created=composition.moment("date", required=True) or NEVER,
        media_type=fhir_document.MEDIA_TYPE,
        patient=_patient(document),
        category=document_types.class_of(kind.code, kind.system)
        or coded(composition.only("category", excess="warning")),
        format=document_types.default_format(fhir_document.MEDIA_TYPE),
        language=composition.text("language") or document.bundle.text("language") or _DEFAULT_LANGUAGE,
        confidentiality=_confidentiality(composition),
        authors=tuple(_authors(document)),
        authenticator=_authenticator(document),
        custodian=_custodian(document),
        events=_events(composition),
        period=_period(composition),
        replaces=tuple(_replaced(composition)),
    )
    if problems.failed:
        raise FhirError(problems.issues)
    return replace(entry, warnings=tuple(f"{issue.text} {issue.diagnostics}" for issue in problems.warnings))


def _unique_id(bundle: Node) -> str:
    node = bundle.child("identifier")
    found = identifiers.unique_id(node.text("system"), node.text("value"))
    if found is None and node.has("value"):
        node.problem("master-identifier-form")
    return found or ""


def _patient(document: Document) -> Patient:
    return replace(patient.read(document.subject), ins=document.ins)


def _authors(document: Document) -> Iterator[Author]:
    for reference in document.composition.children("author", required=True):
        found = document.resources.author(reference)
        if found:
            yield found


def _authenticator(document: Document) -> Author | None:
    for attester in document.composition.children("attester"):
        if attester.text("mode") == "legal" and attester.has("party"):
            return document.resources.author(attester.child("party"))
    return None


def _custodian(document: Document) -> Organisation | None:
    reference = document.composition.child("custodian")
    return document.resources.organisation(reference) if reference else None


def _confidentiality(composition: Node) -> Coded | None:
    code = composition.text("confidentiality")
    return labels.base(code) if labels.is_base(code) else None


def _events(composition: Node) -> tuple[Coded, ...]:
    found = [coded(code) for event in composition.children("event") for code in event.children("code")]
    return tuple(each for each in found if each)


def _period(composition: Node) -> Period:
    for event in composition.children("event"):
        if event.has("period"):
            period = event.child("period")
            return Period(period.moment("start"), period.last_moment("end"))
    return Period()


def _replaced(composition: Node) -> Iterator[str]:
    for relation in composition.children("relatesTo"):
        target = relation.child("targetIdentifier")
        found = identifiers.unique_id(target.text("system"), target.text("value"))
        if relation.text("code") == "replaces" and found:
            yield found
