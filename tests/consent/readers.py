"""Who tries to read in the situations drawn by chance: everybody but the holders. Whatever is drawn comes from the
seeded `chance`, identifiers too, so that a seed says the same again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from carnet.consent.facts import NO_TYPES, DeputyKind, Span
from carnet.formats.terminology import matrix
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from tests import people

DAY = timedelta(days=1)


def an_id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


@dataclass(frozen=True)
class Pro:
    actor: Actor
    capacity: Capacity
    types: str
    in_team_only: bool
    places: tuple[UUID, ...]
    teams: tuple[tuple[UUID, Span], ...] = ()
    principals: tuple[tuple[UUID, DeputyKind, Span], ...] = ()


@dataclass(frozen=True)
class Cast:
    """Everybody but the holders: the same for all situations."""

    pros: dict[UUID, Pro]
    software: tuple[Actor, ...]
    strangers: tuple[Actor, ...]
    organisations: tuple[UUID, ...]
    teams: tuple[UUID, ...]


def a_span(chance: Random, now: datetime) -> Span:
    """Over, going on, without end, or still to come."""
    return chance.choice(
        (
            Span(now - 9 * DAY, now - DAY),
            Span(now - 9 * DAY, now + 9 * DAY),
            Span(now - 9 * DAY),
            Span(now - 9 * DAY),
            Span(now + DAY),
            Span(now + DAY, now + 9 * DAY),
        )
    )


def _places(where: UUID, whole: dict[UUID, UUID]) -> tuple[UUID, ...]:
    """What is given to the whole is given to a service of it too."""
    return (where, whole[where]) if where in whole else (where,)


def a_cast(chance: Random) -> Cast:
    now = clock.now()
    rules = matrix.load()
    organisations = tuple(
        people_actions.add_organisation(
            organisation_id=an_id(chance), identifier=f"1{chance.randrange(10**9):09d}", name="Centre"
        )
        for _ in range(2)
    )
    service = people_actions.add_organisation(
        organisation_id=an_id(chance),
        identifier=f"3{chance.randrange(10**9):09d}",
        name="Service",
        part_of_id=organisations[0],
    )
    whole = {service: organisations[0]}
    organisations += (service,)
    teams = tuple(people_actions.add_team(team_id=an_id(chance), name=f"Équipe {number}") for number in range(2))
    positions = [
        *[(code, "G15", Capacity.CARE) for code in ("10", "10", "10", "21", "40", "60")],
        ("313", "R85", Capacity.CARE),
        ("10", "G15", Capacity.OCCUPATIONAL),
        ("10", "G15", Capacity.CHILD_PROTECTION),
        ("10", "G15", Capacity.REGULATION),
        ("10", "G15", Capacity.REGULATION),
        ("10", "G15", Capacity.INSURER),
        ("10", "G15", Capacity.FIRE),
        ("10", "G15", Capacity.COORDINATING),
        ("331", "R85", Capacity.SECRETARIAT),
    ]
    pros: dict[UUID, Pro] = {}
    for code, system, capacity in positions:
        where = chance.choice(organisations)
        line = rules.line(system, code)
        actor_id = people_actions.add_professional(
            actor_id=an_id(chance),
            key=None,
            rpps=f"{chance.randrange(10**11):011d}",
            family="Essai",
            given="Sacha",
            profession_system=system,
            profession_code=code,
            capacity=capacity,
            organisation_id=where,
        )
        joined = tuple((team, a_span(chance, now)) for team in teams if chance.random() < 0.4)
        for team, span in joined:
            people_actions.join_team(team_id=team, professional_id=actor_id, since=span.since, until=span.until)
        reads = line.reads if line and line.enabled else NO_TYPES
        only = bool(line and line.enabled and line.care_team_only)
        pros[actor_id] = Pro(people.actor(actor_id), capacity, reads, only, _places(where, whole), joined)
    for deputy_id in chance.sample(list(pros), 6):
        principal_id = chance.choice([each for each in pros if each != deputy_id])
        kind, span = chance.choice(list(DeputyKind)), a_span(chance, now)
        people_actions.add_deputy(
            deputy_id=deputy_id, principal_id=principal_id, kind=kind.value, since=span.since, until=span.until
        )
        pros[deputy_id] = replace(pros[deputy_id], principals=((principal_id, kind, span),))
    # Of one of two doctors of the centre 15 their provider says nothing.
    said = next(each for each, pro in pros.items() if pro.capacity is Capacity.REGULATION)
    pros = {each: replace(pro, actor=replace(people.actor(each), regulates=each == said)) for each, pro in pros.items()}
    return Cast(
        pros,
        (people.software(), people.software()),
        (people.a_person(), people.an_operator("support")),
        organisations,
        teams,
    )
