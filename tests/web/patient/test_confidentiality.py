"""« Confidentialité » over HTTP: what is said before each act, the act, and what undoes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent import declaring, emergency
from carnet.consent import queries as consent_queries
from carnet.consent.access import Refused
from carnet.consent.actions import Grantee
from carnet.consent.facts import Choices
from carnet.consent.queries import Confidentiality
from carnet.documents import queries
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people import queries as people_queries
from carnet.people.rules import Capacity
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain

HOME = "/confidentialite"


@dataclass
class Guest(Browsing):
    """A patient made for one test, in a browser, with an analysis, a masked one, and one withheld from her."""

    client: httpx2.Client
    patient: Resident

    def settings(self) -> Confidentiality:
        return consent_queries.confidentiality(self.patient.actor, Purpose.SELF, self.patient.record_id)

    def asks(self, path: str, fields: dict[str, str]) -> httpx2.Response:
        return self.sends(path, fields, follow=False)

    def token(self) -> str:
        return self.opens(HOME).text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]

    def opened_by(self, doctor: Actor) -> int | None:
        """How many documents the doctor's own list holds, None when it does not open."""
        try:
            return len(queries.list_documents(people.actor(doctor.id), Purpose.CARE, self.patient.record_id))
        except Refused:
            return None


@pytest.fixture
def guest(server: str) -> Iterator[Guest]:
    patient, software = people.a_patient(), people.software()
    for labels in (frozenset[str](), frozenset({"MASQUE_PS"}), frozenset({"INVISIBLE_PATIENT"})):
        people.deposited(software, patient, of=people.entry(labels=labels))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Guest(client, patient)


def granting(doctor: Actor) -> str:
    return f"{HOME}/autoriser/{doctor.id}"


def about(who: UUID) -> str:
    return f"{HOME}/soignants/{who}"


def seeing(who: UUID | str) -> str:
    return f"{HOME}/voir-comme?qui={who}"


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


