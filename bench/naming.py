"""The names by which a record's rows know each other, in each of their spellings, and how a copy gets its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from bench.base32 import shorts
from bench.keyed import keyed
from carnet.demo.identifiers import INS_TEST
from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.search import keys
from carnet.formats.fhir.search.tokens import Token, normal
from carnet.formats.ins import key as ins_key
from carnet.kernel import vault
from carnet.kernel.db import locator
from carnet.kernel.vault.crypto import KEY_BYTES
from carnet.kernel.vault.keys import KeyKeeper
from carnet.records import queries as records

_VERSION_AND_VARIANT = (0xF << 76) | (0x3 << 62)
_RANDOM = (1 << 76) - 1
_EVERYTHING = (1 << 128) - 1
_TIME_ORDERED = 7
_PLACES = 1_000_000
# Copies are as old as their number tells, and older than what comes after them.
_BEFORE_MS = 100_000_000


@dataclass(slots=True)
class Copy:
    """The names of one copy, in the order of `Names.uuids`; those of the pattern itself are the copy that renames
    nothing. `shorts` are those of the UUIDs that have a FHIR id, `unique_ids` those of the UUIDs that stand in one."""

    raws: list[bytes]
    shorts: dict[int, bytes]
    unique_ids: dict[int, bytes]
    ins: str
    plains: dict[int, bytes] = field(default_factory=dict)

    @property
    def record_id(self) -> UUID:
        return self.uuid(0)

    def uuid(self, at: int) -> UUID:
        return UUID(bytes=self.raws[at])

    def plain(self, at: int) -> bytes:
        known = self.plains.get(at)
        if known is None:
            known = self.plains[at] = _hyphened(self.raws[at].hex().encode())
        return known

    def fhir_id(self, at: int) -> str:
        return (self.shorts[0] + b"-" + self.shorts[at]).decode()


Spelling = Callable[[Copy], bytes]
"""How a name stands in binary rows: UUIDs and digests as their bytes, or in letters within a text."""


class Names:
    """`uuids` begins with the record's own; `oids` are those that stand in uniqueIds; `documents` and `lists` have FHIR
    ids."""

    def __init__(
        self, uuids: Sequence[UUID], oids: Sequence[UUID], documents: Sequence[UUID], lists: Sequence[UUID], ins: str
    ) -> None:
        self.uuids = [*uuids, *oids]
        self.ins = ins
        at = {uuid: number for number, uuid in enumerate(self.uuids)}
        self._at = at
        self._short = [at[each] for each in (self.uuids[0], *documents, *lists)]
        self._oids = range(len(uuids), len(self.uuids))
        self._whole = _joined(each.int for each in self.uuids)
        # A row tells how long its texts are, and of all names the uniqueIds alone have no length of their own.
        drawn = [_drawn(each.int, number in self._oids) for number, each in enumerate(self.uuids)]
        self._free, self._kept = (_joined(part) for part in zip(*drawn, strict=True))
        self._ticks = _joined((_version(each.int) == _TIME_ORDERED) << 80 for each in self.uuids)
        located = keyed(_secret(), f"{locator.UNIQUE_ID}\0".encode())
        self._tied = keyed(_secret(), b"tie\0")
        self.spellings: list[Spelling] = [
            *(_raw(at[each]) for each in uuids),
            *(_plain(at[each]) for each in uuids),
            *(_short(each) for each in self._short),
            *(_oid(at[each]) for each in oids),
            *(token for each in (*documents, *lists) for token in _tokens(str(each), _plain(at[each]))),
            *(
                token
                for parameter in ("identifier", "relatesto.identifier")
                for each in oids
                for token in _tokens(f"2.25.{each.int}", _oid(at[each]), parameter)
            ),
            *(_replaced(at[each]) for each in documents),
            *(_located(at[each], located) for each in oids),
            lambda copy: copy.ins.encode(),
            lambda copy: locator.digest(locator.INS, records.ins_key(INS_TEST, copy.ins)),
        ]

    def tie(self, words: str, unique_id: str | None) -> Spelling:
        """`unique_id` is that of the document of this record which the words name, if they name one."""
        at = next((self._at[each] for each in self.uuids if unique_id == f"2.25.{each.int}"), None)

        def spelled(copy: Copy) -> bytes:
            said = words if at is None else words.replace(unique_id or "", copy.unique_ids[at].decode())
            return self._tied(copy.plain(0) + b" " + said.encode())

        return spelled

    def pattern(self) -> Copy:
        return self._copy(self._whole, self.ins)

    def copy(self, number: int, chance: Random) -> Copy:
        """Copy `number` (from 1) of this pattern: other people of the same sex, month and department of birth.

        All the UUIDs are drawn at once, as one large number: what is kept of each, what is drawn, and a time that is
        `number` milliseconds later."""
        drawn = chance.getrandbits(128 * len(self.uuids)) & self._free
        shift = number - _BEFORE_MS
        return self._copy((drawn | self._kept) + shift * self._ticks, _ins(self.ins, number))

    def _copy(self, whole: int, ins: str) -> Copy:
        data = whole.to_bytes(16 * len(self.uuids))
        raws = [data[at : at + 16] for at in range(0, len(data), 16)]
        short = dict(zip(self._short, shorts([raws[at] for at in self._short]), strict=True))
        return Copy(raws, short, {at: b"2.25.%d" % int.from_bytes(raws[at]) for at in self._oids}, ins)


def _joined(parts: Iterable[int]) -> int:
    return int.from_bytes(b"".join(each.to_bytes(16) for each in parts))


def _version(value: int) -> int:
    return (value >> 76) & 0xF


def _drawn(value: int, numeral: bool) -> tuple[int, int]:  # noqa: FBT001
    """The bits of a UUID that are drawn anew, and those that stay. Time-ordered ones keep their time, to which the
    copy's is added; as a numeral it keeps the number of its digits."""
    free, kept = _EVERYTHING & ~_VERSION_AND_VARIANT, value & _VERSION_AND_VARIANT
    if _version(value) == _TIME_ORDERED:
        time = _EVERYTHING & ~((1 << 80) - 1)
        free, kept = free & ~time, kept | value & time
    elif numeral:
        highest = min((10 ** len(str(value))).bit_length() - 2, 127)
        free, kept = free & ((1 << highest) - 1), kept | 1 << highest
    return free, kept


