"""The entries of a transaction that provides documents: what each is, and how one refers to another.

Rules: PDSm_ComprehensiveProvideDocumentBundle (interoperability reference, a.2), whose slices are closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.provided import SlotKind

__all__ = ["BundleEntry", "Entries", "read"]

# Kind of an entry by the type of its resource and the method of its request; a List is told apart by its code.
_KINDS: Final[Mapping[tuple[str, str], SlotKind]] = {
    ("DocumentReference", "POST"): "document",
    ("Parameters", "PATCH"): "patch",
    ("Binary", "POST"): "content",
    ("Bundle", "POST"): "content",
    ("Patient", "GET"): "patient",
    ("Patient", "POST"): "patient",
    ("Patient", "PUT"): "patient",
}
_LISTS: Final[Mapping[tuple[str, str], SlotKind]] = {
    ("submissionset", "POST"): "submission-set",
    ("folder", "POST"): "folder",
    ("folder", "PUT"): "folder",
}
_LIST_SYSTEMS: Final = tuple(
    f"{scheme}://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes" for scheme in ("https", "http")
)
_CONDITIONS: Final = ("ifNoneMatch", "ifModifiedSince", "ifMatch", "ifNoneExist")


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """`target` is the id in the address of a PUT or PATCH, "" for the rest."""

    position: int
    kind: SlotKind
    node: Node
    resource: Node
    url: str
    request_url: str
    target: str


@dataclass(frozen=True, slots=True)
class Entries:
    all: tuple[BundleEntry, ...]
    by_url: Mapping[str, BundleEntry]

    def of(self, *kinds: SlotKind) -> list[BundleEntry]:
        return [each for each in self.all if each.kind in kinds]


def read(bundle: Node) -> Entries:
    """Leaves out, with a problem, the entries that have no place in such a bundle."""
    if bundle.has("implicitRules"):
        bundle.problem("modifier-not-supported", "implicitRules")
    found = [_entry(number, node) for number, node in enumerate(bundle.children("entry", required=True))]
    known = tuple(each for each in found if each)
    by_url: dict[str, BundleEntry] = {}
    for each in known:
        if each.url and by_url.setdefault(each.url, each) is not each:
            each.node.problem("full-url-twice", "fullUrl")
    return Entries(known, by_url)


def _entry(position: int, node: Node) -> BundleEntry | None:
    request = node.child("request", required=True)
    method, url = request.text("method", required=True), request.text("url", required=True)
    for name in _CONDITIONS:
        if request.has(name):
            request.problem("not-supported", name)
    if node.has("modifierExtension"):
        node.problem("modifier-not-supported", "modifierExtension")
    resource = node.child("resource", required=method != "GET")
    if resource.has("implicitRules"):
        resource.problem("modifier-not-supported", "implicitRules")
    kind = _kind(node, resource, method, url)
    if not kind:
        return None
    target = _target(request, resource, method, url)
    # What is only changed or looked for need not be referred to.
    address = identifiers.full_url(node.text("fullUrl", required=kind not in ("patch", "patient")))
    return BundleEntry(position, kind, node, resource, address, url, target)


def _kind(node: Node, resource: Node, method: str, url: str) -> SlotKind | None:
    resource_type = resource.text("resourceType", required=True)
    if method == "GET" and resource.absent:
        resource_type = url.partition("?")[0].partition("/")[0]
    if not method or not resource_type:
        return None
    if resource_type == "List":
        return _list_kind(resource, method)
    kind = _KINDS.get((resource_type, method))
    if kind is None:
        node.problem("entry-unexpected")
    return kind


def _list_kind(resource: Node, method: str) -> SlotKind | None:
    codes = {
        each.text("code")
        for each in resource.child("code", required=True).children("coding")
        if each.text("system") in _LIST_SYSTEMS
    }
    known = codes & {code for code, _ in _LISTS}
    if len(known) != 1:
        if resource.has("code"):
            resource.problem("list-kind", "code")
        return None
    kind = _LISTS.get((known.pop(), method))
    if kind is None:
        resource.problem("entry-unexpected")
    return kind


def _target(request: Node, resource: Node, method: str, url: str) -> str:
    resource_type = "DocumentReference" if method == "PATCH" else resource.text("resourceType")
    if method == "POST":
        if url and url.strip("/") != resource_type:
            request.problem("request-url", "url")
        return ""
    if method == "GET" or not url:
        return ""
    target = search.resource_id(url.lstrip("/"), resource_type)
    if target is None:
        request.problem("request-url", "url")
    return target or ""
