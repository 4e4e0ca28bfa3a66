"""What comes in and what does not, by its bytes."""

from __future__ import annotations

import base64
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.kernel import vault
from carnet.kernel.vault import pdf as pdf_check
from tests.corpus import CORPUS, needs_corpus
from tests.kernel.vault import samples

LIMIT = 25 * 1024 * 1024

GOOD = {
    "text/xml": samples.XML,
    "application/xml": samples.XML,
    "application/xslt+xml": b"<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'/>",
    "application/pdf": samples.pdf(),
    "image/jpeg": samples.image("JPEG"),
    "image/png": samples.image("PNG"),
    "image/tiff": samples.pages("TIFF"),
    "application/rtf": samples.RTF,
    "text/rtf": samples.RTF,
    "text/plain": samples.TEXT,
    "application/fhir+json": samples.FHIR,
}


def refusal(data: bytes, declared: str | None, limit: int = LIMIT) -> str:
    with pytest.raises(vault.Refused) as caught:
        vault.check(data, declared, limit=limit)
    assert caught.value.message.endswith((".", "tard"))
    return caught.value.code


def test_every_accepted_type_has_its_sample() -> None:
    assert set(GOOD) == vault.ACCEPTED


@pytest.mark.parametrize("declared", GOOD)
def test_accepted(declared: str) -> None:
    assert vault.check(GOOD[declared], declared, limit=LIMIT) == declared
    assert vault.check(GOOD[declared], f"{declared.upper()}; charset=utf-8", limit=LIMIT) == declared
    assert vault.check(memoryview(GOOD[declared]), declared, limit=LIMIT) == declared


@pytest.mark.parametrize("declared", [None, "", "application/octet-stream"])
def test_what_is_not_declared_is_recognised(declared: str | None) -> None:
    for name in ("text/xml", "application/pdf", "image/jpeg", "image/png", "image/tiff", "text/plain"):
        assert vault.check(GOOD[name], declared, limit=LIMIT) == name
    assert vault.check(samples.FHIR, declared, limit=LIMIT) == "application/fhir+json"
    assert vault.check(samples.RTF, declared, limit=LIMIT) == "application/rtf"


@pytest.mark.parametrize("declared", GOOD)
@pytest.mark.parametrize("real", GOOD)
def test_one_thing_is_not_another(declared: str, real: str) -> None:
    families = [{"text/xml", "application/xml", "application/xslt+xml"}, {"application/rtf", "text/rtf"}]
    same = declared == real or any({declared, real} <= family for family in families)
    if same or (declared, real) == ("text/plain", "application/fhir+json"):
        assert vault.check(GOOD[real], declared, limit=LIMIT) == declared
    else:
        assert refusal(GOOD[real], declared) == "not-what-it-says"


@pytest.mark.parametrize("declared", GOOD)
def test_empty_and_too_large(declared: str) -> None:
    data = GOOD[declared]
    assert refusal(b"", declared) == "empty"
    assert refusal(data, declared, limit=len(data) - 1) == "too-large"
    assert vault.check(data, declared, limit=len(data)) == declared


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"PK\x03\x04" + bytes(50),
        b"GIF89a" + bytes(50),
        bytes(range(256)),
    ],
)
def test_other_files_are_not_accepted_whatever_they_say(data: bytes) -> None:
    assert refusal(data, None) == "unsupported-type"
    assert refusal(data, "application/zip") == "unsupported-type"
    for declared in GOOD:
        assert refusal(data, declared) == "not-what-it-says"


@pytest.mark.parametrize(
    "html", [b"<!DOCTYPE html><p>x", b"\xef\xbb\xbf <html><body>", b"<!-- a --><script>x</script>"]
)
@pytest.mark.parametrize("declared", ["text/plain", "text/xml", "image/png", "application/pdf"])
def test_a_web_page_is_nothing_of_ours(html: bytes, declared: str) -> None:
    assert refusal(html, declared) == "not-what-it-says"


class TestMalware:
    @pytest.mark.parametrize("declared", GOOD)
    def test_eicar_anywhere(self, declared: str) -> None:
        assert refusal(GOOD[declared] + samples.EICAR, declared) == "malware"

    @pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
    @pytest.mark.parametrize("width", [0, 76])
    def test_eicar_inside_base64(self, before: bytes, width: int) -> None:
        body = base64.b64encode(before + samples.EICAR + b"\r\nmore")
        if width:
            body = b"\r\n".join(body[at : at + width] for at in range(0, len(body), width))
        xml = b'<text mediaType="application/pdf" representation="B64">' + body + b"</text>"
        assert refusal(xml, "text/xml") == "malware"


