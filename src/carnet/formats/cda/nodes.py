"""Small readers on the tree: children by local name, HL7 data types as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from lxml import etree

from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.hl7_time import TimeError, to_datetime
from carnet.formats.cda.xml import HL7
from carnet.formats.entry import Coded, Identifier, Organisation

__all__ = [
    "attribute",
    "child",
    "children",
    "coded",
    "document_id",
    "identifier",
    "lenient_timestamp",
    "organisation",
    "path_of",
    "text_of",
    "timestamp",
]

_OID = re.compile(r"[0-2](?:\.\d{1,40}){1,60}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_URI = "urn:ietf:rfc:3986"
_MAX_ID = 256


def children(parent: etree._Element | None, path: str) -> Iterator[etree._Element]:
    """Elements of the HL7 namespace along `a/b/c`, in document order."""
    return iter(()) if parent is None else parent.iterfind(_qualified(path))


def child(parent: etree._Element | None, path: str) -> etree._Element | None:
    return None if parent is None else parent.find(_qualified(path))


@cache
def _qualified(path: str) -> str:
    return "/".join(HL7 + name for name in path.split("/"))


def attribute(element: etree._Element | None, name: str) -> str:
    """The value without surrounding blanks; empty when there is none or the element is null."""
    if element is None or element.get("nullFlavor"):
        return ""
    return (element.get(name) or "").strip()


def text_of(element: etree._Element | None) -> str:
    """All the text inside, blanks gathered."""
    if element is None or element.get("nullFlavor"):
        return ""
    return " ".join("".join(map(str, element.itertext())).split())


def coded(element: etree._Element | None) -> Coded | None:
    code = attribute(element, "code")
    if not code:
        return None
    return Coded(code, attribute(element, "codeSystem"), attribute(element, "displayName"))


def identifier(element: etree._Element | None) -> Identifier | None:
    """A root alone names itself: it becomes an absolute URI, as FHIR does."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    if not root:
        return None
    if extension:
        return Identifier(root, extension)
    is_uuid = _UUID.fullmatch(root.lower())
    return Identifier(_URI, f"urn:uuid:{root.lower()}" if is_uuid else f"urn:oid:{root}")


def document_id(element: etree._Element | None) -> str | None:
    """`root`, `root^extension` or a lower-case UUID; None when it is absent or has no such form."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    if _UUID.fullmatch(root.lower()):
        root = root.lower()
    elif not _OID.fullmatch(root):
        return None
    if "^" in extension or not extension.isprintable():
        return None
    whole = f"{root}^{extension}" if extension else root
    return whole if len(whole) <= _MAX_ID else None


def organisation(element: etree._Element | None) -> Organisation | None:
    if element is None:
        return None
    name = text_of(child(element, "name"))
    ids = (identifier(each) for each in children(element, "id"))
    found = next((each for each in ids if each), None)
    return Organisation(name, found) if name or found else None


def timestamp(element: etree._Element | None) -> datetime | None:
    """The instant in @value; None when absent. Raises `CdaError` `bad-time`."""
    value = attribute(element, "value")
    if element is None or not value:
        return None
    try:
        return to_datetime(value)
    except TimeError:
        raise CdaError(
            "bad-time",
            "Cette date n’est pas au format HL7 (AAAAMMJJhhmmss±zzzz) ou n’existe pas : corrigez-la.",
            path_of(element) + "/@value",
        ) from None


def lenient_timestamp(element: etree._Element | None, warnings: list[str]) -> datetime | None:
    """As `timestamp`, for a date whose loss does no harm: a bad one is left out and said."""
    try:
        return timestamp(element)
    except CdaError as error:
        warnings.append(f"Une date n’est pas au format HL7 ou n’existe pas, elle est ignorée : {error.where}.")
        return None


def path_of(element: etree._Element) -> str:
    """`/ClinicalDocument/author[2]/time`: from the document down, positions only where there are several."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        steps.append(_step(node))
        if node.tag == HL7 + "ClinicalDocument":
            break
        node = node.getparent()
    return "/" + "/".join(reversed(steps))


def _step(node: etree._Element) -> str:
    name = etree.QName(node).localname
    before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
    alone = before == 0 and next(node.itersiblings(node.tag), None) is None
    return name if alone else f"{name}[{before + 1}]"
