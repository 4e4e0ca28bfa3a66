"""What a clinical entry is found by: its codes and its categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from carnet.formats.clinical.model import Dispensation, Entry, FamilyHistory, Prescription, Treatment, Vaccination
from carnet.formats.entry import Coded
from carnet.formats.fhir.search import keys
from carnet.formats.fhir.search.tokens import canonical_system

__all__ = ["of_entry"]


def of_entry(entry: Entry, written: Mapping[str, Any]) -> list[int]:
    """Distinct, in ascending order; `written` is its resource, whose categories follow from the kind."""
    codes = [_key("code", each) for each in _codes(entry)]
    return sorted({key for found in (*codes, *map(_category, _categories(written))) for key in found})


def _codes(entry: Entry) -> Iterator[Coded]:
    yield from entry.code.codings
    if isinstance(entry, Treatment | Prescription | Dispensation | Vaccination) and entry.product:
        yield from entry.product.code.codings
        for each in entry.product.ingredients:
            yield from each.substance.codings
    if isinstance(entry, FamilyHistory):
        for condition in entry.conditions:
            yield from condition.code.codings


def _categories(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """System and code. AllergyIntolerance has codes alone, some types one category, others several."""
    found = written.get("category", [])
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, str):
            yield "http://hl7.org/fhir/allergy-intolerance-category", each
        else:
            yield from (
                (coding.get("system", ""), coding["code"]) for coding in each.get("coding", ()) if "code" in coding
            )


def _key(field: str, coded: Coded) -> tuple[int, ...]:
    return keys.stored(field, canonical_system(coded.system), coded.code) if coded.code else ()


def _category(found: tuple[str, str]) -> tuple[int, ...]:
    return _key("category", Coded(found[1], found[0]))
