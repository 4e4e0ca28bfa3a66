"""A record that speaks, by the keys alone and without scripts: what somebody does with their own profile, and with a
child's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from carnet.kernel import clock
from tests import people
from tests.health.stated import result, stating
from tests.health.test_vaccinations import BOOSTER, vaccinated
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_pro import finds
from tests.people import Resident
from tests.web.patient.test_family import a_child
from tests.web.patient.test_health import diabetes
from tests.web.patient.test_summary import asthma

pytestmark = [
    pytest.mark.usefixtures("fits"),
    pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE}, id="phone-without-scripts")], indirect=True),
]


@pytest.fixture
def seat(visitor: Visitor) -> Callable[[], tuple[Resident, Keyboard]]:
    """Somebody at their home, with the keys."""

    def sit() -> tuple[Resident, Keyboard]:
        patient = people.a_patient()
        visitor.sits_as(patient.actor)
        return patient, Keyboard(visitor, "fr", scripts=False)

    return sit


Seat = Callable[[], tuple[Resident, Keyboard]]


def test_the_last_hba1c_is_two_acts_from_home(visitor: Visitor, seat: Seat) -> None:
    patient, keys = seat()
    stating(patient, result("6.9", code="4548-4", unit="%"))
    visitor.goes_to("/accueil")
    keys.follows(keys.finds("Toutes les analyses"))
    assert visitor.sees("6,9")
    keys.follows(keys.finds("Hémoglobine glyquée"))
    assert visitor.heading() == "Hémoglobine glyquée"
    assert visitor.sees("6,9")
    keys.ends()


def test_a_weight_is_added_and_corrected(visitor: Visitor, seat: Seat) -> None:
    _, keys = seat()
    visitor.goes_to("/accueil")
    keys.follows(keys.finds("Mesures"))
    keys.follows(visitor.page.get_by_role("link", name="Ajouter : Poids"))
    # The number has the keys as the page opens.
    expect(visitor.page.locator("#valeur")).to_be_focused()
    visitor.page.keyboard.type("72,5")
    keys.follows(keys.finds("Enregistrer", "button"))
    assert visitor.sees("La mesure est ajoutée.")
    keys.follows(keys.finds("Corriger ou retirer"))
    keys.tabs_to(visitor.page.locator("#valeur"))
    visitor.page.keyboard.press("Control+a")
    visitor.page.keyboard.type("71,5")
    keys.follows(keys.finds("Enregistrer", "button"))
    assert visitor.sees("71,5")
    keys.ends()


def test_no_allergy_own_words_and_an_error(visitor: Visitor, seat: Seat) -> None:
    patient, keys = seat()
    stating(patient, diabetes())
    visitor.goes_to("/accueil")
    keys.follows(keys.finds("Ma santé"))
    keys.follows(keys.finds("Je n'ai pas d'allergie connue", "button"))
    assert visitor.sees("Votre réponse est enregistrée.")
    keys.follows(visitor.page.get_by_role("link", name="Ajouter : Problèmes de santé"))
    keys.types(visitor.page.locator("#quoi"), "Asthme")
    keys.types(visitor.page.locator("#depuis"), "1998")
    keys.follows(keys.finds("Enregistrer", "button"))
    keys.follows(visitor.page.get_by_role("link", name="Corriger : Asthme"))
    keys.tabs_to(visitor.page.locator("#depuis"))
    visitor.page.keyboard.press("Control+a")
    visitor.page.keyboard.type("1997")
    keys.follows(keys.finds("Enregistrer", "button"))
    assert visitor.sees("Depuis 1997")
    keys.presses(visitor.page.locator("summary", has_text="Diabète de type 2"))
    keys.follows(visitor.page.get_by_role("link", name="C’est une erreur : Diabète de type 2"))
    keys.types(visitor.page.locator("#mots"), "Ce n'était que pendant ma grossesse.")
    keys.follows(keys.finds("Signaler cette erreur", "button"))
    assert visitor.sees("En attente d’une correction")
    keys.ends()


def test_the_summary_is_opened_to_print(visitor: Visitor, seat: Seat) -> None:
    patient, keys = seat()
    stating(patient, asthma())
    visitor.goes_to("/sante")
    keys.follows(keys.finds("Ma synthèse"))
    keys.tabs_to(keys.finds("Télécharger le PDF"))
    with visitor.page.expect_download() as downloading:
        visitor.page.keyboard.press("Enter")
    with downloading.value.path().open("rb") as file:
        assert file.read(5) == b"%PDF-"
    keys.tabs_to(keys.finds("Ouvrir pour imprimer"))
    keys.ends()


def test_the_summary_is_shared_with_dr_nguyen_and_taken_back(visitor: Visitor, seat: Seat) -> None:
    patient, keys = seat()
    stating(patient, asthma())
    visitor.goes_to("/sante/synthese")
    keys.follows(keys.finds("Partager ma synthèse"))
    keys.types(visitor.page.get_by_label("Chercher un autre soignant"), "Nguyen")
    keys.follows(keys.finds("Chercher", "button"))
    keys.ticks(visitor.page.get_by_label("Dr Linh Nguyen"))
    keys.follows(keys.finds("Partager avec les soignants choisis", "button"))
    assert visitor.sees("C’est partagé avec les soignants choisis.")
    visitor.page.context.clear_cookies()
    visitor.signs_in_as("dr-nguyen")
    finds(visitor, patient.ins)
    assert visitor.page.get_by_role("link", name="Synthèse de santé du").count() == 1
    visitor.page.context.clear_cookies()
    visitor.sits_as(patient.actor)
    visitor.goes_to("/sante/synthese")
    keys.follows(keys.finds("Reprendre", "button"))
    assert visitor.sees("C’est repris : plus aucun soignant ne voit ce document.")
    keys.ends()


def test_a_parent_finds_the_next_vaccine_in_one_act(visitor: Visitor, seat: Seat) -> None:
    parent, keys = seat()
    born = clock.now().date() - timedelta(days=200)
    child = a_child(parent.actor, birth_date=f"{born:%Y-%m-%d}")
    stating(child, vaccinated("J07CA09", f"{born + timedelta(days=65):%Y-%m-%d}", text="Hexyon"))
    visitor.goes_to("/carnets")
    keys.follows(visitor.page.get_by_role("main").locator(f"button[value='{child.record_id}']"))
    keys.follows(keys.finds("Prévoir"))
    assert visitor.sees("Vaccin hexavalent du nourrisson")
    assert visitor.sees("Dose 2 sur 3.")
    keys.ends()


def test_a_late_booster_of_ones_own_is_one_act_from_home(visitor: Visitor, seat: Seat) -> None:
    """Whoever was born in 1985 had that of 25 to do, and was last given one in 1995."""
    patient, keys = seat()
    stating(patient, vaccinated(BOOSTER, "1995-06-01", text="Revaxis"))
    visitor.goes_to("/accueil")
    keys.follows(keys.finds("Prévoir"))
    assert visitor.sees("En retard")
    keys.ends()
