"""The submission set and the folders of a bundle (interoperability reference, a.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from carnet.formats.entry import Author, Coded, Organisation
from carnet.formats.fhir import extensions, identifiers, search
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.provided import Items, ProvidedFolder, ProvidedSet, SlotKind
from carnet.formats.fhir.read_bundle import BundleEntry, Entries
from carnet.formats.fhir.read_metadata import NEVER
from carnet.formats.fhir.read_people import Contained, coded
from carnet.formats.submission import Folder, SubmissionSet

__all__ = ["folder", "folder_metadata", "set_metadata", "submission_set"]

_FORBIDDEN: Final = ("encounter", "orderedBy", "emptyReason")
_RESOURCES: Final[dict[SlotKind, str]] = {"document": "DocumentReference", "folder": "List"}
_FORBIDDEN_OF_ITEM: Final = ("flag", "deleted", "date")
_MODIFIERS: Final = ("implicitRules", "modifierExtension")


def submission_set(entry: BundleEntry, entries: Entries, *, strict: bool) -> ProvidedSet:
    node = entry.resource
    _check_frame(node)
    if not node.has("contained"):
        node.problem("required", "contained")
    metadata, entry_uuid = set_metadata(node, strict=strict)
    items = _items(node, entries, "document", "folder")
    return ProvidedSet(entry.position, entry.url, metadata, entry_uuid, items)


def set_metadata(node: Node, *, strict: bool) -> tuple[SubmissionSet, str | None]:
    """What a submission set says of itself, and its entryUUID."""
    contained = Contained.of(node)
    author, organisation = _source(node, contained)
    unique_id, entry_uuid = _identifiers(node, strict=strict)
    designations = _designations(node)
    if len(designations) > 1:
        node.problem("too-many", "extension")
    metadata = SubmissionSet(
        unique_id=unique_id,
        source_id=_source_id(node, strict=strict),
        designation=designations[0] if designations else None,
        title=node.text("title"),
        note=_note(node),
        author=author,
        organisation=organisation,
        recipients=_recipients(node, contained),
        archived=extensions.first(node, extensions.IS_ARCHIVED).flag("valueBoolean"),
        date=node.moment("date", required=True) or NEVER,
    )
    return metadata, entry_uuid


def folder(entry: BundleEntry, entries: Entries, *, strict: bool) -> ProvidedFolder:
    node = entry.resource
    _check_frame(node)
    if node.has("source"):
        node.problem("forbidden-element", "source")
    metadata, entry_uuid = folder_metadata(node, strict=strict)
    items = _items(node, entries, "document")
    if items == Items() and not node.has("entry"):
        node.problem("required", "entry")
    return ProvidedFolder(entry.position, entry.url, entry.target or None, metadata, entry_uuid, items)


def folder_metadata(node: Node, *, strict: bool) -> tuple[Folder, str | None]:
    """What a folder says of itself, and its entryUUID."""
    unique_id, entry_uuid = _identifiers(node, strict=strict)
    designations = _designations(node)
    if strict and len(designations) > 1:
        node.problem("too-many", "extension")
    metadata = Folder(
        unique_id=unique_id,
        designations=designations,
        title=node.text("title", required=True),
        note=_note(node),
        archived=extensions.first(node, extensions.IS_ARCHIVED).flag("valueBoolean"),
        date=node.moment("date", required=True) or NEVER,
    )
    return metadata, entry_uuid


def _check_frame(node: Node) -> None:
    for name in _MODIFIERS:
        if node.has(name):
            node.problem("modifier-not-supported", name)
    for name in _FORBIDDEN:
        if node.has(name):
            node.problem("forbidden-element", name)
    for name, expected in (("status", "current"), ("mode", "working")):
        if node.text(name, required=True) not in ("", expected):
            node.problem("fixed-value", name, f"Attendu : {expected}.")


def _identifiers(node: Node, *, strict: bool) -> tuple[str | None, str | None]:
    """uniqueId and entryUUID; an identifier without one of MHD's types is not kept."""
    unique_id, entry_uuid = None, None
    for each in node.children("identifier"):
        codes = {one.text("code") for one in each.child("type").children("coding")}
        found = identifiers.unique_id(each.text("system"), each.text("value", required=True))
        if "uniqueId" in codes:
            if found is None and each.has("value"):
                each.problem("unique-id-form")
            elif found and not each.text("value").startswith("urn:oid:"):
                each.problem("set-identifier-unusual", "value", severity="error" if strict else "")
            unique_id = unique_id or found
        elif "entryUUID" in codes and found and identifiers.is_uuid(found):
            entry_uuid = entry_uuid or found
        else:
            each.problem("element-not-kept")
    return unique_id, entry_uuid


