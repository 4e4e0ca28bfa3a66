"""« Ma santé » in a browser: « no allergy », one's own line corrected, an error reported, the first filling in three
minutes; by keyboard, without scripts, and without a fault of accessibility."""

from __future__ import annotations

import time

import pytest

from carnet.formats.clinical.model import Dispensation, Kind, Product
from carnet.formats.clinical.values import Concept, Span
from tests import people
from tests.health.stated import stating
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.web.patient.test_health import day, diabetes, metformin, peanut

pytestmark = pytest.mark.usefixtures("fits")

THREE_MINUTES = 180


def looked_at(visitor: Visitor) -> None:
    scripted = visitor.page.evaluate("typeof htmx") == "object"
    assert not (visitor.faults() if scripted else [])
    assert visitor.sideways(320) <= 0
    visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


def seat(visitor: Visitor) -> people.Resident:
    patient = people.a_patient()
    visitor.sits_as(patient.actor)
    return patient


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE}, id="phone-without-scripts")], indirect=True)
def test_she_answers_corrects_and_reports(visitor: Visitor) -> None:
    patient = seat(visitor)
    given = Dispensation(
        kind=Kind.DISPENSATION,
        code=Concept(),
        status="completed",
        when=Span(day(5)),
        product=Product(Concept("Metformine 500 mg")),
    )
    stating(patient, diabetes(), metformin(), given)
    visitor.goes_to("/accueil")
    visitor.clicks("Ma santé")
    others = visitor.page.get_by_role("navigation", name="Le reste de votre santé").get_by_role("link")
    assert "Mesures" in others.all_inner_texts()
    looked_at(visitor)
    visitor.clicks("Je n’ai pas d’allergie connue", "button")
    assert visitor.sees("Votre réponse est enregistrée.")
    stating(patient, peanut())
    visitor.goes_to("/sante")
    assert visitor.sees("D’autres sources disent autre chose")
    visitor.clicks("Ajouter : Problèmes de santé")
    visitor.page.fill("#quoi", "asthm")
    visitor.clicks("Chercher dans la liste", "button")
    visitor.clicks("Asthme", "button")
    looked_at(visitor)
    visitor.page.fill("#depuis", "1998")
    visitor.clicks("Enregistrer", "button")
    visitor.clicks("Corriger : Asthme")
    visitor.page.fill("#depuis", "1997")
    visitor.clicks("Enregistrer", "button")
    assert visitor.sees("Depuis 1997")
    visitor.page.locator("summary", has_text="Diabète de type 2").click()
    visitor.clicks("C’est une erreur : Diabète de type 2")
    looked_at(visitor)
    visitor.page.fill("#mots", "Ce n'était que pendant ma grossesse.")
    visitor.clicks("Signaler cette erreur", "button")
    assert visitor.sees("En attente d’une correction")
    looked_at(visitor)
    for path in ("/sante/traitements", "/sante/ranger", "/sante/dire/organes", "/sante/dire/confiance"):
        visitor.goes_to(path)
        looked_at(visitor)


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE, "scripts": True}, id="phone")], indirect=True)
def test_the_first_filling_takes_less_than_three_minutes_by_keyboard(visitor: Visitor) -> None:
    seat(visitor)
    begun = time.monotonic()
    visitor.goes_to("/sante")
    keys = Keyboard(visitor, "fr", scripts=True)
    keys.follows(keys.finds("Remplir en trois minutes"))
    looked_at(visitor)
    for _ in range(4):
        keys.tabs_to(visitor.page.locator("#reponse"))
        visitor.page.keyboard.press("ArrowDown")
        keys.follows(keys.finds("Continuer", "button"))
    looked_at(visitor)
    keys.types(visitor.page.locator("#nom"), "Alix Essai")
    keys.types(visitor.page.locator("#telephone"), "06 12 34 56 78")
    keys.follows(keys.finds("Continuer", "button"))
    keys.follows(keys.finds("Passer", "button"))
    assert visitor.sees("C’est rempli.")
    assert time.monotonic() - begun < THREE_MINUTES
    assert visitor.sees("Alix Essai")


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE, "scripts": True}, id="phone")], indirect=True)
def test_the_list_helps_while_she_types(visitor: Visitor) -> None:
    seat(visitor)
    visitor.goes_to("/sante/ajouter/traitements")
    visitor.page.locator("#quoi").press_sequentially("dolip")
    visitor.page.get_by_role("button", name="Paracétamol").wait_for()
    assert visitor.page.input_value("#quoi") == "dolip"


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE, "scripts": True}, id="phone")], indirect=True)
def test_a_parent_looks_at_the_childs_weight_and_next_vaccine(visitor: Visitor) -> None:
    visitor.signs_in_as("dominique")
    visitor.goes_to("/carnets")
    visitor.page.get_by_role("main").get_by_role("button", name="le carnet de Lea").click()
    visitor.page.wait_for_url("**/accueil")
    visitor.page.get_by_role("link", name="Vaccinations").click()
    assert visitor.heading() == "Les vaccinations de Lea"
    assert visitor.sees("Ensuite")
    looked_at(visitor)
    visitor.goes_to("/sante/mesures/weight")
    assert visitor.page.get_by_role("img", name="Poids selon l’âge").first.is_visible()
    assert visitor.sees("centiles de la référence CDC 2000")
    looked_at(visitor)
    visitor.goes_to("/sante")
    assert visitor.sees("Lea n’a pas d’allergie connue")
    looked_at(visitor)
