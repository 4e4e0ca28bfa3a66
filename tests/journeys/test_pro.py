"""Professionals at a record: an emergency, a locum's day, a consultation; and the whole way by the keys alone, in
French and English, on a phone and at a desk, with and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.people import actions as people
from tests.cast import INS
from tests.journeys.conftest import NARROW, PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_adding import photograph
from tests.people import a_doctor, a_patient, actor, deposited, entry, software
from tests.web.pro.desk import attended

SCRIPTED = pytest.mark.parametrize(
    "visitor",
    [{"scripts": True}, pytest.param({"size": PHONE, "scripts": True}, marks=pytest.mark.long)],
    indirect=True,
)


def finds(visitor: Visitor, ins: str) -> None:
    visitor.goes_to("/pro/")
    visitor.page.get_by_role("textbox", name="Matricule INS").fill(ins)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/pro/carnets/*")


@pytest.mark.parametrize("visitor", [{"size": PHONE}], indirect=True)
@pytest.mark.parametrize("own", [0, 9])
def test_the_way_in_of_an_emergency_is_on_the_first_screen_of_a_phone(visitor: Visitor, own: int) -> None:
    patient, doctor = a_patient(), a_doctor()
    for _ in range(own):
        deposited(doctor, patient, of=entry(title="Lettre"), purpose=Purpose.CARE)
    visitor.sits_as(doctor)
    finds(visitor, patient.ins)
    box = visitor.page.get_by_role("link", name="Ouvrir en urgence").bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE[1]


@SCRIPTED
@pytest.mark.usefixtures("fits")
def test_an_emergency_is_opened_read_and_told(visitor: Visitor) -> None:
    # Given somebody whom an emergency doctor has never met, with an attending doctor
    patient = a_patient()
    attending = attended(patient, a_doctor())
    deposited(software(), patient, b"Groupe O, sous anticoagulant.", of=entry(title="Bilan de coagulation"))
    visitor.sits_as(a_doctor())
    # When they find her by her number
    finds(visitor, patient.ins)
    # Then nothing of her documents shows, and the way in says first what follows
    assert not visitor.page.get_by_text("Bilan de coagulation").count()
    visitor.clicks("Ouvrir en urgence")
    assert visitor.sees("La personne et son médecin traitant en sont avertis aussitôt")
    # When they give no reason, they are told so at the field, which has the focus one key away
    visitor.clicks("Ouvrir pour 4 heures", "button")
    assert visitor.sees("Dites en quelques mots pourquoi vous ouvrez ce carnet")
    visitor.page.get_by_label("Motif, lu par la personne").fill("Chute, inconsciente")
    visitor.clicks("Ouvrir pour 4 heures", "button")
    # Then the document is there, and a red bar on every page
    visitor.clicks("Bilan de coagulation")
    assert visitor.sees("sous anticoagulant")
    assert visitor.page.get_by_role("region", name="Accès en urgence", exact=True).is_visible()
    visitor.clicks("Quitter l’accès en urgence", "button")
    assert not visitor.page.get_by_role("region", name="Accès en urgence", exact=True).count()
    # And her attending doctor reads who, when and why, and says that they have seen it
    visitor.sits_as(attending)
    visitor.goes_to("/pro/")
    assert visitor.sees("Chute, inconsciente")
    visitor.page.get_by_role("button", name="Vu").click()
    visitor.page.wait_for_load_state()
    assert not visitor.page.get_by_text("Chute, inconsciente").count()


@SCRIPTED
@pytest.mark.usefixtures("fits")
def test_a_locum_reads_and_deposits_under_their_own_name(visitor: Visitor) -> None:
    # Given a locum of an attending doctor, for a month
    patient, locum = a_patient(), a_doctor()
    principal = attended(patient, a_doctor())
    people.add_deputy(
        deputy_id=locum.id,
        principal_id=principal.id,
        kind="locum",
        since=clock.now() - timedelta(days=1),
        until=clock.now() + timedelta(days=30),
    )
    deposited(software(), patient, of=entry(title="Bilan masqué", labels=frozenset({"MASQUE_PS"})))
    visitor.sits_as(actor(locum.id))
    # When they open the record, they are told for whom they act
    finds(visitor, patient.ins)
    assert visitor.sees("Vous remplacez : Dr Ange Essai, jusqu’au")
    assert visitor.sees("Bilan masqué")
    # And what they deposit bears their own name
    visitor.clicks("Déposer")
    visitor.page.set_input_files("#fichier", photograph("Repos trois jours"))
    # With scripts the file is sent at once, and what it may be is proposed.
    expect(visitor.page.get_by_text("Reçu :")).to_be_visible()
    visitor.page.get_by_label("Type de document").select_option("11488-4")
    visitor.page.get_by_role("textbox", name="Titre").fill("Consultation du remplaçant")
    visitor.page.get_by_label("Date de l’acte").fill("25 11 2025")
    visitor.clicks("Déposer dans le carnet", "button")
    assert visitor.sees("Le document est déposé dans le carnet.")
    assert visitor.page.get_by_role("figure").get_by_role("img").is_visible()
    assert visitor.sideways(PHONE[0]) <= 0
    assert visitor.sideways(NARROW[0]) <= 0
    # Then taking it back is asked first, and done
    visitor.clicks("Retirer du carnet")
    assert visitor.sees("Vous ne pouvez pas revenir en arrière")
    visitor.clicks("Retirer du carnet", "button")
    assert not visitor.page.get_by_text("Consultation du remplaçant").count()


@SCRIPTED
@pytest.mark.usefixtures("fits")
def test_a_person_consents_at_the_visit(visitor: Visitor) -> None:
    patient = a_patient()
    deposited(software(), patient, of=entry(title="Bilan de mars"))
    visitor.sits_as(a_doctor())
    finds(visitor, patient.ins)
    assert visitor.sees("qu’elle verra dans son carnet cette déclaration")
    visitor.page.get_by_label("J’ai informé la personne").check()
    visitor.clicks("Déclarer son accord", "button")
    assert visitor.sees("L’accord de la personne est enregistré.")
    assert visitor.sees("Bilan de mars")


BY_KEYS = pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"scripts": True}, "fr", id="desk-scripts-fr", marks=pytest.mark.long),
        pytest.param({"scripts": False, "size": PHONE}, "fr", id="phone-plain-fr", marks=pytest.mark.long),
        pytest.param({"scripts": True, "size": PHONE}, "en", id="phone-scripts-en", marks=pytest.mark.long),
        pytest.param({"scripts": False}, "en", id="desk-plain-en"),
    ],
    indirect=["visitor"],
)


@pytest.fixture
def keys(visitor: Visitor, language: str, request: pytest.FixtureRequest) -> Keyboard:
    visitor.speaks(language)
    return Keyboard(visitor, language, request.node.callspec.params["visitor"]["scripts"])


def finds_by_keys(keys: Keyboard, ins: str) -> None:
    keys.visitor.goes_to("/pro/")
    keys.types(keys.visitor.page.locator("#ins"), ins)
    keys.follows(keys.finds("Chercher par matricule", "button"))


def gives(keys: Keyboard, note: FilePayload) -> None:
    """With scripts the file is sent at once, and what it may be is proposed."""
    keys.opens_files(keys.visitor.page.locator("#fichier")).set_files([note])
    if keys.scripts:
        expect(keys.visitor.page.get_by_text(keys.says("Reçu :"))).to_be_visible()


@BY_KEYS
def test_a_consultation_by_the_keys_alone(visitor: Visitor, keys: Keyboard) -> None:
    # given somebody at a visit, whom this doctor has never seen
    patient = a_patient()
    deposited(software(), patient, b"Ferritine : 30.", of=entry(title="Bilan de mars"))
    visitor.sits_as(a_doctor())
    # when the doctor finds her by her number, and declares what she says
    finds_by_keys(keys, patient.ins)
    assert not visitor.page.get_by_text("Bilan de mars").count()
    keys.tabs_to(visitor.page.locator("#informee"))
    visitor.page.keyboard.press("Space")
    keys.follows(keys.finds("Déclarer son accord", "button"))
    status = visitor.page.locator("main [role=status]")
    expect(status).to_contain_text(keys.says("L'accord de la personne est enregistré. Elle le lit dans son carnet."))
    # then the list is there, a word leads to the document, and the document opens
    keys.types(visitor.page.locator("#q"), "bilan")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    keys.follows(visitor.page.get_by_role("link", name="Bilan de mars"))
    assert visitor.sees("Ferritine : 30.")
    keys.follows(visitor.page.locator("main .cn-back").first)
    keys.follows(visitor.page.locator("main .cn-back").first)
    # and what the doctor adds to it is in the record, under their name
    keys.follows(keys.finds("Déposer"))
    note: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Repos trois jours."}
    gives(keys, note)
    keys.types(visitor.page.locator("#type"), "CR ou fiche de cons")
    keys.types(visitor.page.locator("#titre"), "Consultation du jour")
    keys.types(visitor.page.locator("#jour"), "25 11 2025")
    keys.follows(keys.finds("Déposer dans le carnet", "button"))
    expect(status).to_contain_text(keys.says("Le document est déposé dans le carnet."))
    assert visitor.sees("Repos trois jours.")
    # and what was wrong in it is corrected
    keys.follows(keys.finds("Remplacer par une version corrigée"))
    note["buffer"] = b"Repos cinq jours."
    gives(keys, note)
    keys.follows(keys.finds("Remplacer par cette version", "button"))
    assert visitor.sees("Repos cinq jours.")
    keys.presses(visitor.page.locator("main details summary").last)
    assert visitor.page.get_by_role("link", name="Consultation du jour").count() == 1
    keys.ends()


@BY_KEYS
def test_a_locum_signs_in_stands_in_reads_and_is_named(visitor: Visitor, keys: Keyboard) -> None:
    # given a locum of Dominique's doctor, at the page of all who may sign in
    visitor.goes_to("/demo/connexion")
    keys.follows(visitor.page.locator("button[value=remplacant]"))
    visitor.page.wait_for_url("**/pro/")
    # when they open her record by her number
    finds_by_keys(keys, INS["dominique"])
    # then they are told for whom they act, and read what she reads with him
    told = keys.says("Vous remplacez : %(who)s, jusqu'au %(day)s.", who="Dr Philippe Martin", day="…").partition("…")[0]
    assert visitor.sees(told.rstrip("\u00a0 "))
    first = visitor.page.locator("#documents table a").first
    title = first.inner_text()
    keys.follows(first)
    assert visitor.page.get_by_role("heading", name=title).is_visible()
    keys.ends()
    # and she reads their own name, not that of whom they stand in for
    visitor.signs_in_as("dominique")
    visitor.goes_to("/acces")
    expect(visitor.page.get_by_text("Dr Thomas Renaud").first).to_be_visible()


@BY_KEYS
def test_who_practises_in_two_places_says_where(visitor: Visitor, keys: Keyboard) -> None:
    # given a cardiologist of a practice and of a hospital
    visitor.goes_to("/demo/connexion")
    keys.follows(visitor.page.locator("button[value=dr-nguyen]"))
    visitor.page.wait_for_url("**/pro/situation")
    assert visitor.heading() == keys.says("Où exercez-vous en ce moment ?").replace("\u00a0", " ")
    # when they say that they are at the hospital, it stands at the top of every page
    keys.follows(keys.finds("Centre hospitalier des Ponts", "button"))
    finds_by_keys(keys, INS["dominique"])
    assert visitor.page.locator(".cn-place").get_by_text("Centre hospitalier des Ponts").is_visible()
    # and they change it from there
    keys.follows(visitor.page.locator(".cn-place a"))
    keys.follows(visitor.page.locator("main form button").first)
    assert not visitor.page.locator(".cn-place").get_by_text("Centre hospitalier des Ponts").count()
    keys.ends()
