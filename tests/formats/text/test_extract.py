"""What is common to all formats: lines, bounds, and one kind of error."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import text
from tests.cases import cases

_TYPES = ["text/plain", "text/rtf", "text/xml", "application/fhir+json"]
_STARTS = [
    b"", b"{\\rtf1\\ansi ", b'{"resourceType":"Bundle","entry":[', b"\xff\xfe",
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody>',
]  # fmt: skip


def _plain(content: bytes) -> str:
    return text.extract(content, "text/plain")


@pytest.mark.parametrize(
    "encoded",
    [
        "Été à l’œil".encode(),
        "Été à l’œil".encode("utf-8-sig"),
        "Été à l’œil".encode("cp1252"),
        "Été à l’œil".encode("utf-16"),
    ],
)
def test_a_text_file_in_each_encoding(encoded: bytes) -> None:
    assert _plain(encoded) == "Été à l’œil"


def test_paragraphs_are_lines_without_blanks() -> None:
    assert _plain("  Un\t deux \r\n\r\n\u2028trois\u00a0quatre\x0ccinq\n".encode()) == "Un deux\ntrois quatre\ncinq"


def test_what_is_not_seen_is_left_out() -> None:
    assert _plain("cœ\u00adur\u200b \u202eabc\x00\x07\ufeff".encode()) == "cœur abc"


def test_a_text_without_end_is_cut() -> None:
    assert len(_plain(b"mot " * 2_000_000)) in range(999_990, 1_000_001)
    assert len(text.extract(b"{\\rtf1 " + b"\\'e9" * 1_200_000 + b"}", "text/rtf")) == 1_000_000


def test_other_kinds_are_refused_in_words() -> None:
    with pytest.raises(text.TextError) as refusal:
        text.extract(b"%PDF-1.4", "application/pdf")
    assert refusal.value.code == "unsupported"
    assert refusal.value.message.endswith(".")


@settings(max_examples=cases(300))
@given(
    st.sampled_from(_TYPES),
    st.sampled_from(_STARTS),
    st.one_of(st.binary(max_size=200), st.text(max_size=80).map(str.encode)),
)
def test_whatever_comes_there_is_a_text_or_a_typed_error(media_type: str, start: bytes, rest: bytes) -> None:
    try:
        found = text.extract(start + rest, media_type)
    except text.TextError as error:
        assert error.message.endswith((".", ")."))  # noqa: PT017
        return
    assert all(char == "\n" or unicodedata.category(char)[0] != "C" for char in found)
    assert [line for line in found.split("\n") if line != " ".join(line.split())] == []
    assert found == "" or all(found.split("\n"))
