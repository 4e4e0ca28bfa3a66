"""Which PDF files come in, by their bytes."""

from __future__ import annotations

import base64
import io
import struct
import time
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from carnet.kernel import vault
from carnet.kernel.vault import pdf as pdf_check
from tests.corpus import CORPUS, needs_corpus
from tests.kernel.vault import samples
from tests.kernel.vault.sniffing import LIMIT, refusal

ACTIVE: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "script on opening": samples.on_opening,
    "script in the name tree": samples.in_the_names,
    "script at the end of a chain": samples.in_a_chain_of_actions,
    "script of a field": samples.of_a_field,
    "launch": samples.launching,
    "form sent away": samples.submitting,
    "rich media": samples.rich_media,
    "scripted XFA form": samples.scripted_form,
    "program by its name": samples.attached("facture.pdf.exe", b"anything"),
    "program by its bytes": samples.attached("image.png", b"MZ\x90\x00"),
    "macros": samples.attached("lettre.docm", b"PK\x03\x04"),
}


@pytest.mark.parametrize("name", ACTIVE)
@pytest.mark.parametrize("packed", [True, False])
def test_active(name: str, *, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    data = samples.pdf(ACTIVE[name], object_stream_mode=mode)
    assert refusal(data, "application/pdf") == "active-content"


def test_active_under_a_name_written_otherwise() -> None:
    data = samples.pdf(samples.on_opening, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"/JavaScript" in data
    hidden = data.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS", b"/#4a#53")
    assert refusal(hidden, "application/pdf") == "active-content"


def test_active_in_an_object_that_no_table_names() -> None:
    plain = samples.pdf()
    at = plain.index(b"xref")
    data = plain[:at] + b"99 0 obj << /S /JavaScript /JS (x) >> endobj\n" + plain[at:]
    assert refusal(data, "application/pdf") == "active-content"


@pytest.mark.parametrize(
    "change",
    [samples.plain_form, samples.attached("donnees.xml", b"<a/>"), samples.attached("image.png", b"\x89PNG")],
)
def test_harmless(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert vault.check(samples.pdf(change), "application/pdf", limit=LIMIT) == "application/pdf"


def test_the_word_in_a_text_is_no_script() -> None:
    def title(document: pikepdf.Pdf) -> None:
        document.docinfo["/Title"] = "Le mot /JavaScript et le mot /Launch"

    assert vault.check(samples.pdf(title), "application/pdf", limit=LIMIT) == "application/pdf"


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted(password: str) -> None:
    data = samples.pdf(encryption=pikepdf.Encryption(user=password, owner="owner"))
    assert refusal(data, "application/pdf") == "encrypted"


def test_cut_anywhere() -> None:
    data = samples.pdf()
    for end in range(20, len(data) - 6, 41):
        assert refusal(data[:end], "application/pdf") == "broken"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"rubbish " * 500 + b"\n%%EOF\n", b"%PDF-1.4 1 0 obj << endobj %%EOF"],
)
def test_not_a_pdf_behind_the_header(data: bytes) -> None:
    assert refusal(data, "application/pdf") == "broken"


def test_without_pages() -> None:
    out = io.BytesIO()
    pikepdf.new().save(out)
    assert refusal(out.getvalue(), "application/pdf") == "broken"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\x1b%-12345X@PJL JOB\r\n"])
def test_what_printers_write_before_is_accepted(before: bytes) -> None:
    assert vault.check(before + samples.pdf(), "application/pdf", limit=LIMIT) == "application/pdf"


def test_something_else_before_is_not() -> None:
    assert refusal(b"<script>alert(1)</script>" + samples.pdf(), "application/pdf") == "polyglot"
    assert refusal(b"GARBAGE " + samples.pdf(), "application/pdf") == "polyglot"
    assert refusal(b" " * 1024 + samples.pdf(), "application/pdf") == "not-what-it-says"


@pytest.mark.long
def test_a_bomb_is_refused_in_bounded_time() -> None:
    """1.25 GiB of white space in an object stream, 1 MB in the file."""
    began = time.monotonic()
    assert refusal(_bomb(), "application/pdf") in {"too-complex", "broken"}
    assert time.monotonic() - began < 60


def test_the_inspector_may_die_and_comes_back() -> None:
    vault.check(samples.pdf(), "application/pdf", limit=LIMIT)
    (process,) = pdf_check._inspector._idle
    process.kill()
    process.wait()
    assert vault.check(samples.pdf(), "application/pdf", limit=LIMIT) == "application/pdf"


@needs_corpus
def test_the_pdf_bodies_of_the_corpus_are_accepted() -> None:
    assert CORPUS is not None
    bodies = 0
    for path in CORPUS.rglob("cda*/**/*.xml"):
        for chunk in path.read_bytes().split(b"JVBERi0")[1:]:
            body = b"JVBERi0" + chunk.partition(b"<")[0]
            vault.check(base64.b64decode(b"".join(body.split())), "application/pdf", limit=LIMIT)
            bodies += 1
    assert bodies


def _bomb() -> bytes:
    """A cross-reference stream that leads into an object stream of 1.25 GiB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (16 * 1024 * 1024)) for _ in range(80)) + packer.flush()
    out = bytearray(b"%PDF-1.5\n")
    places = [0]
    for number, (head, body) in enumerate(
        [
            (b"<< /Type /ObjStm /N 2 /First 10 /Filter /FlateDecode /Length %d >>" % len(packed), packed),
        ],
        1,
    ):
        places.append(len(out))
        out += b"%d 0 obj %s\nstream\n%s\nendstream endobj\n" % (number, head, body)
    start = len(out)
    rows = [(0, 0, 65535), (1, places[1], 0), (2, 1, 0), (2, 1, 1), (1, start, 0)]
    table = b"".join(struct.pack("!BIH", *row) for row in rows)
    out += b"4 0 obj << /Type /XRef /Size 5 /W [1 4 2] /Root 2 0 R /Length %d >>\nstream\n%s\nendstream endobj\n" % (
        len(table),
        table,
    )
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start
