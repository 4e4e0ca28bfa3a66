"""What the law keeps for adults (trust, directives) is asked neither of a minor nor of their parent; of organs it is
told what it says of minors."""

from __future__ import annotations

import pytest

from carnet.kernel import clock
from tests import people
from tests.web.browsing import plain
from tests.web.patient.test_carers import Helper
from tests.web.patient.test_declaring_vaccinations import House, doors
from tests.web.patient.test_family import a_child

__all__ = ["doors"]


@pytest.fixture(params=["her parent", "herself"])
def of_a_minor(request: pytest.FixtureRequest, doors: House) -> Helper:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date=f"{clock.now().year - 17}-06-01")
    return doors.at(child) if request.param == "herself" else doors.at(parent, opening=child)


def test_a_minor_is_asked_for_nothing_that_the_law_keeps_for_adults(of_a_minor: Helper) -> None:
    profile = of_a_minor.opens("/sante").text
    assert "/sante/dire/prevenir" in profile
    assert "/sante/dire/confiance" not in profile
    assert "/sante/dire/directives" not in profile
    words = plain(profile)
    assert "La loi les réserve aux personnes majeures." in words
    assert "Avant 18 ans, la loi demande l'accord écrit de chaque parent, ou du tuteur." in words
    assert "chacun est d'accord" not in words
    for word in ("confiance", "directives"):
        assert of_a_minor.client.get(f"/sante/dire/{word}").status_code == 404
    organs = of_a_minor.text("/sante/dire/organes")
    assert "Dès 13 ans" in organs
    assert "chacun est d'accord" not in organs


def test_the_first_filling_of_a_minor_has_five_questions(of_a_minor: Helper) -> None:
    assert "Question 5 sur 5" in of_a_minor.text("/sante/remplir/prevenir")
    assert of_a_minor.client.get("/sante/remplir/confiance").status_code == 404
    for step in ("allergies", "traitements", "problemes", "sejours", "prevenir"):
        answer = of_a_minor.sends(f"/sante/remplir/{step}", {"reponse": "passer"})
    assert "C'est rempli" in plain(answer.text)


@pytest.mark.parametrize("birth_date", ["1985-01-12", "1985"])
def test_who_is_of_age_or_may_be_is_asked(doors: House, birth_date: str) -> None:
    at = doors.at(people.a_patient(birth_date=birth_date))
    profile = at.opens("/sante").text
    assert "/sante/dire/confiance" in profile
    assert "/sante/dire/directives" in profile
    assert "chacun est d'accord" in plain(profile)


def test_the_certificate_of_a_child_speaks_of_the_child(doors: House) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date="2019-06-01")
    at = doors.at(parent, opening=child)
    at.sends("/sante/vaccinations/ajouter", {"acte": "garder", "qui": "visible", "quoi": "Revaxis", "jour": "2025"})
    words = at.text("/sante/vaccinations/attestation")
    assert "votre nom" not in words
    assert "sa date de naissance" in words
    assert "grossesse" not in at.text("/sante/vaccinations/situation")
