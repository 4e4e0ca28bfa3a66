"""The corpus read by plain lxml, apart from the readers of the project: to count and to compare."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

from lxml import etree

from carnet.formats.clinical.model import Entry
from tests.corpus import CORPUS

__all__ = ["COUNTS", "FILES", "TYPE", "V3", "counts", "document", "file_bytes", "find", "left", "one", "standing"]

V3: Final = {"h": "urn:hl7-org:v3"}
TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1"


def _template(root: str) -> str:
    return f".//h:structuredBody//h:observation[h:templateId/@root='{root}']"


_NOT_EARLIER: Final = "[not(ancestor::h:entryRelationship/@typeCode='REFR')]"
COUNTS: Final = {
    "result": _template("1.3.6.1.4.1.19376.1.3.1.6") + _NOT_EARLIER,
    "measure": _template(f"{_PCC}.4.13.2"),
    "pregnancy": _template(f"{_PCC}.4.13.5"),
    "social": _template(f"{_PCC}.4.13.4"),
    "function": _template(f"{_PCC}.1.12.3.6"),
}
# Observations of the templates that other kinds read: problems, allergies, family history.
_OTHERS: Final = frozenset({f"{_PCC}.4.5", f"{_PCC}.4.6", f"{_PCC}.4.13.3"})

FILES: Final[list[Path]] = sorted((CORPUS / "cda").glob("*.xml")) if CORPUS else []


def file_bytes(name: str) -> bytes:
    return next(each for each in FILES if each.name == name).read_bytes()


def document(path: Path) -> etree._Element:
    root = etree.fromstring(path.read_bytes())
    return one(root, "/h:ClinicalDocument|//h:ClinicalDocument")


def find(element: etree._Element, path: str) -> list[etree._Element]:
    found = element.xpath(path, namespaces=V3)
    assert isinstance(found, list)
    return [each for each in found if isinstance(each, etree._Element)]


def one(element: etree._Element, path: str) -> etree._Element:
    (found,) = find(element, path)
    return found


def counts(root: etree._Element) -> dict[str, int]:
    numbers = {kind: len(find(root, path)) for kind, path in COUNTS.items()}
    return {kind: number for kind, number in numbers.items() if number}


def standing(root: etree._Element, entry: Entry) -> etree._Element:
    """The element that the path of an entry leads to."""
    path = re.sub(r"/(\w+)", r"/h:\1", entry.path.removeprefix("/ClinicalDocument"))
    return one(root, "." + path)


def left(root: etree._Element, read: set[etree._Element]) -> dict[str, int]:
    """Coded observations that happened, of a section or a battery, which were not read: by the code of the section."""
    found: Counter[str] = Counter()
    path = ".//h:structuredBody//h:observation[@moodCode='EVN'][parent::h:entry|parent::h:component][h:code][h:value]"
    for each in find(root, path):
        templates = {template.get("root") for template in find(each, "h:templateId")}
        if each not in read and not templates & _OTHERS:
            found[one(each, "ancestor::h:section[1]/h:code").get("code") or ""] += 1
    return dict(found)
