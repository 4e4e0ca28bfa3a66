"""A professional searches in a record: what is in their sight is found by its words, and nothing else shows."""

from __future__ import annotations

import re
import time

import pytest

from carnet.consent import actions as consent
from carnet.documents import extracting
from carnet.documents.actions import Deposited
from carnet.kernel.actor import Purpose
from tests.people import Resident, a_doctor, a_patient, authorised, deposited, entry, raw_trail, software
from tests.web.pro.desk import Desk, at_desk, attended, plain, record
from tests.web.pro.test_blocked import seen

MASKED = frozenset({"MASQUE_PS"})


def read_through(patient: Resident) -> None:
    while extracting.extract(patient.record_id):
        time.sleep(0.05)


def letter(patient: Resident, content: str, **about: object) -> Deposited:
    return deposited(software(), patient, content.encode(), of=entry(**about))  # type: ignore[arg-type]


def searches(desk: Desk, patient: Resident, words: str, **more: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"q": words, **more}.items())
    return plain(desk.opens(f"{record(patient.record_id)}/recherche?{query}").text)


@pytest.fixture(scope="module")
def patient(server: str) -> Resident:
    found = a_patient()
    letter(found, "Nous prêtons un déambulateur pour six semaines.", title="Courrier du service")
    letter(found, "Marche avec un déambulateur.", title="Compte rendu de séjour", type_code="34112-3")
    letter(found, "Le déambulateur secret est au grenier.", title="Bilan caché", labels=MASKED)
    read_through(found)
    return found


def test_a_word_inside_is_found_with_its_passage_and_marked_in_the_document(server: str, patient: Resident) -> None:
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        page = desk.opens(f"{record(patient.record_id)}/recherche?q=deambulateur")
        words = plain(page.text)
        assert "2 documents pour « deambulateur »." in words
        assert "Nous prêtons un déambulateur pour six semaines." in words
        assert "<mark>déambulateur</mark>" in page.text
        found = re.search(rf'href="({record(patient.record_id)}/documents/[0-9a-f-]+\?q=deambulateur[^"]*)"', page.text)
        assert found
        shown = desk.opens(found[1].partition("#")[0])
        assert "« deambulateur » : 1 passage." in plain(shown.text)
    assert ("documents-search", "done") in raw_trail(patient.record_id)


def test_who_has_typed_the_beginning_of_a_word_is_led_to_the_whole(server: str, patient: Resident) -> None:
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        page = desk.opens(f"{record(patient.record_id)}/recherche?q=deambu")
        assert "2 documents pour « deambu »." in plain(page.text)
        assert "<mark>déambulateur</mark>" in page.text
        found = re.search(rf'href="({record(patient.record_id)}/documents/[0-9a-f-]+\?q=[^"#]*)', page.text)
        assert found
        assert "« déambulateur » : 1 passage." in desk.text(found[1])


def test_a_type_is_chosen_among_those_found(server: str, patient: Resident) -> None:
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        page = desk.opens(f"{record(patient.record_id)}/recherche?q=deambulateur").text
        addresses = [
            each.replace("&amp;", "&") for each in re.findall(r'class="cn-chip" href="([^"]+type=[^"]+)"', page)
        ]
        assert len(addresses) == 2
        for address in addresses:
            assert "1 document pour « deambulateur »." in desk.text(address)


def test_what_is_masked_is_in_no_hit_no_count_and_no_suggestion(server: str) -> None:
    """With a hidden document in the record or without it, an authorised professional reads the same pages."""
    patient = a_patient()
    letter(patient, "Marche avec un déambulateur.", title="Bilan visible")
    read_through(patient)
    words = ("deambulateur", "deambu", "grenier", "greni", "greniez", "cache", "marche", "deambulateur&type=11", "")
    addresses = [f"{record(patient.record_id)}/recherche?q={each}" for each in words]
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        before = [seen(desk, each) for each in addresses]
        letter(patient, "Le déambulateur est au grenier.", title="Bilan caché", labels=MASKED, type_code="11488-4")
        read_through(patient)
        assert [seen(desk, each) for each in addresses] == before
    with at_desk(server, attended(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        assert "Bilan caché" in searches(desk, patient, "grenier")
        assert "Vouliez-vous dire « grenier » ?" in searches(desk, patient, "greniez")


def test_only_ones_own_is_found_without_a_right(server: str) -> None:
    patient, stranger, blocked = a_patient(), a_doctor(), a_doctor()
    letter(patient, "Marche avec un déambulateur.")
    read_through(patient)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    answers = []
    for doctor in (stranger, blocked):
        with at_desk(server, doctor) as desk:
            desk.finds(patient.ins)
            answers.append(seen(desk, f"{record(patient.record_id)}/recherche?q=deambulateur"))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403
    deposited(stranger, patient, b"Un deambulateur rouge.", of=entry(title="Mon avis"), purpose=Purpose.CARE)
    read_through(patient)
    with at_desk(server, stranger) as desk:
        desk.finds(patient.ins)
        words = searches(desk, patient, "deambulateur")
        assert "1 document pour « deambulateur »." in words
        assert "Mon avis" in words


def test_in_an_emergency_too_and_no_longer_after_it(server: str, patient: Resident) -> None:
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
        assert "2 documents pour" in searches(desk, patient, "deambulateur")
        desk.sends(f"{record(patient.record_id)}/urgence", {"acte": "quitter"})
        assert "Accès non autorisé" in searches(desk, patient, "deambulateur")


def test_nothing_asked_and_nothing_found_say_what_to_do(server: str, patient: Resident) -> None:
    with at_desk(server, authorised(patient, a_doctor())) as desk:
        desk.finds(patient.ins)
        assert "n'importe quel mot écrit dans un document" in searches(desk, patient, "")
        assert "Essayez avec moins de mots" in searches(desk, patient, "xylophone")
        assert "recherche" in desk.opens(record(patient.record_id)).text
