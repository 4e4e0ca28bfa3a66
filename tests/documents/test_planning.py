"""How much of a submission is hidden: what is tied to a secret is secret, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents.models import Secrecy
from carnet.documents.planning import SECRET, Around, Hidden, Plan, hidden, plans
from carnet.documents.submission import NewDocument, Submission
from carnet.documents.ties import asked_by, ties, written_by
from carnet.formats.entry import Author, DocumentEntry, Identifier, Reference
from carnet.kernel import clock
from tests import people
from tests.cases import cases

RECORD = UUID(int=7)
NOTHING = Around(
    {},
    (),
    {},
    set_taken=False,
    secrets=frozenset(),
    tied=(),
    suspicions=frozenset(),
    birth="2012-01-01",
    guarded=False,
)
PRESCRIBER = Identifier("1.2.250.1.71.4.2.1", "810001001014")


def planned(*entries: DocumentEntry) -> list[Plan]:
    return plans(RECORD, Submission(tuple(NewDocument(entry, b"1") for entry in entries)))


def an_order(number: int) -> Reference:
    return Reference("order", Identifier("1.2.3", str(number)))


@settings(max_examples=cases(100))
@given(st.lists(st.tuples(st.sets(st.integers(0, 6), max_size=3), st.booleans()), min_size=1, max_size=6))
def test_a_secret_spreads_to_what_is_tied_to_it_and_no_further(given_: list[tuple[set[int], bool]]) -> None:
    """Against the closure written as a walk over the graph of shared orders."""
    entries = [
        replace(
            people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"} if secret else ())),
            references=tuple(map(an_order, orders)),
        )
        for orders, secret in given_
    ]
    reached = {number for number, (_, secret) in enumerate(given_) if secret}
    waiting = list(reached)
    while waiting:
        orders = given_[waiting.pop()][0]
        for number, (others, _) in enumerate(given_):
            if number not in reached and orders & others:
                reached.add(number)
                waiting.append(number)
    found = hidden(planned(*entries), NOTHING, represented=True)
    assert {number for number, each in enumerate(found) if each.bits & SECRET} == reached
    for number, each in enumerate(found):
        expected = Secrecy.ASKED if given_[number][1] else Secrecy.LINKED if number in reached else Secrecy.NONE
        assert each.secrecy is expected


def test_what_ties_documents_together() -> None:
    visit = Identifier("1.2.4", "sejour")
    first = replace(people.entry(), references=(an_order(1),), encounter=visit)
    later = (
        replace(people.entry(), references=(an_order(1),)),
        replace(people.entry(), encounter=visit),
        people.entry(replaces=(first.unique_id,)),
    )
    assert all(ties(first) & ties(each) for each in later)
    assert not ties(first) & ties(people.entry())
    assert not any(ties(one) & ties(other) for one, other in pairwise(later))


def test_what_the_professional_of_a_secret_visit_asked_for_is_suspected_where_somebody_represents() -> None:
    visit = replace(people.entry(), authors=(Author(identifier=PRESCRIBER, family="Martin"),))
    result = replace(people.entry(), referrers=(PRESCRIBER,))
    assert written_by(visit) == asked_by(result) != frozenset()
    plan = planned(result)[0]
    around = replace(NOTHING, suspicions=plan.suspicions)
    assert hidden([plan], around, represented=True) == [Hidden(SECRET, Secrecy.SUSPECTED)]
    assert hidden([plan], around, represented=False) == [Hidden(0, Secrecy.NONE)]


def test_ties_are_kept_as_hashes_that_differ_from_record_to_record() -> None:
    entry = replace(people.entry(), references=(an_order(1),))
    new = Submission((NewDocument(entry, b"1"),))
    here, there = plans(RECORD, new)[0], plans(uuid4(), new)[0]
    assert not here.ties & there.ties
    assert all(len(bytes.fromhex(digest)) == 32 for digest in here.ties)


def test_what_is_deposited_in_a_secret_visit_is_secret_where_somebody_represents() -> None:
    found = planned(people.entry(), people.entry(labels=frozenset({"MASQUE_PS"})))
    masked = found[1].asked
    assert hidden(found, NOTHING, represented=True, quiet=SECRET) == [
        Hidden(SECRET, Secrecy.LINKED),
        Hidden(masked | SECRET, Secrecy.LINKED),
    ]
    assert hidden(found, NOTHING, represented=False, quiet=SECRET) == [
        Hidden(0, Secrecy.NONE),
        Hidden(masked, Secrecy.NONE),
    ]


@pytest.mark.parametrize(
    ("birth", "guarded", "represented"),
    [
        ("", False, True),
        ("2012", False, True),
        ("1979-03-28", False, False),
        ("1979-03-28", True, True),
        ("2012", True, True),
    ],
)
def test_a_minor_is_represented_and_whom_a_guardian_stands_for(birth: str, *, guarded: bool, represented: bool) -> None:
    """Without a birth date the holder counts as a minor."""
    assert replace(NOTHING, birth=birth, guarded=guarded).represented(clock.now()) is represented
