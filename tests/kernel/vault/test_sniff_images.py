"""Which pictures come in, by their bytes."""

from __future__ import annotations

import struct
import zlib

import pytest

from carnet.kernel import vault
from tests.kernel.vault import samples
from tests.kernel.vault.sniffing import LIMIT, refusal


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_cut_anywhere(kind: str) -> None:
    data = samples.image(kind)
    for end in range(len(data) // 2, len(data) - 1, 97):
        # A cut TIFF whose directory comes first may still hold all its strips: only its end matters then.
        assert refusal(data[:end], f"image/{kind.lower()}") in {"broken", "not-what-it-says"}


@pytest.mark.parametrize(
    "options",
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"restart_marker_blocks": 1}),
        ("JPEG", {"comment": b"a comment", "dpi": (300, 300)}),
        ("PNG", {"dpi": (300, 300)}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
    ],
)
def test_variants(options: tuple[str, dict[str, object]]) -> None:
    kind, how = options
    assert vault.check(samples.image(kind, **how), f"image/{kind.lower()}", limit=LIMIT)


def test_both_orders_of_tiff() -> None:
    little = struct.pack("<2sHI", b"II", 42, 8) + _directory("<")
    big = struct.pack(">2sHI", b"MM", 42, 8) + _directory(">")
    for data in (little, big):
        assert vault.check(data, "image/tiff", limit=LIMIT) == "image/tiff"


def test_tiff_that_turns_in_circles() -> None:
    data = bytearray(struct.pack("<2sHI", b"II", 42, 8) + _directory("<"))
    data[-8:-4] = struct.pack("<I", 8)
    assert refusal(bytes(data), "image/tiff") == "broken"


def test_one_changed_byte_in_a_png() -> None:
    data = bytearray(samples.image("PNG"))
    data[len(data) // 2] ^= 1
    assert refusal(bytes(data), "image/png") == "broken"


def test_an_image_too_large_to_show() -> None:
    header = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    body = b"".join(
        struct.pack("!I", len(part)) + kind + part + struct.pack("!I", zlib.crc32(kind + part)) for kind, part in chunks
    )
    assert refusal(b"\x89PNG\r\n\x1a\n" + body, "image/png") == "too-complex"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("extra", [b"<script>alert(1)</script>", b"<!DOCTYPE html>", b"<?php x", samples.pdf()])
def test_something_else_behind_the_picture(kind: str, extra: bytes) -> None:
    assert refusal(samples.image(kind) + extra, f"image/{kind.lower()}") == "polyglot"


def test_html_in_a_comment() -> None:
    assert refusal(samples.image("JPEG", comment=b"<html><script src=x>"), "image/jpeg") == "polyglot"


def test_what_phones_add_behind_a_photo_is_accepted() -> None:
    data = samples.image("JPEG") + b"\x00\x00\x00\x18ftypmp42" + bytes(1000)
    assert vault.check(data, "image/jpeg", limit=LIMIT) == "image/jpeg"


def _directory(order: str) -> bytes:
    """One page of one black point, in one strip at the end."""
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 12 * 8 + 4), (278, 1), (279, 1)]
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags)
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", 0) + b"\x00\x00\x00\x00"
