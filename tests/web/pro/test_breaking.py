"""An emergency: the glass is broken with a reason, the record read under a red bar, and everybody told."""

from __future__ import annotations

from carnet.consent import actions as consent
from carnet.consent import alerts
from carnet.consent.facts import Choices
from carnet.consent.queries import confidentiality
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.people.rules import Capacity
from tests.people import (
    Resident,
    a_doctor,
    a_patient,
    a_person,
    authorised,
    deposited,
    entry,
    raw_trail,
    represents,
    software,
    trail,
)
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing
from tests.web.pro.desk import REASON, at_desk, attended, hidden, plain, record

BAR = "Accès en urgence, jusqu'à"


def somebody() -> Resident:
    patient = a_patient()
    deposited(software(), patient, of=entry(title="Bilan de mars"))
    deposited(software(), patient, of=entry(title="Bilan masqué", labels=frozenset({"MASQUE_PS"})))
    return patient


def test_broken_read_told_and_left(server: str) -> None:
    patient, doctor = somebody(), a_doctor()
    attending = attended(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        assert "Bilan" not in plain(desk.finds(patient.ins).text)
        page = desk.breaks(patient.record_id)
        words = plain(page.text)
        assert "Le carnet est ouvert en urgence." in words
        assert BAR in words
        assert "Bilan de mars" in words
        assert "Bilan masqué" not in words
        document = page.text.split('scope="row"><a data-step href="')[1].split('"')[0]
        assert BAR in desk.text(document)
        assert desk.opens(f"{document}/original").content == b"Taux normal."
        lines = raw_trail(patient.record_id)
        assert [each for each in lines if each == ("break-glass", "done")] == [("break-glass", "done")]
        told = trail(patient)
        opened = next(line for line in told if line.action == "document-open")
        assert opened.capacity == "emergency"
        gone = desk.client.post(
            f"{record(patient.record_id)}/urgence",
            data={"acte": "quitter", "csrfmiddlewaretoken": hidden(page.text, "csrfmiddlewaretoken")},
            follow_redirects=True,
        )
        assert "Vous avez quitté l'accès en urgence." in plain(gone.text)
        assert BAR not in plain(gone.text)
        assert "Bilan de mars" not in plain(gone.text)
        assert desk.opens(document).status_code == 403
        back = desk.client.post(
            f"{record(patient.record_id)}/urgence",
            data={"acte": "reprendre", "csrfmiddlewaretoken": hidden(gone.text, "csrfmiddlewaretoken")},
            follow_redirects=True,
        )
        assert "Bilan de mars" in plain(back.text)
    assert len([each for each in raw_trail(patient.record_id) if each == ("break-glass", "done")]) == 1
    with at_desk(server, attending) as desk:
        words = desk.text("/pro/")
        assert "Dr Ange Essai a ouvert ce carnet en urgence" in words
        assert REASON in words
        (alert,) = alerts.unseen(attending)
        seen = desk.sends(f"/pro/alertes/{alert.id}", {})  # the form stands on the desk, where GET leads back to
        assert REASON not in plain(seen.text)
    assert alerts.unseen(attending) == []
    assert ("alert-seen", "done") in raw_trail(patient.record_id)
    with at_desk(server, a_doctor()) as desk:
        assert REASON not in desk.text("/pro/")


def test_an_alert_is_for_its_recipient_alone_while_they_are_the_attending_doctor(server: str) -> None:
    patient = somebody()
    former = attended(patient, a_doctor())
    # What they wrote here stays in their sight afterwards, and nothing else does.
    deposited(former, patient, purpose=Purpose.CARE)
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
    (alert,) = alerts.unseen(former)
    with at_desk(server, a_doctor()) as desk:
        desk.sends("/pro/", {"par": "ins", "ins": ""})
        page = desk.opens("/pro/").text
        desk.client.post(f"/pro/alertes/{alert.id}", data={"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")})
    assert [each.id for each in alerts.unseen(former)] == [alert.id]
    attended(patient, a_doctor())
    assert alerts.unseen(former) == []
    with at_desk(server, former) as desk:
        assert REASON not in desk.text("/pro/")
    alerts.seen(former, alert.id)
    assert ("alert-seen", "done") not in raw_trail(patient.record_id)


def test_without_words_nothing_opens(server: str) -> None:
    patient = somebody()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        for reason in ("", "  ", "...", "123"):
            page = desk.breaks(patient.record_id, reason)
            assert page.status_code == 422
            assert 'id="motif-e"' in page.text
        long = desk.breaks(patient.record_id, "mot " * 200)
        assert "Écrivez 500 caractères au plus" in plain(long.text)
    assert ("break-glass", "done") not in raw_trail(patient.record_id)