def test_a_professional_is_found_and_authorised_until_a_date(guest: Guest) -> None:
    doctor = people.a_doctor()
    found = guest.opens(f"{HOME}/autoriser?q={people.rpps_of(doctor)}").text
    assert granting(doctor) in found
    assert "1 soignant trouvé" in plain(found)
    said = guest.text(granting(doctor))
    # What is withheld from her is not counted.
    assert "Dr Ange Essai verra 1 document sur 2" in said
    assert "1 document masqué le reste" in said
    assert "retirer l'autorisation ou bloquer l'accès à tout moment" in said
    assert guest.opened_by(doctor) is None
    year = clock.now().year + 1
    answer = guest.asks(granting(doctor), {"duree": "date", "jour": f"12 3 {year}"})
    assert answer.headers["location"] == f"{about(doctor.id)}?fait=autorise"
    (given,) = guest.settings().given
    assert given.until
    assert given.until.isoformat().startswith(f"{year}-03-12T23:00")
    assert guest.opened_by(doctor)
    after = guest.text(answer.headers["location"])
    assert "C'est autorisé." in after
    assert f"Jusqu'au 12 mars {year}" in after
    # Already authorised: said so, and a new choice takes the place of the one before.
    assert "ce que vous choisissez ici prend sa place" in guest.text(granting(doctor))
    guest.asks(granting(doctor), {"duree": "jour"})
    (given,) = guest.settings().given
    assert given.until
    assert given.until - clock.now() <= timedelta(days=1)
    guest.asks(granting(doctor), {"duree": "toujours"})
    assert guest.settings().given[0].until is None
    assert "A déjà accès" in guest.text(f"{HOME}/autoriser?q={people.rpps_of(doctor)}")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choisissez jusqu'à quand"),
        ({"duree": "x"}, "Choisissez jusqu'à quand"),
        ({"duree": "date"}, "Écrivez la date comme ceci : 12 3 2027"),
        ({"duree": "date", "jour": "31 2 2100"}, "Écrivez la date comme ceci : 12 3 2027"),
        ({"duree": "date", "jour": "1 1 2020"}, "Écrivez une date à venir : celle-ci est passée"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_given(guest: Guest, sent: dict[str, str], said: str) -> None:
    doctor = people.a_doctor()
    answer = guest.asks(granting(doctor), sent)
    assert answer.status_code == 422
    assert plain(answer.text).count(said) == 2
    assert guest.settings().given == ()


def test_the_occupational_doctor_needs_an_express_consent(guest: Guest) -> None:
    doctor = people.a_doctor(capacity=Capacity.OCCUPATIONAL)
    assert "Votre refus est sans conséquence" in guest.text(granting(doctor))
    answer = guest.asks(granting(doctor), {"duree": "toujours"})
    assert answer.status_code == 422
    assert "Donnez votre accord exprès, ou n'autorisez pas" in plain(answer.text)
    assert guest.opened_by(doctor) is None
    guest.asks(granting(doctor), {"duree": "toujours", "expres": "1"})
    assert guest.settings().given[0].express
    assert guest.opened_by(doctor)
    # Withdrawn and taken back: it is as express as before.
    done = guest.asks(about(doctor.id), {"acte": "retirer"})
    assert done.headers["location"] == f"{about(doctor.id)}?fait=retire&expres=1"
    guest.asks(about(doctor.id), {"acte": "rendre", "expres": "1"})
    assert guest.opened_by(doctor)


def test_who_is_not_to_be_authorised(guest: Guest) -> None:
    attending, insurer = people.a_doctor(), people.a_doctor(capacity=Capacity.INSURER)
    consent.set_attending(SYSTEM, record_id=guest.patient.record_id, professional_id=attending.id)
    blocked = people.a_doctor()
    consent.block(guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, professional_id=blocked.id)
    for doctor, why in (
        (attending, "la loi lui donne déjà accès à tout"),
        (insurer, "La loi lui interdit d'ouvrir votre carnet, même si vous êtes d'accord."),
        (blocked, "Débloquez-le d'abord."),
    ):
        said = guest.opens(granting(doctor)).text
        assert why in plain(said)
        assert 'name="duree"' not in said
        token = guest.opens(HOME).text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        sent = guest.client.post(granting(doctor), data={"duree": "toujours", "csrfmiddlewaretoken": token})
        assert sent.status_code == 422
    assert guest.settings().given == ()


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
    for end in ("hier", "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00"):
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
    # Once only, and it is said why; to unblock is not to consent.
    again = guest.asks(about(doctor.id), {"acte": "bloquer"})
    assert again.status_code == 422
    assert "L'accès est déjà bloqué." in plain(again.text)
    assert "Ce geste n'existe pas ici." in plain(guest.asks(about(doctor.id), {"acte": "?"}).text)
    answer = guest.asks(about(doctor.id), {"acte": "debloquer"})
    assert "Débloquer n'est pas autoriser" in guest.text(answer.headers["location"])
    assert (guest.settings().blocked, guest.settings().given) == ((), ())
    assert guest.opened_by(doctor) is None


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


def test_a_team_is_withdrawn_and_given_back(guest: Guest) -> None:
    team, member = people_actions.add_team(team_id=uuid4(), name="Équipe d'essai"), people.a_doctor()
    people_actions.join_team(team_id=team, professional_id=member.id, since=people.long_ago())
    consent.authorise(
        guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, grantee=Grantee("team", team)
    )
    page = guest.opens(about(team)).text
    assert "Ce que voient ses soignants" in plain(page)
    assert 'value="bloquer"' not in page
    assert guest.opened_by(member)
    answer = guest.asks(about(team), {"acte": "retirer"})
    assert guest.opened_by(member) is None
    assert "Rien, tant que vous ne donnez pas d'autorisation." in guest.text(answer.headers["location"])
    guest.asks(about(team), {"acte": "rendre"})
    assert guest.opened_by(member)


def a_house() -> UUID:
    number = str(uuid4().int)[:9]
    return people_actions.add_organisation(organisation_id=uuid4(), identifier=f"1{number}", name=f"Maison {number}")


def test_an_organisation_is_found_and_authorised_and_each_of_it_reads_in_their_own_name(guest: Guest) -> None:
    house = a_house()
    one, other = people.a_doctor(organisation_id=house), people.a_doctor(organisation_id=house)
    people.a_doctor(organisation_id=house, capacity=Capacity.INSURER)
    name = people_queries.organisation_names([house])[house]
    found = guest.opens(f"{HOME}/autoriser?q={name}").text
    assert f"{HOME}/autoriser/{house}" in found
    assert "Établissement, 2 soignants aujourd'hui" in plain(found)
    said = guest.text(f"{HOME}/autoriser/{house}")
    assert "2 soignants pourront ouvrir votre carnet" in said
    assert "inscrite au nom de la personne qui l'ouvre" in said
    assert guest.asks(f"{HOME}/autoriser/{house}", {}).status_code == 422
    answer = guest.asks(f"{HOME}/autoriser/{house}", {"duree": "jour"})
    assert answer.headers["location"] == f"{about(house)}?fait=autorise"
    assert (guest.opened_by(one), guest.opened_by(other)) == (2, 2), "the one that is withheld from her too"
    after = guest.opens(answer.headers["location"]).text
    assert "C'est autorisé." in plain(after)
    assert about(one.id) in after
    assert guest.settings().given[0].until
    # Whoever stands on the page is blocked alone, and what was given is taken back with one button.
    guest.asks(about(other.id), {"acte": "bloquer"})
    assert (guest.opened_by(one), guest.opened_by(other)) == (2, None)
    guest.asks(about(house), {"acte": "retirer"})
    assert guest.opened_by(one) is None


def test_a_team_in_which_nobody_practises_is_not_to_be_authorised(guest: Guest) -> None:
    name = f"Équipe {uuid4().hex[:8]}"
    team = people_actions.add_team(team_id=uuid4(), name=name)
    assert str(team) not in guest.opens(f"{HOME}/autoriser?q={name}").text
    assert "L'annuaire n'y connaît personne" in guest.text(f"{HOME}/autoriser/{team}")
    member = people.a_doctor()
    people_actions.join_team(team_id=team, professional_id=member.id, since=people.long_ago())
    assert "Équipe de soins, 1 soignant aujourd'hui" in guest.text(f"{HOME}/autoriser?q={name}")
    guest.asks(f"{HOME}/autoriser/{team}", {"duree": "toujours"})
    assert guest.opened_by(member)


def test_what_may_not_be_given_is_not_given_back(guest: Guest) -> None:
    insurer, occupational = (people.a_doctor(capacity=each) for each in (Capacity.INSURER, Capacity.OCCUPATIONAL))
    attending = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=guest.patient.record_id, professional_id=attending.id)
    for who, why in (
        (insurer.id, "La loi lui interdit d'ouvrir votre carnet"),
        (occupational.id, "qu'avec votre accord exprès"),
        (attending.id, "la loi lui donne déjà accès à tout"),
        (a_house(), "L'annuaire n'y connaît personne"),
    ):
        refused = guest.client.post(about(who), data={"acte": "rendre", "csrfmiddlewaretoken": guest.token()})
        assert refused.status_code == 422
        assert why in plain(refused.text)
    assert guest.settings().given == ()


