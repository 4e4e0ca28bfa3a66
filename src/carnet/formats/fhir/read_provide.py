"""Provide Document Bundle (ITI-65): a transaction with a submission set, documents, folders, and what they replace.

Rules: PDSm_ComprehensiveProvideDocumentBundle (interoperability reference, a.2 to a.4), with the tolerance of
section g, which `strict` takes away. Everything is read before anything is refused: each problem has its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from carnet.formats.fhir import (
    body,
    check_document,
    check_provided,
    errors,
    extensions,
    fhir_document,
    read_list,
    read_patch,
    read_relations,
    read_subject,
    search,
    structure,
)
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.provided import (
    Faulty,
    Patch,
    Provided,
    ProvidedDocument,
    ProvidedFolder,
    ProvidedSet,
    Slot,
)
from carnet.formats.fhir.read_attached import Contents
from carnet.formats.fhir.read_bundle import BundleEntry, Entries
from carnet.formats.fhir.read_bundle import read as read_entries
from carnet.formats.fhir.read_metadata import MetadataReader
from carnet.formats.fhir.read_people import Contained
from carnet.formats.fhir.read_subject import Subject

__all__ = ["ENTRY_LIMIT", "HEAD_LIMIT", "read"]

# Many entries, and FHIR documents, which are not base64: in bytes.
HEAD_LIMIT: Final = 2_000_000
ENTRY_LIMIT: Final = 200


def read(payload: bytes | bytearray, *, strict: bool = False) -> Provided:
    """Raise `FhirError` with every problem of the bundle, `Faulty` where its documents could be read; `payload` must
    not change while this runs."""
    parsed = body.parse(payload, "Bundle", head_limit=HEAD_LIMIT)
    problems = Problems()
    bundle = Node(parsed.resource, "Bundle", problems)
    if bundle.text("type", required=True) != "transaction":
        # Of another kind of bundle nothing else is worth telling.
        raise errors.failure("bundle-type", expression="Bundle.type")
    if isinstance(parsed.resource.get("entry"), list) and len(parsed.resource["entry"]) > ENTRY_LIMIT:
        raise errors.failure("too-many", expression="Bundle.entry", detail=f"Au plus {ENTRY_LIMIT} entrées.")
    structure.check(parsed.resource, "Bundle", problems, "Bundle", strict=strict)
    problems.settle()
    entries = read_entries(bundle)
    if not entries.all:
        # Without a single entry that was understood, nothing can be said of the parts.
        raise FhirError(problems.issues)
    if strict and not bundle.child("meta").has("profile"):
        bundle.problem("required", "meta.profile")
    reader = _Reader(bundle, entries, parsed, strict=strict)
    provided = reader.read()
    if problems.failed or provided is None:
        raise Faulty(problems.issues, reader.subject, tuple(each.given for each in reader.documents))
    return provided


class _Reader:
    def __init__(self, bundle: Node, entries: Entries, parsed: body.Body, *, strict: bool) -> None:
        self.bundle = bundle
        self.entries = entries
        self.strict = strict
        self.contents = Contents(entries, parsed)
        # Whose each part is, with the place that says so.
        self.subjects: list[tuple[Subject, Node]] = []
        self.patients = self._patients()
        self.subject = Subject(None, None)
        self.documents: tuple[ProvidedDocument, ...] = ()

    def read(self) -> Provided | None:
        lists = [self._set(entry) for entry in self._sets()]
        folders = tuple(self._folder(entry) for entry in self.entries.of("folder"))
        documents = self.documents = tuple(self._document(entry) for entry in self.entries.of("document"))
        patches = tuple(self._patch(entry) for entry in self.entries.of("patch"))
        if not documents and (self.strict or not folders):
            self._missing_document()
        self.contents.check_used()
        check_provided.folders(self.entries)
        check_provided.patches(self.entries, patches, documents)
        check_provided.unique_ids(self.bundle, (*lists, *folders), documents)
        subject = self.subject = check_provided.one_subject(self.subjects)
        if not lists:
            return None
        check_provided.members(self.bundle, lists[0], (*documents, *folders), strict=self.strict)
        return Provided(
            submission_set=lists[0],
            documents=tuple(self._complete(each, subject) for each in documents),
            folders=folders,
            patches=patches,
            subject=subject,
            slots=self._slots(documents),
            warnings=self.bundle.problems.warnings,
        )

    # The parts

    def _sets(self) -> list[BundleEntry]:
        found = self.entries.of("submission-set")
        for excess in found[1:]:
            excess.node.problem("too-many", "resource")
        if not found:
            self.bundle.problem("submission-set-missing", "entry")
        return found[:1]

    def _missing_document(self) -> None:
        if self.bundle.has("entry"):
            self.bundle.problem("required", "entry", "Au moins un DocumentReference est attendu.")

    def _set(self, entry: BundleEntry) -> ProvidedSet:
        self._note_subject(entry.resource, Contained.of(entry.resource))
        return read_list.submission_set(entry, self.entries, strict=self.strict)

    def _folder(self, entry: BundleEntry) -> ProvidedFolder:
        self._note_subject(entry.resource, Contained.of(entry.resource))
        return read_list.folder(entry, self.entries, strict=self.strict)

    def _document(self, entry: BundleEntry) -> ProvidedDocument:
        reader = MetadataReader.of(entry.resource, strict=self.strict)
        content = self.contents.of(entry, reader.attachment)
        check_document.comprehensive(reader, whole=content.whole)
        subject = self._note_subject(reader.root, reader.contained)
        if content.place:
            fhir_document.check_patient(content.ins, subject.ins, content.place)
        identified, literal = read_relations.replaced(reader.root)
        return ProvidedDocument(
            position=entry.position,
            full_url=entry.url,
            entry=reader.entry(subject, identified),
            content=content.data,
            replaces_references=literal,
            archived=extensions.first(reader.root, extensions.IS_ARCHIVED).flag("valueBoolean"),
            standing=content.standing,
        )

    def _patch(self, entry: BundleEntry) -> Patch:
        read_patch.check(entry.resource)
        return Patch(entry.position, entry.target)

    # Whose it all is

    def _patients(self) -> Mapping[str, Subject]:
        found = self.entries.of("patient")
        for excess in found[1:]:
            excess.node.problem("too-many", "resource")
        known: dict[str, Subject] = {}
        for each in found[:1]:
            known[each.url] = self._patient(each)
            self.subjects.append((known[each.url], each.node))
        return known

    def _patient(self, entry: BundleEntry) -> Subject:
        if not entry.resource.absent:
            stated = read_subject.identified(entry.resource)
            return stated._replace(reference=entry.target or None)
        found = search.patient_reference(entry.request_url.lstrip("/"))
        if not (found.id or found.identifier):
            entry.node.child("request").problem("subject-form", "url")
        return Subject(found.id, read_subject.checked(found.identifier, entry.node))

    def _note_subject(self, root: Node, contained: Contained) -> Subject:
        subject = read_subject.read(root, contained, self.patients)
        if subject.reference or subject.ins:
            self.subjects.append((subject, root.child("subject")))
        return subject

    # The answer

    def _complete(self, document: ProvidedDocument, subject: Subject) -> ProvidedDocument:
        warnings = self.bundle.problems.warnings_below(f"Bundle.entry[{document.position}]")
        entry = replace(
            document.entry,
            patient=replace(document.entry.patient, ins=subject.ins),
            warnings=tuple(f"{issue.text} {issue.diagnostics}" for issue in warnings),
        )
        return replace(document, entry=entry)

    def _slots(self, documents: Iterable[ProvidedDocument]) -> tuple[Slot, ...]:
        number_of_content = {self.contents.position_of(each.position): number for number, each in enumerate(documents)}
        counts: dict[str, int] = {}
        found = []
        for entry in self.entries.all:
            number = counts.get(entry.kind, 0)
            counts[entry.kind] = number + 1
            number = number_of_content.get(entry.position, number) if entry.kind == "content" else number
            warnings = self.bundle.problems.warnings_below(f"Bundle.entry[{entry.position}]")
            found.append(Slot(entry.kind, number, warnings))
        return tuple(found)
