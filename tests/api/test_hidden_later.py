"""What everybody saw is kept from somebody later: what they find from then on is what they would find if it had never
been there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from carnet.documents import changing, extracting, masking
from carnet.formats.entry import Author
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.api import test_adversary as adversary
from tests.api.test_adversary import World, a_world
from tests.health.stated import kept, result

HER = Author(family="Tournesol", given="Rose")
Act = Callable[[World, Actor, UUID], None]


def label(name: str, *, by_holder: bool) -> Act:
    def put(world: World, author: Actor, document_id: UUID) -> None:
        actor, purpose = (world.patient.actor, Purpose.SELF) if by_holder else (author, Purpose.CARE)
        record_id = world.patient.record_id
        changing.set_label(actor, purpose, record_id=record_id, document_id=document_id, label=name, on=True)

    return put


def rule(world: World, author: Actor, document_id: UUID) -> None:
    of_her = masking.from_author("Rose Tournesol")
    masking.mask(world.patient.actor, Purpose.SELF, record_id=world.patient.record_id, rule=of_her)


def a_later_world(act: Act | None, looker: Callable[[World], None]) -> World:
    world = a_world()
    if act is None:
        looker(world)
        return world
    author = people.a_doctor()
    entry = people.entry(title="Titre zinnia", authors=(HER,))
    made = people.deposited(author, world.patient, b"Un zinnia commun", of=entry, purpose=Purpose.CARE)
    kept(world.patient, made.id, result("9.9", day="2024-02-20"), by=author)
    while extracting.extract(world.patient.record_id):
        pass
    looker(world)
    act(world, author, made.id)
    return world


@pytest.mark.parametrize("looked", [False, True], ids=["not looked", "looked"])
@pytest.mark.parametrize(
    ("who", "purpose", "act"),
    [
        ("parent", Purpose.REPRESENTATIVE, label("INVISIBLE_REPRESENTANTS_LEGAUX", by_holder=True)),
        ("parent", Purpose.REPRESENTATIVE, label("INVISIBLE_REPRESENTANTS_LEGAUX", by_holder=False)),
        ("parent", Purpose.REPRESENTATIVE, label("INVISIBLE_PATIENT", by_holder=False)),
        ("doctor", Purpose.CARE, label("MASQUE_PS", by_holder=True)),
        ("doctor", Purpose.CARE, rule),
        ("carer", Purpose.CARER, label("INVISIBLE_REPRESENTANTS_LEGAUX", by_holder=True)),
        ("carer", Purpose.CARER, label("MASQUE_PS", by_holder=True)),
        ("carer", Purpose.CARER, rule),
    ],
)
def test_what_is_kept_from_somebody_later_is_as_if_it_had_never_been(
    who: str, purpose: Purpose, act: Act, server: str, *, looked: bool
) -> None:
    found: list[dict[str, Any]] = []
    for each in (act, None):

        def look(world: World) -> None:
            if looked:
                actor = getattr(world, who)
                adversary._in_rooms(world, actor, purpose)
                adversary._over_http(server, world, actor, purpose)

        world = a_later_world(each, look)
        actor = getattr(world, who)
        found.append(adversary._in_rooms(world, actor, purpose) | adversary._over_http(server, world, actor, purpose))
    differing = []
    for door, answer in found[1].items():
        if found[0][door] != answer:
            differing.append((door, adversary._where(str(found[0][door]), str(answer))))
    assert not differing, "\n".join(f"{d}: {w}" for d, w in differing)