def test_who_sees_names_organisations_teams_and_whoever_reads_in_an_emergency(guest: Guest) -> None:
    house, team = a_house(), people_actions.add_team(team_id=uuid4(), name="Équipe du cœur")
    inside, member, urgent = people.a_doctor(organisation_id=house), people.a_doctor(), people.a_doctor()
    people_actions.join_team(team_id=team, professional_id=member.id, since=people.long_ago())
    grantees: tuple[Grantee, ...] = (Grantee("organisation", house), Grantee("team", team))
    for to in grantees:
        consent.authorise(guest.patient.actor, Purpose.SELF, record_id=guest.patient.record_id, grantee=to)
    emergency.break_glass(urgent, Purpose.EMERGENCY, record_id=guest.patient.record_id, reason="Malaise dans la rue")
    shown, masked = guest.documents()[:2]
    if "Masqué" not in guest.text(masked):
        shown, masked = masked, shown
    names = people_queries.organisation_names([house])[house], "Équipe du cœur"
    page = guest.text(shown)
    for name in names:
        assert f"{name} " in page
    assert "En ce moment, pour une urgence" in page
    assert "Aucun autre soignant" not in page
    assert not any(name in guest.text(masked) for name in names)
    choices = guest.opens(f"{HOME}/voir-comme").text
    assert all(name in plain(choices) for name in names)
    assert f"qui={urgent.id}&amp;pour=urgence" in choices
    # As such, not their members one by one.
    assert str(inside.id) not in choices
    assert str(member.id) not in choices
    asked = f"{HOME}/voir-comme?document={shown.rpartition('/')[2]}"
    before, then = guest.text(asked), guest.text(f"{asked}&si=masque")
    assert before.count("Le voit") == then.count("Le voit") + then.count("Ne le voit pas") - before.count(
        "Ne le voit pas"
    )
    assert then.count("Ne le voit pas") > before.count("Ne le voit pas")
    assert "Rien n'est encore changé." in then
    assert "Voit tout sauf 1 document masqué." in guest.text(f"{HOME}/voir-comme?qui={urgent.id}&pour=urgence")


