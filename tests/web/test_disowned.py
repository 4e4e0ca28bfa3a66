"""« Ce n'est pas moi », of a record or a session: what the support finds, and what it decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import httpx2
import pytest

from carnet.kernel import config, database
from carnet.kernel.actor import Actor
from carnet.notify import contacts
from carnet.notify.models import Notice
from carnet.people import disowning, passkeys
from carnet.people import queries as people_queries
from carnet.people.identities import Known
from carnet.records.rules import RecordState
from carnet.web.console.listing import PAGE
from tests import people
from tests.conftest import House
from tests.web.authenticator import Authenticator
from tests.web.browsing import Browsing, plain, token
from tests.web.console.desk import support
from tests.web.identities import ISSUER, acts_in, as_told, comes, confirmed_by, not_needed, opened, somebody, tells
from tests.web.provider import TestProvider
from tests.web.relying import a_browser, signs_in
from tests.web.test_passkeys import enrols


@pytest.fixture
def operator(house: House) -> Actor:
    return people.an_operator("support")


@contextmanager
def came(base: str, provider: TestProvider) -> Iterator[httpx2.Client]:
    """In a browser of their own, by the identity that the provider tells of now."""
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        yield client


def the_case(desk: Browsing, reference: str) -> str:
    """As the person names it, in the words of the counter."""
    page = desk.opens(f"/console/identites/pas-moi?numero={reference.lower().replace('-', '+')}").text
    (found,) = re.findall(r'href="(/console/identites/pas-moi/[0-9a-f-]{36})"', page)
    return str(found)


def stops(client: httpx2.Client) -> str:
    """Says at the first opening that it is not them; the number that they are told."""
    home = Browsing(client)
    asked = home.sends("/bienvenue/identite", {"reponse": "non"})
    assert "Plus personne n'entre ici avec cette identité, vous non plus" in plain(asked.text), "said before it is done"
    assert client.get("/bienvenue/identite").status_code == 200
    told = plain(home.sends("/bienvenue/identite", {"reponse": "arreter"}).text)
    assert "Votre session est fermée" in told
    return told.split("Le numéro de votre signalement : ")[1].split()[0]


def test_who_is_shown_another_record_stops_it_and_the_support_takes_the_identity_away(
    base: str, provider: TestProvider
) -> None:
    who = somebody()
    record_id = opened(who, RecordState.UNOPENED)
    tells(provider, who)
    with came(base, provider) as client, came(base, provider) as other, support(base) as desk:
        account = people_queries.person_of(record_id)
        assert account
        contacts.choose(people.actor(account), address="autre@exemple.fr", kinds=[])
        enrols(base, people.actor(account), Authenticator(base))
        reference = stops(client)
        for each in (client, other):
            assert each.get("/accueil").status_code == 302
        assert passkeys.of(people.actor(account)) == []
        words = plain(signs_in(client, provider).text)
        assert "Cette identité n'ouvre rien pour l'instant" in words
        assert reference in words
        assert ("account-disowned", "person") in acts_in(record_id)
        address = the_case(desk, reference)
        shown = plain(desk.opens(address).text)
        assert "À la première ouverture, la personne dit que ce carnet n'est pas le sien" in shown
        assert "en attente : personne n'entre par elle" in shown
        assert who.ins not in shown
        assert "L'identité n'ouvre plus ce compte" in plain(desk.sends(address, {"acte": "retirer"}).text)
        assert desk.opens(address).status_code == 404, "decided once"
        assert ("disowned-removed", "operator") in acts_in(record_id)
        assert contacts.of(people.actor(account)) is None, "an address that they may have left there is gone"
        assert "Nous ne savons pas quel carnet est le vôtre" in plain(signs_in(client, provider).text)
    told = Notice.objects.filter(person_id=account, kind__in=["stopped", "settled"])
    assert [each.kind for each in told] == ["stopped"]


def test_the_support_leads_the_identity_to_the_other_record(base: str, provider: TestProvider) -> None:
    who, other = somebody(), somebody(birth_date="1985-03-11")
    wrong, right = opened(who, RecordState.UNOPENED), opened(other)
    tells(provider, who)
    with came(base, provider) as client, support(base) as desk, support(base) as colleague:
        address = the_case(desk, stops(client))
        honest = {"acte": "rattacher", "preuve": "card", "naissance": "11 3 1985", "matricule": other.ins}
        for spoiled, says in (
            ({"preuve": ""}, "Choisissez la pièce que vous avez vue"),
            ({"naissance": "bientôt"}, "Écrivez la date de naissance comme ceci"),
            ({"naissance": "12 3 1985"}, "née un autre jour"),
            ({"matricule": people.fresh_ins()}, "Aucun carnet à ce matricule"),
            ({"naissance": "12 3 1985", "matricule": who.ins}, "C'est le carnet dont la personne dit"),
        ):
            assert says in plain(desk.sends(address, honest | spoiled).text)
        assert "attend un autre membre de l'équipe" in plain(desk.sends(address, honest).text)
        assert people_queries.person_of(right) is None, "a birth date that one operator typed opens no account"
        assert signs_in(client, provider).status_code == 403
        confirmed_by(colleague)
        assert "ouvre désormais le carnet de ce matricule" in plain(desk.sends(address, honest).text)
        assert signs_in(client, provider).headers["location"] == "/accueil"
        account = people_queries.person_of(right)
    assert account
    assert people_queries.record_of(people.actor(account)) == right
    assert ("identity-linked", "operator") in acts_in(right)
    assert ("disowned-removed", "operator") in acts_in(wrong)


def test_a_session_that_was_not_theirs_holds_the_identity_until_it_is_restored(
    base: str, provider: TestProvider
) -> None:
    who = somebody()
    record_id = opened(who)
    tells(provider, who)
    with (
        came(base, provider) as here,
        came(base, provider) as there,
        support(base) as desk,
        support(base) as colleague,
    ):
        home = Browsing(here)
        account = people_queries.person_of(record_id)
        assert account
        contacts.choose(people.actor(account), address="moi@exemple.fr", kinds=[])
        listed = re.findall(r'href="(/appareils/sessions/[0-9a-f-]{36})"', home.opens("/appareils").text)
        assert "vous non plus, tant que le support n'a pas décidé" in home.text(listed[0])
        told = plain(home.sends(listed[0], {"acte": "pas-moi"}).text)
        assert "Votre signalement est chez le support" in told
        reference = told.split("Son numéro : ")[1].split()[0]
        assert there.get("/accueil").status_code == 302
        assert here.get("/accueil").status_code == 200, "the one that asks goes on"
        assert "aucune clé d'accès ne peut être ajoutée" in home.text("/appareils/cles/ajouter")
        form = token(home.opens("/appareils").text)
        assert here.post("/appareils/cles/ajouter/defi", data=form).status_code == 403
        assert signs_in(there, provider).status_code == 403
        for address in ("/export", "/aidants/inviter", "/carnet/effacer"):
            assert "Le support regarde d'abord votre signalement" in home.text(address)
        assert "Fermer mon carnet" in home.text("/carnet/fermer"), "to shut is always possible"
        changed = here.post("/confidentialite/avertissements", data=form | {"courriel": "voleur@exemple.fr"})
        assert (changed.status_code, reference in changed.text) == (403, True)
        case = the_case(desk, reference)
        waits = plain(desk.sends(case, {"acte": "retablir"}).text)
        assert "attend un autre membre de l'équipe" in waits, "nobody lets back in alone what was not theirs"
        assert "reste à compléter" not in waits
        assert "attend un autre membre de l'équipe" in plain(desk.opens(case).text), "and says so whenever it is read"
        assert signs_in(there, provider).status_code == 403
        assert "identity-asked" in {action for action, _ in acts_in(record_id)}
        assert reference in confirmed_by(colleague)
        assert "ouvre de nouveau ce compte" in plain(desk.sends(case, {"acte": "retablir"}).text)
        assert signs_in(there, provider).headers["location"] == "/accueil"
        assert "Votre signalement est chez" not in home.text("/appareils")
        assert "signalement" not in home.text("/export")
        assert contacts.of(people.actor(account)) is not None, "the address is the holder's own"
    mails = Notice.objects.filter(person_id=account, kind__in=["stopped", "settled"]).order_by("at")
    assert [each.kind for each in mails] == ["stopped", "settled"]


@pytest.mark.usefixtures("house")
def test_a_hold_under_way_is_waited_for() -> None:
    """Who comes back from the provider while somebody says that it is not them does not slip through."""
    who, subject = somebody(), f"fc-{uuid4()}"
    opened(who)
    assert isinstance(comes(as_told(who), subject), Known)
    with database.connect(config.load(), "owner") as owner, ThreadPoolExecutor(1) as pool:
        owner.execute("update app.people_sign_in set held_at = now() where subject = %s", (subject,))
        asked = pool.submit(disowning.held, ISSUER, subject)
        with pytest.raises(TimeoutError):
            asked.result(0.5)
        owner.commit()
        assert asked.result(10) == ""


def test_two_decisions_are_one_and_only_the_support_decides(operator: Actor) -> None:
    who, subject = somebody(), f"fc-{uuid4()}"
    opened(who)
    found = comes(as_told(who), subject)
    assert isinstance(found, Known)
    first, again = (disowning.not_theirs(found.actor, "") for _ in range(2))
    assert first == again, "the same case"
    case = next(each for each in disowning.cases(operator, limit=10_000) if each.reference == first.reference)
    steering = people.an_operator("steering")
    with pytest.raises(PermissionError):
        disowning.restore(steering, case, by_two=not_needed)
    with pytest.raises(PermissionError):
        disowning.remove(steering, case)
    with pytest.raises(PermissionError):
        disowning.cases(steering)
    assert not disowning.close(operator, case), "an identity waits: it is decided about"
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: disowning.remove(operator, case), range(4)))
    assert sorted(done) == [False, False, False, True]
    assert not people_queries.identity_is_taken(ISSUER, subject)


def test_a_code_that_was_given_to_somebody_else_is_a_case_without_an_identity(operator: Actor) -> None:
    patient = people.a_patient(state=RecordState.UNOPENED)
    stopped = disowning.not_theirs(patient.actor, "")
    assert not stopped.held
    case = next(each for each in disowning.cases(operator, limit=10_000) if each.reference == stopped.reference)
    assert disowning.close(operator, case)
    assert disowning.waiting(patient.actor) == []


def test_both_lists_are_paged(base: str, operator: Actor) -> None:
    for _ in range(PAGE + 1):
        comes(as_told(somebody()))
        disowning.not_theirs(people.a_patient().actor, "")
    with support(base) as desk:
        for address in ("/console/identites", "/console/identites/pas-moi"):
            seen, page = 0, desk.opens(address).text
            while more := re.search(r'href="(/console/identites[^"]*\?apres=[^"]+)"', page):
                assert page.count('<li class="cn-row">') == PAGE
                seen += PAGE
                page = desk.opens(more[1]).text
                assert "Revenir au début" in page
            seen += page.count('<li class="cn-row">')
            assert f"{seen} " in plain(page)
        assert "Il n'y a pas de suite" in plain(desk.opens(f"/console/identites?apres={uuid4()}").text)