class TestTexts:
    def test_encodings(self) -> None:
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"):
            data = "Réponse thérapeutique\tà six mois\r\n".encode(encoding)
            assert vault.check(data, "text/plain", limit=LIMIT) == "text/plain"

    @pytest.mark.parametrize("data", [b"text\x00text", b"\x1b[2Jtext", b"\x81\x8d", b"a\x07"])
    def test_control_characters_are_no_text(self, data: bytes) -> None:
        assert refusal(data, "text/plain") == "not-what-it-says"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
    def test_xml_encodings(self, encoding: str) -> None:
        label = encoding.removesuffix("-sig")
        data = f'<?xml version="1.0" encoding="{label}"?>\n<a>Été</a>'.encode(encoding)
        assert vault.check(data, "text/xml", limit=LIMIT) == "text/xml"

    @pytest.mark.parametrize("data", [b"<a><b></a>", b"<a>", b"<a/><b/>", b'<?xml version="1.0" encoding="no"?><a/>'])
    def test_broken_xml(self, data: bytes) -> None:
        assert refusal(data, "text/xml") == "broken"

    @pytest.mark.parametrize(
        "data",
        [
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.test">%x;]><a/>',
            b'<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
            b'<?xml version="1.0"?><!-- --><x:html xmlns:x="http://www.w3.org/1999/xhtml"/>',
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            b'<?xml version="1.0"?><HTML/>',
        ],
    )
    def test_active_xml(self, data: bytes) -> None:
        assert refusal(data, "text/xml") == "active-content"

    def test_a_named_character_is_harmless(self) -> None:
        data = b'<!DOCTYPE a [<!ENTITY nbsp "&#160;">]><a>&nbsp;</a>'
        assert vault.check(data, "text/xml", limit=LIMIT) == "text/xml"

    @pytest.mark.parametrize(
        "data",
        [
            rb"{\rtf1 {\object\objemb{\*\objdata 0105}}}",
            rb"{\rtf1 {\field{\*\fldinst DDEAUTO c:\\x}}}",
            rb"{\rtf1 {\*\template http://example.test/x}}",
        ],
    )
    def test_active_rtf(self, data: bytes) -> None:
        assert refusal(data, "text/rtf") == "active-content"

    def test_cut_rtf(self) -> None:
        assert refusal(samples.RTF[:-1], "text/rtf") == "broken"

    @pytest.mark.parametrize("data", [b"{}", b"[]", b'{"resourceType": 1}', b'{"resourceType": "Bundle"', b"{" * 3000])
    def test_json_that_is_no_resource(self, data: bytes) -> None:
        assert refusal(data, "application/fhir+json") == "not-what-it-says"


class TestImages:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
    def test_cut_anywhere(self, kind: str) -> None:
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
    def test_variants(self, options: tuple[str, dict[str, object]]) -> None:
        kind, how = options
        assert vault.check(samples.image(kind, **how), f"image/{kind.lower()}", limit=LIMIT)

    def test_both_orders_of_tiff(self) -> None:
        little = struct.pack("<2sHI", b"II", 42, 8) + _directory("<")
        big = struct.pack(">2sHI", b"MM", 42, 8) + _directory(">")
        for data in (little, big):
            assert vault.check(data, "image/tiff", limit=LIMIT) == "image/tiff"

    def test_tiff_that_turns_in_circles(self) -> None:
        data = bytearray(struct.pack("<2sHI", b"II", 42, 8) + _directory("<"))
        data[-8:-4] = struct.pack("<I", 8)
        assert refusal(bytes(data), "image/tiff") == "broken"

    def test_one_changed_byte_in_a_png(self) -> None:
        data = bytearray(samples.image("PNG"))
        data[len(data) // 2] ^= 1
        assert refusal(bytes(data), "image/png") == "broken"

    def test_an_image_too_large_to_show(self) -> None:
        header = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
        body = b"".join(
            struct.pack("!I", len(part)) + kind + part + struct.pack("!I", zlib.crc32(kind + part))
            for kind, part in chunks
        )
        assert refusal(b"\x89PNG\r\n\x1a\n" + body, "image/png") == "too-complex"

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
    @pytest.mark.parametrize("extra", [b"<script>alert(1)</script>", b"<!DOCTYPE html>", b"<?php x", samples.pdf()])
    def test_something_else_behind_the_picture(self, kind: str, extra: bytes) -> None:
        assert refusal(samples.image(kind) + extra, f"image/{kind.lower()}") == "polyglot"

    def test_html_in_a_comment(self) -> None:
        assert refusal(samples.image("JPEG", comment=b"<html><script src=x>"), "image/jpeg") == "polyglot"

    @pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "image/tiff", "application/pdf"])
    def test_an_archive_behind_it(self, declared: str) -> None:
        assert refusal(_with_archive(GOOD[declared]), declared) == "polyglot"

    def test_what_phones_add_behind_a_photo_is_accepted(self) -> None:
        data = samples.image("JPEG") + b"\x00\x00\x00\x18ftypmp42" + bytes(1000)
        assert vault.check(data, "image/jpeg", limit=LIMIT) == "image/jpeg"


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


