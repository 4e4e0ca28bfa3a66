"""The pages of the profile stay quick for a record of 1 200 documents and 9 000 facts, of which two thousand and more
are prescriptions and dispensations of twenty years. Figures are printed."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from statistics import quantiles

import pytest
from django.test import Client

from carnet.formats.clinical.model import Allergy, Dispensation, Dosage, Entry, Kind, Prescription, Problem, Product
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import choices
from carnet.kernel import clock
from tests.health.heavy import _fact, a_heavy_record
from tests.people import Resident
from tests.sessions import COOKIE, session_of

pytestmark = pytest.mark.usefixtures("house")

PAGES = ("/sante/traitements", "/sante", "/sante/vaccinations", "/sante/mesures", "/sante/resultats")


def a_fact(random: Random, day: date, number: int) -> Entry:
    """Of a document: two medicines of twelve that are renewed, now and then a disease or an allergy; else results."""
    # The last documents are of today, so that something is current.
    day = min(day + timedelta(days=365), clock.now().date())
    medicines = choices.find(choices.Of.SUBSTANCE)[:12]
    chosen = medicines[random.randrange(12)]
    product = Product(Concept(f"{chosen.label} 500 mg", chosen.concept.codings))
    dosage = Dosage(text=f"{random.choice((1, 2))} comprimé matin et soir pendant 3 mois")
    month = Quantity(Decimal(30), "j", "d")
    if number == 0:
        code = Concept("")
        return Prescription(
            kind=Kind.PRESCRIPTION, code=code, status="active", product=product, dosages=(dosage,), when=Span(str(day))
        )
    if number == 1:
        return Dispensation(
            kind=Kind.DISPENSATION,
            code=Concept(""),
            status="completed",
            product=product,
            supply=month,
            when=Span(str(day)),
        )
    if number == 2 and random.random() < 0.2:
        known = choices.find(choices.Of.PROBLEM)[random.randrange(20)]
        return Problem(kind=Kind.PROBLEM, code=known.concept, clinical="active", when=Span(str(day)))
    if number == 2 and random.random() < 0.1:
        code = Concept("Pénicillines", (Coded("J01C", "2.16.840.1.113883.6.73", "Pénicillines"),))
        return Allergy(kind=Kind.ALLERGY, code=code, clinical="active", when=Span(str(day)))
    # As many vaccinations as somebody has who goes each year.
    return replace(_fact(random, day, number if number != 3 or random.random() < 0.1 else 4))


@pytest.fixture(scope="module")
def heavy() -> Resident:
    return a_heavy_record(a_fact)


@pytest.mark.long
def test_the_pages_of_health_of_a_heavy_record(heavy: Resident, capsys: pytest.CaptureFixture[str]) -> None:
    client = Client(headers={"host": "localhost"})
    client.cookies[COOKIE] = session_of(heavy.actor)
    for address in PAGES:
        took, waited = [], []
        for _ in range(12):
            began, waits = time.thread_time(), time.perf_counter()
            answer = client.get(address)
            took.append((time.thread_time() - began) * 1000)
            waited.append((time.perf_counter() - waits) * 1000)
            assert answer.status_code == 200
        p95 = quantiles(took, n=20)[18]
        # Others work on the machine too; at rest all but the results are under 80 ms.
        assert min(took) < 160, address
        with capsys.disabled():
            print(  # noqa: T201
                f"\n{address}: {min(took):.0f} ms of this thread at least, {p95:.0f} at the 95th percentile;"
                f" {min(waited):.0f} ms waited at least; {len(answer.content) // 1000} kB"
            )
