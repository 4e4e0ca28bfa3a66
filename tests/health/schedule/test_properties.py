"""What holds of the schedule whatever the person and the doses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.terminology.table import Table
from carnet.health.schedule import Answer, Dose, Person, State, answer, answers, edition_on
from carnet.health.schedule.edition import parse
from tests.health.schedule.said import TAGS, VACCINES

TODAY = date(2026, 11, 26)
EDITION = edition_on(TODAY)
_TO_DO = {State.DUE, State.LATE}
_some = settings(max_examples=40)

_births = st.dates(date(1920, 1, 1), TODAY)
_people = st.builds(
    Person,
    born=_births,
    sex=st.sampled_from(["female", "male", ""]),
    yes=st.frozensets(st.sampled_from(["chronic_condition", "immunosuppression", "guyane", "pneumococcus_risk"])),
)


@st.composite
def _doses(draw: st.DrawFn, person: Person) -> Dose:
    name = draw(st.sampled_from(sorted(VACCINES)))
    age = draw(st.integers(0, max((TODAY - person.born).days, 0)))
    day = person.born + timedelta(days=age)
    return Dose(
        frozenset(VACCINES[name].split()), day, day, frozenset(TAGS.get(name, "").split()), str(draw(st.integers()))
    )


@st.composite
def _lives(draw: st.DrawFn) -> tuple[Person, tuple[Dose, ...]]:
    person = draw(_people)
    return person, tuple(draw(st.lists(_doses(person), max_size=8, unique_by=lambda each: each.key)))


@_some
@given(_lives(), st.randoms(use_true_random=False))
def test_the_order_in_which_doses_are_told_is_no_matter(life: tuple[Person, tuple[Dose, ...]], random: Random) -> None:
    person, doses = life
    shuffled = random.sample(doses, len(doses))
    assert answers(EDITION, person, shuffled, TODAY) == answers(EDITION, person, doses, TODAY)


@_some
@given(_lives(), st.data())
def test_a_dose_more_never_makes_a_disease_later(life: tuple[Person, tuple[Dose, ...]], data: st.DataObject) -> None:
    """Whoever is not late and is given a vaccine is not late; whoever is, is not since an earlier day."""
    person, doses = life
    more = data.draw(_doses(person))
    for disease in more.diseases:
        before = answer(EDITION, disease, person, doses, TODAY)
        after = answer(EDITION, disease, person, (*doses, replace(more, key="more")), TODAY)
        if after.state is State.LATE and before.state is not State.UNKNOWN:
            assert before.state is State.LATE, (before, after)
            assert after.since is not None
            assert before.since is not None
            assert after.since >= before.since, (before, after)


@_some
@given(_lives())
def test_nothing_is_due_before_its_age(life: tuple[Person, tuple[Dose, ...]]) -> None:
    person, doses = life
    for found in answers(EDITION, person, doses, TODAY):
        if found.state in _TO_DO:
            assert found.line is not None
            youngest = min(
                (step.since.after(person.born) for each in found.line.patterns for step in each.steps),
                default=person.born,
            )
            assert youngest <= TODAY
            assert found.since is None or youngest <= found.since <= TODAY or found.line.campaign


@_some
@given(_lives())
def test_every_answer_names_its_rule_and_its_edition(life: tuple[Person, tuple[Dose, ...]]) -> None:
    person, doses = life
    for found in answers(EDITION, person, doses, TODAY):
        assert found.edition == "2025"
        assert found.line is not None
        assert found.disease in found.line.diseases
        assert {each.dose.key for each in found.doses} == {d.key for d in doses if found.disease in d.diseases}
        assert (found.state is State.UNKNOWN) <= bool(found.doubts)
        assert found.doubts <= EDITION.doubts.keys()
        assert {fact for each in found.asks for fact in each} <= EDITION.facts.keys()
        assert (found.state is State.ASK) <= bool(found.asks)
        assert (found.state is State.LATE) <= (found.since is not None)


@_some
@given(_lives(), st.integers(0, 400))
def test_what_is_complete_stays_so(life: tuple[Person, tuple[Dose, ...]], days: int) -> None:
    """But for a pregnancy to come and a campaign of the year, which ask again."""
    person, doses = life
    for disease in EDITION.diseases:
        if answer(EDITION, disease, person, doses, TODAY).state is State.COMPLETE:
            later = answer(EDITION, disease, person, doses, TODAY + timedelta(days=days)).state
            assert later is State.COMPLETE or later in {State.UP_TO_DATE, State.OFFERED}


def test_a_later_edition_changes_only_what_it_says() -> None:
    """An edition of 2027 that has the second dose against measles at two years: nothing else is told otherwise."""
    document = json.loads((files("carnet.health.schedule") / "data" / "france-2025.json").read_text(encoding="utf-8"))
    document |= {"version": "2027", "effective": "2027-01-01"}
    line = next(each for each in document["lines"] if each["id"] == "ror")
    line["doses"][1] |= {"from": "24m", "late": "30m"}
    later = parse(Table("france-2027.json", document))
    random = Random(7)
    changed: set[str] = set()
    for _ in range(40):
        person = Person(TODAY - timedelta(days=random.randrange(36_000)))
        for one, other in zip(answers(EDITION, person, (), TODAY), answers(later, person, (), TODAY), strict=True):
            changed |= {one.disease} if _told(one) != _told(other) else set()
    assert changed <= {"measles", "mumps", "rubella"}
    one_dose = (_ror(date(2025, 3, 1)),)
    born = Person(date(2024, 1, 10))
    assert answer(EDITION, "measles", born, one_dose, date(2025, 12, 1)).state is State.LATE
    assert answer(later, "measles", born, one_dose, date(2025, 12, 1)).state is State.UP_TO_DATE


def _told(found: Answer) -> tuple[object, ...]:
    return found.state, found.since, found.soonest, found.until, found.line and found.line.id


def _ror(day: date) -> Dose:
    return Dose(frozenset(VACCINES["ror"].split()), day, day)


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2024, 12, 31), date(2025, 1, 1), TODAY, date(9999, 12, 31)])
def test_every_day_has_an_edition_and_every_life_an_answer(day: date) -> None:
    for born in (date(1, 1, 1), date(1900, 2, 28), date(2024, 2, 29), day):
        assert len(answers(edition_on(day), Person(born), (), day)) == len(EDITION.diseases)
