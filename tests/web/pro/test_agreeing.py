"""The person consents at the visit: the professional declares it, reads, and does so no longer once it has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carnet.consent import actions as consent
from carnet.consent.queries import confidentiality
from carnet.documents.queries import list_documents
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.people.rules import Capacity
from carnet.web import i18n
from carnet.web.patient.granting import midnight_after
from tests.people import Resident, a_doctor, a_patient, a_person, authorised, deposited, raw_trail, represents, software
from tests.web.pro.desk import Desk, at_desk, attended, plain, record


def agrees(desk: Desk, patient: Resident, **fields: str) -> str:
    desk.finds(patient.ins)
    return plain(desk.sends(f"{record(patient.record_id)}/accord", fields).text)


def test_declared_for_this_visit_then_withdrawn_by_the_person(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    deposited(software(), patient)
    with at_desk(server, doctor) as desk:
        asked = desk.finds(patient.ins)
        assert "Analyses de sang" not in plain(asked.text)
        words = agrees(desk, patient, duree="visite", informee="1")
        assert "L'accord de la personne est enregistré." in words
        assert "Analyses de sang" in words
        (given,) = confidentiality(patient.actor, Purpose.SELF, patient.record_id).given
        assert given.declared
        assert given.until is not None
        assert given.until.astimezone(i18n.PARIS).date() == i18n.today() + timedelta(days=1)
        assert ("declare", "done") in raw_trail(patient.record_id)
        consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
        assert "Analyses de sang" not in desk.reads(patient.record_id)


def test_a_protected_adult_consents_without_the_guardians_knowing(server: str) -> None:
    """And nothing that is put in by it is known to the guardian; of whom nobody represents, the box is not there."""
    guarded, grown, guardian, doctor = a_patient(), a_patient(), a_person(), a_doctor()
    represents(guarded, guardian, guardian=True)
    with at_desk(server, doctor) as desk:
        for patient, offered in ((guarded, True), (grown, False)):
            desk.finds(patient.ins)
            for page in ("", "/accord"):
                words = desk.text(f"{record(patient.record_id)}{page}")
                assert ("La personne demande que ses représentants ne le sachent pas" in words) is offered
                assert "parents" not in words
            agrees(desk, patient, duree="visite", informee="1", secret="1")
        deposited(doctor, guarded, purpose=Purpose.CARE)
    assert confidentiality(guardian, Purpose.REPRESENTATIVE, guarded.record_id).given == ()
    assert list_documents(guardian, Purpose.REPRESENTATIVE, guarded.record_id) == []
    assert len(list_documents(guarded.actor, Purpose.SELF, guarded.record_id)) == 1
    (given,) = confidentiality(grown.actor, Purpose.SELF, grown.record_id).given
    assert not given.secret


def test_until_a_day_within_a_year(server: str) -> None:
    patient = a_patient()
    last = i18n.today() + timedelta(days=200)
    with at_desk(server, a_doctor()) as desk:
        agrees(desk, patient, duree="jour", jour=f"{last:%d/%m/%Y}", informee="1")
    (given,) = confidentiality(patient.actor, Purpose.SELF, patient.record_id).given
    assert given.until is not None
    assert (given.until - timedelta(minutes=1)).astimezone(i18n.PARIS).date() == last


def test_what_has_an_end_is_prolonged_with_the_person_and_nothing_else_is(server: str) -> None:
    patient, endless, attending = a_patient(), a_doctor(), a_doctor()
    deposited(software(), patient)
    authorised(patient, endless)
    attended(patient, attending)
    last = i18n.today() + timedelta(days=30)
    with at_desk(server, a_doctor()) as desk:
        agrees(desk, patient, duree="visite", informee="1")
        assert f"Votre accès vaut jusqu'au {plain(i18n.day(clock.now()))}." in desk.reads(patient.record_id)
        assert "Son accord vaut" in desk.text(f"{record(patient.record_id)}/accord")
        words = agrees(desk, patient, duree="jour", jour=f"{last:%d/%m/%Y}", informee="1")
        assert "L'accord de la personne est enregistré." in words
        assert f"Votre accès vaut jusqu'au {plain(i18n.day(last))}." in words
    ends = [each.until for each in confidentiality(patient.actor, Purpose.SELF, patient.record_id).given if each.until]
    assert max(ends) == midnight_after(last)
    for doctor in (endless, attending):
        with at_desk(server, doctor) as desk:
            desk.finds(patient.ins)
            assert "Votre accès vaut jusqu'au" not in desk.reads(patient.record_id)
            assert desk.opens(f"{record(patient.record_id)}/accord").url.path == record(patient.record_id)


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"duree": "visite"}, "informee", "Informez la personne, puis cochez cette case si elle accepte"),
        ({"duree": "jour", "informee": "1"}, "jour", "Saisissez le dernier jour de l'accord"),
        ({"duree": "jour", "jour": "demain", "informee": "1"}, "jour", "Écrivez la date comme ceci : 12 3 2027"),
        ({"duree": "jour", "jour": "1 1 2020", "informee": "1"}, "jour", "Choisissez un jour à venir"),
        ({"duree": "jour", "jour": "1 1 2099", "informee": "1"}, "jour", "dans un an au plus"),
        ({"informee": "1"}, "duree", "Choisissez jusqu'à quand vaut cet accord"),
    ],
)
def test_faults_are_told_at_their_field(fields: dict[str, str], at: str, sentence: str, server: str) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        page = desk.sends(f"{record(patient.record_id)}/accord", fields)
        assert page.status_code == 422
        assert f'id="{at}-e"' in page.text
        assert sentence in plain(page.text)
    assert not confidentiality(patient.actor, Purpose.SELF, patient.record_id).given


def test_occupational_medicine_asks_for_express_consent(server: str) -> None:
    patient, doctor = a_patient(), a_doctor(capacity=Capacity.OCCUPATIONAL)
    deposited(software(), patient)
    # Who reads what they wrote themselves is asked all the same.
    deposited(doctor, patient, purpose=Purpose.CARE)
    with at_desk(server, doctor) as desk:
        assert "Cochez cette case si la personne a donné un accord exprès" in agrees(
            desk, patient, duree="visite", informee="1"
        )
        assert "L'accord de la personne est enregistré." in agrees(
            desk, patient, duree="visite", informee="1", expres="1"
        )
