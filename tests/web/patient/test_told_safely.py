"""The person's pages and paper claim nothing that no source says, and leave out nothing that one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from carnet.formats.clinical.model import Dosage, Kind, Prescription, Product, Timing
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology.choices import ATC
from carnet.kernel import clock
from tests import people
from tests.health.stated import stating
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.test_summary import HOME, Own, words_of


@pytest.fixture
def own(server: str) -> Iterator[Own]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Own(client, patient)


def ago(days: int) -> str:
    return (clock.now() - timedelta(days=days)).date().isoformat()


def days(number: int) -> Quantity:
    return Quantity(Decimal(number), "d", "d")


def medicine(label: str, dose: str = "", code: str = "", **more: Any) -> Prescription:
    given: dict[str, Any] = {"status": "active", "when": Span(ago(20))}
    given |= {"dosages": (Dosage(text=dose),) if dose else ()} | more
    name = Concept(label, (Coded(code, ATC, ""),) if code else ())
    return Prescription(kind=Kind.PRESCRIPTION, code=Concept(), product=Product(name), path=label + dose, **given)


def twice(number: int, lasting: Quantity | None = None) -> Dosage:
    timing = Timing(frequency=number, period=days(1), bounds=lasting)
    return Dosage(dose=Quantity(Decimal(2), "comprimés"), timing=timing)


def test_each_medicine_that_runs_is_told_by_its_own_name_with_its_own_dose(own: Own) -> None:
    stating(
        own.patient,
        medicine("LEVOTHYROX 100 microgrammes", "1 comprimé le matin", "H03AA01"),
        medicine("LEVOTHYROX 25 microgrammes", "un demi le matin", "H03AA01"),
        medicine("PREDNISONE 20 mg", "3 comprimés le matin", "H02AB07"),
        medicine("PREDNISONE 20 mg", "1 comprimé le soir", "H02AB07"),
        medicine("LOSARTAN/HYDROCHLOROTHIAZIDE ARROW 50 mg/12,5 mg", "1 le midi"),
        medicine("HYDROCHLOROTHIAZIDE 25 mg", "1 le lundi"),
        medicine("APIXABAN 5 mg", dosages=(twice(2, days(7)), twice(1))),
        medicine("ROSUVASTATINE EG 5 mg, comprimé pelliculé", when=Span()),
        medicine("COUMADINE 5 mg", intent="proposal"),
        medicine("AMOXICILLINE 1 g", "2 par jour", when=Span(ago(20), ago(14))),
    )
    page = plain(own.opens("/sante").text)
    paper = words_of(own.pdf("choix=1&partie=traitements"))
    for told in (page, paper):
        for words in (
            "LEVOTHYROX 100 microgrammes : 1 comprimé le matin",
            "LEVOTHYROX 25 microgrammes : un demi le matin",
        ):
            assert words in told, words
        for words in ("3 comprimés le matin", "1 comprimé le soir"):
            assert words in told, words
        assert "LOSARTAN/HYDROCHLOROTHIAZIDE ARROW" in told
        assert "1 le lundi" in told
        assert "2 comprimés 2 fois par jour pendant 7 jours" in told, "the first week"
        assert "AMOXICILLINE" not in told, "it is over"
        assert "COUMADINE 5 mg" in told
        assert "Prévu ou proposé, pas commencé" in told
    for name in ("Rosuvastatine", "Apixaban"):
        assert name in page, name
        assert name.upper() in paper, name
    all_of_them = plain(own.opens("/sante/traitements").text)
    assert "1 traitement terminé" in all_of_them, "the antibiotic alone"
    assert "ROSUVASTATINE EG 5 mg" in all_of_them
    assert "Prévu ou proposé, pas commencé" in all_of_them
    assert HOME in own.opens("/sante").text
