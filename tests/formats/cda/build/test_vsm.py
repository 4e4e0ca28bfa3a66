"""The medical summary: what is written is read back, kind by kind, and the document keeps to its model."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda.build import vsm
from carnet.formats.cda.build.vsm import Change, Chapter, Nothing, Part, Synthesis, words
from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Allergy, Entry, FamilyHistory, Kind, Problem, RelativeCondition
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.cda.build.test_document import ENTRY
from tests.formats.cda.schema import complaints
from tests.formats.fhir.clinical import strategies as drawn

ICD: Final = "2.16.840.1.113883.6.3"
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
    """Has a name, and is no mistake, which a reader leaves out; a relative has what they suffered from."""
    if getattr(entry, "verification", "") == "entered-in-error":
        return False
    return bool(entry.code) and (entry.kind is not Kind.FAMILY or bool(entry.conditions))  # type: ignore[attr-defined]


@given(st.lists(_every, min_size=1, max_size=4))
@settings(max_examples=cases(15), suppress_health_check=_SLOW)
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


@needs_corpus
@pytest.mark.parametrize("name", ["VSM_1.4_2022.01.xml", "IPS-FR_2024.01.xml"])
def test_the_official_examples_told_again(name: str) -> None:
    assert CORPUS is not None
    found = vsm.read((CORPUS / "cda" / name).read_bytes())
    assert sum(len(each.entries) for each in found.chapters) >= 11
    told = Synthesis(
        tuple(replace(each, entries=tuple(map(vsm.carried, each.entries))) for each in found.chapters if each.entries)
    )
    written = vsm.write(ENTRY, told)
    assert complaints(etree.fromstring(written)) == []
    again = vsm.read(written)
    assert vsm.changes(told, again) == ()
    kept = [replace(each, path="") for each in again.entries]
    assert [named_alike(*pair) for pair in zip(told.entries, kept, strict=True)] == list(told.entries)


def test_that_there_is_none_and_that_it_is_not_known() -> None:
    """In the codes of the IPS where it has some, in words elsewhere; nothing is said where nobody said it."""
    whole = Synthesis(
        (
            Chapter(Part.ALLERGIES, nothing=Nothing.NONE),
            Chapter(Part.TREATMENTS, nothing=Nothing.UNKNOWN),
            Chapter(Part.PROBLEMS, nothing=Nothing.UNKNOWN),
            Chapter(Part.DEVICES, nothing=Nothing.NONE),
            Chapter(Part.VACCINATIONS, nothing=Nothing.UNKNOWN),
            Chapter(Part.PROCEDURES, nothing=Nothing.NONE),
            Chapter(Part.FAMILY, nothing=Nothing.NONE, remark="Adoptée."),
        )
    )
    document = vsm.write(ENTRY, whole)
    assert complaints(etree.fromstring(document)) == []
    found = back(document)
    assert all(each.absence for each in found)
    assert sorted(each.code.codings[0].code for each in found) == [
        "no-immunization-info",
        "no-known-allergies",
        "no-known-devices",
        "no-known-procedures",
        "no-medication-info",
        "no-problem-info",
    ]
    assert {chapter.part: (chapter.nothing, chapter.remark) for chapter in vsm.read(document).chapters if chapter} == {
        **{each.part: (each.nothing, each.remark) for each in whole.chapters},
        Part.WATCH: (Nothing.UNKNOWN, ""),
    }
    assert "Aucun antécédent familial connu." in document.decode()


def test_what_changed_is_told_once_each() -> None:
    asthma = Problem(kind=Kind.PROBLEM, code=Concept("Asthme", (Coded("J45.9", ICD),)), clinical="active")
    over = replace(asthma, clinical="resolved", when=Span("1992", "2004"))
    migraine = Problem(kind=Kind.PROBLEM, code=Concept("Migraine"), clinical="active")
    latex = Allergy(kind=Kind.ALLERGY, code=Concept("Latex"), clinical="active")
    old = Synthesis((Chapter(Part.PROBLEMS, (asthma, migraine)), Chapter(Part.ALLERGIES, nothing=Nothing.NONE)))
    new = Synthesis(
        (
            Chapter(Part.PROBLEMS, (migraine,), remark="Stable."),
            Chapter(Part.HISTORY, (over,)),
            Chapter(Part.ALLERGIES, (latex,)),
        )
    )
    assert vsm.changes(old, old) == ()
    assert vsm.changes(old, new) == (
        Change(Part.ALLERGIES, "", "Latex"),
        Change(Part.ALLERGIES, "Aucune allergie connue.", ""),
        Change(Part.PROBLEMS, "", "Stable."),
        Change(Part.HISTORY, "Asthme", "Asthme : résolu, du 1992 au 2004", Part.PROBLEMS),
    )


@pytest.mark.parametrize(
    ("age", "unit", "said"),
    [
        *(
            ("58", "a", "58 ans"),
            ("1", "a", "1 an"),
            ("0.5", "a", "0,5 an"),
            ("1.5", "a", "1,5 an"),
            ("2", "a", "2 ans"),
        ),
        *(("1", "d", "1 jour"), ("10", "d", "10 jours"), ("3", "wk", "3 semaines"), ("6", "mo", "6 mois")),
    ],
)
def test_a_time_is_in_words_with_its_plural(age: str, unit: str, said: str) -> None:
    diabetes = RelativeCondition(code=Concept("Diabète de type 2"), onset=Quantity(Decimal(age), unit, unit))
    mother = FamilyHistory(
        kind=Kind.FAMILY,
        code=Concept("Mère", (Coded("MTH", "2.16.840.1.113883.5.111", "Mère"),)),
        status="completed",
        conditions=(diabetes,),
    )
    assert words.line(mother) == f"Mère : Diabète de type 2 à {said}"