def _designations(node: Node) -> tuple[Coded, ...]:
    concepts = [each.child("valueCodeableConcept") for each in extensions.each(node, extensions.DESIGNATION_TYPE)]
    found = tuple(each for each in map(coded, concepts) if each)
    # A null flavor says that there is none.
    if not any(concepts) and not node.absent:
        node.problem("required", "extension", "Type de désignation (ihe-designationType) attendu.")
    return found


def _source_id(node: Node, *, strict: bool) -> str:
    extension = extensions.first(node, extensions.SOURCE_ID)
    if extension.absent:
        node.problem("required", "extension", "Système source (ihe-sourceId) attendu.")
        return ""
    number = extension.child("valueIdentifier", required=True)
    value = number.text("value", required=True)
    found = identifiers.unique_id(number.text("system"), value)
    if value and not found:
        number.problem("source-id-form")
    elif value and not value.startswith("urn:oid:"):
        number.problem("set-identifier-unusual", "value", severity="error" if strict else "")
    return found or ""


def _source(node: Node, contained: Contained) -> tuple[Author | None, Organisation | None]:
    """The author of the set, and the organisation that is its author or for which he writes."""
    source = node.child("source", required=True)
    if source.absent:
        return None, None
    held = extensions.first(source, extensions.AUTHOR_ORG).child("valueReference")
    organisation = contained.organisation(held) if held else None
    if held and organisation is None:
        held.problem("author-unresolved")
    stated = any(source.has(name) for name in ("reference", "identifier", "display"))
    return (contained.author(source) if stated or not held else None), organisation


def _recipients(node: Node, contained: Contained) -> tuple[Author, ...]:
    urls = (extensions.INTENDED_RECIPIENT, extensions.INTENDED_RECIPIENT_IHE)
    found = [contained.author(each.child("valueReference")) for each in extensions.each(node, *urls)]
    return tuple(each for each in found if each)


def _note(node: Node) -> str:
    return node.only("note", excess="warning").text("text") if node.has("note") else ""


def _items(node: Node, entries: Entries, *kinds: SlotKind) -> Items:
    """Entries of the bundle and stored resources, of these kinds."""
    here: dict[SlotKind, list[str]] = {"document": [], "folder": []}
    stored: dict[SlotKind, list[str]] = {"document": [], "folder": []}
    for each in node.children("entry"):
        _check_item(each)
        item = each.child("item", required=True)
        url = identifiers.full_url(item.text("reference", required=True))
        kind, fhir_id = _target(url, entries)
        if kind in kinds:
            (stored if fhir_id else here)[kind].append(fhir_id or url)
        elif url:
            item.problem("item-unresolved", "reference")
    return Items(_once(here["document"]), _once(here["folder"]), _once(stored["document"]), _once(stored["folder"]))


def _target(url: str, entries: Entries) -> tuple[SlotKind | None, str | None]:
    """What a reference leads to, with its id when it is stored already."""
    if entry := entries.by_url.get(url):
        return entry.kind, None
    for kind, resource_type in _RESOURCES.items():
        if fhir_id := search.resource_id(url, resource_type):
            return kind, fhir_id
    return None, None


def _check_item(node: Node) -> None:
    for name in _FORBIDDEN_OF_ITEM:
        if node.has(name):
            node.problem("forbidden-element", name)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
