"""A person looks up a result and adds a weight: by hand, by keyboard, without scripts."""

from __future__ import annotations

import pytest

from tests import people
from tests.conftest import House
from tests.health.stated import result, stating
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_every_page import checked

ON_PHONE = pytest.mark.parametrize("visitor", [{"size": PHONE}], indirect=True, ids=["phone"])
CHECKED = pytest.mark.parametrize(
    "visitor", [{"size": PHONE, "dark": True, "scripts": True}], indirect=True, ids=["en"]
)
PAGES = (
    "/sante/resultats",
    "/sante/resultats?q=xylophone",
    "/sante/resultats/hba1c",
    "/sante/resultats/cholesterol",
    "/sante/resultats/potassium",
    "/sante/mesures",
    "/sante/mesures/weight?fait=ajoute",
    "/sante/mesures/blood-pressure",
    "/sante/mesures/blood-pressure/ajouter",
    "/sante/mesures/weight/objectif",
)


@ON_PHONE
def test_the_last_hba1c_is_two_acts_from_home_and_its_report_one_more(visitor: Visitor, house: House) -> None:
    patient = people.a_patient()
    stating(patient, result("6.9", code="4548-4", unit="%"))
    visitor.sits_as(patient.actor)
    visitor.goes_to("/accueil")
    # when she opens the results, she sees it; when she opens it, she sees where it is from
    visitor.clicks("Toutes les analyses")
    assert visitor.sees("6,9")
    visitor.clicks("Hémoglobine glyquée")
    assert visitor.heading() == "Hémoglobine glyquée"
    visitor.clicks("Voir le compte rendu")
    assert "/documents/" in visitor.page.url


@ON_PHONE
def test_a_weight_is_added_by_keyboard_alone(visitor: Visitor, house: House) -> None:
    patient = people.a_patient()
    visitor.sits_as(patient.actor)
    visitor.goes_to("/sante/mesures")
    # one tap on « Ajouter », the number, and Enter
    visitor.page.get_by_role("link", name="Ajouter : Poids").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/ajouter")
    # The browser lays the focus a moment after the page is there.
    visitor.page.wait_for_function("document.activeElement.matches('input')")
    visitor.page.keyboard.type("72,5")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/sante/mesures/weight?fait=ajoute")
    assert visitor.sees("La mesure est ajoutée.")
    assert visitor.sees("72,5")


@pytest.mark.long
@CHECKED
def test_every_page_of_results_and_measures_in_english_and_dark(visitor: Visitor) -> None:
    visitor.speaks("en")
    visitor.signs_in_as("dominique")
    found = []
    for path in PAGES:
        visitor.goes_to(path)
        visitor.page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found += checked(visitor, path)
    assert found == []


@pytest.mark.parametrize("visitor", [pytest.param({"size": (1280, 900)}, id="desk-without-scripts")], indirect=True)
def test_a_card_of_vaccines_fits_with_letters_twice_as_large(visitor: Visitor) -> None:
    visitor.signs_in_as("dominique")
    visitor.goes_to("/sante/vaccinations")
    assert visitor.sideways_enlarged() <= 0
    assert visitor.sideways(320) <= 0
