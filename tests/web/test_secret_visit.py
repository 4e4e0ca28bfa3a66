"""A minor's secret from the pages and from software: said where the right is given, and read by nobody who represents
them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent import queries as confidentiality
from carnet.consent.queries import Confidentiality
from carnet.documents import trail
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import Caller, refused, token
from tests.api.consents import declared
from tests.people import Resident, a_doctor
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.guest import Guest
from tests.web.pro.desk import at_desk, record

SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"
UNKNOWN_TO_THEM = "Vos parents ne le savent pas."

# Old enough for an account of their own.
MINOR = f"{clock.now().year - 17}-01-01"


@dataclass
class Child:
    patient: Resident
    parent: Actor

    def settings(self) -> Confidentiality:
        return confidentiality.confidentiality(self.patient.actor, Purpose.SELF, self.patient.record_id)

    def seen_by_the_parent(self) -> int:
        """Rights and emergencies of which the parent is told."""
        found = confidentiality.confidentiality(self.parent, Purpose.REPRESENTATIVE, self.patient.record_id)
        return len(found.given) + len(found.blocked) + len(found.emergencies)


@pytest.fixture
def child(house: None) -> Child:
    del house
    patient, parent = people.a_patient(birth_date=MINOR), people.a_person()
    people_actions.represent(SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=people.long_ago())
    people.deposited(people.software(), patient)
    return Child(patient, parent)


@pytest.fixture
def at_home(child: Child, server: str) -> Iterator[Guest]:
    cookies = {COOKIE: session_of(child.patient.actor)}
    with httpx2.Client(base_url=server, timeout=30, cookies=cookies) as client:
        yield Guest(client, child.patient)


@pytest.fixture
def guest(server: str) -> Iterator[Guest]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Guest(client, patient)


def test_a_minor_authorises_without_the_parents_knowing_and_takes_it_back(child: Child, at_home: Guest) -> None:
    doctor = a_doctor()
    address = f"/confidentialite/autoriser/{doctor.id}"
    assert "Mes parents ne le sauront pas" in at_home.text(address)
    at_home.asks(address, {"duree": "toujours", "secret": "1"})
    (given,) = child.settings().given
    assert given.secret
    assert child.seen_by_the_parent() == 0
    assert UNKNOWN_TO_THEM in at_home.text("/confidentialite")
    page = f"/confidentialite/soignants/{doctor.id}"
    assert UNKNOWN_TO_THEM in at_home.text(page)
    withdrawn = at_home.asks(page, {"acte": "retirer"}).headers["Location"]
    assert "secret=1" in withdrawn
    at_home.asks(withdrawn, {"acte": "rendre", "secret": "1"})
    assert [each.secret for each in child.settings().given] == [True]
    assert child.seen_by_the_parent() == 0


def test_without_the_box_the_parents_know(child: Child, at_home: Guest) -> None:
    at_home.asks(f"/confidentialite/autoriser/{a_doctor().id}", {"duree": "toujours"})
    assert child.seen_by_the_parent() == 1


def test_an_adult_is_offered_no_secret_and_none_is_made_by_hand(guest: Guest) -> None:
    doctor = a_doctor()
    address = f"/confidentialite/autoriser/{doctor.id}"
    assert "Mes parents" not in guest.text(address)
    guest.asks(address, {"duree": "toujours", "secret": "1"})
    assert [each.secret for each in guest.settings().given] == [False]


def test_a_professional_declares_a_visit_that_stays_a_secret(child: Child, server: str) -> None:
    with at_desk(server, a_doctor()) as desk:
        desk.finds(child.patient.ins)
        address = f"{record(child.patient.record_id)}/accord"
        assert "ses parents ne le sachent pas" in desk.text(address)
        said = plain(desk.sends(address, {"duree": "visite", "informee": "1", "secret": "1"}).text)
        assert "L'accord de la personne est enregistré." in said
    assert [each.secret for each in child.settings().given] == [True]
    assert child.seen_by_the_parent() == 0


def test_an_emergency_may_be_one_too(child: Child, server: str) -> None:
    with at_desk(server, a_doctor()) as desk:
        desk.finds(child.patient.ins)
        address = f"{record(child.patient.record_id)}/urgence"
        desk.sends(address, {"acte": "ouvrir", "motif": "Intoxication, amené par ses amis", "secret": "1"})
        assert "Analyses de sang" in desk.reads(child.patient.record_id)
    (opened,) = child.settings().emergencies
    assert opened.secret
    assert child.seen_by_the_parent() == 0


def test_an_adults_visit_is_offered_no_secret(server: str) -> None:
    patient = people.a_patient()
    with at_desk(server, a_doctor()) as desk:
        desk.finds(patient.ins)
        for act in ("accord", "urgence"):
            assert "parents" not in desk.text(f"{record(patient.record_id)}/{act}")


def test_software_declares_a_secret_by_its_label(child: Child, server: str) -> None:
    doctor = a_doctor()
    labelled = {"meta": {"security": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": SECRET}]}}
    made = Caller.of(server, doctor).post("Consent", declared(child.patient, **labelled))
    assert made.status_code == 201
    assert made.json()["meta"]["security"][0]["code"] == SECRET
    asked = {"patient.identifier": token(child.patient)}
    assert Caller.of(server, child.patient.actor).found("Consent", asked)["total"] == 3
    assert Caller.of(server, child.parent, Purpose.REPRESENTATIVE).found("Consent", asked)["total"] == 2
    assert child.seen_by_the_parent() == 0


def test_another_label_is_refused_where_it_stands(child: Child, server: str) -> None:
    caller = Caller.of(server, a_doctor())
    masked = {"meta": {"security": [{"code": "MASQUE_PS"}]}}
    told = refused(caller.post("Consent", declared(child.patient, **masked)), 422, "consent-label")
    assert told["issue"][0]["expression"] == ["Consent.meta.security[0]"]
    headers = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": "Coma", "X-Carnet-Label": "MASQUE_PS"}
    asked = f"DocumentReference?patient.identifier={token(child.patient)}&status=current"
    refused(Caller(server, caller.token, headers).get(asked), 400, "emergency-label")


def test_software_breaks_the_glass_in_secret(child: Child, server: str) -> None:
    headers = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": quote("Fausse couche"), "X-Carnet-Label": SECRET}
    caller = Caller(server, Caller.of(server, a_doctor()).token, headers)
    asked = f"DocumentReference?patient.identifier={token(child.patient)}&status=current"
    assert caller.get(asked).status_code == 200
    assert [each.secret for each in child.settings().emergencies] == [True]
    events = Caller.of(server, child.parent, Purpose.REPRESENTATIVE).get(
        f"AuditEvent?patient.identifier={token(child.patient)}"
    )
    assert "Fausse" not in events.text
    assert child.seen_by_the_parent() == 0


def told_to_the_parent(child: Child, doctor: Actor) -> list[str]:
    found = trail.lines(child.parent, Purpose.REPRESENTATIVE, child.patient.record_id, limit=500)
    return [line.action for line in found if line.actor_id == doctor.id]


def told_to_the_minor(child: Child, doctor: Actor) -> list[str]:
    found = trail.lines(child.patient.actor, Purpose.SELF, child.patient.record_id, limit=500)
    return [line.action for line in found if line.actor_id == doctor.id]


def test_who_has_written_here_opens_nothing_before_the_secret_can_be_said(child: Child, server: str) -> None:
    doctor = a_doctor()
    people.deposited(doctor, child.patient, purpose=Purpose.CARE)
    with at_desk(server, doctor) as desk:
        desk.finds(child.patient.ins)
        found = desk.reads(child.patient.record_id)
        assert "documents-list" not in told_to_the_minor(child, doctor)
        assert "Voir vos documents dans ce carnet" in found
        desk.sends(
            f"{record(child.patient.record_id)}/urgence",
            {"acte": "ouvrir", "motif": "Amené par ses amis", "secret": "1"},
        )
        assert "Analyses de sang" in desk.reads(child.patient.record_id)
    assert set(told_to_the_parent(child, doctor)) == {"document-deposit"}


def test_the_medecin_traitant_keeps_a_visit_secret_after_finding_the_person(child: Child, server: str) -> None:
    doctor = a_doctor()
    consent.set_attending(SYSTEM, record_id=child.patient.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        desk.finds(child.patient.ins)
        address = record(child.patient.record_id)
        # No parent looks meanwhile: what they had looked at would stay told.
        assert "Garder cette visite secrète" in desk.reads(child.patient.record_id)
        fields = {"duree": "visite", "informee": "1", "secret": "1"}
        said = plain(desk.sends(f"{address}/accord", fields).text)
        assert "Visite en secret : la personne la lit dans son carnet" in said
        assert "Garder cette visite secrète" not in desk.reads(child.patient.record_id)
        assert 'value="secret"' in (form := desk.opens(f"{address}/deposer").text)
        assert "checked" in form.split('value="secret"')[1][:80]
        assert "Analyses de sang" in desk.text(f"{address}?documents=tous")
    assert told_to_the_parent(child, doctor) == []
    assert {"documents-list", "declare"} <= set(told_to_the_minor(child, doctor))


def test_without_being_kept_secret_the_parents_are_told(child: Child, server: str) -> None:
    doctor = a_doctor()
    consent.set_attending(SYSTEM, record_id=child.patient.record_id, professional_id=doctor.id)
    with at_desk(server, doctor) as desk:
        desk.finds(child.patient.ins)
        desk.opens(f"{record(child.patient.record_id)}?documents=tous")
    assert "documents-list" in told_to_the_parent(child, doctor)
