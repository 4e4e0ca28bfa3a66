"""What a doctor is offered to sign: every medicine by its name, no disease lost behind another, nothing denied that no
source denies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from carnet.formats.cda.build.vsm import Nothing, Part, carried
from carnet.formats.cda.build.vsm.words import line as words_of
from carnet.formats.clinical.model import (
    Allergy,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Problem,
    RelativeCondition,
    Timing,
    Treatment,
)
from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.entry import Coded
from carnet.formats.terminology.choices import ICD10
from carnet.formats.terminology.systems import LOINC
from carnet.health.synthesis_rules import Proposal, Sourced, nothing_said, proposals
from tests.health.test_treatments import DAY, days, line, prescribed

NOW = DAY + timedelta(days=3)
_IPS = "2.16.840.1.113883.5.1150.1"
ROLE = "2.16.840.1.113883.5.111"


def sourced(*entries: Entry, masked: Sequence[int] = (), series: str = "") -> list[Sourced]:
    return [
        Sourced(replace(line(each, number), series=series), 1 if number in masked else 0)
        for number, each in enumerate(entries)
    ]


def offered(*entries: Entry, **given: Any) -> list[tuple[str, bool]]:
    return [(_label(each), each.kept) for each in proposals(sourced(*entries, **given), NOW)]


def _label(proposal: Proposal) -> str:
    entry = proposal.entry
    return entry.product.code.label if isinstance(entry, Treatment) else entry.code.label


def said(*entries: Entry, **given: Any) -> dict[Part, Nothing]:
    lines = sourced(*entries, **given)
    return nothing_said(lines, proposals(lines, NOW))


def none(code: str) -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept("Dit ainsi", (Coded(code, _IPS, ""),)), absence=True)


PENICILLIN = Allergy(kind=Kind.ALLERGY, code=Concept("Pénicilline"), clinical="active")


def test_no_chapter_is_told_as_empty_but_by_who_says_so_of_all_of_it() -> None:
    assert said(none("no-known-allergies")) == {Part.ALLERGIES: Nothing.NONE}
    assert said(none("no-allergy-info")) == {Part.ALLERGIES: Nothing.UNKNOWN}
    assert said(none("no-known-food-allergies")) == {}
    assert said(none("no-known-allergies"), PENICILLIN, masked=[1]) == {}, "a masked one is no « none »"
    assert said(none("no-known-allergies"), masked=[0]) == {}
    for kind in (Kind.RESULT, Kind.PREGNANCY, Kind.FUNCTION):
        denied = Observation(
            kind=kind,
            code=Concept("Prééclampsie", (Coded("O14.9", ICD10, ""),)),
            status="final",
            value=False,
            absence=True,
        )
        assert said(denied) == {}, kind


@pytest.mark.parametrize(
    "names",
    [
        ("LEVOTHYROX 100 microgrammes", "LEVOTHYROX 25 microgrammes"),
        (
            "LOSARTAN/HYDROCHLOROTHIAZIDE 50 mg/12,5 mg",
            "IRBESARTAN/HYDROCHLOROTHIAZIDE 150 mg/12,5 mg",
            "HYDROCHLOROTHIAZIDE 25 mg",
        ),
        ("VITAMINE B12", "VITAMINE D3", "VITAMINE K1"),
    ],
    ids=["strengths", "substances", "vitamins"],
)
def test_each_medicine_is_offered_by_its_own_name(names: tuple[str, ...]) -> None:
    assert sorted(offered(*map(prescribed, names))) == sorted((name, True) for name in names)


def test_one_medicine_that_two_sources_name_is_offered_twice_and_kept_once() -> None:
    found = offered(prescribed("RAMIPRIL EG 5 mg, comprimé"), prescribed("Ramipril"))
    assert sorted(kept for _, kept in found) == [False, True]


def test_two_doses_of_one_day_in_one_document_are_both_offered() -> None:
    evening = prescribed("PREDNISONE 20 mg", dosages=(Dosage(text="1 le soir"),))
    morning = prescribed("PREDNISONE 20 mg", dosages=(Dosage(text="3 le matin"),))
    assert offered(morning, evening) == [("PREDNISONE 20 mg", True)] * 2


def problem(code: str, words: str, **more: Any) -> Problem:
    return Problem(kind=Kind.PROBLEM, code=Concept(words, (Coded(code, ICD10, ""),)), clinical="active", **more)


def brother(disease: str) -> FamilyHistory:
    concept = Concept("Frère", (Coded("BRO", ROLE, "Frère"),))
    return FamilyHistory(
        kind=Kind.FAMILY, code=concept, status="completed", conditions=(RelativeCondition(code=Concept(disease)),)
    )


def test_no_disease_is_left_out_because_another_has_its_code() -> None:
    diseases = (
        problem("Z95.0", "Stimulateur cardiaque"),
        problem("Z95.2", "Valve mécanique"),
        problem("Z95.5", "Stent coronaire"),
        problem("D68.0", "Willebrand"),
        problem("D68.5", "Thrombophilie"),
        problem("I20", "Angor stable"),
        problem("I20", "SCA"),
        problem("M16.1", "Coxarthrose", body_site=Concept("droite")),
        problem("M16.1", "Coxarthrose", body_site=Concept("gauche")),
    )
    assert offered(*diseases) == [(each.code.label, True) for each in diseases]
    again = problem("I20", "Angor  stable")
    assert [kept for _, kept in offered(problem("I20", "Angor stable"), again)] == [True, False]


def test_the_disease_of_a_second_brother_is_kept() -> None:
    assert offered(brother("Infarctus"), brother("Mucoviscidose")) == [("Frère", True)] * 2
    assert offered(brother("Infarctus"), brother("Infarctus")) == [("Frère", True), ("Frère", False)]


def smokes(value: str, about: Concept | None = None) -> Observation:
    code = Concept("Tabagisme", (Coded("72166-2", LOINC, "Tabagisme"),))
    more: dict[str, Any] = {"about": about} if about else {}
    return Observation(kind=Kind.SOCIAL, code=code, status="final", value=value, **more)


def test_what_a_mother_smokes_is_not_told_as_the_childs() -> None:
    mother = Concept("", (Coded("MTH", ROLE, "Mère"),))
    found = proposals(sourced(smokes("20 par jour", mother), smokes("Non"), series="tabac"), NOW)
    assert [(str(getattr(each.entry, "value", "")), each.kept) for each in found] == [
        ("20 par jour", False),
        ("Non", True),
    ]
    told = carried(found[0].entry)
    assert told.code == Concept("Tabagisme (mère)")
    assert carried(told).code == told.code


def dosed(*dosages: Dosage) -> str:
    entry = Treatment(kind=Kind.TREATMENT, code=Concept("APIXABAN"), status="active", dosages=dosages)
    return words_of(carried(entry))


def phase(often: int, lasting: Quantity | None = None, sequence: int | None = None) -> Dosage:
    return Dosage(
        dose=Quantity(Decimal(1), "cp"),
        timing=Timing(frequency=often, period=days("1"), bounds=lasting),
        sequence=sequence,
    )


def test_a_dose_in_figures_alone_is_signed_with_how_often_and_each_phase() -> None:
    assert "1 cp 3 fois par jour" in dosed(phase(3))
    assert "2 fois par jour pendant 7 jours ; 1 cp 1 fois par jour" in dosed(phase(2, days("7"), 1), phase(1, None, 2))
    assert "1 cp 1 fois par jour" in dosed(phase(1))
    eight = Dosage(dose=Quantity(Decimal(1), "cp"), timing=Timing(frequency=1, period=Quantity(Decimal(8), "h", "h")))
    assert "toutes les 8 heures" in dosed(eight)
    assert "3 fois par jour" in words_of(
        Treatment(kind=Kind.TREATMENT, code=Concept("APIXABAN"), status="active", dosages=(phase(3),))
    ), "what its author reads before it is written"
    assert dosed(Dosage(text="selon l'INR", timing=Timing(frequency=3, period=days("1")))).endswith("selon l'INR")
