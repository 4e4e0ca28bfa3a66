"""Whose record it is, from the traits that a provider tells: exactly one, or an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Actor
from carnet.people import actions as people_actions
from carnet.people import identity_cases
from carnet.people import queries as people_queries
from carnet.people.identities import Known, NoRecord, NotNow, OtherBirth, Waiting, arrive, tie
from carnet.people.identity_cases import Case, Proof, Why
from carnet.people.pivot import Pivot
from carnet.people.tasks import purge_what_has_passed
from carnet.records import actions as records
from carnet.records.numbers import NotAnIns
from carnet.records.rules import Identity, RecordState
from tests import people
from tests.cast import TEST_OID
from tests.conftest import House
from tests.web.browsing import plain
from tests.web.console.desk import operators_lines, support
from tests.web.provider import TestProvider, running
from tests.web.relying import a_browser, relying, signs_in

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


def comes(pivot: Pivot, subject: str = "") -> Known | Waiting:
    return arrive(issuer=ISSUER, subject=subject or f"fc-{uuid4()}", pivot=pivot)


def waits(found: Known | Waiting) -> Waiting:
    assert isinstance(found, Waiting)
    return found


@pytest.fixture
def operator(house: House) -> Actor:
    return people.an_operator("support")


def case_of(operator: Actor, found: Known | Waiting) -> Case:
    return next(each for each in identity_cases.cases(operator) if each.reference == waits(found).reference)


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


@pytest.mark.parametrize("state", [RecordState.DECEASED, RecordState.OPPOSED, RecordState.INFORMED])
@pytest.mark.usefixtures("house")
def test_no_account_for_the_dead_nor_where_there_is_no_record(state: RecordState) -> None:
    who = somebody()
    opened(who, state)
    waits(comes(as_told(who)))


@pytest.mark.usefixtures("house")
def test_a_child_does_not_come_in_alone() -> None:
    who = somebody(birth_date="2016-03-12")
    record_id = opened(who)
    waits(comes(as_told(who)))
    assert people_queries.person_of(record_id) is None


# The operator's list


def test_the_same_identity_again_is_the_same_case(operator: Actor) -> None:
    told, subject = as_told(somebody()), f"fc-{uuid4()}"
    one, two = comes(told, subject), comes(told, subject)
    assert waits(one).reference == waits(two).reference
    assert [each.family for each in identity_cases.cases(operator)].count(told.family) == 1


def test_an_operator_ties_a_changed_name_to_the_record_of_the_number(operator: Actor) -> None:
    who, subject = somebody(), f"fc-{uuid4()}"
    record_id = opened(who)
    case = case_of(operator, comes(as_told(who, family="Autre-Nom"), subject))
    assert tie(operator, case, number=who.ins, proof=Proof.PASSPORT)
    account = people_queries.actor_for_identity(ISSUER, subject)
    assert account
    assert people_queries.record_of(account) == record_id
    patient = people.Resident(account, record_id, who.ins)
    assert ("identity-linked", operator.id, "passport") in {
        (line.action, line.actor_id, line.detail) for line in people.trail(patient)
    }
    assert identity_cases.case(operator, case.id) is None
    assert not tie(operator, case, number=who.ins, proof=Proof.PASSPORT)


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
            tie(operator, case, number=number, proof=Proof.CARD)
    assert identity_cases.case(operator, case.id) is not None
    assert ("account-looked-up", "refused", "unknown") in operators_lines(operator.id)


def test_who_is_not_the_support_sees_and_ties_nothing(operator: Actor) -> None:
    case = case_of(operator, comes(as_told(somebody())))
    steering = people.an_operator("steering")
    for act in (
        lambda: identity_cases.cases(steering),
        lambda: identity_cases.case(steering, case.id),
        lambda: identity_cases.dismiss(steering, case.id, Why.ASKED),
        lambda: tie(steering, case, number=people.fresh_ins(), proof=Proof.CARD),
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
    with a_browser(base) as client, support(base) as desk:
        answer = signs_in(client, provider)
        assert answer.status_code == 403
        words = plain(answer.text)
        assert "Pour ne jamais ouvrir le carnet de quelqu'un d'autre, nous nous arrêtons là" in words
        assert client.get("/accueil").status_code == 302
        page = desk.opens("/console/identites")
        row = next(part for part in page.text.split("<li")[1:] if name in part)
        reference = plain(row).split("Numéro ")[1].split(",")[0]
        assert reference in words
        address = "/console/identites/" + row.split('href="/console/identites/')[1].split('"')[0]
        fault = desk.sends(address, {"acte": "rapprocher", "matricule": who.ins})
        assert "Choisissez la pièce que vous avez vue" in plain(fault.text)
        fault = desk.sends(address, {"acte": "rapprocher", "matricule": people.fresh_ins(), "preuve": "card"})
        assert "Aucun carnet à ce matricule" in plain(fault.text)
        done = desk.sends(address, {"acte": "rapprocher", "matricule": who.ins, "preuve": "card"})
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
