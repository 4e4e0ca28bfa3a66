"""A child's pages as a parent reads them: by the child's name, measures by age among the centiles of a reference that
is named, and the next vaccine in one act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx2
import pytest

from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import growth as reference
from carnet.formats.terminology.systems import LOINC
from carnet.health import growth
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people
from tests.health.stated import result, stating
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_family import a_child

TO_ONESELF = re.compile(
    r"\b([Vv]otre|[Vv]os) (?!nom|message|mots|dernière visite)|\b[Mm](on|a|es) |\b[Jj](e (?!ne sais pas)|'ai )"
)


@pytest.fixture
def theirs(server: str) -> Iterator[tuple[Helper, Resident, Resident]]:
    parent = people.a_patient()
    born = clock.now().date() - timedelta(days=900)
    child = a_child(parent.actor, birth_date=f"{born}")
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        at = Helper(client)
        at.opens_the_record_of(child)
        yield at, child, parent


def measured(code: str, value: str, unit: str, day: str) -> Observation:
    return Observation(
        kind=Kind.MEASURE,
        code=Concept("", (Coded(code, LOINC, ""),)),
        status="final",
        when=Span(day),
        value=Quantity(Decimal(value), unit, unit),
    )


PAGES = (
    *("/sante", "/sante/traitements", "/sante/mesures", "/sante/mesures/weight", "/sante/mesures/weight/ajouter"),
    *("/sante/mesures/weight/objectif", "/sante/resultats", "/sante/vaccinations", "/histoire", "/sante/dire/prevenir"),
    *(f"/sante/remplir/{each}" for each in ("allergies", "traitements", "problemes", "sejours", "prevenir")),
    *(
        f"/sante/ajouter/{each}"
        for each in ("problemes", "traitements", "allergies", "sejours", "besoins", "famille", "vie")
    ),
    *("/sante/dire/organes", "/sante/vaccinations/situation", "/sante/vaccinations/attestation"),
)


def test_a_parent_reads_of_the_child_by_name(theirs: tuple[Helper, Resident, Resident]) -> None:
    at, _, _ = theirs
    for address in PAGES:
        answer = at.client.get(address)
        assert answer.status_code == 200, address
        words = plain(answer.text.split("<main", 1)[1].split("</main>")[0])
        found = [words[max(0, each.start() - 30) : each.end() + 30] for each in TO_ONESELF.finditer(words)]
        assert not found, (address, found)
    assert "Camille n'a pas d'allergie connue" in at.text("/sante")
    assert "Camille a des allergies ou des intolérances ?" in at.text("/sante/remplir/allergies")
    answered = at.sends("/sante", {"reponse": "aucun"}, to="/sante/reponse/allergies")
    assert "Camille n'a pas d'allergie connue" in plain(answered.text)
    # From the child's home, the next vaccine is one act away.
    home = at.opens("/accueil").text
    assert 'href="/sante/vaccinations"' in home
    assert "vaccins à faire" in at.text("/sante/vaccinations")


def test_measures_of_a_child_lie_among_the_centiles_of_a_reference_that_is_named(
    theirs: tuple[Helper, Resident, Resident],
) -> None:
    at, child, parent = theirs
    now = clock.now().date()
    stating(
        child,
        *(measured("29463-7", each, "kg", f"{now - timedelta(days=days)}") for each, days in (("9", 500), ("40", 1))),
    )
    page = at.opens("/sante/mesures/weight").text
    words = plain(page)
    assert "Au-dessus du 97e centile de la référence CDC 2000" in words
    assert "Les courbes du carnet de santé français sont d'autres courbes" in words
    assert page.count("</figure>") == 1
    for judged in ("normal", "anormal", "trop ", "insuffisant", "surpoids", "obésité"):
        assert judged not in words
    # Of a pressure, and of somebody of age, there are none.
    stating(
        parent, measured("29463-7", "72", "kg", f"{now}"), measured("29463-7", "73", "kg", f"{now - timedelta(days=9)}")
    )
    own = Helper(at.client)
    own.opens_the_record_of(parent)
    assert "centile" not in own.text("/sante/mesures/weight")


def test_who_was_born_early_is_as_old_as_if_born_at_term_until_two(theirs: tuple[Helper, Resident, Resident]) -> None:
    _, child, parent = theirs
    weeks = replace(
        result("32", code="49051-6", unit="wk"), kind=Kind.RESULT, code=Concept("", (Coded("49051-6", LOINC, ""),))
    )
    today = clock.now().date()
    of = parent.actor, Purpose.REPRESENTATIVE, child.record_id
    before = growth.child(*of, today)
    assert before
    assert before.weeks is None
    # A certificate of birth states whole weeks, of the newborn; one that is denied says nothing, nor does another's.
    birth = replace(
        weeks, kind=Kind.BIRTH, code=Concept("Âge gestationnel", (Coded("11885-1", LOINC, ""),)), value=32, path="birth"
    )
    stating(child, replace(birth, value=29, absence=True), replace(birth, code=Concept("Parité"), value=4, path="2"))
    still = growth.child(*of, today)
    assert still
    assert still.weeks is None
    stating(child, birth)
    at_birth = growth.child(*of, today)
    assert at_birth
    assert at_birth.weeks == 32
    stating(child, weeks)
    found = growth.child(*of, today)
    assert found
    assert found.weeks == 32
    at_a_year, at_three = (
        clock.now().replace(year=found.born.year + years, month=found.born.month, day=15) for years in (1, 3)
    )
    month = 365.25 / 12
    assert before.months(at_a_year) - found.months(at_a_year) == pytest.approx(8 * 7 / month)
    assert before.months(at_three) == found.months(at_three)
    # Two sources that differ are believed neither.
    stating(child, replace(weeks, value=Quantity(Decimal(34), "wk", "wk")))
    undecided = growth.child(*of, today)
    assert undecided
    assert undecided.weeks is None


def test_where_a_value_lies_is_told_by_its_neighbours() -> None:
    (of,) = reference.reference("weight", "F")
    at = of.at(30)
    assert at
    for percent, expected in ((1, (None, 3)), (10, (3, 25)), (60, (50, 75)), (96, (75, 97)), (99, (97, None))):
        assert growth.where("F", "weight", 30, reference.value(at, percent)) == expected
    assert growth.where("F", "weight", 30, reference.value(at, 50) + 1e-9) == (50, 75)
    assert growth.where("U", "weight", 30, 12) == growth.where("F", "weight", 400, 12) == (None, None)
    assert growth.where("F", "bmi", 6, 17) == (None, None)


def test_the_antibiotics_of_one_report_are_a_table(theirs: tuple[Helper, Resident, Resident]) -> None:
    at, child, _ = theirs
    coli = Concept("Escherichia coli", (Coded("112283007", "2.16.840.1.113883.6.96", "Escherichia coli"),))

    def tested(code: str, name: str, letter: str) -> Observation:
        said = Concept("", (Coded(letter, "2.16.840.1.113883.5.83", letter),))
        known = replace(result("4", code=code, unit="mg/L"), code=Concept(name, (Coded(code, LOINC, name),)))
        return replace(known, isolate=coli, interpretations=(said,))

    stating(
        child,
        tested("18864-9", "Ampicilline", "R"),
        tested("18928-2", "Gentamicine", "S"),
        tested("18906-8", "Ciprofloxacine", "I"),
    )
    stating(child, tested("18998-5", "Cotrimoxazole", "S"))
    (address,) = re.findall(r'href="(/sante/resultats/[^"?]+)"[^>]*>\s*Gentamicine', at.opens("/sante/resultats").text)
    words = at.text(address)
    assert "Antibiogramme" in words
    table = words.split("Antibiogramme", 1)[1]
    said = ("Ampicilline Résistant 4", "Ciprofloxacine Sensible à forte posologie 4", "Gentamicine Sensible 4")
    assert [table.index(each) for each in said] == sorted(table.index(each) for each in said)
    assert "Cotrimoxazole" not in table
