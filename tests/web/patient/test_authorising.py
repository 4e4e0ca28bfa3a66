"""Authorising a professional, a team or an organisation over HTTP: what is said before, and what may not be given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.actions import Grantee
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.people import actions as people_actions
from carnet.people import queries as people_queries
from carnet.people.rules import Capacity
from tests import people
from tests.web.browsing import plain
from tests.web.patient.guest import HOME, Guest, a_house, a_service, about, granting, seeing


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
        ({"duree": "date", "jour": "31 12 9999"}, "Écrivez une date avant l'an 3000"),
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
        (people.a_doctor(capacity=Capacity.SECRETARIAT), "Un secrétariat lit ce que lit le soignant"),
    ):
        said = guest.opens(granting(doctor)).text
        assert why in plain(said)
        assert 'name="duree"' not in said
        token = guest.opens(HOME).text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        sent = guest.client.post(granting(doctor), data={"duree": "toujours", "csrfmiddlewaretoken": token})
        assert sent.status_code == 422
    assert guest.settings().given == ()


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
    # Who is of it and blocked is said to be, where it is said that each of them sees.
    assert "Accès bloqué" not in plain(page)
    whose: dict[str, Any] = {"record_id": guest.patient.record_id, "professional_id": member.id}
    consent.block(guest.patient.actor, Purpose.SELF, **whose)
    assert "Médecin – Accès bloqué" in guest.text(about(team))
    consent.unblock(guest.patient.actor, Purpose.SELF, **whose)
    assert guest.opened_by(member)
    answer = guest.asks(about(team), {"acte": "retirer"})
    assert guest.opened_by(member) is None
    assert "Rien, tant que vous ne donnez pas d'autorisation." in guest.text(answer.headers["location"])
    guest.asks(about(team), {"acte": "rendre"})
    assert guest.opened_by(member)


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
    # What each of its professions would read is looked at before.
    for slug, name in (("medecin", "Un médecin"), ("pharmacien", "Un pharmacien"), ("infirmiere", "Une infirmière")):
        assert f'href="{seeing(slug)}"' in guest.opens(f"{HOME}/autoriser/{house}").text
        assert f"{name} que j'autoriserais" in plain(guest.opens(seeing(slug)).text)
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
    secret = {"acte": "rendre", "secret": "1", "csrfmiddlewaretoken": guest.token()}
    assert "ne peut pas rester secrète" in plain(guest.client.post(about(people.a_doctor().id), data=secret).text)
    assert guest.settings().given == ()


def test_the_directory_says_what_it_did_not_find(guest: Guest) -> None:
    assert "À qui voulez-vous donner accès ?" in guest.text(f"{HOME}/autoriser")
    assert "Personne de trouvé pour « xylophone »." in guest.text(f"{HOME}/autoriser?q=xylophone")
    short = guest.opens(f"{HOME}/autoriser?q=a")
    assert short.status_code == 422
    assert plain(short.text).count("Écrivez au moins deux lettres d'un nom") == 2
    assert "<b>x" not in guest.opens(f"{HOME}/autoriser?q=<b>x").text


def test_one_service_of_a_hospital_is_found_authorised_and_named_with_its_whole(guest: Guest) -> None:
    hospital = a_house()
    name = people_queries.organisation_names([hospital])[hospital]
    word = f"Urgences{str(uuid4().int)[:9]}"
    emergencies, surgery = a_service(hospital, word), a_service(hospital, "Chirurgie digestive")
    of_it, of_another = people.a_doctor(organisation_id=emergencies), people.a_doctor(organisation_id=surgery)
    # Who looks for the hospital learns that a service is enough.
    whole = guest.opens(f"{HOME}/autoriser/{hospital}").text
    assert "cela vaut pour tous ses services ; pour un seul, choisissez-le plus bas ;" in plain(whole)
    assert f"{HOME}/autoriser/{emergencies}" in whole
    assert f"Service, {name}, 1 soignant aujourd'hui" in guest.text(f"{HOME}/autoriser?q={word}")
    said = guest.text(f"{HOME}/autoriser/{emergencies}")
    assert f"les autres services ne le pourront pas : {name} ;" in said
    done = guest.asks(f"{HOME}/autoriser/{emergencies}", {"duree": "toujours"})
    assert f"Service, {name}" in guest.text(done.headers["location"])
    assert guest.opened_by(of_it)
    assert guest.opened_by(of_another) is None
    named = f"{word}, {name}"
    for page in (HOME, f"{HOME}/voir-comme"):
        assert named in guest.text(page), page
    (open_to_it,) = [page for page in guest.documents() if "Masqué" not in guest.text(page)]
    assert f"{named} Service autorisé : ceux dont la profession donne accès" in guest.text(open_to_it)
    assert f"{named} Service. Chacun voit ce que sa profession permet" in guest.text(HOME)
    withdrawn = guest.asks(about(emergencies), {"acte": "retirer"})
    assert guest.opened_by(of_it) is None
    guest.asks(about(emergencies), {"acte": "rendre"})
    assert guest.opened_by(of_it)
    assert withdrawn.headers["location"].endswith("?fait=retire")
    trail = guest.text("/acces?qui=moi")
    assert f"Vous avez autorisé : {named}" in trail
    assert f"Vous avez retiré une autorisation : {named}" in trail


def test_the_trail_says_whom_one_authorised_and_blocked(guest: Guest) -> None:
    doctor = people.a_doctor()
    guest.asks(granting(doctor), {"duree": "toujours"})
    guest.asks(about(doctor.id), {"acte": "bloquer"})
    guest.asks(about(doctor.id), {"acte": "debloquer"})
    trail = guest.text("/acces?qui=moi")
    for act in ("autorisé", "bloqué", "débloqué"):
        assert f"Vous avez {act} : {people_queries.names([doctor.id])[doctor.id]}" in trail
