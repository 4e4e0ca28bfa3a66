"""The names by which a record's rows know each other, in each of their spellings, and how a copy gets its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from carnet.demo.identifiers import INS_TEST
from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.search import keys
from carnet.formats.fhir.search.tokens import Token, normal
from carnet.formats.ins import key as ins_key
from carnet.kernel.db import locator
from carnet.kernel.vault.crypto import KEY_BYTES
from carnet.kernel.vault.keys import KeyKeeper
from carnet.records import queries as records

_VERSION_AND_VARIANT = (0xF << 76) | (0x3 << 62)
_RANDOM = (1 << 76) - 1
_TIME_ORDERED = 7
_PLACES = 1_000_000
# Copies are as old as their number tells, and older than what comes after them.
_BEFORE_MS = 100_000_000


@dataclass(slots=True)
class Copy:
    """The numbers of one copy: the UUIDs as integers, in the order of `Names.uuids`; those of the pattern itself are
    the copy that renames nothing."""

    ints: list[int]
    ins: str
    texts: list[str] = field(init=False)
    shorts: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = [_hyphened(f"{each:032x}") for each in self.ints]

    @property
    def record_id(self) -> UUID:
        return UUID(int=self.ints[0])

    def uuid(self, at: int) -> str:
        return self.texts[at]

    def short(self, at: int) -> str:
        known = self.shorts.get(at)
        if known is None:
            known = self.shorts[at] = _short(self.ints[at])
        return known

    def fhir_id(self, at: int) -> str:
        return f"{self.short(0)}-{self.short(at)}"

    def unique_id(self, at: int) -> str:
        return f"2.25.{self.ints[at]}"


def _hyphened(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


def _short(value: int) -> str:
    """As `kernel.ids.short`, which takes its time."""
    value <<= 2
    return "".join([_PAIRS[(value >> at) & 1023] for at in range(120, -1, -10)])


Spelling = Callable[[Copy], bytes]
"""How a name stands in binary rows: UUIDs and digests as their bytes, or in letters within a text."""


class Names:
    """`uuids` begins with the record's own; `oids` are those that stand in uniqueIds; `documents` and `lists` have FHIR
    ids."""

    def __init__(
        self, uuids: Sequence[UUID], oids: Sequence[UUID], documents: Sequence[UUID], lists: Sequence[UUID], ins: str
    ) -> None:
        self.uuids = [*uuids, *oids]
        # A row tells how long its texts are, and of all names the uniqueIds alone have no length of their own.
        self._digits = [0] * len(uuids) + [len(str(each.int)) for each in oids]
        self.ins = ins
        at = {uuid: number for number, uuid in enumerate(self.uuids)}
        self._at = at
        self.spellings: list[Spelling] = [
            *(self._raw(at[each]) for each in uuids),
            *(self._plain(at[each]) for each in uuids),
            *(self._short(at[each]) for each in (self.uuids[0], *documents, *lists)),
            *(self._oid(at[each]) for each in oids),
            *(token for each in (*documents, *lists) for token in _tokens(str(each), at[each], Copy.uuid)),
            *(
                token
                for parameter in ("identifier", "relatesto.identifier")
                for each in oids
                for token in _tokens(f"2.25.{each.int}", at[each], Copy.unique_id, parameter)
            ),
            *(_replaced(at[each]) for each in documents),
            *(_located(at[each]) for each in oids),
            lambda copy: copy.ins.encode(),
            lambda copy: locator.digest(locator.INS, records.ins_key(INS_TEST, copy.ins)),
        ]

    def _raw(self, at: int) -> Spelling:
        return lambda copy: copy.ints[at].to_bytes(16)

    def _plain(self, at: int) -> Spelling:
        return lambda copy: copy.uuid(at).encode()

    def _short(self, at: int) -> Spelling:
        return lambda copy: copy.short(at).encode()

    def _oid(self, at: int) -> Spelling:
        return lambda copy: copy.unique_id(at).encode()

    def tie(self, words: str, unique_id: str | None) -> Spelling:
        """`unique_id` is that of the document of this record which the words name, if they name one."""
        at = next((self._at[each] for each in self.uuids if unique_id == f"2.25.{each.int}"), None)

        def spelled(copy: Copy) -> bytes:
            said = words if at is None else words.replace(unique_id or "", copy.unique_id(at))
            return locator.digest("tie", f"{copy.record_id} {said}")

        return spelled

    def pattern(self) -> Copy:
        return Copy([each.int for each in self.uuids], self.ins)

    def copy(self, number: int, chance: Random) -> Copy:
        """Copy `number` (from 1) of this pattern: other people of the same sex, month and department of birth."""
        shift = number - _BEFORE_MS
        both = zip(self.uuids, self._digits, strict=True)
        return Copy([_renamed(each.int, digits, shift, chance) for each, digits in both], _ins(self.ins, number))


def _renamed(value: int, digits: int, shift: int, chance: Random) -> int:
    drawn = _drawn(value, shift, chance)
    while digits and len(str(drawn)) != digits:
        drawn = _drawn(value, shift, chance)
    return drawn


def _drawn(value: int, shift: int, chance: Random) -> int:
    """The same version; time-ordered ones stay in order, those of a later copy are later."""
    time, kept = value >> 80, value & _VERSION_AND_VARIANT
    drawn = chance.getrandbits(128)
    if (value >> 76) & 0xF == _TIME_ORDERED:
        drawn = (drawn & _RANDOM) | ((time + shift) << 80)
    return (drawn & ~_VERSION_AND_VARIANT) | kept


def _ins(ins: str, number: int) -> str:
    """Commune and order number of the matricule count on from the pattern's."""
    start, place = ins[:7], int(ins[7:13])
    matricule = f"{start}{(place + number) % _PLACES:06d}"
    return matricule + ins_key(matricule)


def _tokens(
    value: str, at: int, spelled: Callable[[Copy, int], str], parameter: str = "identifier"
) -> tuple[Spelling, Spelling]:
    """The two numbers by which an identifier is found: with its system, and without. `value` is the pattern's."""
    given = identifiers.unique_id_to_fhir(value)
    found = normal(Identifier(given["system"], given["value"]))
    around = found.value.partition(value)

    def code(copy: Copy) -> str:
        return f"{around[0]}{spelled(copy, at)}{around[2]}"

    return (
        lambda copy: _bigint(keys.key(parameter, found.system, code(copy))),
        lambda copy: _bigint(keys.asked(parameter, Token(None, code(copy)))),
    )


def _replaced(at: int) -> Spelling:
    return lambda copy: _bigint(keys.key("relatesto", "DocumentReference", copy.fhir_id(at)))


def _located(at: int) -> Spelling:
    return lambda copy: locator.digest(locator.UNIQUE_ID, copy.unique_id(at))


def _bigint(number: int) -> bytes:
    return number.to_bytes(8, signed=True)


def wrapped_key(keeper: KeyKeeper, copy: Copy) -> bytes:
    return keeper.wrap(os.urandom(KEY_BYTES), copy.record_id.bytes)[0]
