"""The screen of a record by the keys of a desk, on the phone of a pharmacist, and in an emergency at night."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.values import Span
from carnet.people.queries import actor_by_key
from tests.cast import INS
from tests.health.stated import stating
from tests.journeys.conftest import NARROW, PHONE, Visitor
from tests.journeys.test_pro import finds
from tests.people import a_doctor, a_patient, authorised, entry
from tests.web.pro.screens import EVERYTHING, a_lab, a_medicine, a_problem, ago, an_allergy, flagged

WIDE = (1920, 1080)


def sound(visitor: Visitor) -> None:
    """Accessible, and no wider than any of the screens."""
    assert visitor.faults() == []
    for width in (NARROW[0], PHONE[0], WIDE[0], 1280):
        assert visitor.sideways(width) <= 0, width


# In a record to which the rest of the suite adds: what it adds pushes the screen below the fold.
@pytest.mark.long
@pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)
def test_a_doctor_reads_the_screen_and_goes_on_by_the_keys(visitor: Visitor) -> None:
    # given the attending doctor of somebody with ten years of history
    doctor = actor_by_key("dr-martin")
    assert doctor
    visitor.sits_as(doctor)
    finds(visitor, INS["dominique"])
    visitor.page.wait_for_load_state()
    # then what matters is there at once, above the fold
    for name in ("Allergies et vigilances", "Traitements en cours", "Problèmes actifs", "Biologie", "Vaccins"):
        heading = visitor.page.get_by_role("heading", name=name)
        box = heading.bounding_box()
        assert box, name
        assert box["y"] < 900, name
    sound(visitor)
    # when they press « / », the search has the keys, and the letters are letters there
    visitor.page.keyboard.press("/")
    expect(visitor.page.locator("#q")).to_be_focused()
    visitor.page.keyboard.type("dt?")
    assert visitor.page.locator("#q").input_value() == "dt?"
    visitor.page.locator("#q").blur()
    # and « j » goes through the documents, « k » back
    titles = visitor.page.locator("#documents tbody a")
    visitor.page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    visitor.page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    visitor.page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    titles.nth(0).blur()
    # and « ? » tells which keys there are
    visitor.page.keyboard.press("?")
    assert visitor.sees("Rechercher dans le carnet")
    visitor.page.keyboard.press("t")
    visitor.page.wait_for_url("**periode=tout")
    # and who uses other keys turns these off
    visitor.page.keyboard.press("?")
    visitor.clicks("Désactiver les raccourcis", "button")
    visitor.page.locator("main").focus()
    visitor.page.keyboard.press("d")
    assert visitor.page.url.endswith("periode=tout")
    visitor.clicks("Activer les raccourcis", "button")
    visitor.page.locator("main").focus()
    visitor.page.keyboard.press("d")
    visitor.page.wait_for_url("**/deposer")


@pytest.mark.parametrize("visitor", [{"size": PHONE}], indirect=True)
def test_a_pharmacist_on_a_phone(visitor: Visitor) -> None:
    # given somebody who takes a medicine, is allergic to something and lets a pharmacist in
    patient = a_patient()
    stating(
        patient, EVERYTHING[0], a_medicine("Apixaban 5 mg", "B01AF02", "1 matin et soir"), of=entry(type_code="57833-6")
    )
    visitor.sits_as(authorised(patient, a_doctor(profession="21")))
    finds(visitor, patient.ins)
    # then the allergy, the treatment and the vaccines come first, in that order, without a script
    places = [
        box["y"]
        for name in ("Latex caché", "Apixaban 5 mg", "Vaccins", "Tout voir")
        if (box := visitor.page.get_by_text(name, exact=True).first.bounding_box())
    ]
    assert len(places) == 4
    assert places == sorted(places)
    # and each leads to its document
    visitor.clicks("Apixaban 5 mg")
    assert "/documents/" in visitor.page.url
    visitor.page.go_back()
    assert visitor.sideways(PHONE[0]) <= 0


@pytest.mark.parametrize("visitor", [{"scripts": True, "dark": True}], indirect=True)
def test_in_an_emergency_at_night(visitor: Visitor) -> None:
    patient = a_patient()
    stating(patient, *EVERYTHING, a_lab("6.1", "2823-3", "Potassium", day=ago(2), high="5"))
    visitor.sits_as(a_doctor())
    finds(visitor, patient.ins)
    sound(visitor)
    visitor.clicks("Ouvrir en urgence")
    visitor.page.get_by_label("Motif, lu par la personne").fill("Chute, inconsciente")
    visitor.clicks("Ouvrir pour 4 heures", "button")
    for word in ("Latex caché", "Lithium caché", "Stimulateur caché", "Grossesse en cours"):
        assert visitor.sees(word), word
    assert visitor.page.get_by_role("region", name="Accès en urgence", exact=True).is_visible()
    sound(visitor)


FIRST = {
    "60": ("Traitements en cours", "Problèmes actifs", "Constantes"),
    "50": ("Grossesses et naissances", "Vaccins"),
    "40": ("Traitements en cours", "Problèmes actifs", "Antécédents"),
    "21": ("Traitements en cours", "Vaccins", "Problèmes actifs"),
}


@pytest.mark.parametrize("profession", FIRST)
def test_what_matters_to_each_profession_is_in_sight(visitor: Visitor, profession: str) -> None:
    # given somebody with many allergies, most of them light
    patient = a_patient(birth_date="1990-05-02")
    many = [replace(an_allergy(f"Pollen {n}"), criticality="low", when=Span(ago(n))) for n in range(1, 13)]
    weight = replace(a_lab("62", "29463-7", "Poids", day=ago(3), unit="kg"), kind=Kind.MEASURE)
    over = replace(a_problem("Endocardite"), clinical="resolved")
    stating(
        patient, *many, *EVERYTHING, weight, over, flagged("HH", a_lab("6.1", "2823-3", "Potassium", day=ago(2)))[0]
    )
    visitor.sits_as(authorised(patient, a_doctor(profession=profession)))
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    finds(visitor, patient.ins)
    # then the grave one comes first, every other is named, and what the profession came for is above the fold
    band = visitor.page.locator("#vigilance")
    assert band.get_by_role("link").first.inner_text() == "Latex caché"
    assert "Pollen 12" in band.inner_text()
    for name in FIRST[profession]:
        box = visitor.page.get_by_role("heading", name=name, exact=True).bounding_box()
        assert box, name
        assert box["y"] < 880, name
    # and on a phone the first of it follows the band, and nothing is wider than the screen
    for width in (390, 1280):
        assert visitor.sideways(width) <= 0, width
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    following = band.locator("xpath=following-sibling::section[1]//h2")
    assert following.inner_text() == FIRST[profession][0]
    # and the fold has the others with their sources
    band.get_by_text("Autres allergies").click()
    assert band.get_by_role("link", name="Pollen 12").is_visible()
