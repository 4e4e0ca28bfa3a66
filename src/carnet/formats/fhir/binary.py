"""The FHIR form of a document's bytes, written piece by piece."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator

import orjson

__all__ = ["stream"]


def stream(*, fhir_id: str, media_type: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The JSON of a Binary, in about as many pieces as `chunks`, whatever their sizes."""
    yield b'{"resourceType":"Binary","id":%s,"contentType":%s,"data":"' % (
        orjson.dumps(fhir_id),
        orjson.dumps(media_type),
    )
    left = b""
    for chunk in chunks:
        whole = left + chunk if left else chunk
        # Base64 goes by groups of three bytes: the rest waits for the next chunk.
        cut = len(whole) - len(whole) % 3
        left = bytes(whole[cut:])
        if cut:
            yield binascii.b2a_base64(memoryview(whole)[:cut], newline=False)
    yield binascii.b2a_base64(left, newline=False) + b'"}'
