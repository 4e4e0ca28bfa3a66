"""Fills a migrated database by COPY: as many documents as wanted, always the same for the same seed.

Every record is a copy of a pattern that came in by real deposits, in every table that tells of it, under names of its
own. People of one pattern bear the same name; their INS differ. Only `readable` records have files in the store.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from random import Random
from typing import Any
from uuid import UUID

from psycopg import Connection

from bench.later import indexes_later, keys_later
from bench.moulds import Mould, mould
from bench.naming import Copy
from bench.patterns import bring_in, patterns
from bench.tables import Table, framed, tables, uncompressed
from carnet.kernel import config, database
from carnet.kernel.audit import seal
from carnet.kernel.config import Config
from carnet.kernel.vault import content, crypto
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of

_PROCESSES = 2
# A file of the write-ahead log that is filled with zeros first is written twice.
_HURRIED = "set session_replication_role = replica; set synchronous_commit = off; set wal_init_zero = off"
_CHUNK = 100
"""Records of one COPY: some twelve thousand documents, some forty MB of lines."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record to measure with. `letter` is the id of its long document, `doctor` the key of who reads, `blank` a
    letter to deposit, its uniqueId left open."""

    record_id: UUID
    ins: str
    doctor: str
    letter: UUID
    documents: tuple[UUID, ...]
    blank: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """`readable` are the records whose contents open, `writable` others. `copied` are the seconds that COPY took,
    `seconds` those with the indexes and the proof of the foreign keys."""

    readable: tuple[Known, ...]
    writable: tuple[Known, ...]
    documents: int
    copied: float
    seconds: float


def fill(size: int, *, readable: int, writable: int, seed: int = 1, wanted: int) -> Filled:
    """At least `size` documents in copies of `wanted` patterns."""
    settings = config.load()
    chosen = patterns(wanted, seed)
    bring_in(chosen, seed)
    with database.connect(settings, "owner", autocommit=True) as owner:
        every = tables(owner)
        moulds = [mould(owner, each, every, here().keeper) for each in chosen]
        records = _records(moulds, size, readable + writable)
        began = time.perf_counter()
        with keys_later(owner, every, lambda: database.connect(settings, "owner", autocommit=True)):
            copied = _load(settings, owner, every, moulds, records, readable + writable, seed)
            seconds = time.perf_counter() - began
            owner.execute("vacuum analyze")
            began = time.perf_counter()
        seconds += time.perf_counter() - began
        known = [_copy(moulds, number, seed) for number in range(readable + writable)]
        for each in known[:readable]:
            _write_contents(owner, *each)
    while seal.seal_pending(settings):
        pass
    documents = sum(len(moulds[number % len(moulds)].documents) for number in range(records))
    told = tuple(_known(*each) for each in known)
    return Filled(told[:readable], told[readable:], documents, copied, seconds)


def _records(moulds: Sequence[Mould], size: int, least: int) -> int:
    number = documents = 0
    while documents < size or number < least:
        documents += len(moulds[number % len(moulds)].documents)
        number += 1
    return number


def _copy(moulds: Sequence[Mould], number: int, seed: int) -> tuple[Mould, Copy]:
    chosen = moulds[number % len(moulds)]
    chance = Random(f"carnet/copy/{seed}/{number}")  # noqa: S311  (repeatable on purpose)
    return chosen, chosen.names.copy(number // len(moulds) + 1, chance)


def _load(
    settings: Config,
    owner: Connection[Any],
    every: Sequence[Table],
    moulds: Sequence[Mould],
    records: int,
    measured: int,
    seed: int,
) -> float:
    """The seconds that COPY took."""
    made = [each for each in every if any(each in mould.tables for mould in moulds)]

    def load(first: int, end: int, chunk: int) -> None:
        parts = [range(at, min(at + chunk, end)) for at in range(first, end, chunk)]
        _side_by_side(lambda mine: _copy_in(settings, made, moulds, mine, seed), parts)

    with indexes_later(owner, made, lambda: database.connect(settings, "owner", autocommit=True)):
        began = time.perf_counter()
        # What is measured stands as deposits write it; the others are there to be many.
        load(0, measured, -(-measured // _PROCESSES))
        with uncompressed(owner):
            load(measured, records, _CHUNK)
        return time.perf_counter() - began


def _side_by_side(do: Callable[[Sequence[range]], None], parts: Sequence[range]) -> None:
    """In two processes, since an interpreter keeps one core busy."""
    forked = get_context("fork")
    children = [forked.Process(target=do, args=(parts[at::_PROCESSES],)) for at in range(_PROCESSES)]
    for each in children:
        each.start()
    for each in children:
        each.join()
    if any(each.exitcode for each in children):
        raise RuntimeError("A process that fills the database failed.")


def _copy_in(
    settings: Config, every: Sequence[Table], moulds: Sequence[Mould], parts: Sequence[range], seed: int
) -> None:
    """One transaction for each part. The rows are whole and consistent by their making: what PostgreSQL would check of
    foreign keys row by row is left out."""
    # Nothing that is made here holds itself; to look for it would take a sixth of the time.
    gc.disable()
    with database.connect(settings, "owner", autocommit=True) as owner:
        owner.execute(_HURRIED)
        for part in parts:
            made = _made(moulds, part, seed)
            with owner.transaction(), owner.cursor() as cursor:
                for table in (each for each in every if each in made):
                    with cursor.copy(table.copy_in()) as stream:
                        for piece in framed(made[table]):
                            stream.write(piece)


def _made(moulds: Sequence[Mould], part: range, seed: int) -> dict[Table, list[bytes]]:
    """The rows of these records."""
    made: dict[Table, list[bytes]] = defaultdict(list)
    for number in part:
        chosen, copy = _copy(moulds, number, seed)
        for table, text in chosen.cast(copy).items():
            made[table].append(text)
    return made


def _write_contents(owner: Connection[Any], chosen: Mould, copy: Copy) -> None:
    """The files of one record as the vault would have written them, under the names that its rows give them."""
    record_id, place = copy.record_id, here()
    key = place.data_keys.to_read(record_id)
    for each in chosen.documents:
        blob_id = copy.uuid(each.blob)
        stored = b"".join(crypto.encrypt(key, content.context_of(record_id, blob_id), [each.content]))
        place.store.put(name_of(blob_id), [stored])
        owner.execute("update kernel_blob set stored_sha256 = %s where id = %s", (sha256(stored).digest(), blob_id))


def _known(chosen: Mould, copy: Copy) -> Known:
    documents = tuple(copy.uuid(each.document) for each in chosen.documents)
    letter = chosen.blank.replace(chosen.names.ins.encode(), copy.ins.encode())
    return Known(copy.record_id, copy.ins, chosen.doctor, documents[-1], documents, letter)
