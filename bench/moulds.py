"""A pattern record cut where a name of its own stands: another is made by joining the pieces around its names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Connection

from bench.bodies import blank
from bench.naming import Copy, Names, Spelling, wrapped_key
from bench.patterns import Pattern
from bench.tables import Table, rows, text
from carnet.demo.cda import build
from carnet.demo.identifiers import unique_id
from carnet.documents import intake
from carnet.documents.ties import asked_by, ties, written_by
from carnet.kernel.vault.keys import KeyKeeper

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A document of a pattern: the places of its id and of its blob's among the names, and its bytes."""

    document: int
    blob: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Mould:
    """`documents` in the order of their deposit: the last one is the long letter. `blank` is one more to deposit, its
    uniqueId left open."""

    doctor: str
    blank: bytes
    names: Names
    documents: tuple[Stored, ...]
    _spellings: tuple[Spelling, ...]
    _pieces: Mapping[Table, tuple[list[bytes], Callable[[Sequence[bytes]], tuple[bytes, ...]]]]

    @property
    def tables(self) -> Iterable[Table]:
        return self._pieces

    def cast(self, copy: Copy) -> dict[Table, bytes]:
        """The rows of one more record."""
        said = [spelled(copy) for spelled in self._spellings]
        return {table: _joined(parts, pick(said)) for table, (parts, pick) in self._pieces.items()}


def mould(owner: Connection[Any], pattern: Pattern, every: Sequence[Table], keeper: KeyKeeper) -> Mould:
    record_id = pattern.record_id
    account = _ids(owner, "select actor_id from app.people_person where record_id = %s", record_id)
    wanted = [record_id, *account]
    texts = {each: rows(owner, each, wanted) for each in every}
    told = [text(owner, each, wanted) for each in every]
    stored = owner.execute(
        "select id, blob_id, unique_id from record.documents_document where record_id = %s order by id", (record_id,)
    ).fetchall()
    built = {unique_id(each.key): build(each) for each in pattern.documents}
    names = Names(
        [record_id, *_own(owner, told, record_id, account)],
        [UUID(int=int(name.removeprefix("2.25."))) for _, _, name in stored],
        [row[0] for row in stored],
        _ids(owner, "select id from record.documents_list where record_id = %s", record_id),
        pattern.person.identity.ins,
    )
    at = {each.int: number for number, each in enumerate(names.uuids)}
    documents = tuple(Stored(at[row[0].int], at[row[1].int], built[row[2]]) for row in stored)
    known = _known(names, built, texts.values())
    wrapped = owner.execute("select wrapped from kernel_datakey where scope_id = %s", (record_id,)).fetchone()
    if wrapped:
        known[wrapped[0]] = lambda copy: wrapped_key(keeper, copy)
    coming = blank(build(pattern.coming), unique_id(pattern.coming.key))
    return Mould(pattern.doctor, coming, names, documents, tuple(known.values()), _cut(texts, list(known)))


def _ids(owner: Connection[Any], statement: str, record_id: UUID) -> list[UUID]:
    return [row[0] for row in owner.execute(statement.encode(), (record_id,))]


def _own(owner: Connection[Any], texts: Iterable[bytes], record_id: UUID, account: Sequence[UUID]) -> list[UUID]:
    """Whatever has an identifier in these texts and is nobody who exists beside the record."""
    beside = owner.execute("select id from app.kernel_actor union select id from app.people_organisation")
    others = {row[0] for row in beside} - set(account) | {record_id, UUID(int=0)}
    return sorted({UUID(found.decode()) for each in texts for found in _UUID.findall(each)} - others)


def _known(names: Names, built: Mapping[str, bytes], texts: Iterable[bytes]) -> dict[bytes, Spelling]:
    """How each name is written in the pattern, and how to write a copy's; only what is written there at all."""
    pattern = names.pattern()
    everything = b"".join(texts)
    every = {spelled(pattern): spelled for spelled in (*names.spellings, *_ties(names, built))}
    return {name: spelled for name, spelled in every.items() if name in everything}


def _ties(names: Names, built: Mapping[str, bytes]) -> list[Spelling]:
    entries = [intake.read_cda(data) for data in built.values()]
    words = {each for entry in entries for each in ties(entry) | written_by(entry) | asked_by(entry)}
    return [names.tie(each, next((name for name in built if name in each), None)) for each in sorted(words)]


def _cut(
    texts: Mapping[Table, bytes], known: Sequence[bytes]
) -> dict[Table, tuple[list[bytes], Callable[[Sequence[bytes]], tuple[bytes, ...]]]]:
    number = {each: at for at, each in enumerate(known)}
    pattern = re.compile(b"(" + b"|".join(map(re.escape, sorted(known, key=len, reverse=True))) + b")")
    found = {}
    for table, made in texts.items():
        parts = pattern.split(made)
        if len(parts) > 1:
            found[table] = parts, _picker([number[each] for each in parts[1::2]])
    return found


def _picker(wanted: Sequence[int]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    first, *rest = wanted
    if rest:
        return itemgetter(*wanted)
    return lambda said: (said[first],)


def _joined(parts: Sequence[bytes], names: Sequence[bytes]) -> bytes:
    line = list(parts)
    line[1::2] = names
    return b"".join(line)
