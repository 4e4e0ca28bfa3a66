"""Whatever is done to an encrypted file is found, however its bytes arrive."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.kernel.vault.crypto import CHUNK, HEADER, Tampered, WrongKey, decrypt, encrypt, encrypted_size

KEY = bytes(range(32))
CONTEXT = b"a record" + b"a content"
SEALED = CHUNK + 16
SIZES = st.sampled_from([0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])


def cut(data: bytes, *sizes: int) -> Iterator[bytes]:
    at, turn = 0, 0
    while at < len(data):
        size = max(1, sizes[turn % len(sizes)])
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def sealed(data: bytes) -> bytes:
    return b"".join(encrypt(KEY, CONTEXT, [data]))


def opened(file: bytes, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return b"".join(decrypt(key, context, [file]))


@settings(deadline=None)
@given(
    size=SIZES,
    writing=st.lists(st.integers(0, 2 * CHUNK), min_size=1, max_size=5),
    reading=st.lists(st.integers(1, 2 * CHUNK), min_size=1, max_size=5),
)
def test_any_cutting_gives_the_same_bytes_back(size: int, writing: list[int], reading: list[int]) -> None:
    if max(writing, default=0) < 64 or max(reading) < 64:
        writing, reading = [*writing, 999], [*reading, 999]
    data = os.urandom(size)
    file = b"".join(encrypt(KEY, CONTEXT, cut(data, *writing)))
    assert len(file) == encrypted_size(size)
    assert b"".join(decrypt(KEY, CONTEXT, cut(file, *reading))) == data


@settings(deadline=None)
@given(size=SIZES, where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_changed_bit_is_found(size: int, where: float, bit: int) -> None:
    file = bytearray(sealed(b"x" * size))
    file[int(where * len(file))] ^= 1 << bit
    with pytest.raises(Tampered):
        opened(bytes(file))


@settings(deadline=None)
@given(size=SIZES, where=st.floats(0, 1, exclude_max=True))
def test_a_cut_anywhere_is_found(size: int, where: float) -> None:
    file = sealed(b"x" * size)
    with pytest.raises(Tampered):
        opened(file[: int(where * len(file))])


@pytest.mark.parametrize("size", [0, 5, CHUNK, 3 * CHUNK, 3 * CHUNK + 5])
def test_a_cut_between_chunks_is_found(size: int) -> None:
    file = sealed(b"x" * size)
    for end in range(HEADER, len(file), SEALED):
        with pytest.raises(Tampered):
            opened(file[:end])


@settings(deadline=None)
@given(size=SIZES, more=st.binary(min_size=1, max_size=100))
def test_anything_added_is_found(size: int, more: bytes) -> None:
    with pytest.raises(Tampered):
        opened(sealed(b"x" * size) + more)


@settings(deadline=None)
@given(order=st.permutations(range(4)).filter(lambda order: list(order) != [0, 1, 2, 3]))
def test_chunks_in_another_order_are_found(order: list[int]) -> None:
    file = sealed(b"x" * 4 * CHUNK)
    chunks = [file[HEADER + SEALED * n : HEADER + SEALED * (n + 1)] for n in range(4)]
    with pytest.raises(Tampered):
        opened(file[:HEADER] + b"".join(chunks[n] for n in order))


def test_a_chunk_of_another_file_of_the_same_record_is_found() -> None:
    one, other = sealed(b"a" * 2 * CHUNK), sealed(b"b" * 2 * CHUNK)
    with pytest.raises(Tampered):
        opened(one[: HEADER + SEALED] + other[HEADER + SEALED :])


def test_a_file_does_not_open_under_another_id_record_or_key() -> None:
    file = sealed(b"content")
    with pytest.raises(Tampered):
        opened(file, context=b"a record" + b"another")
    with pytest.raises(WrongKey):
        opened(file, key=bytes(32))


def test_nothing_is_yielded_of_a_bad_chunk() -> None:
    file = bytearray(sealed(b"a" * CHUNK + b"b" * CHUNK))
    file[-1] ^= 1
    parts = decrypt(KEY, CONTEXT, [bytes(file)])
    assert next(parts) == b"a" * CHUNK
    with pytest.raises(Tampered):
        next(parts)


def test_the_same_content_never_looks_the_same() -> None:
    assert sealed(b"content")[HEADER - 32 :] != sealed(b"content")[HEADER - 32 :]
