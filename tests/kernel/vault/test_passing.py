"""Contents that pass: durable and encrypted while they last, and nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from carnet.kernel import clock
from carnet.kernel.vault import Altered, Missing, passing
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from carnet.kernel.vault.sweep import sweep

pytestmark = pytest.mark.usefixtures("house")

DAY = timedelta(days=1)


def parts() -> Iterator[bytes]:
    yield from (bytes([n]) * 100_000 for n in range(3))


def test_it_comes_back_as_it_was_and_lies_encrypted() -> None:
    kept = passing.keep(parts(), until=clock.now() + DAY)
    whole = b"".join(parts())
    assert (kept.size, kept.sha256) == (300_000, sha256(whole).digest())
    assert passing.read(kept.id) == whole
    assert bytes(50) not in b"".join(here().store.get(name_of(kept.id)))


def test_the_sweep_of_what_no_row_names_leaves_it() -> None:
    kept = passing.keep(b"en route", until=clock.now() + DAY)
    sweep(clock.now() + DAY)
    assert passing.read(kept.id) == b"en route"


def test_at_its_end_file_and_key_are_gone() -> None:
    ended, lasting = (passing.keep(b"x", until=clock.now() + each) for each in (-DAY, DAY))
    assert passing.drop_ended(clock.now()) >= 1
    with pytest.raises(Missing):
        passing.open(ended.id)
    assert not here().store.exists(name_of(ended.id))
    assert passing.read(lasting.id) == b"x"


def test_an_altered_file_does_not_open() -> None:
    kept = passing.keep(b"x" * 1000, until=clock.now() + DAY)
    stored = bytearray(b"".join(here().store.get(name_of(kept.id))))
    stored[-1] ^= 1
    here().store.delete(name_of(kept.id))
    here().store.put(name_of(kept.id), [bytes(stored)])
    with pytest.raises(Altered):
        passing.open(kept.id)


def test_a_file_that_is_gone_is_missing() -> None:
    kept = passing.keep(b"x", until=clock.now() + DAY)
    here().store.delete(name_of(kept.id))
    with pytest.raises(Missing):
        passing.open(kept.id)