class TestPdf:
    @pytest.mark.parametrize("name", ACTIVE)
    @pytest.mark.parametrize("packed", [True, False])
    def test_active(self, name: str, *, packed: bool) -> None:
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        data = samples.pdf(ACTIVE[name], object_stream_mode=mode)
        assert refusal(data, "application/pdf") == "active-content"

    def test_active_under_a_name_written_otherwise(self) -> None:
        data = samples.pdf(samples.on_opening, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert b"/JavaScript" in data
        hidden = data.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS", b"/#4a#53")
        assert refusal(hidden, "application/pdf") == "active-content"

    def test_active_in_an_object_that_no_table_names(self) -> None:
        plain = samples.pdf()
        at = plain.index(b"xref")
        data = plain[:at] + b"99 0 obj << /S /JavaScript /JS (x) >> endobj\n" + plain[at:]
        assert refusal(data, "application/pdf") == "active-content"

    @pytest.mark.parametrize(
        "change",
        [samples.plain_form, samples.attached("donnees.xml", b"<a/>"), samples.attached("image.png", b"\x89PNG")],
    )
    def test_harmless(self, change: Callable[[pikepdf.Pdf], None]) -> None:
        assert vault.check(samples.pdf(change), "application/pdf", limit=LIMIT) == "application/pdf"

    def test_the_word_in_a_text_is_no_script(self) -> None:
        def title(document: pikepdf.Pdf) -> None:
            document.docinfo["/Title"] = "Le mot /JavaScript et le mot /Launch"

        assert vault.check(samples.pdf(title), "application/pdf", limit=LIMIT) == "application/pdf"

    @pytest.mark.parametrize("password", ["", "secret"])
    def test_encrypted(self, password: str) -> None:
        data = samples.pdf(encryption=pikepdf.Encryption(user=password, owner="owner"))
        assert refusal(data, "application/pdf") == "encrypted"

    def test_cut_anywhere(self) -> None:
        data = samples.pdf()
        for end in range(20, len(data) - 6, 41):
            assert refusal(data[:end], "application/pdf") == "broken"

    @pytest.mark.parametrize(
        "data",
        [b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"rubbish " * 500 + b"\n%%EOF\n", b"%PDF-1.4 1 0 obj << endobj %%EOF"],
    )
    def test_not_a_pdf_behind_the_header(self, data: bytes) -> None:
        assert refusal(data, "application/pdf") == "broken"

    def test_without_pages(self) -> None:
        out = io.BytesIO()
        pikepdf.new().save(out)
        assert refusal(out.getvalue(), "application/pdf") == "broken"

    @pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"\x1b%-12345X@PJL JOB\r\n"])
    def test_what_printers_write_before_is_accepted(self, before: bytes) -> None:
        assert vault.check(before + samples.pdf(), "application/pdf", limit=LIMIT) == "application/pdf"

    def test_something_else_before_is_not(self) -> None:
        assert refusal(b"<script>alert(1)</script>" + samples.pdf(), "application/pdf") == "polyglot"
        assert refusal(b"GARBAGE " + samples.pdf(), "application/pdf") == "polyglot"
        assert refusal(b" " * 1024 + samples.pdf(), "application/pdf") == "not-what-it-says"

    def test_a_bomb_is_refused_in_bounded_time(self) -> None:
        """1.25 GiB of white space in an object stream, 1 MB in the file."""
        began = time.monotonic()
        assert refusal(_bomb(), "application/pdf") in {"too-complex", "broken"}
        assert time.monotonic() - began < 60

    def test_the_inspector_may_die_and_comes_back(self) -> None:
        vault.check(samples.pdf(), "application/pdf", limit=LIMIT)
        (process,) = pdf_check._inspector._idle
        process.kill()
        process.wait()
        assert vault.check(samples.pdf(), "application/pdf", limit=LIMIT) == "application/pdf"


@settings(deadline=None, max_examples=150)
@given(data=st.data(), declared=st.sampled_from([name for name in GOOD if name != "application/pdf"]))
def test_a_damaged_file_is_accepted_or_refused_never_anything_else(data: st.DataObject, declared: str) -> None:
    damaged = bytearray(GOOD[declared])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        assert vault.check(bytes(damaged), declared, limit=LIMIT) == declared
    except vault.Refused:
        return


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=2000), declared=st.sampled_from([*sorted(vault.ACCEPTED), None]))
def test_no_bytes_make_it_fail(data: bytes, declared: str | None) -> None:
    try:
        assert vault.check(data, declared, limit=LIMIT) in vault.ACCEPTED
    except vault.Refused:
        return


@needs_corpus
def test_every_file_of_the_corpus_is_accepted() -> None:
    assert CORPUS is not None
    for path in [*CORPUS.rglob("cda*/**/*.xml")]:
        assert vault.check(path.read_bytes(), "text/xml", limit=LIMIT) == "text/xml", path.name
    for path in CORPUS.glob("fhir/pdsm*/*.json"):
        data = path.read_bytes()
        if b'"resourceType"' in data:
            assert vault.check(data, "application/fhir+json", limit=LIMIT), path.name


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


def _directory(order: str) -> bytes:
    """One page of one black point, in one strip at the end."""
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8 + 2 + 12 * 8 + 4), (278, 1), (279, 1)]
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags)
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", 0) + b"\x00\x00\x00\x00"


def _with_archive(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("x.class", b"x")
    return out.getvalue()


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
