"""What a clinical entry is found by: its codes, its categories, how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from carnet.formats.clinical.model import (
    Dispensation,
    Entry,
    FamilyHistory,
    Observation,
    Prescription,
    Treatment,
    Vaccination,
)
from carnet.formats.entry import Coded
from carnet.formats.fhir.search import keys
from carnet.formats.fhir.search.tokens import canonical_system

__all__ = ["of_entry"]

_ALLERGY: Final = "http://hl7.org/fhir/allergy-intolerance-category"
_WRITTEN: Final = {"category": "category", "clinicalStatus": "clinical-status", "class": "class"}


def of_entry(entry: Entry, written: Mapping[str, Any]) -> list[int]:
    """Distinct, in ascending order; `written` is its resource, whose categories and states follow from the kind."""
    found = [_key(field, each) for field, each in _codes(entry)]
    found += [_key(field, each) for name, field in _WRITTEN.items() for each in _codings(written.get(name, []))]
    return sorted({key for group in found for key in group})


def _codes(entry: Entry) -> Iterator[tuple[str, Coded]]:
    own = "relationship" if isinstance(entry, FamilyHistory) else "code"
    yield from ((own, each) for each in entry.code.codings)
    yield from (("code", each) for each in _others(entry))
    if isinstance(entry, Observation):
        for component in entry.components:
            yield from (("component-code", each) for each in component.code.codings)


def _others(entry: Entry) -> Iterator[Coded]:
    if isinstance(entry, Treatment | Prescription | Dispensation | Vaccination) and entry.product:
        yield from entry.product.code.codings
        for each in entry.product.ingredients:
            yield from each.substance.codings
    if isinstance(entry, FamilyHistory):
        for condition in entry.conditions:
            yield from condition.code.codings


def _codings(found: Any) -> Iterator[Coded]:
    """Of a code alone (AllergyIntolerance), a Coding, a CodeableConcept, or several."""
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, str):
            yield Coded(each, _ALLERGY)
        elif "code" in each:
            yield Coded(each["code"], each.get("system", ""))
        else:
            yield from (Coded(one["code"], one.get("system", "")) for one in each.get("coding", ()) if "code" in one)


def _key(field: str, coded: Coded) -> tuple[int, ...]:
    return keys.stored(field, canonical_system(coded.system), coded.code) if coded.code else ()
