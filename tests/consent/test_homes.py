"""Two homes: whatever happens in a child's record, a parent reads no place that may be one of the other's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.actions import Grantee
from carnet.consent.declaring import declare
from carnet.consent.emergency import break_glass
from carnet.consent.facts import Span
from carnet.consent.homes import Homes, Made, tells_place
from carnet.consent.trail import TrailLine
from carnet.documents import queries as documents
from carnet.documents.trail import Asked, lines
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
READER, OTHER, DOCTOR, HOUSE, GP = (UUID(int=number) for number in range(1, 6))

instants = st.integers(-20, 20).map(lambda days: NOW + days * DAY)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    since = draw(instants)
    return Span(since, draw(st.none() | st.integers(0, 20).map(lambda days: since + days * DAY)))


made = st.builds(
    Made,
    at=instants,
    actor_id=st.sampled_from([READER, OTHER, DOCTOR, GP]),
    organisation_id=st.sampled_from([None, HOUSE]),
    purpose=st.sampled_from([purpose.value for purpose in Purpose]),
)
ties = st.lists(st.tuples(st.sampled_from([DOCTOR, HOUSE, GP]), spans()), max_size=3).map(tuple)


def during(at: datetime, span: Span) -> bool:
    return not at < span.since and (span.until is None or at < span.until)


@given(line=made, others=st.lists(spans(), max_size=3).map(tuple), gave=ties, attending=ties)
def test_a_place_is_told_where_no_other_home_was_or_both_know_it(
    line: Made,
    others: tuple[Span, ...],
    gave: tuple[tuple[UUID, Span], ...],
    attending: tuple[tuple[UUID, Span], ...],
) -> None:
    """Said the other way round: what is kept is all that happened in two homes, but for four things."""
    kept = [each for each in others if during(line.at, each)] != []
    for known in (
        line.actor_id == READER,
        line.purpose in {"emergency", "regulation"},
        {who for who, span in attending if during(line.at, span)} & {line.actor_id} != set(),
        {who for who, span in gave if during(line.at, span)} & {line.actor_id, line.organisation_id} != set(),
    ):
        kept = kept and not known
    assert tells_place(line, Homes(READER, others, gave, attending)) is not kept


@given(line=made, gave=ties, attending=ties)
def test_where_nobody_else_represents_every_place_is_told(
    line: Made, gave: tuple[tuple[UUID, Span], ...], attending: tuple[tuple[UUID, Span], ...]
) -> None:
    assert tells_place(line, Homes(READER, (), gave, attending))


# The whole way, in a record


def a_doctor_of(name: str) -> tuple[Actor, UUID]:
    number = str(uuid4().int)[:9]
    house = people_actions.add_organisation(organisation_id=uuid4(), identifier=f"1{number}", name=name)
    return people.a_doctor(organisation_id=house), house


def at(doctor: Actor, house: UUID) -> Actor:
    return replace(doctor, organisation=house)


def a_family() -> tuple[Resident, Actor, Actor]:
    child, mother, father = people.a_patient(birth_date=f"{clock.now().year - 8}-01-01"), *_two()
    for parent in (mother, father):
        people_actions.represent(
            SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago()
        )
    return child, mother, father


def _two() -> tuple[Actor, Actor]:
    return people.a_person(), people.a_person()


def read_by(parent: Actor, child: Resident, **asked: object) -> list[TrailLine]:
    return lines(parent, Purpose.REPRESENTATIVE, child.record_id, asked=Asked(**asked))  # type: ignore[arg-type]


def places(found: list[TrailLine]) -> set[str]:
    return {line.organisation_name for line in found} - {""}


@pytest.mark.usefixtures("house")
def test_a_parent_reads_where_of_whom_they_let_in_and_who_and_when_of_the_others() -> None:
    child, mother, father = a_family()
    (hers, her_house), (his, his_house) = a_doctor_of("Cabinet de la mère"), a_doctor_of("Cabinet du père")
    for parent, doctor in ((mother, hers), (father, his)):
        consent.authorise(
            parent, Purpose.REPRESENTATIVE, record_id=child.record_id, grantee=Grantee("professional", doctor.id)
        )
    for doctor, house in ((hers, her_house), (his, his_house)):
        documents.list_documents(at(doctor, house), Purpose.CARE, child.record_id)
    assert places(read_by(mother, child)) == {"Cabinet de la mère"}
    assert places(read_by(father, child)) == {"Cabinet du père"}
    for parent in (mother, father):
        assert {hers.id, his.id} <= {line.actor_id for line in read_by(parent, child)}
    assert places(people.trail(child)) == {"Cabinet de la mère", "Cabinet du père"}


@pytest.mark.usefixtures("house")
def test_software_is_of_a_house_and_bears_no_name_nor_answers_to_its_id() -> None:
    child, mother, _ = a_family()
    labo = people.software()
    people.deposited(labo, child)
    (line,) = [line for line in read_by(mother, child) if line.action == "document-deposit"]
    assert (line.actor_name, line.organisation_name, line.software) == ("", "", "")
    assert line.actor_id != labo.id
    assert read_by(mother, child, actor_id=labo.id) == []
    assert labo.name in {each.actor_name for each in people.trail(child)}


@pytest.mark.usefixtures("house")
def test_of_an_emergency_both_parents_read_where_the_child_is() -> None:
    child, mother, father = a_family()
    doctor, house = a_doctor_of("Urgences de la ville")
    break_glass(at(doctor, house), Purpose.EMERGENCY, record_id=child.record_id, reason="Chute de vélo")
    for parent in (mother, father):
        assert "Urgences de la ville" in places(read_by(parent, child))


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_no_parent_reads_a_place_that_is_not_theirs_or_both_theirs(seed: int) -> None:
    chance = Random(seed)
    child, mother, father = a_family()
    doctors = [a_doctor_of(f"Maison {number} du tirage {seed}") for number in range(5)]
    gave: dict[UUID, set[UUID]] = {mother.id: set(), father.id: set()}
    consent.set_attending(SYSTEM, record_id=child.record_id, professional_id=doctors[0][0].id)
    urgent: set[str] = set()
    for _ in range(14):
        (doctor, house), parent = chance.choice(doctors), chance.choice((mother, father))
        match chance.choice(("give", "give-house", "declare", "read", "read", "break", "deposit")):
            case "give":
                to = Grantee("professional", doctor.id)
                consent.authorise(parent, Purpose.REPRESENTATIVE, record_id=child.record_id, grantee=to)
                gave[parent.id].add(house)
            case "give-house":
                to = Grantee("organisation", house)
                consent.authorise(parent, Purpose.REPRESENTATIVE, record_id=child.record_id, grantee=to)
                gave[parent.id].add(house)
            case "declare":
                declare(at(doctor, house), record_id=child.record_id)
            case "read":
                with suppress(Refused):
                    documents.list_documents(at(doctor, house), Purpose.CARE, child.record_id)
            case "break":
                break_glass(at(doctor, house), Purpose.EMERGENCY, record_id=child.record_id, reason="Malaise")
                urgent.add(f"Maison {doctors.index((doctor, house))} du tirage {seed}")
            case "deposit":
                people.deposited(people.software(), child)
    names = {house: f"Maison {number} du tirage {seed}" for number, (_, house) in enumerate(doctors)}
    for parent in (mother, father):
        told = read_by(parent, child)
        mine = {names[house] for house in gave[parent.id]} | urgent | {names[doctors[0][1]]}
        assert places(told) <= mine
        assert not [line for line in told if line.actor_kind == ActorKind.CLIENT.value and line.actor_name]
        assert _acts(told) == _acts(people.trail(child)), "no line is hidden: some say less"


def _acts(found: list[TrailLine]) -> set[UUID]:
    return {line.id for line in found if line.action != "trail-read"}
