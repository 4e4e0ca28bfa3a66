"""The two sides of each comparison: Carnet as it is served, and its floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from bench import pgbench
from bench.children import Child, Result, together
from bench.floor import FloorLoad
from bench.generate import Known
from bench.place import PROCESSES, Place
from bench.recorded import Statement, recorded
from bench.requests import Load, Request, Target, request
from bench.tape import Opening, tape
from carnet.kernel.actor import Purpose
from carnet.people import actions as people
from carnet.people import queries
from carnet.people.scopes import full

_THREADS = 8
"""Of one web process, by default."""


class Side(Protocol):
    def run(self, clients: int, seconds: float, first: int, most: int) -> Result:
        """Deposits are numbered from `first` on; at most so many are prepared."""


def targets(known: Sequence[Known]) -> tuple[Target, ...]:
    """With a fresh token of each record's doctor."""
    tokens = {doctor: token_of(doctor, Purpose.CARE) for doctor in {each.doctor for each in known}}
    return tuple(Target(each.record_id, each.ins, tokens[each.doctor], each.letter, each.blank) for each in known)


def token_of(key: str, purpose: Purpose) -> str:
    actor = queries.actor_by_key(key)
    if actor is None:
        raise LookupError(key)
    return people.issue_token(actor_id=actor.id, purpose=purpose, scope=full(actor.kind))


@dataclass(frozen=True, slots=True)
class Carnet:
    scenario: str
    place: Place
    targets: tuple[Target, ...]
    depositor: str

    def run(self, clients: int, seconds: float, first: int, most: int) -> Result:
        load = Load(self.scenario, self.place.port, clients, seconds, self.targets, self.depositor, first, most)
        return _together("bench.driver", [load])


@dataclass(frozen=True, slots=True)
class ListFloor:
    """Over as many connections as the web's threads hold at once."""

    script: Path

    def run(self, clients: int, seconds: float, first: int, most: int) -> Result:
        return pgbench.run(self.script, connections=min(clients, PROCESSES * _THREADS), seconds=seconds)


@dataclass(frozen=True, slots=True)
class VaultFloor:
    """As many processes and threads as the web has."""

    load: FloorLoad

    def run(self, clients: int, seconds: float, first: int, most: int) -> Result:
        processes = min(clients, PROCESSES)
        threads, each = min(-(-clients // processes), _THREADS), -(-most // processes)
        given = self.load
        loads = [
            FloorLoad(given.openings, given.tapes, threads, seconds, first + at * each, each) for at in range(processes)
        ]
        return _together("bench.floor", loads)


def _together(module: str, loads: Sequence[object]) -> Result:
    children = [Child(module, load) for load in loads]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go()
    return together([child.result() for child in children])


def floor_of(scenario: str, found: Sequence[Target], depositor: str, folder: Path, first: int) -> Side:
    """Made of what Carnet does for the same request, once for each record."""
    if scenario == "list":
        statements = [_last(recorded(request(scenario, each, each.token, 0))[1]) for each in found]
        return ListFloor(pgbench.script(folder, statements))
    if scenario == "open":
        openings = tuple(_opening(each.record_id, request(scenario, each, each.token, 0)) for each in found)
        return VaultFloor(FloorLoad(openings, (), 0, 0, 0, 0))
    tapes = tuple(
        tape(each.record_id, each.blank, recorded(request(scenario, each, depositor, number))[1])
        for number, each in enumerate(found, first)
    )
    return VaultFloor(FloorLoad((), tapes, 0, 0, 0, 0))


def _last(statements: Sequence[Statement]) -> Statement:
    """The hot function; what came before it verified the token and the right, which are remembered."""
    return next(each for each in reversed(statements) if "app.permit" in each.text)


def _opening(record_id: UUID, asked: Request) -> Opening:
    found = _last(recorded(asked)[1])
    return Opening(record_id, found.text.replace("select * from", "select blob_id from"), found.values, 0)
