"""Professionals at a record, by keyboard-sized steps: an emergency, a locum's day, a consultation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload

from carnet.kernel import clock
from carnet.people import actions as people
from tests.journeys.conftest import PHONE, Visitor
from tests.people import a_doctor, a_patient, actor, deposited, entry, software
from tests.web.pro.desk import attended

SCRIPTED = pytest.mark.parametrize("visitor", [{"scripts": True}, {"size": PHONE, "scripts": True}], indirect=True)


def finds(visitor: Visitor, ins: str) -> None:
    visitor.goes_to("/pro/")
    visitor.page.get_by_role("textbox", name="Matricule INS").fill(ins)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/pro/carnets/*")


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
    note: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Repos trois jours."}
    visitor.page.set_input_files("#fichier", note)
    visitor.page.get_by_label("Type de document").select_option("11488-4")
    visitor.page.get_by_role("textbox", name="Titre").fill("Consultation du remplaçant")
    visitor.page.get_by_label("Date de l’acte").fill("25 11 2025")
    visitor.clicks("Déposer dans le carnet", "button")
    assert visitor.sees("Le document est déposé dans le carnet.")
    assert visitor.sees("Repos trois jours.")
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
    visitor.clicks("Déclarer son accord")
    assert visitor.sees("qu’elle verra dans son carnet cette déclaration")
    visitor.page.get_by_label("J’ai informé la personne").check()
    visitor.clicks("Déclarer son accord", "button")
    assert visitor.sees("L’accord de la personne est enregistré.")
    assert visitor.sees("Bilan de mars")
