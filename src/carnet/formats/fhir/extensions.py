"""Extensions of the French and IHE profiles, by their url."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from carnet.formats.fhir.node import Node

__all__ = [
    "AUTHOR_ORG",
    "DESIGNATION_TYPE",
    "INTENDED_RECIPIENT",
    "INTENDED_RECIPIENT_IHE",
    "IS_ARCHIVED",
    "SOURCE_ID",
    "each",
    "first",
]

_IHE: Final = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/"
_PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
AUTHOR_ORG: Final = f"{_IHE}ihe-authorOrg"
DESIGNATION_TYPE: Final = f"{_IHE}ihe-designationType"
SOURCE_ID: Final = f"{_IHE}ihe-sourceId"
INTENDED_RECIPIENT_IHE: Final = f"{_IHE}ihe-intendedRecipient"
INTENDED_RECIPIENT: Final = f"{_PDSM}pdsm-ext-intended-recipient"
IS_ARCHIVED: Final = f"{_PDSM}pdsm-ext-is-archived"


def each(node: Node, *urls: str) -> Iterator[Node]:
    return (found for found in node.children("extension") if found.text("url") in urls)


def first(node: Node, url: str) -> Node:
    return next(each(node, url), node.nothing())