def test_what_a_change_changes_is_shown_before(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    # Blocking.
    assert "&amp;si=bloque" in guest.opens(about(doctor.id)).text
    blocked = guest.text(f"{seeing(doctor.id)}&si=bloque")
    assert "Si vous bloquiez l'accès aujourd'hui." in blocked
    assert "Aucun document ne lui est montré." in blocked
    assert guest.opened_by(doctor)
    # A rule.
    said = guest.text(f"{HOME}/masquer?quoi=date&jour={clock.now():%d %m %Y}")
    assert "Ce que cela change" not in said, "nothing is that old"
    (author,) = re.findall(r'<option value="(n:[^"]+)"', guest.opens(f"{HOME}/masquer").text)
    shown = guest.text(f"{HOME}/masquer?quoi=auteur&auteur={author}")
    assert "Aujourd'hui : Voit tout sauf 1 document masqué." in shown
    assert "Ensuite : Ne voit aucun document pour l'instant." in shown
    # The switches: nothing is saved by looking.
    answer = guest.client.post(HOME, data={"samu": "1", "voir": "1", "csrfmiddlewaretoken": guest.token()})
    page = plain(answer.text)
    assert "Les urgences Aujourd'hui : Voit tout sauf 1 document masqué. Ensuite : Vous avez refusé d'avance" in page
    assert "Rien ne change : Voit tout sauf 1 document masqué." in page
    assert guest.settings().choices == Choices()


def test_the_directory_says_what_it_did_not_find(guest: Guest) -> None:
    assert "À qui voulez-vous donner accès ?" in guest.text(f"{HOME}/autoriser")
    assert "Personne de trouvé pour « xylophone »." in guest.text(f"{HOME}/autoriser?q=xylophone")
    short = guest.opens(f"{HOME}/autoriser?q=a")
    assert short.status_code == 422
    assert plain(short.text).count("Écrivez au moins deux lettres d'un nom") == 2
    assert "<b>x" not in guest.opens(f"{HOME}/autoriser?q=<b>x").text


def test_seeing_with_somebody_elses_eyes(guest: Guest) -> None:
    doctor, stranger = people.authorised(guest.patient, people.a_doctor()), people.a_doctor()
    choices = guest.opens(f"{HOME}/voir-comme").text
    assert seeing(doctor.id) in choices
    assert str(stranger.id) not in choices
    for words in ("Un pharmacien que j'autoriserais", "Les urgences", "Le Samu (15)", "Un soignant sans autorisation"):
        assert words in plain(choices)
    seen = guest.text(seeing(doctor.id))
    assert "Voit tout sauf 1 document masqué." in seen
    assert "1 document ne lui est pas montré" in seen
    assert "Masqué par vous" in seen
    assert "1 document lui est montré." in seen
    assert len(guest.documents(seeing(doctor.id))) == 2
    none = guest.text(seeing(stranger.id))
    assert "2 documents ne lui sont pas montrés" in none
    assert "Aucun document ne lui est montré." in none
    supposed = guest.text(f"{seeing(stranger.id)}&si=autorise")
    assert "Si vous donniez l'autorisation aujourd'hui." in supposed
    assert "Voit tout sauf 1 document masqué." in supposed
    for who in ("pharmacien", "infirmiere", "urgences", "samu", "sans-autorisation", "proche"):
        assert guest.opens(seeing(who)).status_code == 200, who
    consent.choose(
        guest.patient.actor,
        Purpose.SELF,
        record_id=guest.patient.record_id,
        choices=Choices(emergency=False, masked=True),
    )
    assert "Vous avez refusé d'avance cet accès en urgence." in guest.text(seeing("urgences"))
    assert "Voit tout." in guest.text(seeing("samu"))
    assert "Vous avez regardé votre carnet comme quelqu'un d'autre le voit" in guest.text("/acces?qui=moi")
    assert "Personne d'autre que vous" not in guest.text("/acces?qui=moi")


def test_one_document_with_the_eyes_of_each(guest: Guest) -> None:
    doctor = people.authorised(guest.patient, people.a_doctor())
    masked = guest.documents("/documents?masques=1")[0]
    link = f"{HOME}/voir-comme?document={masked.rpartition('/')[2]}"
    assert link in guest.opens(masked).text
    rows = guest.opens(link).text.split("<li ")
    assert "Ne le voit pas" in plain(next(row for row in rows if str(doctor.id) in row))
    other = next(each for each in guest.documents() if each != masked)
    rows = guest.opens(f"{HOME}/voir-comme?document={other.rpartition('/')[2]}").text.split("<li ")
    said = plain(next(row for row in rows if str(doctor.id) in row))
    assert "Le voit" in said
    assert "Ne le voit pas" not in said


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
