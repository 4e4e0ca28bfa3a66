"""The medical summary: what is written is read back, kind by kind, and the document keeps to its model."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda.build import vsm
from carnet.formats.cda.build.vsm import Chapter, Part, Synthesis
from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Entry, Kind
from tests.cases import cases
from tests.formats.cda.build.test_document import ENTRY
from tests.formats.cda.schema import complaints
from tests.formats.fhir.clinical import strategies as drawn

PART_OF: Final = {
    Kind.PROBLEM: Part.PROBLEMS,
    Kind.ALLERGY: Part.ALLERGIES,
    Kind.PROCEDURE: Part.PROCEDURES,
    Kind.FAMILY: Part.FAMILY,
    Kind.TREATMENT: Part.TREATMENTS,
    Kind.SOCIAL: Part.LIFE,
    Kind.RESULT: Part.RESULTS,
    Kind.MEASURE: Part.MEASURES,
    Kind.VACCINATION: Part.VACCINATIONS,
    Kind.PREGNANCY: Part.PREGNANCIES,
    Kind.FUNCTION: Part.FUNCTION,
    Kind.DEVICE: Part.DEVICES,
}
_every = st.one_of(
    drawn.observations.filter(lambda each: each.kind in PART_OF),
    drawn.problems,
    drawn.allergies,
    drawn.treatments,
    drawn.vaccinations,
    drawn.procedures.filter(lambda each: each.kind is Kind.PROCEDURE),
    drawn.devices,
    drawn.histories,
)


_SLOW: Final = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def synthesis(*entries: Entry) -> Synthesis:
    found: dict[Part, list[Entry]] = {}
    for each in entries:
        found.setdefault(PART_OF[each.kind], []).append(each)
    return Synthesis(tuple(Chapter(part, tuple(each)) for part, each in found.items()))


def back(document: bytes) -> list[Entry]:
    """Without the visit that the header tells of, and without the places in the document."""
    given_back = read(document)
    assert given_back.faults == ()
    return [replace(each, path="") for each in given_back.entries if each.kind in PART_OF]


def named_alike(written: Entry, found: Entry) -> Entry:
    """Where the source has no number, the document gives one of its own."""
    return found if written.identifiers else replace(found, identifiers=())


def _says_something(entry: Entry) -> bool:
    """Has a name; a relative has what they suffered from."""
    return bool(entry.code) and (entry.kind is not Kind.FAMILY or bool(entry.conditions))  # type: ignore[attr-defined]


@given(st.lists(_every, min_size=1, max_size=4))
@settings(max_examples=cases(40), deadline=None, suppress_health_check=_SLOW)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    author = next(iter(ENTRY.authors), None)
    kept = [vsm.carried(replace(each, absence=False), author) for each in entries]
    kept = [each for each in kept if _says_something(each)]
    assert kept == [vsm.carried(each, author) for each in kept]
    whole = synthesis(*kept)
    document = vsm.write(ENTRY, whole)
    assert complaints(etree.fromstring(document)) == []
    found = back(document)
    assert len(found) == len(kept)
    by_kind = {kind: iter([each for each in found if each.kind is kind]) for kind in PART_OF}
    for each in whole.entries:
        assert named_alike(each, next(by_kind[each.kind])) == each
