"""What people wrote in a summary besides its lines, by its chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.formats.cda import entries
from carnet.formats.cda.body import the_body
from carnet.formats.cda.build.vsm.model import Chapter, Nothing, Part, Synthesis, part_of
from carnet.formats.cda.build.vsm.sections import CHAPTERS, REMARK
from carnet.formats.cda.nodes import text_of
from carnet.formats.cda.xml import HL7, Source, clinical_document, opened
from carnet.formats.clinical.model import Entry

__all__ = ["is_summary", "nothing", "read", "remarks"]

TEMPLATE: Final = "1.2.250.1.213.1.1.1.13"
_END: Final = f"-{REMARK}"
_NONE: Final = "-aucun"


def is_summary(document: Source) -> bool:
    """Whether it keeps to the model of the medical summary."""
    root = clinical_document(opened(document))
    return any(each.get("root") == TEMPLATE for each in root.iterfind(f"{HL7}templateId"))


def read(document: Source) -> Synthesis:
    """Of any summary in CDA; raises `CdaError` for what is none."""
    facts: dict[Part, list[Entry]] = {}
    for each in entries.read(document).entries:
        part = part_of(each)
        if part is not None and not each.absence:
            facts.setdefault(part, []).append(each)
    said, none = remarks(document), nothing(document)
    return Synthesis(
        tuple(Chapter(part, tuple(facts.get(part, ())), none.get(part), said.get(part, "")) for part in Part)
    )


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
