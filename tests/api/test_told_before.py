"""A parent was told that there is something to speak of with a professional; then it turns out to be a secret, or its
author withdraws it. Nothing that the parent finds, then or later, tells which of the two it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest

from carnet.consent.access import permit_to_read
from carnet.documents import announcing, changing
from carnet.documents.powers import Cause
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import open_record, rows
from tests import people
from tests.api import test_adversary as adversary
from tests.api.test_adversary import World, a_world
from tests.documents.test_announcing import as_if_later
from tests.working import worked

WITHHELD: Final = "INVISIBLE_PATIENT"
SECRET: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass
class Waiting:
    """A minor's record with `waits` (two documents that are withheld) beside what everybody sees."""

    world: World
    author: Actor
    waits: list[UUID]

    @property
    def record_id(self) -> UUID:
        return self.world.patient.record_id

    def label(self, which: int, label: str, *, on: bool) -> None:
        target = {"record_id": self.record_id, "document_id": self.waits[which]}
        changing.set_label(self.author, Purpose.CARE, **target, label=label, on=on)

    def withdrawn(self, which: int) -> None:
        target = {"record_id": self.record_id, "document_id": self.waits[which]}
        changing.withdraw(self.author, Purpose.CARE, **target, cause=Cause.WITHDRAWN)

    def later(self, days: int) -> None:
        as_if_later(self.world.patient, days)

    def told(self, who: str = "parent") -> bool:
        if who == "parent":
            return announcing.told(self.world.parent, Purpose.REPRESENTATIVE, self.record_id)
        return announcing.told(self.world.patient.actor, Purpose.SELF, self.record_id)


def waiting() -> Waiting:
    world, author = a_world(), people.a_doctor()
    made = Waiting(world, author, [])
    for title in ("Biopsie", "Scanner"):
        entry = people.entry(title=title, labels=frozenset({WITHHELD}), authors=())
        made.waits.append(
            people.deposited(author, world.patient, title.encode(), of=entry, purpose=Purpose.CARE).id,
        )
    return made


def kept(house: Waiting) -> None:
    house.label(0, SECRET, on=True)


def kept_and_announced(house: Waiting) -> None:
    house.label(0, SECRET, on=True)
    house.label(0, WITHHELD, on=False)


def withdrawn(house: Waiting) -> None:
    house.withdrawn(0)


def kept_then_withdrawn(house: Waiting) -> None:
    house.label(0, SECRET, on=True)
    house.withdrawn(0)


def the_other_shown(house: Waiting) -> None:
    house.label(1, WITHHELD, on=False)


def the_other_withdrawn(house: Waiting) -> None:
    house.withdrawn(1)


def a_month(house: Waiting) -> None:
    house.later(17)


def _told_by_sql(world: World, actor: Actor, purpose: Purpose) -> Any:
    """Whatever the application's role reads of what was told, but instants and names."""
    permit = permit_to_read(actor, purpose, world.patient.record_id, action="documents-list")
    with open_record(permit, trace=None) as cursor:
        cursor.execute(
            "select hidden_from, ended_at is null as live, until > now() as runs"
            " from record.documents_update_notice order by until, ended_at"
        )
        return rows(cursor)


def at_home(server: str, house: Waiting) -> dict[str, Any]:
    who = house.world.parent, Purpose.REPRESENTATIVE
    found = adversary._in_rooms(house.world, *who) | adversary._over_http(server, house.world, *who)
    return found | {"told, by SQL": _told_by_sql(house.world, *who)}


Then = Callable[[Waiting], None]


@pytest.mark.parametrize("act", [kept, kept_and_announced, kept_then_withdrawn])
@pytest.mark.parametrize(
    "after", [(), (the_other_shown,), (the_other_shown, a_month), (the_other_withdrawn,), (a_month,)]
)
@pytest.mark.parametrize("looks", [True, False], ids=["looked", "not looked"])
def test_a_secret_and_what_was_withdrawn_look_alike(
    act: Then, after: tuple[Then, ...], server: str, *, looks: bool
) -> None:
    found = []
    for each in (act, withdrawn):
        house = waiting()
        house.later(15)
        if looks:
            at_home(server, house)
        each(house)
        for then in after:
            then(house)
        found.append(at_home(server, house))
    for door, answer in found[1].items():
        assert found[0][door] == answer, (door, adversary._where(str(found[0][door]), str(answer)))


def test_the_act_itself_changes_nothing_of_what_the_parent_was_told() -> None:
    house = waiting()
    house.withdrawn(1)
    house.later(15)
    assert house.told()
    kept_and_announced(house)
    assert house.told(), "the line would end by nothing else that the parent sees"
    assert not house.told("minor"), "whose secret it is has been told"
    house.later(17)
    assert not house.told()


def test_what_is_shown_to_the_parent_ends_what_they_were_told() -> None:
    house = waiting()
    house.withdrawn(1)
    house.later(15)
    house.label(0, WITHHELD, on=False)
    assert (house.told(), house.told("minor")) == (False, False)


def test_a_secret_that_is_lifted_waits_on_as_if_it_had_never_been_one() -> None:
    house = waiting()
    house.withdrawn(1)
    house.later(15)
    house.label(0, SECRET, on=True)
    house.label(0, SECRET, on=False)
    assert (house.told(), house.told("minor")) == (True, True)
    house.label(0, WITHHELD, on=False)
    assert (house.told(), house.told("minor")) == (False, False)


def test_a_secret_that_is_lifted_after_it_was_announced_ends_what_the_parent_was_told() -> None:
    house = waiting()
    house.withdrawn(1)
    house.later(15)
    kept_and_announced(house)
    house.label(0, SECRET, on=False)
    assert house.told() is False


def test_of_two_that_wait_the_secret_ones_line_runs_on_when_the_other_shows_itself() -> None:
    house = waiting()
    house.later(15)
    house.label(0, SECRET, on=True)
    house.label(1, WITHHELD, on=False)
    assert house.told(), "as it would if the first waited still"
    house.later(17)
    assert not house.told()


def test_a_secret_from_before_the_notice_is_told_to_nobody_at_home(server: str) -> None:
    found = []
    for secret in (True, False):
        house = waiting()
        house.withdrawn(1)
        if secret:
            house.label(0, SECRET, on=True)
        else:
            house.withdrawn(0)
        house.later(15)
        worked()
        assert house.told("minor") is secret
        found.append(at_home(server, house))
    assert found[0] == found[1]
