"""What is kept from somebody costs them no time: a parent and a professional list, count, search and open in a record
with a secret and in one that never had it."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, Final

import pytest

from carnet.documents import queries
from carnet.documents.searching import search_inside
from carnet.kernel.actor import Actor, Purpose
from tests.api.test_adversary import World, a_world
from tests.api.test_existence import CRITICAL, TRIES, _score, settled, told_apart
from tests.api.test_linked import SECRET
from tests.cases import cases

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("house")]

PAIRS: Final = cases(300)
MASKED: Final = "MASQUE_PS"
Way = Callable[[Actor, Purpose, World], Any]


def _list(actor: Actor, purpose: Purpose, world: World) -> Any:
    return queries.list_documents(actor, purpose, world.patient.record_id)


def _search(actor: Actor, purpose: Purpose, world: World) -> Any:
    return search_inside(actor, purpose, world.patient.record_id, "commun")


def _count(actor: Actor, purpose: Purpose, world: World) -> Any:
    return queries.search(actor, purpose, world.patient.record_id, queries.Asked(["current"]), limit=0)


def _open(actor: Actor, purpose: Purpose, world: World) -> Any:
    return queries.read_document(actor, purpose, world.patient.record_id, world.known[0])


@pytest.fixture(scope="module", params=[SECRET, MASKED])
def worlds(request: pytest.FixtureRequest, house: object) -> tuple[str, World, World]:
    label: str = request.param
    return label, a_world(frozenset({label})), a_world()


@pytest.mark.parametrize("way", [_list, _search, _count, _open])
def test_what_is_kept_costs_no_time(way: Way, worlds: tuple[str, World, World]) -> None:
    label, *both = worlds
    who = "parent" if label == SECRET else "doctor"
    purpose = Purpose.REPRESENTATIVE if label == SECRET else Purpose.CARE
    scores = []
    for _ in range(2 * TRIES):
        kept, never = _times(way, [getattr(each, who) for each in both], purpose, both)
        # A test that could not fail would prove nothing: where a quarter more is not seen, it is measured again.
        if _score([each + median(kept) / 4 for each in kept], never) <= CRITICAL:
            continue
        scores.append(_score(kept, never))
        if len(scores) == TRIES or settled(scores):
            break
    assert scores, "too much else is going on here to measure anything"
    assert not told_apart(scores), scores


def _times(way: Way, actors: list[Actor], purpose: Purpose, both: list[World]) -> tuple[list[float], list[float]]:
    """Of pairs one after the other, each pair in the other order than the one before."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(-30, PAIRS):
        for one in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            way(actors[one], purpose, both[one])
            if number >= 0:
                times[one].append(time.perf_counter() - began)
    return times
