"""Identities that belong to no record for certain, at the counter: seen, tied, let go, by one operator or two."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor
from carnet.people import actions as people_actions
from carnet.people import identity_cases
from carnet.people import queries as people_queries
from carnet.people.identities import Known, NoRecord, NotNow, OtherBirth, tie
from carnet.people.identity_cases import Proof, Why
from carnet.people.pivot import somebody_else
from carnet.people.tasks import purge_what_has_passed
from carnet.records.numbers import NotAnIns
from carnet.records.rules import RecordState, birthday
from tests import people
from tests.conftest import House
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import operators_lines, support
from tests.web.identities import (
    ISSUER,
    acts_in,
    as_told,
    case_of,
    comes,
    confirmed_by,
    last_to_confirm,
    not_needed,
    opened,
    somebody,
    tells,
    waits,
)
from tests.web.provider import TestProvider
from tests.web.relying import a_browser, signs_in


@pytest.fixture
def operator(house: House) -> Actor:
    return people.an_operator("support")


def test_the_same_identity_again_is_the_same_case(operator: Actor) -> None:
    told, subject = as_told(somebody()), f"fc-{uuid4()}"
    one, two = comes(told, subject), comes(told, subject)
    assert waits(one).reference == waits(two).reference
    assert [each.family for each in identity_cases.cases(operator, limit=10_000)].count(told.family) == 1


def test_an_operator_ties_a_trait_that_was_wrong_to_the_record_of_the_number(operator: Actor) -> None:
    who, subject = somebody(), f"fc-{uuid4()}"
    record_id = opened(who)
    case = case_of(operator, comes(as_told(who, birth_place="51216"), subject))
    assert tie(operator, case, number=who.ins, proof=Proof.PASSPORT, by_two=not_needed)
    account = people_queries.actor_for_identity(ISSUER, subject)
    assert account
    assert people_queries.record_of(account) == record_id
    patient = people.Resident(account, record_id, who.ins)
    assert ("identity-linked", operator.id, "passport") in {
        (line.action, line.actor_id, line.detail) for line in people.trail(patient)
    }
    assert identity_cases.case(operator, case.id) is None
    assert not tie(operator, case, number=who.ins, proof=Proof.PASSPORT, by_two=not_needed)


def test_where_every_code_needs_two_so_does_a_first_account_by_an_identity(
    operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Born the same day as somebody who never came in, and their number."""
    victim, subject = somebody(), f"fc-{uuid4()}"
    record_id = opened(victim)
    case = case_of(operator, comes(as_told(victim, birth_place="51216"), subject))
    monkeypatch.setenv("CARNET_CODES_BY_TWO", "1")
    asked: list[UUID] = []

    def another_has_to(record_id: UUID) -> None:
        asked.append(record_id)
        raise PermissionError

    with pytest.raises(PermissionError):
        tie(operator, case, number=victim.ins, proof=Proof.CARD, by_two=another_has_to)
    assert asked == [record_id]
    assert people_queries.person_of(record_id) is None
    assert identity_cases.case(operator, case.id) is not None, "it waits as before"
    assert tie(operator, case, number=victim.ins, proof=Proof.CARD, by_two=asked.append)
    assert people_queries.person_of(record_id) is not None


def test_into_an_account_that_there_is_one_operator_alone_lets_nobody(base: str, provider: TestProvider) -> None:
    """Somebody else's identity, born the same day, and the number of whom they would like to be."""
    thief, victim = somebody(), people.a_patient(birth_date="1985-03-12")
    tells(provider, thief, family_name=f"Autre-{thief.birth_family[2:14]}")
    with a_browser(base) as client, support(base) as desk, support(base) as other:
        reference = plain(signs_in(client, provider).text).split("Donnez ce numéro : ")[1].split()[0]
        found = re.search(
            r'href="(/console/identites/[0-9a-f-]{36})"', desk.opens(f"/console/identites?numero={reference}").text
        )
        assert found
        tied = {"acte": "rapprocher", "matricule": victim.ins, "preuve": "card"}
        for _ in range(2):
            waits = desk.sends(found[1], tied)
            assert waits.status_code == 200
            assert "attend un autre membre de l'équipe" in plain(waits.text)
            assert "reste à compléter" not in plain(waits.text), "nothing is wrong: it waits"
        assert signs_in(client, provider).status_code == 403
        assert "identity-asked" in {line.action for line in people.trail(victim)}, "the holder knows before"
        shown = confirmed_by(other)
        assert "on y lit tout" in shown
        assert f"Autre-{thief.birth_family[2:14]}" in shown, "held against whose record it is"
        assert "est confirmée : terminez ici dans l'heure" in plain(desk.opens(found[1]).text)
        assert "L'identité est rapprochée" in plain(desk.sends(found[1], tied).text)
        assert signs_in(client, provider).headers["location"] == "/accueil"


