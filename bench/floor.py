"""What opening and depositing cost at least: the same statements, and the same bytes read or written in the vault, in
threads over open connections; no HTTP, no FHIR, no checks, no Django between.

A child of the harness (`bench.children`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import django
import psycopg

from bench.bodies import filled
from bench.children import Result, attend, processor
from bench.tape import Opening, Tape
from carnet.kernel import config, database, vault
from carnet.kernel.vault.place import here


@dataclass(frozen=True, slots=True)
class FloorLoad:
    """Openings, or deposits numbered from `first` on, `most` of them."""

    openings: tuple[Opening, ...]
    tapes: tuple[Tape, ...]
    threads: int
    seconds: float
    first: int
    most: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """Made before the clock starts; the vault says the id and the hash of the bytes when it has them."""

    tape: Tape
    content: bytes
    statements: list[tuple[str, Any]]


def prepare(load: FloorLoad) -> Callable[[], Result]:
    django.setup()
    settings = config.load()
    login: database.ServingLogin = "reader" if load.openings else "writer"
    connections = [database.connect(settings, login, autocommit=True, prepare_threshold=0) for _ in range(load.threads)]
    for record_id in {each.record_id for each in load.openings} | {each.record_id for each in load.tapes}:
        here().data_keys.to_read(record_id)
    if load.openings:
        return lambda: _run(connections, cycle(load.openings), _open, load.seconds)
    deposits = [_deposit(tape, number) for number, tape in enumerate(islice(cycle(load.tapes), load.most), load.first)]
    return lambda: _run(connections, iter(deposits), _store, load.seconds)


def _deposit(tape: Tape, number: int) -> Deposit:
    content, unique_id = filled(tape.blank, number)
    return Deposit(tape, content, tape.renamed(unique_id))


def _run(
    connections: Sequence[database.Connection], work: Iterator[Any], do: Callable[..., None], seconds: float
) -> Result:
    used, began = processor(), time.perf_counter()
    until = began + seconds
    took: list[float] = []

    def keep_doing(connection: database.Connection) -> None:
        while (now := time.perf_counter()) < until:
            each = next(work, None)
            if each is None:
                return
            do(connection, each)
            took.append(time.perf_counter() - now)

    with ThreadPoolExecutor(len(connections)) as threads:
        list(threads.map(keep_doing, connections))
    for each in connections:
        each.close()
    return Result(took, time.perf_counter() - began, processor() - used, [])


def _open(connection: database.Connection, opening: Opening) -> None:
    found = connection.execute(opening.text.encode(), opening.values).fetchall()
    blob_id: UUID = found[0][opening.blob_column]
    for _ in vault.open(blob_id, opening.record_id):
        pass


def _store(connection: psycopg.Connection[Any], deposit: Deposit) -> None:
    blob = vault.put(deposit.tape.record_id, deposit.content)
    with connection.transaction(), connection.cursor() as cursor:
        for text, values in deposit.statements:
            cursor.execute(text.encode(), deposit.tape.with_blob(text, values, blob))


if __name__ == "__main__":
    attend(prepare)
