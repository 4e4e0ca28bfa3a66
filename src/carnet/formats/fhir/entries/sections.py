"""Sections of a Composition: which resources stand in them, and what an empty one says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    Procedure,
    Treatment,
    Vaccination,
)
from carnet.formats.fhir.entries import pieces
from carnet.formats.fhir.node import Node

__all__ = ["BY_CODE", "PAST", "SECTIONS", "Section", "empty", "of"]

PAST: Final = "11348-0"
_DEPTH: Final = 5


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the International Patient Summary: its LOINC code, and the kinds of entries that it holds."""

    code: str
    kinds: tuple[Kind, ...]
    of_absence: type[Entry]


SECTIONS: Final = (
    Section("10160-0", (Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION), Treatment),
    Section("48765-2", (Kind.ALLERGY,), Allergy),
    Section("11450-4", (Kind.PROBLEM,), Problem),
    Section("11369-6", (Kind.VACCINATION,), Vaccination),
    Section("30954-2", (Kind.RESULT,), Observation),
    Section("47519-4", (Kind.PROCEDURE, Kind.REIMBURSED), Procedure),
    Section("46264-8", (Kind.DEVICE,), Device),
    Section(PAST, (Kind.PROBLEM,), Problem),
    Section("10162-6", (Kind.PREGNANCY, Kind.BIRTH), Observation),
    Section("29762-2", (Kind.SOCIAL,), Observation),
    Section("8716-3", (Kind.MEASURE,), Observation),
    # The guide lets only conditions and impressions stand in its own section on functions (47420-5).
    Section("54522-8", (Kind.FUNCTION,), Observation),
    Section("10157-6", (Kind.FAMILY,), FamilyHistory),
    Section("46240-8", (Kind.ENCOUNTER,), Encounter),
)
BY_CODE: Final = {each.code: each for each in (*SECTIONS, Section("47420-5", (Kind.FUNCTION,), Observation))}


def of(resources: list[Node], find: Callable[[str], Node | None]) -> dict[int, str]:
    """By the identity of a resource the code of the first section that it stands in."""
    found: dict[int, str] = {}
    for section, code in _all(resources):
        for reference in section.children("entry", limit=1_000):
            target = find(reference.text("reference"))
            if target is not None:
                found.setdefault(id(target.fields), code)
    return found


def empty(resources: list[Node]) -> Iterator[Entry]:
    """What sections say of their emptiness, in the words and the code of the source."""
    for section, code in _all(resources):
        known = BY_CODE.get(code)
        if known is None or not section.has("emptyReason"):
            continue
        reason = pieces.concept(section.child("emptyReason"))
        if reason:
            path = f"{section.path}.emptyReason"
            yield known.of_absence(kind=known.kinds[0], code=reason, absence=True, path=path)


def _all(resources: list[Node]) -> Iterator[tuple[Node, str]]:
    for node in resources:
        if node.fields.get("resourceType") == "Composition":
            yield from _below(node, _DEPTH)


def _below(holder: Node, depth: int) -> Iterator[tuple[Node, str]]:
    if not depth or not holder.has("section"):
        return
    for section in holder.children("section"):
        code = pieces.state(section.child("code")) if section.has("code") else ""
        yield section, code
        yield from _below(section, depth - 1)
