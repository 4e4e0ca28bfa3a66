"""A professional's own patients on the desk, over HTTP: the day's list, the recent ones; and one field that finds from
everywhere. Who may no longer be read is not among them, and nothing says so."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.formats.ins import parse
from carnet.formats.ins_datamatrix import InsTraits, written
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions as people
from carnet.people import day_list
from carnet.web.patient.granting import midnight_after
from tests.aging import move_lines
from tests.cast import TEST_OID
from tests.people import Resident, a_doctor, a_patient, actor, acts_of_people, authorised, deposited, software
from tests.web.pro.desk import Desk, at_desk, hidden, plain, record


def sections(desk: Desk) -> tuple[str, str]:
    """What stands in the list of the day, and among the recent patients."""
    page = desk.opens("/pro/").text
    today = page.partition('id="file"')[2].partition("</section>")[0]
    recent = page.partition('aria-labelledby="recents"')[2].partition("</section>")[0]
    return today, recent


def acts(desk: Desk, record_id: object, act: str) -> int:
    token = hidden(desk.opens("/pro/").text, "csrfmiddlewaretoken")
    body = {"csrfmiddlewaretoken": token, "carnet": str(record_id), "acte": act}
    return desk.client.post("/pro/file", data=body, follow_redirects=True).status_code


def days_pass(doctor: Actor, days: int) -> None:
    """As if what they did had been done that many days ago."""
    with database.connect(config.load(), "owner") as owner:
        move_lines(owner, "actor_id", doctor.id, timedelta(days=days))
        owner.execute("update app.people_day_list set day = day - %s where actor_id = %s", (days, doctor.id))


def test_who_was_opened_today_is_in_the_list_and_ticked_off(server: str) -> None:
    patient, doctor = a_patient(), a_doctor()
    authorised(patient, doctor)
    with at_desk(server, doctor) as desk:
        assert "Personne pour l'instant" in plain(sections(desk)[0])
        desk.finds(patient.ins)
        today, recent = sections(desk)
        assert "Carnet ouvert à" in plain(today)
        assert str(patient.record_id) in today
        assert str(patient.record_id) not in recent
        assert acts(desk, patient.record_id, "vu") == 200
        assert "Remettre en attente" in plain(sections(desk)[0])
        acts(desk, patient.record_id, "attendre")
        assert "Remettre en attente" not in plain(sections(desk)[0])


def test_the_list_is_laid_out_beforehand_and_gone_the_next_day(server: str) -> None:
    # Given somebody found, whose record this doctor may not read yet
    patient, doctor = a_patient(), a_doctor()
    deposited(software(), patient)
    with at_desk(server, doctor) as desk:
        found = desk.finds(patient.ins)
        assert "Dans ma file" in plain(found.text)
        lines = len(acts_of_people(patient.record_id))
        assert acts(desk, patient.record_id, "") == 200
        assert "Dans la file depuis" in plain(sections(desk)[0])
        # Naming them again is nothing new to say in their trail
        assert {line for line, _ in acts_of_people(patient.record_id)[lines:]} <= {"standing-read"}
    # When they sign in again in the same day, the person is there, and their page opens as after finding them
    with at_desk(server, doctor) as desk:
        assert "Dans la file depuis" in plain(sections(desk)[0])
        assert desk.opens(record(patient.record_id)).status_code == 200
        assert acts(desk, patient.record_id, "retirer") == 200
        assert str(patient.record_id) not in "".join(sections(desk))
        desk.finds(patient.ins)
        acts(desk, patient.record_id, "")
    days_pass(doctor, 1)
    with at_desk(server, doctor) as desk:
        assert str(patient.record_id) not in "".join(sections(desk))
        assert desk.opens(record(patient.record_id)).status_code == 404
        # Nobody is laid out by an address alone
        for stranger in (patient.record_id, UUID(int=7)):
            assert acts(desk, stranger, "") == 404
    day_list.purge()
    with database.connect(config.load(), "owner") as owner:
        kept = owner.execute("select count(*) from app.people_day_list where actor_id = %s", (doctor.id,)).fetchone()
    assert kept == (0,)


def test_recent_patients_are_those_who_still_let_them_in(server: str) -> None:
    stays, ends, blocks, closes = (a_patient() for _ in range(4))
    doctor = a_doctor()
    for patient in (stays, ends, blocks, closes):
        authorised(patient, doctor)
    with at_desk(server, doctor) as desk:
        for patient in (stays, ends, blocks, closes):
            desk.finds(patient.ins)
    days_pass(doctor, 2)
    with at_desk(server, doctor) as desk:
        before = sections(desk)[1]
        assert all(str(patient.record_id) in before for patient in (stays, ends, blocks, closes))
    consent.withdraw(ends.actor, Purpose.SELF, record_id=ends.record_id, professional_id=doctor.id)
    consent.block(blocks.actor, Purpose.SELF, record_id=blocks.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        page = desk.opens("/pro/").text
        assert str(stays.record_id) in page
        for gone in (ends, blocks):
            assert str(gone.record_id) not in page
    # Nobody else has them, and after some weeks they are not recent any more
    with at_desk(server, a_doctor()) as other:
        assert str(stays.record_id) not in other.opens("/pro/").text
    days_pass(doctor, 20)
    with at_desk(server, doctor) as desk:
        assert str(stays.record_id) not in desk.opens("/pro/").text


def test_a_deputy_has_their_own_list_and_is_told_for_whom_they_act(server: str) -> None:
    patient, principal, locum = a_patient(), a_doctor(), a_doctor()
    authorised(patient, principal)
    people.add_deputy(
        deputy_id=locum.id,
        principal_id=principal.id,
        kind="locum",
        since=clock.now() - timedelta(days=1),
        until=midnight_after(date(2037, 3, 11)),
    )
    with at_desk(server, actor(locum.id)) as desk:
        desk.finds(patient.ins)
        assert str(patient.record_id) in sections(desk)[0]
        # The last day on which they do, as the person reads it.
        assert "Vous remplacez : Dr Ange Essai, jusqu'au 11 mars 2037." in desk.text("/pro/")
    with at_desk(server, principal) as desk:
        assert str(patient.record_id) not in desk.opens("/pro/").text


def scanned(patient: Resident, **changed: object) -> str:
    about: dict[str, object] = {
        "ins": parse(patient.ins, TEST_OID),
        "givens": "CAMILLE",
        "family": "ESSAI",
        "sex": "F",
        "birth_date": date(1985, 1, 12),
        "birth_place": "51215",
    }
    return written(InsTraits(**about | changed))  # type: ignore[arg-type]


def finds(desk: Desk, text: str) -> tuple[str, str]:
    answer = desk.sends("/pro/", {"par": "tout", "patient": text})
    return answer.url.path, plain(answer.text)


@pytest.mark.parametrize(
    "changed",
    [
        {"family": "AUTRE"},
        {"givens": "CLAUDE"},
        {"sex": "M"},
        {"birth_place": "49007"},
        {"birth_date": date(1985, 2, 12)},
    ],
    ids=str,
)
def test_a_datamatrix_of_other_traits_opens_nothing(server: str, changed: dict[str, object]) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor()) as desk:
        where, words = finds(desk, scanned(patient, **changed))
        assert where == "/pro/"
        assert "Ce datamatrix porte d'autres traits" in words
        assert desk.opens(record(patient.record_id)).status_code == 404


def test_one_field_takes_what_is_typed_or_scanned(server: str) -> None:
    patient = a_patient(birth_date="1931-07-08")
    with at_desk(server, a_doctor()) as desk:
        for text in (
            scanned(patient, birth_date=date(1931, 7, 8)),
            scanned(patient, birth_date=date(1931, 7, 8)).replace("\x1d", "^]"),
            patient.ins,
            patient.ins[:13],
            " ".join((patient.ins[:1], patient.ins[1:3], patient.ins[3:])),
        ):
            assert finds(desk, text)[0] == record(patient.record_id)
        for text, said in (
            ("", "Saisissez le matricule INS"),
            ("Essai Camille", "Saisissez un matricule INS, un datamatrix, ou le nom"),
            ("Essai 8/7/1931", "Saisissez un matricule INS, un datamatrix, ou le nom"),
            ("Essai Camille 31/2/1931", "Écrivez la date"),
            ("Personne Inconnue 8/7/1931", "Aucun carnet ne correspond exactement."),
            ("IS01 abîmé", "Scannez un datamatrix INS"),
        ):
            where, words = finds(desk, text)
            assert where == "/pro/"
            assert said in words, text


def test_names_and_a_date_find_one_person_in_either_order(server: str) -> None:
    with at_desk(server, "dr-martin") as desk:
        for text in ("PAT-TROIS Dominique 28/03/1979", "dominique pat trois, 28 3 1979"):
            assert "PAT-TROIS" in finds(desk, text)[1]
            assert "/pro/carnets/" in finds(desk, text)[0]
