"""What a parent has read in the trail stays there when a visit turns out to be a secret: a line that vanishes would
tell of it. What came after that look is kept from them, as everything is from who had not looked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from carnet.consent import actions as consent
from carnet.consent import declaring
from carnet.consent.access import Refused
from carnet.consent.emergency import break_glass
from carnet.documents import queries, trail
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.api.test_adversary import World
from tests.api.test_secret_rights import REASON, SECRET, parents_world

pytestmark = pytest.mark.usefixtures("house")

Act = Callable[[World, Actor], None]


def tries(world: World, doctor: Actor) -> None:
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.CARE, world.patient.record_id)


def reads(world: World, doctor: Actor) -> None:
    queries.list_documents(doctor, Purpose.CARE, world.patient.record_id)


def reads_in_an_emergency(world: World, doctor: Actor) -> None:
    break_glass(doctor, Purpose.EMERGENCY, record_id=world.patient.record_id, reason=REASON)
    queries.list_documents(doctor, Purpose.EMERGENCY, world.patient.record_id)


def deposits_in_secret(world: World, doctor: Actor) -> None:
    secret = people.entry(title="Titre zinnia", labels=frozenset({SECRET}), authors=())
    people.deposited(doctor, world.patient, b"Un zinnia commun", of=secret, purpose=Purpose.CARE)


def declares_in_secret(world: World, doctor: Actor) -> None:
    declaring.declare(doctor, record_id=world.patient.record_id, secret=True)
    reads(world, doctor)


def breaks_in_secret(world: World, doctor: Actor) -> None:
    record = world.patient.record_id
    break_glass(doctor, Purpose.EMERGENCY, record_id=record, reason=REASON, secret=True)
    queries.list_documents(doctor, Purpose.EMERGENCY, record)


def is_let_in_secretly(world: World, doctor: Actor) -> None:
    minor = world.patient.actor, Purpose.SELF
    consent.authorise(*minor, record_id=world.patient.record_id, professional_id=doctor.id, secret=True)
    reads(world, doctor)


def told_of(world: World, doctor: Actor) -> list[tuple[str, str]]:
    """Another look at the trail, of the whole of it."""
    lines = trail.lines(world.parent, Purpose.REPRESENTATIVE, world.patient.record_id, limit=500)
    return [(line.action, line.outcome) for line in lines if doctor.id in {line.actor_id, line.target_id}]


@pytest.mark.parametrize(
    ("before", "secret"),
    [
        (tries, deposits_in_secret),
        (tries, breaks_in_secret),
        (tries, declares_in_secret),
        (tries, is_let_in_secretly),
        (reads_in_an_emergency, deposits_in_secret),
        (reads_in_an_emergency, declares_in_secret),
    ],
)
def test_a_line_that_a_parent_has_read_does_not_vanish_with_the_secret(before: Act, secret: Act) -> None:
    world, doctor = parents_world(), people.a_doctor()
    before(world, doctor)
    known = told_of(world, doctor)
    assert known
    if before is reads_in_an_emergency:
        queries.list_documents(doctor, Purpose.EMERGENCY, world.patient.record_id)
    secret(world, doctor)
    assert told_of(world, doctor) == known
    assert told_of(world, doctor) == known, "nor with the looks that follow"


def test_the_medecin_traitant_goes_on_being_told_of_up_to_the_look_before_the_secret() -> None:
    world = parents_world()
    attending, _ = world.attending
    reads(world, attending)
    known = told_of(world, attending)
    reads(world, attending)
    declares_in_secret(world, attending)
    assert told_of(world, attending) == known


def test_what_nobody_at_home_had_looked_at_is_kept_from_them() -> None:
    world, doctor = parents_world(), people.a_doctor()
    told_of(world, doctor)
    tries(world, doctor)
    breaks_in_secret(world, doctor)
    assert told_of(world, doctor) == []


def test_what_a_minor_does_about_them_after_the_look_is_as_secret_as_before() -> None:
    """A line that was read makes nobody known: what the minor does about them is kept from the parents still."""
    world, doctor = parents_world(), people.a_doctor()
    tries(world, doctor)
    known = told_of(world, doctor)
    is_let_in_secretly(world, doctor)
    minor = world.patient.actor, Purpose.SELF
    consent.withdraw(*minor, record_id=world.patient.record_id, professional_id=doctor.id)
    consent.block(*minor, record_id=world.patient.record_id, professional_id=doctor.id)
    assert told_of(world, doctor) == known


def test_a_line_that_the_holder_has_read_does_not_vanish_with_what_waits_to_be_announced() -> None:
    """Who has nothing here but what the holder does not know of yet is not told of, from their last look on."""
    patient, doctor = people.a_patient(), people.a_doctor()
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    known = [(line.action, line.outcome) for line in people.trail(patient) if line.actor_id == doctor.id]
    assert known == [("documents-list", "refused")]
    waits = people.entry(title="Biopsie", labels=frozenset({"INVISIBLE_PATIENT"}), authors=())
    people.deposited(doctor, patient, b"Biopsie", of=waits, purpose=Purpose.CARE)
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    for _ in range(2):
        assert [(each.action, each.outcome) for each in people.trail(patient) if each.actor_id == doctor.id] == known