def test_the_consequence_is_said_before_the_button(server: str) -> None:
    patient = somebody()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        words = desk.text(f"{record(patient.record_id)}/urgence")
        told = words.index("La personne et son médecin traitant en sont avertis aussitôt")
        assert told < words.index("Motif, lu par la personne") < words.index("Ouvrir pour 4 heures")


def test_it_ends_by_itself_and_by_the_person(server: str) -> None:
    patient, doctor = somebody(), a_doctor()
    with at_desk(server, doctor) as desk:
        desk.finds(patient.ins)
        page = desk.breaks(patient.record_id)
        document = page.text.split('scope="row"><a data-step href="')[1].split('"')[0]
        choices = Choices(emergency=False)
        consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=choices)
        words = desk.text(document)
        assert "L'accès en urgence a pris fin." in words
        assert "Bilan de mars" not in words
        assert "Votre accès en urgence dure encore" not in words, "nothing is offered that the person has ended"
        consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices())
        assert "Votre accès en urgence dure encore" in desk.reads(patient.record_id)
        with database.connect(config.load(), "owner") as owner:
            owner.execute(
                "update record.consent_emergency set since = since - interval '5 hours',"
                " until = until - interval '5 hours' where record_id = %s",
                (patient.record_id,),
            )
        assert "Votre accès en urgence dure encore" not in desk.reads(patient.record_id)
        assert desk.opens(document).status_code == 403


def test_the_centre_15_has_its_own_way(server: str) -> None:
    patient, regulator = somebody(), a_doctor(capacity=Capacity.REGULATION)
    with at_desk(server, regulator) as desk:
        desk.finds(patient.ins)
        assert "au titre de la régulation du centre 15" in desk.text(f"{record(patient.record_id)}/urgence")
        words = plain(desk.breaks(patient.record_id).text)
        assert "Régulation médicale, jusqu'à" in words
        assert "Bilan de mars" in words
    lines = trail(patient)
    assert {line.purpose for line in lines if line.action == "break-glass"} == {"regulation"}
    choices = Choices(regulation=False)
    other = a_patient()
    consent.choose(other.actor, Purpose.SELF, record_id=other.record_id, choices=choices)
    with at_desk(server, regulator) as desk:
        assert "/urgence" not in desk.finds(other.ins).text


def test_who_has_a_right_needs_no_emergency(server: str) -> None:
    patient = somebody()
    doctor = authorised(patient, a_doctor())
    with at_desk(server, doctor) as desk:
        page = desk.finds(patient.ins)
        assert "/urgence" not in page.text
        assert "Ouvrir en urgence" not in plain(page.text)


def test_the_person_reads_in_their_own_record_what_happened(server: str) -> None:
    patient = somebody()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
    with browsing(server) as hers:
        hers.client.cookies.set(COOKIE, session_of(patient.actor))
        assert "Dr Ange Essai" in hers.text("/acces?qui=tous")


def test_it_says_beforehand_that_who_represents_the_person_is_told(server: str) -> None:
    parents, others = (
        f"Ses {who} le lisent aussi, sauf si vous cochez la case" for who in ("parents", "représentants")
    )
    child, grown, guarded = a_patient(birth_date="2012-05-06"), a_patient(), a_patient()
    represents(guarded, a_person(), guardian=True)
    with at_desk(server, a_doctor()) as desk:
        for patient, told in ((child, {parents}), (grown, set()), (guarded, {others})):
            desk.finds(patient.ins)
            page = desk.text(f"{record(patient.record_id)}/urgence")
            assert {words for words in (parents, others) if words in page} == told


def test_an_emergency_is_kept_from_the_guardian_where_that_is_asked(server: str) -> None:
    """Of whom nobody represents, the same form keeps it from nobody."""
    guarded, grown, guardian = a_patient(), a_patient(), a_person()
    represents(guarded, guardian, guardian=True)
    said = {"acte": "ouvrir", "motif": REASON, "secret": "1"}
    with at_desk(server, a_doctor()) as desk:
        for patient in (guarded, grown):
            desk.finds(patient.ins)
            assert BAR in plain(desk.sends(f"{record(patient.record_id)}/urgence", said).text)
    assert confidentiality(guardian, Purpose.REPRESENTATIVE, guarded.record_id).emergencies == ()
    kept = [
        [each.secret for each in confidentiality(who.actor, Purpose.SELF, who.record_id).emergencies]
        for who in (guarded, grown)
    ]
    assert kept == [[True], [False]]


def test_the_desk_sends_nobody_to_what_software_reads(server: str) -> None:
    with at_desk(server, a_doctor()) as desk:
        assert "/fhir/" not in desk.opens("/pro/").text
