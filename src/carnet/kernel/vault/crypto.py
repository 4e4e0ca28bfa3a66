"""Encryption of one content in constant memory: the STREAM construction over AES-256-GCM.

A file is a header and chunks. Header: magic (6 bytes), version (1), key mark (8), salt (32). Each chunk
is 64 KiB of content (the last one may be shorter, or empty when all is) followed by its tag. The key of
the file is derived from the record's data key, the salt and the context (record and content ids), so that
no nonce can ever be used twice under one key, and a file moved to another id or another record does not
open. The nonce is the chunk's number and whether it is the last: a chunk that is moved, doubled or
removed, and a file cut anywhere or lengthened, do not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 64 * 1024
KEY_BYTES = 32
_TAG = 16
_MAGIC = b"CARNET\x01"
_MARK = 8
_SALT = 32
HEADER = len(_MAGIC) + _MARK + _SALT


class Tampered(Exception):
    """Not what was encrypted with this key for this context."""


class WrongKey(Tampered):
    """The file says that it was written with another key."""


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def encrypted_size(size: int) -> int:
    """How many bytes `encrypt` makes of `size` bytes."""
    return HEADER + size + _TAG * max(1, -(-size // CHUNK))


def encrypt(key: bytes, context: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    header = _MAGIC + _mark(key) + os.urandom(_SALT)
    cipher = _cipher(key, context, header)
    yield header
    for number, (block, last) in enumerate(_blocks(parts, CHUNK)):
        yield cipher.encrypt(_nonce(number, last=last), block, None)


def decrypt(key: bytes, context: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yields verified chunks only; raises `Tampered`. What came before the raise is authentic, but the whole
    is not."""
    source = iter(parts)
    header, rest = _take(source, HEADER)
    if not header.startswith(_MAGIC):
        raise Tampered
    if not compare_digest(header[len(_MAGIC) : len(_MAGIC) + _MARK], _mark(key)):
        raise WrongKey
    cipher = _cipher(key, context, header)
    for number, (block, last) in enumerate(_blocks(_chain(rest, source), CHUNK + _TAG)):
        try:
            yield cipher.decrypt(_nonce(number, last=last), block, None)
        except (InvalidTag, ValueError):
            raise Tampered from None


def _mark(key: bytes) -> bytes:
    """Tells which key a file needs without telling anything about the key."""
    return hkdf(key, salt=b"", info=b"carnet content key mark", length=_MARK)


def _cipher(key: bytes, context: bytes, header: bytes) -> AESGCM:
    return AESGCM(hkdf(key, salt=header[-_SALT:], info=b"carnet content v1|" + header + b"|" + context))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _take(source: Iterator[bytes], size: int) -> tuple[bytes, bytes]:
    taken = bytearray()
    while len(taken) < size:
        part = next(source, None)
        if part is None:
            raise Tampered
        taken += part
    return bytes(taken[:size]), bytes(taken[size:])


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _blocks(parts: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Blocks of `size` bytes, each with whether it is the last; the last may be shorter; there is always
    one."""
    held = bytearray()
    for part in parts:
        view = memoryview(part)
        while view:
            if len(held) == size:
                yield bytes(held), False
                held.clear()
            room = size - len(held)
            held += view[:room]
            view = view[room:]
    yield bytes(held), True