def _hyphened(digits: bytes) -> bytes:
    return b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _raw(at: int) -> Spelling:
    return lambda copy: copy.raws[at]


def _plain(at: int) -> Spelling:
    return lambda copy: copy.plain(at)


def _short(at: int) -> Spelling:
    return lambda copy: copy.shorts[at]


def _oid(at: int) -> Spelling:
    return lambda copy: copy.unique_ids[at]


def _ins(ins: str, number: int) -> str:
    """Commune and order number of the matricule count on from the pattern's."""
    start, place = ins[:7], int(ins[7:13])
    matricule = f"{start}{(place + number) % _PLACES:06d}"
    return matricule + ins_key(matricule)


def _tokens(value: str, spelled: Spelling, parameter: str = "identifier") -> tuple[Spelling, Spelling]:
    """The two numbers by which an identifier is found: with its system, and without. `value` is the pattern's."""
    given = identifiers.unique_id_to_fhir(value)
    found = normal(Identifier(given["system"], given["value"]))
    with_system, without = (keys.text(parameter, Token(system, found.value)) for system in (found.system, None))
    return _key(with_system, value, spelled), _key(without, value, spelled)


def _key(text: str, value: str, spelled: Spelling) -> Spelling:
    """The number of such a text with a copy's value in place of the pattern's, which stands at its end."""
    begun = keys.hashed(text.removesuffix(value))

    def key(copy: Copy) -> bytes:
        hashed = begun.copy()
        hashed.update(spelled(copy))
        return hashed.digest()

    return key


def _replaced(at: int) -> Spelling:
    return lambda copy: keys.key("relatesto", "DocumentReference", copy.fhir_id(at)).to_bytes(8, signed=True)


def _located(at: int, located: Callable[[bytes], bytes]) -> Spelling:
    return lambda copy: located(copy.unique_ids[at])


def _secret() -> bytes:
    """What `kernel.db.locator` hashes with."""
    return vault.derive("locator")


def wrapped_key(keeper: KeyKeeper, copy: Copy) -> bytes:
    return keeper.wrap(os.urandom(KEY_BYTES), copy.record_id.bytes)[0]
