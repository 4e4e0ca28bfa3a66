"""A FHIR document: a Bundle of type document as the content of a DocumentReference.

It comes as a resource of the same bundle (ITI-65), or as base64 like any other content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from carnet.formats import ins
from carnet.formats.entry import Identifier
from carnet.formats.fhir import body, identifiers, patient, read_subject, structure
from carnet.formats.fhir.json_shape import member
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.read_people import Contained

__all__ = [
    "ENTRY_LIMIT",
    "HEAD_LIMIT",
    "MEDIA_TYPE",
    "Document",
    "Standing",
    "check",
    "check_encoded",
    "check_patient",
    "content",
    "open_document",
]

MEDIA_TYPE: Final = "application/fhir+json"
# Of the document without its large base64, in bytes.
HEAD_LIMIT: Final = 2_000_000
ENTRY_LIMIT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document is in what was sent: a resource at `path`, or base64 there, into which no expression leads."""

    path: str
    encoded: bool = True

    def failure(self, refused: FhirError) -> FhirError:
        """The problems of a document that was read by itself, each at its place in what was sent."""
        return FhirError(self._placed(each) for each in refused.issues)

    def _placed(self, issue: Issue) -> Issue:
        if self.encoded:
            return replace(issue, expression=self.path, diagnostics=f"{_inside(issue)} {issue.diagnostics}".strip())
        return replace(issue, expression=self.path + issue.expression.removeprefix("Bundle"))


@dataclass(frozen=True, slots=True)
class Document:
    """`resources` has the resources of the document by their address in it and, as `Type/ID`, by their id."""

    bundle: Node
    composition: Node
    resources: Contained

    @property
    def subject(self) -> Node:
        """The patient whom the document is about; absent when the reference leads nowhere."""
        reference = self.composition.child("subject")
        return self.resources.resolve(reference, "Patient") or reference.nothing()

    @property
    def ins(self) -> Identifier | None:
        """That of the Patient, else the one in the reference itself."""
        number = self.composition.child("subject").child("identifier")
        stated = Identifier(number.text("system"), number.text("value"))
        known = stated if ins.kind_of(stated.system) else None
        return read_subject.checked(patient.read(self.subject).ins or known, self.composition.child("subject"))


def check(bundle: Node) -> Document:
    """What makes a bundle a document (bdl-9 to bdl-11); a reference that leads nowhere is a warning."""
    if bundle.text("type", required=True) not in ("", "document"):
        bundle.problem("fixed-value", "type", "Attendu : document.")
    number = bundle.child("identifier", required=True)
    number.text("value", required=True)
    bundle.text("timestamp", required=True)
    entries = list(bundle.children("entry", required=True, limit=ENTRY_LIMIT))
    composition = entries[0].child("resource", required=True) if entries else bundle.nothing()
    if composition and composition.text("resourceType") != "Composition":
        composition.problem("document-composition")
        composition = bundle.nothing()
    found = Document(bundle, composition, Contained(dict(_addresses(entries))))
    _check_references(found, entries)
    return found


def content(bundle: Node, parsed: body.Body) -> bytes:
    """The bytes of a document that is a resource: its JSON, compact; b"" when there is a problem."""
    try:
        return parsed.text(bundle.fields)
    except ValueError:
        bundle.problem("value-base64")
        return b""


def open_document(content: bytes) -> Document:
    """Parse and check the bytes of a FHIR document; raise `FhirError` with every problem."""
    problems = Problems()
    parsed = body.parse(content, "Bundle", head_limit=HEAD_LIMIT)
    structure.check(parsed.resource, "Bundle", problems, "Bundle")
    problems.settle()
    found = check(Node(parsed.resource, "Bundle", problems))
    if problems.failed:
        raise FhirError(problems.issues)
    return found


def check_encoded(content: bytes, holder: Node) -> Identifier | None:
    """Check the document in `holder.data`; its INS. An expression cannot lead into base64: the detail does."""
    try:
        found = open_document(content)
    except FhirError as refused:
        issues, number = refused.issues, None
    else:
        issues, number = found.bundle.problems.warnings, found.ins
    for issue in issues:
        holder.problem(issue.details_code, "data", _inside(issue), severity=issue.severity)
    return number


def _inside(issue: Issue) -> str:
    return f"Dans le document : {issue.expression}." if issue.expression else "Dans le document."


def check_patient(number: Identifier | None, subject: Identifier | None, place: Node, name: str = "") -> None:
    if number and subject and not patient.matching(number, subject):
        place.problem("document-patient", name)


def _addresses(entries: list[Node]) -> Iterator[tuple[str, Node]]:
    for entry in entries:
        resource = entry.child("resource")
        address = entry.fields.get("fullUrl")
        if isinstance(address, str):
            yield identifiers.full_url(address), resource
        if resource.has("id") and resource.has("resourceType"):
            yield f"{resource.fields['resourceType']}/{resource.fields['id']}", resource


def _check_references(document: Document, entries: list[Node]) -> None:
    for entry in entries:
        resource = entry.child("resource")
        for reference, path in _references(resource.fields, resource.path):
            if reference.startswith("#") or document.resources.has(reference):
                continue
            entry.problems.add("document-reference", path)


def _references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The literal references below a value; its depth was bounded when it was parsed."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "reference" and isinstance(each, str):
                yield each, f"{path}.reference"
            elif isinstance(each, dict | list):
                yield from _references(each, member(path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _references(each, f"{path}[{number}]")
