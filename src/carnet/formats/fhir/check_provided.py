"""What holds between the parts of a bundle that provides documents."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.formats import ins
from carnet.formats.entry import Identifier
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.provided import Patch, ProvidedDocument, ProvidedFolder, ProvidedSet
from carnet.formats.fhir.read_bundle import Entries
from carnet.formats.fhir.read_subject import Subject

__all__ = ["folders", "members", "one_subject", "patches", "unique_ids"]


def one_subject(stated: Iterable[tuple[Subject, Node]]) -> Subject:
    """The person whom all the parts name, with the place of each; what they say of her is put together."""
    reference, number = None, None
    for subject, place in stated:
        reference = reference or subject.reference
        number = number or subject.ins
        if subject.reference not in (None, reference) or not _same(subject.ins, number):
            place.problem("subject-differs")
    return Subject(reference, number)


def _same(first: Identifier | None, second: Identifier | None) -> bool:
    """Whether nothing says that they are two persons; a wrong key does not make another person."""
    if first is None or second is None:
        return True
    return ins.parse(first.value, first.system) == ins.parse(second.value, second.system)


def unique_ids(
    bundle: Node, lists: Iterable[ProvidedSet | ProvidedFolder], documents: Iterable[ProvidedDocument]
) -> None:
    named = [(each.metadata.unique_id, each.position, "identifier") for each in lists]
    named += [(each.entry.unique_id, each.position, "masterIdentifier") for each in documents]
    seen: set[str] = set()
    for unique_id, position, name in named:
        if unique_id and unique_id in seen:
            bundle.problem("unique-id-twice", f"entry[{position}].resource.{name}")
        if unique_id:
            seen.add(unique_id)


def members(
    bundle: Node, whole: ProvidedSet, parts: Iterable[ProvidedDocument | ProvidedFolder], *, strict: bool
) -> None:
    held = {*whole.items.documents, *whole.items.folders}
    for each in parts:
        if each.full_url and each.full_url not in held:
            bundle.problem("not-in-set", f"entry[{each.position}].fullUrl", severity="error" if strict else "")


def folders(entries: Entries) -> None:
    """A folder has one next version: of two changes neither would be it."""
    seen: set[str] = set()
    for entry in entries.of("folder"):
        if entry.target and entry.target in seen:
            entry.node.child("request").problem("folder-twice", "url")
        seen.add(entry.target)


def patches(entries: Entries, changes: Iterable[Patch], documents: Iterable[ProvidedDocument]) -> None:
    """A patch marks what a document of the same bundle replaces.

    When a document names what it replaces by identifier, only the record can tell.
    """
    known = tuple(documents)
    if any(each.entry.replaces for each in known):
        return
    replaced = {reference for each in known for reference in each.replaces_references}
    for entry, change in zip(entries.of("patch"), changes, strict=True):
        if change.target and change.target not in replaced:
            entry.node.child("request").problem("patch-alone", "url")
