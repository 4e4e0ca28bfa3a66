"""The names of a generated copy: its own, of the same kind and length, and the same for the same seed."""

from __future__ import annotations

import hmac
from random import Random
from uuid import UUID, uuid4, uuid5

from bench.base32 import shorts
from bench.keyed import keyed
from bench.naming import Copy, Names

from carnet.kernel.ids import short, uuid7

_INS = "198057502803517"


def copies(number: int, seed: str = "a") -> tuple[Names, Copy]:
    chance = Random("names")
    timed = [uuid7() for _ in range(9)]
    drawn = [UUID(int=chance.getrandbits(122), version=4) for _ in range(40)]
    oids = [uuid5(timed[0], str(each)) for each in range(40)] + drawn
    names = Names([uuid4(), *timed], oids, timed[:4], timed[4:6], _INS)
    return names, names.copy(number, Random(seed))


def test_many_are_spelled_as_one_is() -> None:
    several = [uuid4() for _ in range(60)]
    assert shorts([each.bytes for each in several]) == [short(each).encode() for each in several]
    assert shorts([]) == []


def test_many_are_hashed_as_one_is() -> None:
    digest = keyed(b"a secret", b"kind\0")
    assert [digest(each) for each in (b"", b"one", b"long" * 99)] == [
        hmac.digest(b"a secret", b"kind\0" + each, "sha256") for each in (b"", b"one", b"long" * 99)
    ]


def test_each_name_is_another_of_the_same_kind_and_length() -> None:
    names, copy = copies(5)
    for at, before in enumerate(names.uuids):
        after = copy.uuid(at)
        assert after != before
        assert (after.version, after.variant) == (before.version, before.variant)
        assert copy.plain(at).decode() == str(after)
    assert [len(each) for each in copy.unique_ids.values()] == [len(f"2.25.{each.int}") for each in names.uuids[10:]]
    assert all(copy.unique_ids[at] == f"2.25.{copy.uuid(at).int}".encode() for at in copy.unique_ids)
    assert len(copy.ins) == len(_INS)


def test_what_is_in_the_order_of_time_stays_so_and_later_copies_are_later() -> None:
    names, copy = copies(5)
    later = names.copy(6, Random("b"))
    times = [[each.uuid(at).int >> 80 for at in range(1, 10)] for each in (copy, later)]
    assert times[0] == sorted(times[0])
    assert [second - first for first, second in zip(*times, strict=True)] == [1] * 9


def test_the_same_chance_gives_the_same_names() -> None:
    names, _ = copies(5)
    assert names.copy(3, Random("x")) == names.copy(3, Random("x"))
    assert names.copy(3, Random("x")).raws != names.copy(3, Random("y")).raws


def test_the_pattern_is_the_copy_that_renames_nothing() -> None:
    names, _ = copies(5)
    assert [names.pattern().uuid(at) for at in range(len(names.uuids))] == names.uuids
