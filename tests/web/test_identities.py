"""Whose record it is, from the traits that a provider tells: exactly one, or an operator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import httpx2
import pytest

from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import queries as documents
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.notify import contacts
from carnet.notify.models import Notice
from carnet.people import actions as people_actions
from carnet.people import disowning, identity_cases, passkeys
from carnet.people import queries as people_queries
from carnet.people.identities import Known, NoRecord, NotNow, OtherBirth, Waiting, Young, arrive, tie
from carnet.people.identity_cases import Case, Proof, Why
from carnet.people.pivot import Pivot, somebody_else
from carnet.people.tasks import purge_what_has_passed
from carnet.records import actions as records
from carnet.records.numbers import NotAnIns
from carnet.records.rules import Identity, RecordState, birthday
from carnet.web.console.identities import PAGE
from tests import people
from tests.cast import TEST_OID
from tests.conftest import House
from tests.web.authenticator import Authenticator
from tests.web.browsing import Browsing, plain, token
from tests.web.console.desk import operators_lines, support
from tests.web.provider import TestProvider, running
from tests.web.relying import a_browser, relying, signs_in
from tests.web.test_passkeys import enrols

ISSUER = "https://idp.example"


def somebody(**changes: str) -> Identity:
    """A woman whose name nobody else has."""
    name = "".join(chr(ord("A") + int(digit)) for digit in str(uuid4().int)[:12])
    honest = Identity(
        TEST_OID,
        people.fresh_ins(),
        f"D'{name}-LÉGER",
        "ANNE-ZOÉ",
        birth_givens="ANNE-ZOÉ MARIE",
        sex="F",
        birth_date="1985-03-12",
        birth_place="51215",
    )
    return replace(honest, **changes)


def opened(who: Identity, state: RecordState = RecordState.ACTIVE) -> UUID:
    return records.open_record_for(SYSTEM, identity=who, state=state)


def as_told(who: Identity, **changes: str) -> Pivot:
    """As the provider writes it: in small letters, with every given name."""
    honest = Pivot(who.birth_family.title(), who.birth_givens.title(), who.birth_date, who.sex, who.birth_place)
    return replace(honest, **changes)


def comes(pivot: Pivot, subject: str = "") -> Known | Waiting | Young:
    return arrive(issuer=ISSUER, subject=subject or f"fc-{uuid4()}", pivot=pivot)


def waits(found: Known | Waiting | Young) -> Waiting:
    assert isinstance(found, Waiting)
    return found


@pytest.fixture
def operator(house: House) -> Actor:
    return people.an_operator("support")


def case_of(operator: Actor, found: Known | Waiting | Young) -> Case:
    return next(
        each for each in identity_cases.cases(operator, limit=10_000) if each.reference == waits(found).reference
    )


@pytest.mark.usefixtures("house")
def test_one_identity_with_every_trait_is_theirs() -> None:
    who = somebody()
    record_id, subject = opened(who), f"fc-{uuid4()}"
    found = comes(as_told(who), subject)
    assert isinstance(found, Known)
    assert people_queries.record_of(found.actor) == record_id
    assert people_queries.actor_for_identity(ISSUER, subject) == found.actor
    patient = people.Resident(found.actor, record_id, who.ins)
    assert ("account-linked", found.actor.id) in {(line.action, line.actor_id) for line in people.trail(patient)}


@pytest.mark.parametrize("accents", ["d’{0}-léger", "D {0} LEGER", "D'{0} Leger"])
@pytest.mark.usefixtures("house")
def test_accents_hyphens_and_apostrophes_make_no_difference(accents: str) -> None:
    who = somebody()
    opened(who)
    name = who.birth_family.split("'")[1].split("-")[0]
    told = as_told(who, family=accents.format(name), givens="anne-zoe  Marie")
    assert isinstance(comes(told), Known)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("1985", "1985-01-01"), ("1985-07", "1985-07-01"), ("1985-01", "1985-01-01"), ("1985-01-01", "1985-01-01")],
)
@pytest.mark.usefixtures("house")
def test_a_presumed_date_is_the_date_that_is_not_known(ours: str, theirs: str) -> None:
    who = somebody(birth_date=ours)
    opened(who)
    assert isinstance(comes(as_told(who, birth_date=theirs)), Known)


@pytest.mark.usefixtures("house")
def test_who_was_born_abroad_is_told_by_the_country() -> None:
    who = somebody(birth_place="99350")
    opened(who)
    assert isinstance(comes(as_told(who)), Known)


@pytest.mark.parametrize(
    "other",
    [
        {"givens": "Anne-Zoé"},
        {"givens": "Anne-Zoé Marie Jeanne"},
        {"givens": "Marie Anne-Zoé"},
        {"birth_date": "1985-03-13"},
        {"birth_date": "1985-03-01"},
        {"sex": "M"},
        {"sex": ""},
        {"birth_place": "51216"},
        {"birth_place": ""},
        {"family": ""},
        {"birth_date": "12/03/1985"},
        {"birth_date": ""},
    ],
    ids=lambda other: "-".join(map(str, other.items())),
)
@pytest.mark.usefixtures("house")
def test_one_trait_that_differs_or_is_missing_stops(other: dict[str, str]) -> None:
    who = somebody()
    record_id = opened(who)
    waits(comes(as_told(who, **other)))
    assert people_queries.person_of(record_id) is None


@pytest.mark.parametrize(
    "ours",
    [{"identity_status": "VALI"}, {"identity_status": "PROV"}, {"birth_givens": ""}, {"sex": "U"}, {"birth_place": ""}],
    ids="-".join,
)
@pytest.mark.usefixtures("house")
def test_an_identity_that_we_do_not_know_whole_is_not_enough(ours: dict[str, str]) -> None:
    who = somebody()
    record_id = opened(replace(who, **ours))
    waits(comes(as_told(who)))
    assert people_queries.person_of(record_id) is None


@pytest.mark.parametrize(
    "incomplete",
    [{}, {"birth_givens": ""}, {"birth_place": ""}, {"identity_status": "PROV"}, {"birth_date": "1985"}],
)
@pytest.mark.usefixtures("house")
def test_a_homonym_stops_however_little_is_known_of_them(incomplete: dict[str, str]) -> None:
    who = somebody()
    records_of_both = [opened(who), opened(replace(who, ins=people.fresh_ins(), **incomplete))]
    waits(comes(as_told(who)))
    assert [people_queries.person_of(each) for each in records_of_both] == [None, None]


@pytest.mark.usefixtures("house")
def test_twins_are_told_by_their_names() -> None:
    one = somebody()
    other = replace(one, ins=people.fresh_ins(), birth_given="EVE", birth_givens="EVE MARIE")
    mine, theirs = opened(one), opened(other)
    found = comes(as_told(one))
    assert isinstance(found, Known)
    assert people_queries.record_of(found.actor) == mine
    assert people_queries.person_of(theirs) is None


@pytest.mark.usefixtures("house")
def test_a_second_account_of_the_same_traits_is_not_theirs() -> None:
    who = somebody()
    record_id = opened(who)
    first = comes(as_told(who))
    assert isinstance(first, Known)
    waits(comes(as_told(who)))
    assert people_queries.person_of(record_id) == first.actor.id


@pytest.mark.usefixtures("house")
def test_no_account_for_the_dead() -> None:
    who = somebody()
    opened(who, RecordState.DECEASED)
    waits(comes(as_told(who)))


@pytest.mark.usefixtures("house")
def test_who_was_told_of_a_record_has_an_account_and_nothing_to_read_before_it_opens() -> None:
    """They may have it opened, or refuse it."""
    who = somebody()
    record_id = opened(who, RecordState.INFORMED)
    known = comes(as_told(who))
    assert isinstance(known, Known)
    with pytest.raises(Refused) as refused:
        documents.list_documents(known.actor, Purpose.SELF, record_id)
    assert refused.value.reason is Reason.NO_RECORD


@pytest.mark.usefixtures("house")
def test_a_child_does_not_come_in_alone() -> None:
    who = somebody(birth_date="2016-03-12")
    record_id = opened(who)
    assert comes(as_told(who)) == Young()
    assert people_queries.person_of(record_id) is None


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


def not_needed(record_id: UUID) -> None:
    raise AssertionError(f"there is no account of {record_id}")


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


def confirmed_by(other: Browsing) -> str:
    """The request that came last, confirmed by an operator who is not the one who asked; what its page said."""
    confirms = re.findall(r'href="(/console/confirmer/[0-9a-f-]{36})"', other.opens("/console/confirmer").text)[-1]
    shown = plain(other.opens(confirms).text)
    assert "C'est confirmé" in plain(other.sends(confirms, {"acte": "confirmer", "vu": "1"}).text)
    return shown


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
        confirms = re.findall(r'href="(/console/confirmer/[0-9a-f-]{36})"', colleague.opens("/console/confirmer").text)
        other = plain(colleague.opens(confirms[-1]).text)
        assert "Sexe Femme Homme Différent" in other
        assert karim.birth_family in other
        assert "La demande est refusée" in plain(colleague.sends(confirms[-1], {"acte": "refuser"}).text)
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


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def base(house: House, provider: TestProvider) -> Iterator[str]:
    with relying(house, provider.issuer) as found:
        yield found


def tells(provider: TestProvider, who: Identity, **changes: str) -> None:
    """A new account at the provider, with the claims of FranceConnect."""
    sub = f"fc-{uuid4()}"
    provider.claims = {"sub": sub}
    provider.userinfo = {
        "sub": sub,
        "family_name": who.birth_family.title(),
        "given_name": who.birth_givens.title(),
        "birthdate": who.birth_date,
        "gender": "female",
        "birthplace": who.birth_place,
        "birthcountry": "99100",
    } | changes


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


@contextmanager
def came(base: str, provider: TestProvider) -> Iterator[httpx2.Client]:
    """In a browser of their own, by the identity that the provider tells of now."""
    with a_browser(base) as client:
        assert signs_in(client, provider).headers["location"] == "/accueil"
        yield client


def acts_in(record_id: UUID) -> list[tuple[str, str]]:
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select action, actor_kind from trail.line where record_id = %s order by at", (record_id,)
        ).fetchall()


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
