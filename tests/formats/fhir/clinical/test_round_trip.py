"""Entry → FHIR → entry: nothing is lost, nothing is added, and what is written is FHIR R4."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from carnet.formats.clinical.model import Entry, Kind
from carnet.formats.clinical.reading import Fault
from carnet.formats.clinical.values import Concept
from carnet.formats.fhir import entries, structure
from carnet.formats.fhir.entries.extensions import BASE, MEANINGS
from carnet.formats.fhir.node import Problems
from tests.cases import cases
from tests.formats.fhir.clinical.strategies import BY_CLASS

IDS = entries.Written("e-1", "Patient/p-1", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), "fr")
CLASSES = pytest.mark.parametrize("kind", BY_CLASS, ids=lambda kind: kind.__name__)


@CLASSES
@given(data=st.data())
@settings(max_examples=cases(15), suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_comes_back_as_it_was(kind: type[Entry], data: st.DataObject) -> None:
    entry = data.draw(BY_CLASS[kind])
    resource = entries.load(entries.dump(entries.write(entry, IDS)))
    problems = Problems()
    structure.check(resource, entries.resource_type(entry), problems, "it", strict=True, clinical=True)
    assert [(each.expression, each.details_code) for each in problems.issues] == []
    faults: list[Fault] = []
    found = entries.read(resource, faults=faults)
    assert faults == []
    assert found is not None
    assert _told(found) == _told(entry)
    assert _unknown_extensions(resource) == set()


@CLASSES
def test_every_field_is_tried(kind: type[Entry]) -> None:
    """A field that is added to the model and not to what is drawn would be lost unseen."""
    plain = kind(kind=Kind.RESULT, code=Concept())
    tried = {"path"}

    @seed(1)
    @settings(max_examples=20, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(BY_CLASS[kind])
    def draw(entry: Entry) -> None:
        tried.update(each.name for each in fields(entry) if getattr(entry, each.name) != getattr(plain, each.name))

    draw()
    assert {each.name for each in fields(kind)} - tried <= {"kind"}


def _told(entry: Entry) -> dict[str, str]:
    """By their words: 7.10 equals 7.1 as a number."""
    bare = replace(entry, path="")
    return {each.name: repr(getattr(bare, each.name)) for each in fields(bare)}


def _unknown_extensions(value: object) -> set[str]:
    if isinstance(value, list):
        return {url for each in value for url in _unknown_extensions(each)}
    if not isinstance(value, dict):
        return set()
    ours = str(value.get("url", "")).removeprefix(BASE)
    mine = {ours} if str(value.get("url", "")).startswith(BASE) and ours not in MEANINGS else set()
    return mine | {url for each in value.values() for url in _unknown_extensions(each)}
