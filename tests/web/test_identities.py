"""Whose record it is, from the traits that a provider tells: exactly one, or an operator."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import queries as documents
from carnet.kernel.actor import Purpose
from carnet.people import queries as people_queries
from carnet.people.identities import Known, Young
from carnet.records.rules import RecordState
from tests import people
from tests.web.identities import ISSUER, as_told, comes, opened, somebody, waits


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
    record_id = opened(who, RecordState.DECEASED)
    waits(comes(as_told(who)))
    assert people_queries.person_of(record_id) is None


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
