"""The profiles of a published DocumentReference (interoperability reference, a.3), beside what its reading demands."""

from __future__ import annotations

from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_metadata import MetadataReader, kinds

__all__ = ["comprehensive", "simplified"]


def simplified(reader: MetadataReader) -> None:
    """PDSm_SimplifiedPublish: the document is inside."""
    _frame(reader)
    if reader.attachment.has("url"):
        reader.attachment.problem("forbidden-element", "url", "Le document se donne dans attachment.data.")
    if not reader.strict:
        return
    for node in reader.root.children("identifier"):
        if "entryUUID" in kinds(node):
            node.problem("forbidden-element")
    if len(list(reader.context.children("event"))) > 1:
        reader.context.problem("too-many", "event")


def comprehensive(reader: MetadataReader, *, whole: bool) -> None:
    """PDSm_ComprehensiveDocumentReference: the document is beside it, in the same bundle.

    `whole` is false for a FHIR document, whose size and hash depend on how it is written.
    """
    _frame(reader)
    if reader.attachment.has("data"):
        reader.attachment.problem("forbidden-element", "data", "Le document se donne dans un Binary du lot.")
    _demand(reader.root, "contained", "category", "date", "securityLabel", "context")
    _demand(reader.attachment, "language", "creation", *(("size", "hash") if whole else ()))
    _demand(reader.content_node, "format")
    _demand(reader.context, "period", "facilityType", "practiceSetting", "sourcePatientInfo")
    _demand(reader.context.child("period"), "start")
    master = reader.root.child("masterIdentifier")
    if reader.strict and master and "uniqueId" not in kinds(master):
        # MHD demands it, the guides' own examples lack it.
        master.problem("required", "type")


def _frame(reader: MetadataReader) -> None:
    for node in (reader.root, reader.content_node, reader.context):
        for name in ("modifierExtension", "implicitRules"):
            if node.has(name):
                node.problem("modifier-not-supported", name)
    if reader.root.has("docStatus"):
        reader.root.problem("forbidden-element", "docStatus")
    if reader.root.text("status", required=True) not in ("", "current"):
        reader.root.problem("status-not-current", "status")


def _demand(node: Node, *names: str) -> None:
    for name in names:
        if not node.has(name) and not node.absent:
            node.problem("required", name)
