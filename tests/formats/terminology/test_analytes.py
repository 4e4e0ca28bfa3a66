"""Which analyses are one, how they are shown, and which measures there are."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from carnet.demo.pharmacopoeia import City, Hospital
from carnet.formats.cda.build.clinical import Analyte as Printed
from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.entry import Coded
from carnet.formats.terminology import analytes, measures, units
from carnet.formats.terminology.systems import LOINC

REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "measures.json"


def _quantity(value: str, ucum: str) -> Quantity:
    return Quantity(Decimal(value), "", ucum)


def test_there_are_the_analyses_of_everyday_laboratories() -> None:
    assert len(analytes.every()) >= 250
    used = {analyte.chapter for analyte in analytes.every()}
    assert used == {chapter.key for chapter in analytes.chapters()}


@pytest.mark.parametrize(
    "joined",
    [
        ("2345-7", "14749-6"),
        ("2093-3", "14647-2"),
        ("13457-7", "22748-8", "39469-2"),
        ("2160-0", "14682-9"),
        ("4548-4", "59261-8"),
        ("3024-7", "14920-3"),
        ("1742-6", "1743-4"),
        ("787-2", "30428-7"),
    ],
)
def test_codes_of_one_analysis_are_joined(joined: tuple[str, ...]) -> None:
    assert len({analytes.by_loinc(code) for code in joined} - {None}) == 1


@pytest.mark.parametrize(
    "apart",
    [
        ("3091-6", "3094-0"),  # urea, urea nitrogen
        ("48065-7", "48066-5"),  # D-dimer FEU, DDU
        ("2345-7", "2339-0"),  # serum, whole blood
        ("2345-7", "1558-6"),  # fasting or not
        ("62238-1", "77147-7"),  # CKD-EPI, MDRD
        ("1988-5", "30522-7"),  # CRP, high-sensitivity CRP
        ("6598-7", "67151-1"),  # troponin T, high-sensitivity
        ("2951-2", "2955-3"),  # serum, urine
        ("14629-0", "29760-6"),  # direct, conjugated
        ("26499-4", "26511-6"),  # a count, a share
    ],
)
def test_codes_of_two_analyses_are_not(apart: tuple[str, str]) -> None:
    one, other = map(analytes.by_loinc, apart)
    assert one is None or one != other


def test_what_differs_in_an_analysis_is_its_property_or_method() -> None:
    for analyte in analytes.every():
        ways = [(code.property, code.method) for code in analyte.codes]
        # Fasting glucose alone has two codes of one property and no method: CI-SIS's and LOINC's.
        assert len(set(ways)) == len(ways) or analyte.key == "glucose_fasting", analyte.key


def test_labels_are_distinct_and_no_page_confuses_two_analyses() -> None:
    for one, other in combinations(analytes.every(), 2):
        assert one.label != other.label
        assert one.english != other.english


def test_a_result_is_found_by_its_own_code_or_by_a_translation() -> None:
    local = Coded("GLU", "1.2.3.4")
    assert analytes.of(Concept("Glycémie", (local, Coded("14749-6", "http://loinc.org")))) == analytes.by_key("glucose")
    assert analytes.of(Concept("Glycémie", (local,))) is None
    assert analytes.of(Concept("Glycémie")) is None
    assert analytes.of(Concept("", (Coded("2345-7", LOINC), Coded("2339-0", LOINC)))) is None
    assert analytes.of(Concept("", (Coded("2345-7", "9.9"),))) is None


def test_two_laboratories_come_to_one_curve() -> None:
    glucose = analytes.by_key("glucose")
    assert glucose is not None
    city, hospital = (analytes.shown(glucose, _quantity(*each)) for each in (("1.05", "g/L"), ("5.8", "mmol/L")))
    assert city == Quantity(Decimal("1.05"), "g/L", "g/L")
    assert hospital is not None
    assert units.like(hospital.value, Decimal("5.8")) == Decimal("1.0")


def test_what_has_no_one_molar_mass_keeps_to_itself() -> None:
    lipoprotein = analytes.by_key("lipoprotein_a")
    assert lipoprotein is not None
    assert analytes.shown(lipoprotein, _quantity("300", "mg/L")) is None
    words = analytes.by_key("hbs_antigen")
    assert words is not None
    assert analytes.shown(words, _quantity("1", "1")) is None


@pytest.mark.parametrize("laboratory", [City, Hospital], ids=lambda each: each.__name__)
def test_the_demonstration_is_read_whole(laboratory: type) -> None:
    printed = [each for each in vars(laboratory).values() if isinstance(each, Printed)]
    assert len(printed) > 15
    for each in printed:
        analyte = analytes.by_loinc(each.code)
        assert analyte is not None, each.name
        assert analytes.shown(analyte, _quantity(each.low or each.high or "1", each.ucum)), each.name


def test_measures_are_those_of_the_reference() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference is not beside this checkout")
    for theirs in json.loads(REFERENCE.read_text(encoding="utf-8"))["measures"]:
        ours = measures.by_key(theirs["key"])
        assert ours is not None
        assert (ours.code, ours.ucum, ours.label) == (theirs["code"], theirs["ucum"], theirs["label"])
        bounds = [Decimal(str(theirs[name])) if theirs[name] is not None else None for name in ("hard_min", "hard_max")]
        assert [ours.low, ours.high] == bounds


def test_a_measure_is_found_by_any_of_its_codes() -> None:
    glucose = measures.by_key("glucose_blood")
    assert measures.of(Concept("", (Coded("2339-0", "http://loinc.org"),))) == glucose
    assert measures.by_code("1.2.250.1.213.1.1.4.322", "MED-969") == measures.by_key("glucose_interstitial")
    assert measures.of(Concept("", (Coded("29463-7", LOINC), Coded("8302-2", LOINC)))) is None
    assert measures.of(Concept("Poids")) is None


def test_bounds_hold_in_any_unit() -> None:
    height, weight = measures.by_key("height"), measures.by_key("weight")
    assert height is not None
    assert weight is not None
    assert measures.within(height, _quantity("1.72", "m"))
    assert not measures.within(height, _quantity("172", "m"))
    assert measures.within(weight, _quantity("150", "[lb_av]"))
    assert measures.within(weight, _quantity("172", "cm")) is None
    assert measures.shown(height, _quantity("172", "cm")) == Quantity(Decimal("1.72"), "m", "m")
    pressure = measures.by_key("blood_pressure")
    assert pressure is not None
    assert [part.key for part in pressure.components] == ["systolic", "diastolic"]
    assert measures.part_of(Concept("", (Coded("8480-6", LOINC),))) == (pressure, pressure.components[0])
    assert measures.part_of(Concept("", (Coded("8480-6", LOINC), Coded("8462-4", LOINC)))) is None
