"""What people call a fact: the words by which it is searched, and where a visit was. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.formats import folding
from carnet.formats.clinical.model import (
    Dispensation,
    Encounter,
    Entry,
    Observation,
    Prescription,
    Procedure,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept
from carnet.formats.terminology import analytes, measures

__all__ = ["names", "place", "setting", "words"]


def words(entry: Entry) -> str:
    """Folded, between blanks, each once."""
    found = dict.fromkeys(word.folded for name in names(entry) for word in folding.words(name))
    return f" {' '.join(found)} " if found else ""


def names(entry: Entry) -> Iterator[str]:
    """As the source has it, by its codes' names, and as the tables name an analyte, a measure, a medicine."""
    for concept in (entry.code, *_about(entry)):
        yield from _names(concept)
    analyte = analytes.of(entry.code)
    if analyte:
        yield from (analyte.label, analyte.short, analyte.english)
    measure = measures.of(entry.code)
    if measure:
        yield from (measure.label, measure.english)


def _names(concept: Concept) -> Iterator[str]:
    yield concept.text
    for each in concept.codings:
        yield each.display
        yield each.code


def _about(entry: Entry) -> Iterator[Concept]:
    if isinstance(entry, Treatment | Prescription | Dispensation) or (
        isinstance(entry, Vaccination) and entry.product is not None
    ):
        product = entry.product
        if product:
            yield product.code
            yield from (each.substance for each in product.ingredients)
    if isinstance(entry, Vaccination):
        yield from entry.targets
    if isinstance(entry, Procedure):
        yield from entry.body_sites
    if isinstance(entry, Observation):
        yield entry.isolate
    if isinstance(entry, Encounter):
        yield Concept(place(entry))
        yield from entry.reasons


def place(entry: Entry) -> str:
    if not isinstance(entry, Encounter):
        return ""
    return (entry.provider.name if entry.provider else "") or entry.location


def setting(entry: Entry) -> str:
    return entry.encounter_class.code if isinstance(entry, Encounter) and entry.encounter_class else ""
