"""How a document is read: by its kind, with what was looked for marked."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import folding
from carnet.web.reading import rendering
from carnet.web.reading.rendering import Kind
from tests.cases import cases
from tests.formats.cda.sample import cda, level3


def written(found: rendering.Reading) -> list[str]:
    return ["".join(piece.text for piece in each) for each in found.paragraphs]


def level1(media_type: str, data: bytes) -> bytes:
    value = base64.b64encode(data).decode()
    return cda(f"<nonXMLBody><text mediaType='{media_type}' representation='B64'>{value}</text></nonXMLBody>")


def test_a_file_name_that_every_system_can_store() -> None:
    assert rendering.file_name('CR : "IRM" <genou>\n../x', "application/pdf") == "CR IRM genou .. x.pdf"
    assert rendering.file_name("...", "image/png") == "document.png"
    assert rendering.file_name("a\u202egnp.exe", "image/png") == "a gnp.exe.png"
    assert len(rendering.file_name("a" * 500, "text/xml")) <= 84


@pytest.mark.parametrize("data", [b"<broken", b"", b"<ClinicalDocument/>"])
def test_an_unreadable_document_is_still_a_file(data: bytes) -> None:
    assert rendering.of_bytes("text/xml", data).kind is Kind.FILE
    assert rendering.file_of("text/xml", data) is None


def test_text_in_either_encoding_keeps_its_lines() -> None:
    for data in (
        "été\n  x\n\nfin".encode(),
        "été\r\n  x\r\n\r\nfin".encode("cp1252"),
        "été\n  x\n\nfin".encode("utf-16"),
    ):
        assert written(rendering.of_bytes("text/plain", data)) == ["été\n  x", "fin"]


def test_a_text_shows_nothing_that_turns_or_hides_letters() -> None:
    found = rendering.of_bytes("text/plain", "a\u202eb\u200b\x0cc".encode())
    assert "".join(written(found)).replace("\n", "") == "abc"


def test_a_text_without_end_is_cut_and_says_so() -> None:
    found = rendering.of_bytes("text/plain", b"mot\n\n" * 200_000)
    assert found.cut
    assert sum(map(len, written(found))) <= 300_000
    assert not rendering.of_bytes("text/plain", b"mot").cut


def test_rtf_is_read_as_paragraphs() -> None:
    found = rendering.of_bytes("text/rtf", rb"{\rtf1\ansi Un\par Deux\par}")
    assert (found.kind, written(found)) == (Kind.TEXT, ["Un", "Deux"])


def test_words_are_marked_and_counted() -> None:
    found = rendering.of_bytes("text/plain", b"Fer bas.\n\nDu fer.", folding.query("fer"))
    assert [piece.text for each in found.paragraphs for piece in each if piece.hit] == ["Fer", "fer"]
    assert found.hits == 2
    told = rendering.of_bytes("text/xml", level3("<paragraph>Du fer &lt;bas&gt;</paragraph>"), folding.query("fer"))
    assert (told.kind, told.hits) == (Kind.NARRATIVE, 1)
    assert '<mark id="passage-1">fer</mark> &lt;bas&gt;' in str(told.html)


def test_the_file_inside_decides() -> None:
    pdf, png = b"%PDF-1.4 and so on", b"\x89PNG\r\n\x1a\n and so on"
    for media_type, data in [("application/pdf", pdf), ("image/jpeg", png)]:
        document = level1(media_type, data)
        found = rendering.of_bytes("text/xml", document)
        assert found.kind is Kind.SHEETS
        assert found.file == rendering.file_of("text/xml", document)
        assert found.file
        assert found.file.data == data
    declared_otherwise = rendering.file_of("text/xml", level1("image/jpeg", png))
    assert declared_otherwise
    assert declared_otherwise.media_type == "image/png"
    assert rendering.of_bytes("text/xml", level1("text/plain", b"Fer.")).kind is Kind.TEXT
    assert rendering.of_bytes("text/xml", level1("text/html", b"<script>")).kind is Kind.FILE


def test_a_fhir_document_is_its_narrative() -> None:
    composition = {"resourceType": "Composition", "section": [{"title": "Fer", "text": {"div": "<div>Bas</div>"}}]}
    data = json.dumps({"resourceType": "Bundle", "entry": [{"resource": composition}]}).encode()
    found = rendering.of_bytes("application/fhir+json", data)
    assert found.kind is Kind.NARRATIVE
    assert "<h2>Fer</h2>" in str(found.html)
    assert rendering.of_bytes("application/fhir+json", b'{"resourceType": "Bundle"}').kind is Kind.FILE


def test_only_harmless_types_are_opened_by_the_browser() -> None:
    assert not {"text/html", "image/svg+xml", "text/xml", "application/xhtml+xml"} & rendering.OPENED


@settings(max_examples=cases(150))
@given(
    st.sampled_from(["text/xml", "application/fhir+json", "text/plain", "text/rtf", "application/pdf", "image/tiff"]),
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(str.encode),
        st.builds(level1, st.sampled_from(["text/plain", "text/rtf", "image/png", "x/y"]), st.binary(max_size=99)),
    ),
    st.text(max_size=10),
)
def test_no_bytes_make_reading_fail(media_type: str, data: bytes, asked: str) -> None:
    found = rendering.of_bytes(media_type, data, folding.query(asked))
    assert found.kind is not Kind.NARRATIVE or found.html is not None
    shown = rendering.file_of(media_type, data)
    assert (found.kind is Kind.SHEETS) == (shown is not None)
