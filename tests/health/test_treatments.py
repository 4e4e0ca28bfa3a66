"""Which medicines are told as running today, and which as one: in doubt they run, and are two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from carnet.formats.clinical.model import (
    Dispensation,
    Dosage,
    Entry,
    Kind,
    Prescription,
    Product,
    Timing,
    Treatment,
)
from carnet.formats.clinical.posology import worded
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Coded
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology.choices import ATC
from carnet.health import columns
from carnet.health.queries import Line
from carnet.health.treatments import groups

DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def days(number: str) -> Quantity:
    return Quantity(Decimal(number), "d", "d")


def times(number: int, *, lasting: Quantity | Range | Span | None = None) -> Timing:
    return Timing(frequency=number, period=days("1"), bounds=lasting)


def phase(number: int, lasting: Quantity | Range | Span | None = None, sequence: int | None = None) -> Dosage:
    return Dosage(dose=Quantity(Decimal(1), "comprimé"), timing=times(number, lasting=lasting), sequence=sequence)


def prescribed(label: str = "APIXABAN 5 mg", start: str = "2026-06-01", end: str = "", **more: Any) -> Prescription:
    given: dict[str, Any] = {"status": "active", "when": Span(start, end)} | more
    return Prescription(kind=Kind.PRESCRIPTION, code=Concept(), product=Product(Concept(label)), **given)


def line(entry: Entry, number: int = 1, known: datetime = DAY) -> Line:
    text = fhir.dump(fhir.write(entry, fhir.Written("e", "Patient/p", language="fr"))).decode()
    kept = columns.of(entry)
    told = {name: kept[name] for name in ("label", "since", "until", "state", "absence")}
    nothing: dict[str, Any] = dict.fromkeys(("value", "low", "high"))
    words: dict[str, Any] = dict.fromkeys(("series", "ucum", "comparator", "interpretation"), "")
    return Line(
        fact=UUID(int=number),
        kind=entry.kind,
        question=UUID(int=number),
        said_by="document",
        fhir=text,
        known_at=known,
        struck=False,
        mine=False,
        sources=(UUID(int=9),),
        **told,
        **nothing,
        **words,
    )


def current(entries: Sequence[Entry], at: datetime, known: datetime = DAY) -> list[list[str]]:
    lines = [line(each, number, known) for number, each in enumerate(entries)]
    return [[each.label for each in group.current] for group in groups(lines, at, lambda _: "Dr") if group.current]


def runs(entry: Entry, day: int, known: datetime = DAY) -> bool:
    """On that day, the first being 0."""
    return bool(current([entry], DAY + timedelta(days=day), known))


@pytest.mark.parametrize(
    ("entry", "last"),
    [
        pytest.param(prescribed(dosages=(phase(2, days("7")), phase(1))), 364, id="then-without-an-end"),
        pytest.param(
            prescribed(dosages=(phase(2, days("7"), 1), phase(1, days("21"), 2))), 27, id="one-after-the-other"
        ),
        pytest.param(prescribed(dosages=(phase(2, days("7"), 1), phase(1, days("7"), 1))), 6, id="both-at-once"),
        pytest.param(prescribed(dosages=(phase(2, Range(days("5"), days("7"))),)), 6, id="five-to-seven-days"),
        pytest.param(prescribed(dosages=(phase(2, Span(end="2026-06-10")),)), 9, id="to-a-day"),
        pytest.param(prescribed(dosages=(phase(1, days("28")),), repeats=5), 167, id="renewed-five-times"),
        pytest.param(prescribed(end="2026-06-05", repeats=3), 19, id="renewed-with-an-end"),
        pytest.param(prescribed(end="2026-06-05"), 4, id="an-end"),
        pytest.param(prescribed(supply=days("28"), repeats=1, dosages=(phase(1),)), 55, id="supply-renewed"),
        pytest.param(prescribed(), 364, id="no-end"),
    ],
)
def test_a_prescription_runs_to_the_end_of_its_last_phase_and_its_last_renewal(entry: Entry, last: int) -> None:
    assert runs(entry, last)
    assert not runs(entry, last + 1)


def test_a_prescription_without_a_date_is_of_the_day_on_which_it_was_written_else_of_its_document() -> None:
    undated = prescribed("ROSUVASTATINE EG 5 mg, comprimé pelliculé", start="", status="unknown", intent="plan")
    assert runs(undated, 30)
    assert runs(undated, 364)
    assert not runs(undated, 366)
    (group,) = groups(
        [line(undated)], DAY + timedelta(days=30), lambda _: "", dated=lambda _: DAY - timedelta(days=400)
    )
    assert not group.current, "its document is of another year"


@pytest.mark.parametrize("state", ["intended", "draft", "proposal"])
def test_what_is_only_proposed_is_told_as_planned_and_not_as_taken(state: str) -> None:
    if state == "intended":
        entry: Entry = Treatment(
            kind=Kind.TREATMENT, code=Concept(), status=state, product=Product(Concept("Apixaban"))
        )
    elif state == "draft":
        entry = prescribed(status=state)
    else:
        entry = prescribed(intent=state)
    (group,) = groups([line(entry)], DAY, lambda _: "")
    assert (len(group.current), len(group.planned)) == (0, 1)


def coded(label: str, code: str, display: str = "") -> Concept:
    return Concept(label, (Coded(code, ATC, display),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Losartan/HCTZ 50/12,5", "Hydrochlorothiazide 12,5 mg"),
        ("LOSARTAN POTASSIQUE/HYDROCHLOROTHIAZIDE ARROW 50 mg/12,5 mg", "Losartan 50 mg"),
        ("IRBESARTAN HYDROCHLOROTHIAZIDE 150 mg/12,5 mg", "Irbésartan 150 mg"),
        ("PARACETAMOL CODEINE BIOGARAN 400 mg/20 mg", "Paracétamol 500 mg"),
        ("Co-Irbésartan", "Irbésartan"),
        ("VITAMINE B12", "VITAMINE D3"),
        ("VITAMINE D3", "VITAMINE K1"),
        ("HUMALOG MIX25 100 UI/ml", "HUMALOG 100 UI/ml"),
    ],
)
def test_two_medicines_are_two_although_their_names_share_a_word(one: str, other: str) -> None:
    assert len(current([prescribed(one), prescribed(other)], DAY)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LEVOTHYROX 100 microgrammes, comprimé", "LEVOTHYROX 25 microgrammes, comprimé"),
        ("PARACETAMOL MYLAN 500 mg, comprimé", "paracétamol"),
        ("AMOXICILLINE EG 250 mg/5 ml, poudre et solvant pour suspension", "Amoxicilline 1 g"),
        ("SALBUTAMOL 100 microgrammes/dose", "Salbutamol"),
        ("Salmétérol et fluticasone 50/250", "SALMETEROL ET FLUTICASONE"),
    ],
)
def test_one_substance_is_one_medicine_whatever_its_maker_and_strength(one: str, other: str) -> None:
    (group,) = current([prescribed(one), prescribed(other)], DAY)
    assert set(group) == {one, other}, "each keeps its own words"


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        (phase(3), "1 comprimé 3 fois par jour"),
        (phase(2, days("7")), "1 comprimé 2 fois par jour pendant 7 jours"),
        (
            Dosage(
                dose=Quantity(Decimal(5), "mg", "mg"), timing=Timing(frequency=1, period=Quantity(Decimal(6), "h", "h"))
            ),
            "5 mg toutes les 6 heures",
        ),
        (Dosage(dose=Quantity(Decimal(5), "mg", "mg"), as_needed=True), "5 mg, si besoin"),
        (Dosage(timing=times(2), instructions="au cours du repas"), "2 fois par jour, au cours du repas"),
        (Dosage(text="1 cp le soir"), "1 cp le soir"),
    ],
    ids=range(6),
)
def test_a_dose_is_never_told_without_how_often(dosage: Dosage, words: str) -> None:
    assert worded(dosage) == words


def test_what_a_pharmacy_gave_without_a_date_is_not_hidden() -> None:
    given = Dispensation(
        kind=Kind.DISPENSATION, code=Concept(), status="completed", product=Product(coded("ELIQUIS 5 mg", "B01AF02"))
    )
    assert runs(given, 60)
    assert not runs(given, 100)
