"""What a second summary takes over from the first, whatever the order in which the facts come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import pytest

from carnet.formats.clinical.model import Dosage, Entry, Kind, Observation, Prescription, Product, Treatment
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology.choices import ATC
from carnet.formats.terminology.systems import LOINC
from carnet.health.queries import Line
from carnet.health.synthesis_rules import Sourced, proposals

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MADE, BEFORE, OTHER = NOW - timedelta(days=1), UUID(int=1), UUID(int=2)
RAMIPRIL = Product(Concept("Ramipril 5 mg", (Coded("C09AA05", ATC, "Ramipril 5 mg"),)))


def of(number: int, entry: Entry, *, source: UUID, known: datetime, masked: bool = False) -> Sourced:
    text = fhir.dump(fhir.write(entry, fhir.Written("e", "Patient/p", language="fr"))).decode()
    line = Line(
        fact=UUID(int=number),
        kind=entry.kind,
        question=UUID(int=number),
        said_by="document",
        series="",
        label="Ramipril 5 mg",
        since=NOW - timedelta(days=20),
        until=None,
        state="active",
        value=None,
        ucum="",
        comparator="",
        low=None,
        high=None,
        interpretation="",
        absence=False,
        fhir=text,
        known_at=known,
        struck=False,
        mine=False,
        sources=(source,),
    )
    return Sourced(line, 1 if masked else 0)


def prescribed(dose: str) -> Prescription:
    return Prescription(
        kind=Kind.PRESCRIPTION,
        code=Concept(),
        status="active",
        when=Span("2026-10-12"),
        product=RAMIPRIL,
        dosages=(Dosage(text=dose),),
    )


def taken(dose: str) -> Treatment:
    return Treatment(
        kind=Kind.TREATMENT,
        code=Concept(),
        status="active",
        when=Span("2026-10-12"),
        product=RAMIPRIL,
        dosages=(Dosage(text=dose),),
    )


OLD = of(3, prescribed("1 le matin"), source=OTHER, known=MADE - timedelta(days=9))
SAID = of(4, taken("1 le matin"), source=BEFORE, known=MADE)
NEW = of(5, prescribed("2 le matin"), source=OTHER, known=NOW)
HIDDEN = of(6, prescribed("3 le matin"), source=OTHER, known=NOW, masked=True)


def pressure(number: int, code: str, series: str, day: int) -> Sourced:
    value = Quantity(Decimal(130), "mm[Hg]", "mm[Hg]") if code != "85354-9" else None
    entry = Observation(
        kind=Kind.MEASURE, code=Concept("", (Coded(code, LOINC, "Pression"),)), status="final", value=value,
        when=Span(f"2026-10-{day}"),
    )  # fmt: skip
    found = of(number, entry, source=OTHER, known=NOW)
    return replace(found, line=replace(found.line, series=series, since=datetime(2026, 10, day, tzinfo=UTC)))


@pytest.mark.parametrize(("half", "told"), [(10, {1}), (12, {1}), (14, {1, 2})])
def test_a_half_of_a_blood_pressure_is_told_by_the_whole_that_is_as_new(half: int, told: set[int]) -> None:
    whole = pressure(1, "85354-9", "measure:blood_pressure", 12)
    systolic = pressure(2, "8480-6", "http://loinc.org|8480-6", half)
    newest_first = sorted((systolic, whole), key=lambda each: each.line.since or NOW, reverse=True)
    assert {each.fact.int for each in proposals(newest_first, NOW)} == told


def doses(*sourced: Sourced) -> set[tuple[str, bool]]:
    found = proposals(sourced, NOW, before=BEFORE, since=MADE)
    entries = [(each.entry, each.kept) for each in found]
    return {(entry.dosages[0].text, kept) for entry, kept in entries if isinstance(entry, Treatment)}


@pytest.mark.parametrize("turn", range(2))
def test_what_the_last_one_says_is_kept_beside_what_it_is_from(turn: int) -> None:
    assert doses(*list(permutations([OLD, SAID]))[turn]) == {("1 le matin", True)}


def test_what_was_left_out_stays_out_and_what_came_since_is_proposed() -> None:
    assert doses(OLD) == {("1 le matin", False)}
    assert doses(OLD, NEW) == doses(NEW, OLD) == {("2 le matin", True)}


def test_what_is_masked_stands_behind_what_is_open() -> None:
    assert doses(HIDDEN, SAID) == doses(SAID, HIDDEN) == {("1 le matin", True)}