def the_address(desk: Browsing, reference: str) -> str:
    page = desk.opens(f"/console/identites?numero={reference}").text
    (found,) = re.findall(r'href="(/console/identites/[0-9a-f-]{36})"', page)
    return str(found)


def test_whose_record_it_is_is_seen_before_and_another_person_takes_two(base: str, provider: TestProvider) -> None:
    """A number that is somebody else's, born the same day; and what each of the two operators reads."""
    sarah = somebody(birth_given="SARAH", birth_givens="SARAH LÉA")
    karim = somebody(birth_given="KARIM", birth_givens="KARIM PAUL", sex="M", birth_place="75056")
    record_id = opened(karim)
    tells(provider, sarah)
    with a_browser(base) as client, support(base) as desk, support(base) as colleague:
        reference = plain(signs_in(client, provider).text).split("Donnez ce numéro : ")[1].split()[0]
        address = the_address(desk, reference)
        tied = {"matricule": karim.ins, "preuve": "card"}
        seen = plain(desk.sends(address, tied | {"acte": "comparer"}).text)
        assert "Ce sont peut-être deux personnes" in seen
        for row in (
            f"Prénoms {sarah.birth_givens.title()} KARIM PAUL Différent",
            "Sexe Femme Homme Différent",
            "Naissance 12/03/1985 12/03/1985 Identique",
        ):
            assert row in seen
        assert people_queries.person_of(record_id) is None, "nothing is done yet"
        assert ("life-looked-up", "operator") in acts_in(record_id)
        waits = desk.sends(address, tied | {"acte": "rapprocher"})
        assert "attend un autre membre de l'équipe" in plain(waits.text)
        assert people_queries.person_of(record_id) is None
        confirms = last_to_confirm(colleague)
        other = plain(colleague.opens(confirms).text)
        assert "Sexe Femme Homme Différent" in other
        assert karim.birth_family in other
        assert "La demande est refusée" in plain(colleague.sends(confirms, {"acte": "refuser"}).text)
        assert signs_in(client, provider).status_code == 403


@pytest.mark.parametrize(
    ("told", "doubted"),
    [
        ({}, False),
        ({"birth_place": "51216"}, False),
        ({"givens": "Anne-Zoé"}, False),
        ({"sex": ""}, False),
        ({"sex": "M"}, True),
        ({"family": "Autre"}, True),
        ({"family": ""}, True),
        ({"givens": "Marie Anne-Zoé"}, True),
    ],
)
def test_who_would_be_taken_for_somebody_else(told: dict[str, str], *, doubted: bool) -> None:
    who = somebody()
    assert somebody_else(as_told(who, **told), who) is doubted
    assert somebody_else(as_told(who, **told), replace(who, birth_givens="", birth_place="")) is doubted


def test_a_slip_of_the_hand_leads_to_nobody(operator: Actor) -> None:
    who, other = somebody(), somebody(birth_date="1985-03-13")
    opened(who)
    opened(other)
    dead = somebody()
    opened(dead, RecordState.DECEASED)
    case = case_of(operator, comes(as_told(who, family="Autre-Nom")))
    for number, fault in (
        (who.ins[:13], NotAnIns),
        (people.fresh_ins(), NoRecord),
        (other.ins, OtherBirth),
        (dead.ins, NotNow),
    ):
        with pytest.raises(fault):
            tie(operator, case, number=number, proof=Proof.CARD, by_two=not_needed)
    assert identity_cases.case(operator, case.id) is not None
    assert ("account-looked-up", "refused", "unknown") in operators_lines(operator.id)


def test_who_is_not_the_support_sees_and_ties_nothing(operator: Actor) -> None:
    case = case_of(operator, comes(as_told(somebody())))
    steering = people.an_operator("steering")
    for act in (
        lambda: identity_cases.cases(steering),
        lambda: identity_cases.case(steering, case.id),
        lambda: identity_cases.dismiss(steering, case.id, Why.ASKED),
        lambda: tie(steering, case, number=people.fresh_ins(), proof=Proof.CARD, by_two=not_needed),
    ):
        with pytest.raises(PermissionError):
            act()


