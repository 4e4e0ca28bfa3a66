"""« Confidentialité » over HTTP: what is said before each act, the act, and what undoes it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent import declaring, emergency
from carnet.consent.actions import Grantee
from carnet.consent.facts import Choices
from carnet.documents import queries
from carnet.kernel import audit, clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.people import actions as people_actions
from carnet.web.i18n import day
from tests import people
from tests.documents.test_handing import handed
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain
from tests.web.patient.guest import HOME, Guest, a_house, about, granting, seeing


def test_who_has_access_in_sentences(guest: Guest) -> None:
    record = guest.patient.record_id
    empty = guest.text(HOME)
    assert "Vous n'avez autorisé aucun soignant." in empty
    assert "1 document masqué" in empty
    attending = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=record, professional_id=attending.id)
    until = datetime(clock.now().year + 1, 6, 1, tzinfo=clock.now().tzinfo)
    people.authorised(guest.patient, people.a_doctor(profession="28"), until=until)
    declaring.declare(people.a_doctor(), record_id=record)
    team = people_actions.add_team(team_id=uuid4(), name="Diabétologie d'essai")
    consent.authorise(guest.patient.actor, Purpose.SELF, record_id=record, grantee=Grantee("team", team))
    blocked = people.a_doctor()
    consent.block(guest.patient.actor, Purpose.SELF, record_id=record, professional_id=blocked.id)
    said = guest.text(HOME)
    assert "3 soignants autorisés" in said
    assert "1 équipe ou établissement autorisé" in said
    assert "Médecin traitant. Voit tout, y compris les documents masqués." in said
    assert f"Jusqu'au 31 mai {until.year}" in said or f"Jusqu'au 1er juin {until.year}" in said
    assert "Voit tout sauf 1 document masqué. Jusqu'au" in said
    assert "Accord déclaré par le soignant le" in said
    assert "Diabétologie d'essai" in said
    assert "Équipe de soins. Chacun voit ce que sa profession permet" in said
    assert "1 soignant bloqué" in said
    assert "Ne peut plus ouvrir votre carnet, peut encore y déposer. Carnet ne l'en avertit pas." in said
    assert f"Autorisation donnée le {plain(day(clock.now()))}." in guest.text(about(team))
    for who in (attending.id, team, blocked.id):
        assert guest.opens(about(who)).status_code == 200


def test_the_choices_for_an_emergency_are_three_and_undone(guest: Guest) -> None:
    assert guest.settings().choices == Choices()
    answer = guest.asks(HOME, {"samu": "1", "masques": "1"})
    assert answer.status_code == 303
    assert guest.settings().choices == Choices(emergency=False, regulation=True, masked=True)
    page = guest.opens(answer.headers["location"])
    assert "Vos choix sont enregistrés." in plain(page.text)
    # What undoes it carries the choices from before.
    undo = page.text.split("Vos choix")[1].split("</form>")[0]
    assert ('name="medecin"' in undo, 'name="samu"' in undo, 'name="masques"' in undo) == (True, True, False)
    guest.sends(HOME, {"medecin": "1", "samu": "1"})
    assert guest.settings().choices == Choices()
    assert "Vous avez changé vos choix en cas d'urgence" in guest.text("/acces?qui=moi")


def test_emergencies_are_told_and_then_seen(guest: Guest) -> None:
    doctor = people.a_doctor()
    emergency.break_glass(doctor, Purpose.EMERGENCY, record_id=guest.patient.record_id, reason="Malaise dans la rue")
    first = guest.text(HOME)
    assert "1 accès en urgence" in first
    assert "Motif donné : « Malaise dans la rue »" in first
    assert "Nouveau" in first
    # What was read in it, by that person and in those hours.
    documents = queries.list_documents(people.actor(doctor.id), Purpose.EMERGENCY, guest.patient.record_id)
    assert documents
    page = guest.opens(HOME).text
    (link,) = re.findall(r'href="(/acces[?][^"]*debut=[^"]*)"', page)
    read = guest.text(unescape(link))
    assert "a ouvert votre carnet en urgence" in read
    assert "a consulté la liste de vos documents" in read
    assert "Du " in read
    # Disputed, the row says so and leads to the case.
    assert f"/acces/contester/{doctor.id}" in page
    guest.asks(f"/acces/contester/{doctor.id}", {})
    for text in (guest.text(HOME), guest.text("/acces")):
        assert "Contesté, réponse d'ici le" in text
    assert "1 accès contesté" in guest.text("/acces")
    again = guest.text(HOME)
    assert "Malaise dans la rue" in again
    assert "Nouveau" not in again
    assert guest.settings().emergencies[0].seen_at


def test_an_authorisation_is_withdrawn_and_given_back(guest: Guest) -> None:
    until = clock.now() + timedelta(days=30)
    doctor = people.authorised(guest.patient, people.a_doctor(), until=until)
    said = guest.text(about(doctor.id))
    assert "Voit tout sauf 1 document masqué." in said
    assert "L1111-17, R1111-46" in said
    assert "dès maintenant, votre carnet ne s'ouvre plus" in said
    answer = guest.asks(about(doctor.id), {"acte": "retirer"})
    assert answer.status_code == 303
    assert guest.opened_by(doctor) is None
    page = guest.opens(answer.headers["location"]).text
    assert "L'autorisation est retirée." in plain(page)
    assert f'name="fin" value="{until.isoformat()}"'.replace("+", "&#43;") in page.replace("+", "&#43;")
    back = guest.asks(about(doctor.id), {"acte": "rendre", "fin": until.isoformat()})
    assert back.headers["location"] == f"{about(doctor.id)}?fait=rendu"
    assert guest.settings().given[0].until == until
    assert guest.opened_by(doctor)
    # An address that says what is not so is not believed; an end that has passed, or is none, gives nothing.
    assert "L'autorisation est retirée." not in guest.text(answer.headers["location"])
    guest.asks(about(doctor.id), {"acte": "retirer"})
    for end in ("hier", "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00", "9999-12-31T23:59:59-12:00"):
        assert guest.asks(about(doctor.id), {"acte": "rendre", "fin": end}).status_code == 422
    assert guest.settings().given == ()


def test_a_professional_is_blocked_and_unblocked(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    said = guest.text(about(doctor.id))
    assert "plus aucun accès à votre carnet" in said
    assert "son autorisation prend fin : si vous débloquez, il faudra autoriser de nouveau" in said
    answer = guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert guest.opened_by(doctor) is None
    after = guest.text(answer.headers["location"])
    assert "L'accès est bloqué." in after
    assert "Vous avez bloqué ce soignant : rien ne lui est montré." in after
    assert "L1111-19" in after
    assert "Cela change si vous débloquez ce soignant." in after
    # Once only, and it is said why; to unblock is not to consent.
    again = guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert again.status_code == 422
    assert "L'accès est déjà bloqué." in plain(again.text)
    assert "Ce geste n'existe pas ici." in plain(guest.asks(about(doctor.id), {"acte": "?"}).text)
    answer = guest.asks(about(doctor.id), {"acte": "debloquer"})
    assert "Débloquer n'est pas autoriser" in guest.text(answer.headers["location"])
    assert (guest.settings().blocked, guest.settings().given) == ((), ())
    assert guest.opened_by(doctor) is None


@pytest.mark.parametrize("days", [9, None])
def test_to_undo_a_block_gives_back_what_ended_with_it(guest: Guest, days: int | None) -> None:
    until = clock.now() + timedelta(days=days) if days else None
    doctor = people.authorised(guest.patient, people.a_doctor(), until=until, express=True)
    answer = guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert guest.opened_by(doctor) is None
    page = guest.opens(answer.headers["location"]).text
    undo = page.split('class="cn-undo"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', unescape(undo)))
    fields.pop("csrfmiddlewaretoken")
    answer = guest.asks(about(doctor.id), fields)
    said = guest.text(answer.headers["location"])
    assert "L'accès n'est plus bloqué. L'autorisation est rétablie." in said
    assert "Débloquer n'est pas autoriser" not in said
    (given,) = guest.settings().given
    assert (given.until, given.express, guest.settings().blocked) == (until, True, ())
    assert guest.opened_by(doctor)
    # What would have ended since is not given again, nor an address believed that says so.
    guest.asks(about(doctor.id), {"acte": "bloquer"})
    answer = guest.asks(about(doctor.id), fields | {"fin": "2020-01-01T00:00:00+00:00"})
    assert answer.headers["location"].endswith("?fait=debloque")
    assert guest.settings().given == ()
    assert "L'autorisation est rétablie." not in guest.text(f"{about(doctor.id)}?fait=revenu")


def test_to_undo_a_block_gives_back_the_documents_that_were_handed(guest: Guest) -> None:
    doctor = people.a_doctor()
    handed(guest.patient, doctor)
    assert "ce que vous lui avez remis lui est repris" in guest.text(about(doctor.id))
    assert "lui est repris" not in guest.text(about(people.a_doctor().id))
    answer = guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert guest.opened_by(doctor) is None
    undo = guest.opens(answer.headers["location"]).text.split('class="cn-undo"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', unescape(undo)))
    fields.pop("csrfmiddlewaretoken")
    answer = guest.asks(about(doctor.id), fields)
    assert "Ce que vous lui aviez remis l'est de nouveau." in guest.text(answer.headers["location"])
    assert guest.opened_by(doctor) == 1
    assert guest.settings().given == ()


def test_that_the_trail_was_shown_at_the_console_of_the_house_is_told_in_words(guest: Guest) -> None:
    record = guest.patient.record_id
    audit.done(SYSTEM, Purpose.SUPPORT, record_id=record, capacity="owner", action="audit-show")
    for page in ("/acces?qui=tous", "/accueil"):
        said = guest.text(page)
        assert "Un exploitant du service a consulté la liste des accès à votre carnet" in said, page
        assert "a utilisé votre carnet" not in said, page


def test_before_and_after_unblocking_it_is_said_what_comes_back_by_a_house(guest: Guest) -> None:
    house = a_house()
    doctor = people.a_doctor(organisation_id=house)
    people.deposited(people.software(), guest.patient)
    holder, record = guest.patient.actor, guest.patient.record_id
    consent.authorise(holder, Purpose.SELF, record_id=record, grantee=Grantee("organisation", house))
    guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert guest.opened_by(doctor) is None
    said = guest.text(about(doctor.id))
    assert "vaut de nouveau, dès maintenant : Voit tout sauf" in said
    assert "rien ne lui sera montré, tant que" not in said
    answer = guest.asks(about(doctor.id), {"acte": "debloquer"})
    said = guest.text(answer.headers["location"])
    assert "Débloquer n'est pas autoriser" not in said
    assert "Ce que vous avez donné à sa structure" in said
    assert guest.opened_by(doctor) is not None


def test_the_attending_doctor_is_changed_with_the_insurance(guest: Guest) -> None:
    doctor = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=guest.patient.record_id, professional_id=doctor.id)
    said = guest.opens(about(doctor.id)).text
    assert "Pour changer de médecin traitant, faites-le avec l'Assurance Maladie" in plain(said)
    assert 'name="acte"' not in said
    token = guest.opens(HOME).text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = guest.client.post(about(doctor.id), data={"acte": "bloquer", "csrfmiddlewaretoken": token})
    assert sent.status_code == 422
    assert "cela ne se bloque pas ici" in plain(sent.text)
    assert guest.opened_by(doctor)


def test_what_is_unknown_or_withheld_is_not_there(guest: Guest) -> None:
    withheld = people.deposited(
        people.software(), guest.patient, b"x", of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"}))
    )
    person, nowhere = people.a_person(), uuid4()
    for path in (
        granting(person),
        about(nowhere),
        about(person.id),
        f"{HOME}/autoriser/{nowhere}",
        seeing(nowhere),
        seeing(person.id),
        seeing("x"),
        f"{HOME}/voir-comme?document=x",
        f"{HOME}/voir-comme?document={nowhere}",
        f"{HOME}/voir-comme?document={withheld.id}",
    ):
        assert guest.opens(path).status_code == 404, path


def test_somebody_elses_record_stays_as_it_is(guest: Guest, server: str) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    other = people.a_patient()
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(other.actor)}) as client:
        stranger = Guest(client, other)
        # Whatever she sends is about her own record.
        assert "Vous n'avez autorisé aucun soignant." in stranger.text(HOME)
        assert stranger.asks(about(doctor.id), {"acte": "bloquer"}).status_code == 303
    assert guest.opened_by(doctor)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(doctor)}) as client:
        for path in (HOME, about(doctor.id), granting(doctor), seeing(doctor.id)):
            assert client.get(path).status_code == 403
            assert client.post(path, data={"acte": "retirer"}).status_code == 403
    assert guest.opened_by(doctor)


def test_an_act_without_the_forms_token_does_nothing(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    new = people.a_doctor()
    for path, sent in (
        (HOME, {"samu": "1"}),
        (about(doctor.id), {"acte": "retirer"}),
        (about(doctor.id), {"acte": "bloquer"}),
        (granting(new), {"duree": "toujours"}),
    ):
        assert guest.client.post(path, data=sent).status_code == 403, path
    assert guest.opened_by(doctor)
    assert guest.opened_by(new) is None
    assert guest.settings().choices == Choices()
    # An act that is none shows the page again.
    assert guest.asks(about(doctor.id), {"acte": "x"}).status_code == 422


def test_a_block_that_the_insurance_ended_is_said_where_it_stood(guest: Guest) -> None:
    doctor, record = people.a_doctor(), guest.patient.record_id
    said = "Vous l'aviez bloqué : ce blocage a pris fin le"
    consent.set_attending(SYSTEM, record_id=record, professional_id=people.a_doctor().id)
    guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert said not in guest.text(HOME)
    consent.set_attending(SYSTEM, record_id=record, professional_id=doctor.id)
    for page in (HOME, about(doctor.id)):
        assert guest.text(page).count(said) == 1


def test_who_gave_no_address_is_told_that_nothing_is_sent_of_an_emergency(guest: Guest) -> None:
    assert "Aucun courriel ne vous en avertit, et aucune lettre : vous le lirez en ouvrant Carnet." in guest.text(HOME)


def test_what_a_professional_declared_is_not_said_to_be_given_by_the_person(guest: Guest) -> None:
    """Somebody may have declared what was never said: no page says that the person authorised them."""
    doctor = people.a_doctor()
    declaring.declare(doctor, record_id=guest.patient.record_id)
    queries.list_documents(doctor, Purpose.CARE, guest.patient.record_id)
    said = guest.text(about(doctor.id))
    assert "Accord déclaré par le soignant le" in said
    trail = guest.text(f"/acces?qui=tous&personne={doctor.id}")
    assert "a dit que vous êtes d'accord" in trail
    assert "Soignant autorisé, ou qui a déclaré un accord." in trail
    for page in (said, trail):
        assert "donnée par vous" not in page
        assert "que vous avez autorisé" not in page
