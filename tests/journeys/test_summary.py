"""The profile shared with one professional and taken back; the certificate printed and checked: on a phone, without
scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import people
from tests.health.stated import stating
from tests.health.test_vaccinations import BOOSTER, vaccinated
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_pro import finds
from tests.people import Resident
from tests.web.patient.test_summary import asthma

pytestmark = pytest.mark.usefixtures("fits")


def seat(visitor: Visitor) -> Resident:
    patient = people.a_patient()
    visitor.sits_as(patient.actor)
    return patient


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE}, id="phone-without-scripts")], indirect=True)
def test_the_profile_is_shared_with_dr_nguyen_and_taken_back(visitor: Visitor) -> None:
    # Given somebody with a profile, whom Dr Nguyen does not know
    patient = seat(visitor)
    stating(patient, asthma(), vaccinated(BOOSTER, "2024-04-09", text="Repevax"), of=people.entry(type_code="87273-9"))
    visitor.goes_to("/sante")
    visitor.clicks("Ma synthèse")
    visitor.clicks("Partager ma synthèse")
    # When she looks for him by name, and shares
    visitor.page.get_by_label("Chercher un autre soignant").fill("Nguyen")
    visitor.clicks("Chercher", "button")
    visitor.page.get_by_label("Dr Linh Nguyen").check()
    visitor.page.get_by_label("Traitements").uncheck()
    visitor.clicks("Partager avec les soignants choisis", "button")
    assert visitor.sees("C’est partagé avec les soignants choisis.")
    assert visitor.sees("Pas encore ouvert.")
    # Then he finds it, and nothing else
    visitor.page.context.clear_cookies()
    visitor.signs_in_as("dr-nguyen")
    finds(visitor, patient.ins)
    expect(visitor.page.get_by_text("Partagé avec vous par le patient").first).to_be_visible()
    assert visitor.page.get_by_role("link", name="Synthèse de santé du").count() == 1
    visitor.clicks("Synthèse de santé du")
    theirs = visitor.page.url
    # When she takes it back, in one act, it is gone with his next request
    visitor.page.context.clear_cookies()
    visitor.sits_as(patient.actor)
    visitor.goes_to("/sante/synthese")
    assert visitor.sees("Ouvert le")
    visitor.clicks("Reprendre", "button")
    assert visitor.sees("C’est repris : plus aucun soignant ne voit ce document.")
    visitor.page.context.clear_cookies()
    visitor.signs_in_as("dr-nguyen")
    finds(visitor, patient.ins)
    assert not visitor.page.get_by_text("Synthèse de santé du").count()
    assert visitor.page.goto(theirs).status in {403, 404}  # type: ignore[union-attr]


@pytest.mark.parametrize("visitor", [pytest.param({"size": PHONE}, id="phone-without-scripts")], indirect=True)
def test_she_prints_her_certificate(visitor: Visitor) -> None:
    patient = seat(visitor)
    stating(patient, vaccinated(BOOSTER, "2024-04-09", text="Repevax"), of=people.entry(type_code="87273-9"))
    visitor.goes_to("/sante/vaccinations")
    visitor.clicks("Certificat à imprimer")
    assert visitor.sees("Elles sont sur la feuille et dans le code.")
    with visitor.page.expect_download() as taken:
        visitor.page.get_by_role("button", name="Télécharger le PDF").click()
    assert taken.value.suggested_filename.endswith(".pdf")
