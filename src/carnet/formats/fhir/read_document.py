"""Simplified publish (ITI-105): a DocumentReference with its document inside, read into an entry.

Rules: PDSm_SimplifiedPublish (interoperability reference, a.3); those that every publication shares stand in
`read_metadata`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from carnet.formats.entry import DocumentEntry
from carnet.formats.fhir import (
    body,
    check_document,
    extensions,
    fhir_document,
    read_content,
    read_relations,
    read_subject,
    structure,
)
from carnet.formats.fhir.fhir_document import Standing
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import Issue
from carnet.formats.fhir.provided import Faulty, Given
from carnet.formats.fhir.read_metadata import MetadataReader, media_type
from carnet.formats.fhir.read_subject import Subject

__all__ = ["Submission", "read"]


class Submission(NamedTuple):
    """What was published, and what only the record can resolve.

    `subject_reference` is the id of a literal `Patient/ID`; `entry.patient.ins` is there when the subject is
    an identifier, a conditional reference or a contained patient. At least one of the two is.
    `replaces_references` are the ids of literal targets; identified targets are in `entry.replaces`.
    """

    entry: DocumentEntry
    content: bytes
    subject_reference: str | None
    warnings: tuple[Issue, ...]
    replaces_references: tuple[str, ...]
    archived: bool = False

    @property
    def given(self) -> Given:
        path, attachment = "DocumentReference", "DocumentReference.content[0].attachment"
        standing = Standing(f"{attachment}.data")
        return Given(
            self.entry, self.content, self.replaces_references, path, attachment, self.archived, standing=standing
        )

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_reference, self.entry.patient.ins)


def read(payload: bytes | bytearray, *, strict: bool = False) -> Submission:
    """Raise `Faulty` with every problem of the resource; `strict` takes the tolerance of section g away."""
    parsed = body.parse(payload, "DocumentReference")
    problems = Problems()
    structure.check(parsed.resource, "DocumentReference", problems, "DocumentReference", strict=strict)
    problems.settle()
    reader = MetadataReader.of(Node(parsed.resource, "DocumentReference", problems), strict=strict)
    check_document.simplified(reader)
    content = read_content.read(reader.attachment, parsed)
    subject = read_subject.read(reader.root, reader.contained)
    if content and media_type(reader.attachment) == fhir_document.MEDIA_TYPE:
        number = fhir_document.check_encoded(content, reader.attachment)
        fhir_document.check_patient(number, subject.ins, reader.attachment, "data")
    identified, replaced = read_relations.replaced(reader.root)
    entry = reader.entry(subject, identified)
    entry = replace(entry, warnings=tuple(f"{issue.text} {issue.diagnostics}" for issue in problems.warnings))
    archived = extensions.first(reader.root, extensions.IS_ARCHIVED).flag("valueBoolean")
    found = Submission(entry, content, subject.reference, problems.warnings, replaced, archived)
    if problems.failed:
        raise Faulty(problems.issues, found.subject, (found.given,))
    return found
