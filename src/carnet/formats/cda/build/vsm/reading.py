"""What people wrote in a summary besides its lines, by its chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.formats.cda.body import the_body
from carnet.formats.cda.build.vsm.model import Nothing, Part
from carnet.formats.cda.build.vsm.sections import CHAPTERS, REMARK
from carnet.formats.cda.nodes import text_of
from carnet.formats.cda.xml import HL7, Source, clinical_document, opened

__all__ = ["nothing", "remarks"]

_END: Final = f"-{REMARK}"
_NONE: Final = "-aucun"


def remarks(document: Source) -> Mapping[Part, str]:
    """Of a document that this house wrote: of another's nothing is guessed."""
    return {part: text for part, text in _marked(document, _END).items() if text}


def nothing(document: Source) -> Mapping[Part, Nothing]:
    """Where it says that there is none known, or that it is not known."""
    found = _marked(document, _NONE)
    return {part: Nothing.NONE if text == CHAPTERS[part].none else Nothing.UNKNOWN for part, text in found.items()}


def _marked(document: Source, end: str) -> dict[Part, str]:
    found: dict[Part, str] = {}
    known = {each.value for each in Part}
    for each in the_body(clinical_document(opened(document))).iter(f"{HL7}paragraph"):
        mark = (each.get("ID") or "").partition("-")[2]
        if mark.endswith(end) and (name := mark.removesuffix(end)) in known:
            found.setdefault(Part(name), text_of(each))
    return found
