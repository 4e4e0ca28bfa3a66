"""Professionals put something back: photographs taken at the bedside, a vaccination in a pharmacy, a target that the
person reads."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.test_adding import photograph
from tests.journeys.test_pro import finds
from tests.people import a_doctor, a_patient

BOX = "01034009328572411727053110L77"
TEN_SECONDS = 10.0


@pytest.mark.parametrize("visitor", [{"size": PHONE, "scripts": True}], indirect=True)
@pytest.mark.usefixtures("fits")
def test_photographs_become_a_document_whose_type_is_proposed(visitor: Visitor) -> None:
    patient = a_patient()
    visitor.sits_as(a_doctor())
    finds(visitor, patient.ins)
    visitor.clicks("Déposer")
    page = visitor.page
    # When two pages are photographed one after the other, what they may be is proposed, and said to be a proposal
    photo = photograph("Repos trois jours")
    photo["name"] = "ordonnance 12-10-2025.png"
    page.set_input_files("#photo", photo)
    expect(page.get_by_text("Reçu :")).to_be_visible()
    page.set_input_files("#photo", photograph("Suite"))
    expect(page.get_by_text("Page 2 :")).to_be_visible()
    expect(page.get_by_label("Type de document")).to_have_value("57833-6")
    expect(page.get_by_role("textbox", name="Titre")).to_have_value("Ordonnance")
    expect(page.get_by_label("Date de l’acte")).to_have_value("12 10 2025")
    assert visitor.faults() == []
    # And who will see it, and when, is said beside
    assert visitor.sees("La personne saura au plus tard le")
    visitor.clicks("Déposer dans le carnet", "button")
    assert visitor.sees("Le document est déposé dans le carnet.")
    assert page.get_by_role("figure").get_by_role("img").count() == 2


@pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)
@pytest.mark.usefixtures("fits")
def test_a_vaccination_in_ten_seconds_and_a_target_that_she_reads(visitor: Visitor) -> None:
    patient, page = a_patient(), visitor.page
    # A pharmacist: the box is scanned (the scanner presses Enter), what it tells is looked at, and Enter keeps it
    visitor.sits_as(a_doctor(profession="21"))
    finds(visitor, patient.ins)
    begun = time.monotonic()
    page.goto(f"{page.url.partition('?')[0]}/noter/vaccination")
    expect(page.get_by_label("Code de la boîte")).to_be_focused()
    page.keyboard.type(BOX)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vérifiez ces propositions")).to_be_visible()
    expect(page.get_by_label("Lot")).to_have_value("L77")
    page.get_by_label("Lot").press("Enter")
    expect(page.get_by_text("La vaccination est notée.")).to_be_visible()
    assert time.monotonic() - begun < TEN_SECONDS
    assert visitor.faults() == []
    # A doctor sets a target
    visitor.sits_as(a_doctor())
    finds(visitor, patient.ins)
    page.goto(f"{page.url.partition('?')[0]}/noter/objectif")
    page.get_by_label("Analyse ou mesure").select_option("measure:weight")
    page.get_by_label("Valeur, dans cette unité").fill("72")
    assert visitor.faults() == []
    visitor.clicks("Enregistrer", "button")
    assert visitor.sees("L’objectif est fixé.")
    # The person reads both, under their names
    visitor.sits_as(patient.actor)
    visitor.goes_to("/sante/vaccinations")
    assert visitor.sees("Vaccin tétanique Pasteur")
    visitor.goes_to("/sante/mesures")
    assert visitor.sees("Objectif fixé par le Dr Ange Essai")
    visitor.goes_to("/sante/mesures/weight")
    assert visitor.sees("72 kg")
    assert visitor.sees("Dr Ange Essai")
