"""Runs every scenario beside its floor, in turns: A, B, A, B …, so that what disturbs the machine disturbs both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from math import ceil
from statistics import median, quantiles
from typing import Any

from bench.children import Result
from bench.generate import Filled
from bench.machine import described
from bench.meter import process_that_runs, processor_of_family
from bench.place import PROCESSES, Place
from bench.requests import SCENARIOS
from bench.sides import Carnet, Side, floor_of, targets, token_of
from carnet.kernel.actor import Purpose
from carnet.kernel.embedded import Server

# Deposits prepared for the first run of a scenario, a second; then what the last run tells, and half as much again.
_EXPECTED = 400.0
_DEPOSITOR = "hopital"
_HUNDRED = 100
_WARM = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run or of the median of several: operations a second, milliseconds until the answer, milliseconds of the
    processor for one operation."""

    throughput: float
    p50: float
    p99: float
    web: float
    worker: float
    postgresql: float
    driver: float


@dataclass(frozen=True, slots=True)
class Measure:
    scenario: str
    clients: int
    carnet: Figures
    floor: Figures

    @property
    def ratio(self) -> float:
        return self.carnet.throughput / self.floor.throughput


@dataclass(frozen=True, slots=True)
class _Families:
    web: int
    worker: int
    postgresql: int

    def used(self) -> dict[str, float]:
        return {name: processor_of_family(root) for name, root in asdict(self).items()}


def measure(
    place: Place,
    server: Server,
    serving: int,
    filled: Filled,
    *,
    clients: Sequence[int],
    seconds: float,
    rounds: int,
    say: Callable[[str], object],
) -> dict[str, Any]:
    postmaster = int((server.cluster / "postmaster.pid").read_text().split()[0])
    web, worker = (process_that_runs(f"carnet.serve.{name}", serving) for name in ("web", "worker"))
    families = _Families(web, worker, postmaster)
    depositor, numbers = token_of(_DEPOSITOR, Purpose.DEPOSIT), count(1, 1_000_000)
    readable, writable = targets(filled.readable), targets(filled.writable)
    found: list[Measure] = []
    for scenario in SCENARIOS:
        used = readable if scenario in {"list", "open"} else writable
        carnet = Carnet(scenario, place, used, depositor)
        floor = floor_of(scenario, used, depositor, place.folder, next(numbers))
        # The first requests of a process load what the others find loaded.
        carnet.run(_WARM, min(seconds, 1.0), next(numbers), ceil(_EXPECTED))
        for each in clients:
            measured = _in_turns(scenario, each, carnet, floor, families, seconds, rounds, numbers)
            found.append(measured)
            speeds = f"{measured.carnet.throughput:.0f} of {measured.floor.throughput:.0f} a second"
            say(f"{scenario}, {each} clients: {speeds}")
    return {
        "machine": described(),
        "settings": {"seconds": seconds, "rounds": rounds, "documents": filled.documents, "processes": PROCESSES},
        "filling": {
            "documents": filled.documents,
            "copied": round(filled.copied, 2),
            "seconds": round(filled.seconds, 2),
        },
        "measures": [asdict(each) | {"ratio": each.ratio} for each in found],
    }


def _in_turns(
    scenario: str,
    clients: int,
    carnet: Side,
    floor: Side,
    families: _Families,
    seconds: float,
    rounds: int,
    numbers: count[int],
) -> Measure:
    seen: dict[str, list[Figures]] = {"carnet": [], "floor": []}
    speed = _EXPECTED
    for _ in range(rounds):
        for name, side in (("carnet", carnet), ("floor", floor)):
            run = _run(side, clients, seconds, families, next(numbers), ceil(speed * seconds) + clients)
            seen[name].append(run)
            speed = max(speed, run.throughput * 1.5)
    return Measure(scenario, clients, _median(seen["carnet"]), _median(seen["floor"]))


def _run(side: Side, clients: int, seconds: float, families: _Families, first: int, most: int) -> Figures:
    before = families.used()
    result = side.run(clients, seconds, first, most)
    after = families.used()
    if result.failed:
        raise RuntimeError(f"{len(result.failed)} of {len(result.took)} requests failed: {result.failed[0]}")
    return _figures(result, {name: after[name] - before[name] for name in before})


def _figures(result: Result, used: Mapping[str, float]) -> Figures:
    each = 1000 / len(result.took)
    cuts = quantiles(result.took, n=_HUNDRED, method="inclusive") if len(result.took) > 1 else result.took * _HUNDRED
    return Figures(
        throughput=len(result.took) / result.seconds,
        p50=cuts[49] * 1000,
        p99=cuts[98] * 1000,
        **{name: seconds * each for name, seconds in used.items()},
        driver=result.processor * each,
    )


def _median(runs: Sequence[Figures]) -> Figures:
    rows = [asdict(run) for run in runs]
    return Figures(**{name: median(row[name] for row in rows) for name in rows[0]})