def test_a_case_is_let_go_once(operator: Actor) -> None:
    case = case_of(operator, comes(as_told(somebody())))
    assert identity_cases.dismiss(operator, case.id, Why.NOT_THEM)
    assert not identity_cases.dismiss(operator, case.id, Why.NOT_THEM)
    assert ("identity-dismissed", "done", "not-them") in operators_lines(operator.id)


def test_a_case_that_nobody_settles_is_forgotten(operator: Actor) -> None:
    old, young = (case_of(operator, comes(as_told(somebody()))) for _ in range(2))
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.people_identity_case set at = at - interval '91 days' where id = %s", (old.id,))
    purge_what_has_passed()
    assert identity_cases.case(operator, old.id) is None
    assert identity_cases.case(operator, young.id) is not None


def test_a_first_sign_in_opens_the_record(base: str, provider: TestProvider) -> None:
    who = somebody(birth_place="99350")
    opened(who)
    tells(provider, who, birthplace="", birthcountry="99350")
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        assert "Bonjour Anne-Zoé" in plain(client.get("/accueil").text)


def test_a_doubt_is_explained_settled_at_the_counter_and_forgotten(base: str, provider: TestProvider) -> None:
    who = somebody()
    opened(who)
    name = f"Autre-{who.birth_family[2:14]}"
    tells(provider, who, family_name=name)
    with a_browser(base) as client, support(base) as desk, support(base) as colleague:
        answer = signs_in(client, provider)
        assert answer.status_code == 403
        words = plain(answer.text)
        assert "Pour ne jamais ouvrir le carnet de quelqu'un d'autre, nous nous arrêtons là" in words
        assert client.get("/accueil").status_code == 302
        reference = words.split("Donnez ce numéro : ")[1].split()[0]
        assert "Rien sous ce numéro" in plain(desk.opens("/console/identites?numero=0000-000").text)
        page = desk.opens(f"/console/identites?numero={reference}")
        (row,) = [part for part in page.text.split("<li")[1:] if name in part]
        address = "/console/identites/" + row.split('href="/console/identites/')[1].split('"')[0]
        fault = desk.sends(address, {"acte": "rapprocher", "matricule": who.ins})
        assert "Choisissez la pièce que vous avez vue" in plain(fault.text)
        fault = desk.sends(address, {"acte": "rapprocher", "matricule": people.fresh_ins(), "preuve": "card"})
        assert "Aucun carnet à ce matricule" in plain(fault.text)
        tied = {"acte": "rapprocher", "matricule": who.ins, "preuve": "card"}
        assert "attend un autre membre de l'équipe" in plain(desk.sends(address, tied).text), "another name: two see it"
        confirmed_by(colleague)
        done = desk.sends(address, tied)
        assert "L'identité est rapprochée" in plain(done.text)
        assert who.ins not in done.text
        assert desk.opens(address).status_code == 404
        assert signs_in(client, provider).headers["location"] == "/accueil"


def test_who_is_too_young_is_told_so_and_sent_to_their_parents_and_to_no_counter(
    base: str, provider: TestProvider, operator: Actor
) -> None:
    born = birthday(clock.now().date(), -14)
    who = somebody(birth_date=str(born))
    opened(who)
    tells(provider, who)
    with a_browser(base) as client:
        words = plain(signs_in(client, provider).text)
    assert "Avant 16 ans, ce sont les parents qui ouvrent le carnet" in words
    assert "moins de 18 ans" not in words
    assert "caisse d'assurance maladie" not in words
    assert who.birth_family.title() not in {each.family for each in identity_cases.cases(operator, limit=10_000)}
    grown = somebody(birth_date=str(birthday(clock.now().date(), -17)))
    opened(grown)
    assert isinstance(comes(as_told(grown)), Known)


# The operator's list


def test_an_account_that_was_shut_is_not_opened_by_its_traits(base: str, provider: TestProvider) -> None:
    who = somebody()
    record_id = opened(who)
    tells(provider, who)
    with a_browser(base) as client:
        signs_in(client, provider)
        account = people_queries.person_of(record_id)
        assert account
        people_actions.deactivate(actor_id=account)
        assert signs_in(client, provider).status_code == 403
        assert client.get("/accueil").status_code == 302


# « Ce n'est pas moi »
