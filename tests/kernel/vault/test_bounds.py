"""A small hostile file costs little memory, little time, and nobody else's deposit."""

from __future__ import annotations

import struct
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from carnet.kernel import vault
from carnet.kernel.vault import pdf as pdf_check
from tests.kernel.vault import samples

LIMIT = 25 * 1024 * 1024
_MIB = 1024 * 1024

Tag = tuple[int, int, int]
"""Number, how many whole numbers of 4 octets, and the value or its place."""


def _tiff(*pages: list[Tag], size: int = _MIB) -> bytes:
    """One black point per page; behind the directories, zeros for values to lie in."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 8))
    for number, extra in enumerate(pages, 1):
        one: list[Tag] = [(256, 1, 1), (257, 1, 1), (273, 1, 0), (279, 1, 1)]
        tags = extra + one
        after = len(out) + 2 + 12 * len(tags) + 4
        out += struct.pack("<H", len(tags))
        out += b"".join(struct.pack("<HHII", tag, 4, count, value) for tag, count, value in tags)
        out += struct.pack("<I", after if number < len(pages) else 0)
    return bytes(out) + bytes(size)


def _peak(data: bytes) -> tuple[int, str]:
    tracemalloc.start()
    try:
        verdict = vault.check(data, "image/tiff", limit=LIMIT)
    except vault.Refused as refused:
        verdict = refused.code
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak, verdict


class TestTiff:
    def test_the_values_of_unknown_tags_are_not_read(self) -> None:
        peak, verdict = _peak(_tiff([(40_000 + number, 250_000, 8) for number in range(20)]))
        assert verdict == "image/tiff"
        assert peak < 8 * _MIB

    def test_but_they_must_lie_in_the_file(self) -> None:
        assert _peak(_tiff([(40_000, 1_000_000, 8)]))[1] == "broken"

    def test_a_page_of_too_many_pieces(self) -> None:
        peak, verdict = _peak(_tiff([(324, 250_000, 8)]))
        assert verdict == "broken"
        assert peak < 8 * _MIB

    @pytest.mark.parametrize("pages", [1, 20])
    def test_values_that_overlap_are_counted_each_time(self, pages: int) -> None:
        tags = [(tag, 190_000, 8) for tag in (324, 325)] * (20 // pages)
        peak, verdict = _peak(_tiff(*[tags] * pages))
        assert verdict == "broken"
        assert peak < 48 * _MIB

    @pytest.mark.long
    def test_a_file_of_nothing_but_tags_ends_soon(self) -> None:
        data = _tiff(*[[(40_000, 1, 0)] * 60_000] * 35, size=0)
        began = time.monotonic()
        with pytest.raises(vault.Refused):
            vault.check(data, "image/tiff", limit=LIMIT)
        assert time.monotonic() - began < 20

    def test_many_honest_pages_are_accepted(self) -> None:
        assert _peak(_tiff(*[[(258, 1, 1)]] * 4000))[1] == "image/tiff"


def _crowded_pdf(dictionaries: int) -> bytes:
    """So many direct dictionaries beside an embedded file."""
    parts = [
        b"1 0 obj << /Type /Catalog /Pages 2 0 R /X << /EF << >> /A [" + b"<<>>" * dictionaries + b"] >> >> endobj\n",
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n",
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj\n",
    ]
    out = b"%PDF-1.5\n"
    table = b"0000000000 65535 f \n"
    for part in parts:
        table += b"%010d 00000 n \n" % len(out)
        out += part
    return out + b"xref\n0 4\n%strailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def _pdf_verdict(data: bytes) -> str:
    try:
        return vault.check(data, "application/pdf", limit=LIMIT)
    except vault.Refused as refused:
        return refused.code


class TestPdf:
    def test_a_crowded_file_is_refused_soon_and_keeps_nobody_waiting(self) -> None:
        _pdf_verdict(samples.pdf())
        began = time.monotonic()
        with ThreadPoolExecutor(2) as threads:
            hostile = threads.submit(_pdf_verdict, _crowded_pdf(900_000))
            time.sleep(0.2)
            innocent = threads.submit(_pdf_verdict, samples.pdf())
            assert innocent.result() in {"application/pdf", "scanner-unavailable"}
            # On a busy machine the clock runs out before the processor's time does.
            assert hostile.result() in {"too-complex", "scanner-unavailable"}
        assert time.monotonic() - began < 12

    def test_a_file_with_a_few_of_them_is_read(self) -> None:
        assert _pdf_verdict(_crowded_pdf(1000)) == "application/pdf"

    def test_who_waits_too_long_is_told_to_come_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf_check._inspector, "patience", 0.1)
        turns = pdf_check._inspector._my_turns()
        assert turns.take(None, 1)
        with pytest.raises(vault.ScannerUnavailable):
            vault.check(samples.pdf(), "application/pdf", limit=LIMIT)
        turns.give_back(None)
        assert _pdf_verdict(samples.pdf()) == "application/pdf"
