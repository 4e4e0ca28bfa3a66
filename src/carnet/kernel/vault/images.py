"""Structure of JPEG, PNG and TIFF: whole, of a sane size, and nothing else in disguise. No pixel is decoded."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

from carnet.kernel.vault.errors import Refused

Bytes = bytes | bytearray | memoryview

_MOST_PIXELS = 300_000_000
"""An A3 page at 600 points per inch has 70 millions; a viewer needs 4 bytes for each."""

# Patterns long enough never to occur by chance in compressed pixels.
_DISGUISED = re.compile(
    rb"<script[\s>/]|<!doctype\s+html|<html[\s>]|<iframe[\s>]|<svg\s+(xmlns|onload)|<\?php\s|%PDF-[12]\.",
    re.IGNORECASE,
)
_JPEG_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ZIP_END = 22
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARK, _SOS, _EOI = 0xFF, 0xDA, 0xD9
_STANDALONE = frozenset(range(0xD0, 0xD8)) | {0x01}


class _Broken(Exception):
    pass


def check_jpeg(data: Bytes) -> None:
    _check(data, "JPEG", _walk_jpeg)


def check_png(data: Bytes) -> None:
    _check(data, "PNG", _walk_png)


def check_tiff(data: Bytes) -> None:
    _check(data, "TIFF", _walk_tiff)


def refuse_archive(data: Bytes) -> None:
    """A ZIP is read from its end: any file can be one as well. Its closing record must not end this file."""
    tail = bytes(data[-_ZIP_END - 0xFFFF :])
    at = tail.rfind(b"PK\x05\x06")
    comment = int.from_bytes(tail[at + 20 : at + _ZIP_END], "little")
    if at >= 0 and at + _ZIP_END + comment == len(tail):
        raise Refused("polyglot", "Ce fichier est en même temps une archive ZIP : il n'est pas accepté.")


def _check(data: Bytes, name: str, walk: Callable[[memoryview], Iterator[tuple[int, int]]]) -> None:
    refuse_archive(data)
    if _DISGUISED.search(data):
        raise Refused(
            "polyglot", f"Cette image {name} contient aussi une page web ou un PDF : elle n'est pas acceptée."
        )
    try:
        sizes = list(walk(memoryview(data)))
    except (_Broken, struct.error, IndexError):
        raise Refused("broken", f"Cette image {name} est incomplète ou abîmée.") from None
    if not sizes or any(width <= 0 or height < 0 for width, height in sizes):
        raise Refused("broken", f"Cette image {name} est incomplète ou abîmée.")
    if any(width * height > _MOST_PIXELS for width, height in sizes):
        raise Refused("too-complex", f"Cette image {name} a trop de points pour être affichée.")


def _walk_jpeg(view: memoryview) -> Iterator[tuple[int, int]]:
    markers = set[int]()
    for marker, body in _jpeg_segments(view):
        markers.add(marker)
        if marker in _SOF:
            height, width = struct.unpack_from("!HH", view, body + 1)
            yield width, height
    if _SOS not in markers:
        raise _Broken


def _jpeg_segments(view: memoryview) -> Iterator[tuple[int, int]]:
    """Each marker and where its content begins, up to the end of the image.

    What phones add behind it is left alone.
    """
    at = 2
    while True:
        if view[at] != _MARK:
            raise _Broken
        while view[at] == _MARK:
            at += 1
        marker = view[at]
        at += 1
        if marker == _EOI:
            return
        if marker not in _STANDALONE:
            yield marker, at + 2
            at = _jpeg_next(view, marker, at)


def _jpeg_next(view: memoryview, marker: int, at: int) -> int:
    (length,) = struct.unpack_from("!H", view, at)
    after = at + int(length)
    if length < 2 or after > len(view):  # noqa: PLR2004
        raise _Broken
    if marker != _SOS:
        return after
    found = _JPEG_AFTER_SCAN.search(view, after)
    if found is None:
        raise _Broken
    return found.start()


def _walk_png(view: memoryview) -> Iterator[tuple[int, int]]:
    at, kinds = 8, list[bytes]()
    while not kinds or kinds[-1] != b"IEND":
        length, kind = struct.unpack_from("!I4s", view, at)
        body_end = at + 8 + length
        (crc,) = struct.unpack_from("!I", view, body_end)
        if zlib.crc32(view[at + 4 : body_end]) != crc:
            raise _Broken
        if kind == b"IHDR":
            width, height = struct.unpack_from("!II", view, at + 8)
            if height == 0:
                raise _Broken
            yield width, height
        kinds.append(kind)
        at = body_end + 4
    if kinds[0] != b"IHDR" or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds:
        raise _Broken


_WIDTH, _HEIGHT, _STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 256, 257, 273, 279, 324, 325
_TIFF_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_READ = frozenset({_WIDTH, _HEIGHT, _STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES})
_MOST_PAGES = 5000
_MOST_PIECES = 200_000
"""Of one page; an A3 page at 600 points per inch in strips of one line has 10 000."""
_MOST_NUMBERS = 2_000_000
"""Tags and values read from one file. Values may overlap, so the size of the file does not bound them."""


def _walk_tiff(view: memoryview) -> Iterator[tuple[int, int]]:
    order = "<" if bytes(view[:2]) == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", view, 4)
    seen, numbers = set[int](), 0
    while at:
        if at in seen or len(seen) > _MOST_PAGES:
            raise _Broken
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", view, at)
        tags = dict[int, tuple[int, ...]]()
        for index in range(count):
            tag, values = _tiff_tag(view, order, at + 2 + 12 * index)
            numbers += 1 + len(values)
            if numbers > _MOST_NUMBERS:
                raise _Broken
            if tag in _READ:
                tags[tag] = values
        _check_pieces(view, tags)
        yield tags[_WIDTH][0], tags[_HEIGHT][0]
        (at,) = struct.unpack_from(order + "I", view, at + 2 + 12 * count)


def _tiff_tag(view: memoryview, order: str, at: int) -> tuple[int, tuple[int, ...]]:
    """Whole numbers of one tag that is looked at; the values of the others only have to lie inside the file."""
    tag, kind, count = struct.unpack_from(order + "HHI", view, at)
    size = _TIFF_WIDTHS.get(kind, 1) * count
    place = at + 8 if size <= 4 else struct.unpack_from(order + "I", view, at + 8)[0]  # noqa: PLR2004
    if place + size > len(view):
        raise _Broken
    form = {3: "H", 4: "I"}.get(kind)
    if tag not in _READ or form is None:
        return tag, ()
    if count > _MOST_PIECES:
        raise _Broken
    return tag, struct.unpack_from(f"{order}{count}{form}", view, place)


def _check_pieces(view: memoryview, tags: dict[int, tuple[int, ...]]) -> None:
    starts = tags.get(_STRIPS) or tags.get(_TILES) or ()
    sizes = tags.get(_STRIP_SIZES) or tags.get(_TILE_SIZES) or ()
    if not starts or len(starts) != len(sizes) or not tags.get(_WIDTH) or not tags.get(_HEIGHT):
        raise _Broken
    if any(start + size > len(view) for start, size in zip(starts, sizes, strict=True)):
        raise _Broken
