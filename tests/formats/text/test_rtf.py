from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.text import TextError, extract


def _text(body: str | bytes) -> str:
    inner = body if isinstance(body, bytes) else body.encode("latin-1")
    return extract(b"{\\rtf1\\ansi\\ansicpg1252\\uc1 " + inner + b"}", "application/rtf")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Compte rendu {\\b normal}.", "Compte rendu normal."),
        ("\\'c9t\\'e9 \\u339?uvre", "Été œuvre"),
        ("Un\\par deux\\line trois", "Un\ndeux\ntrois"),
        ("coupé\r\n en deux", "coupé en deux"),
        ("\\trowd A\\cell B\\cell\\row C", "A ; B\nC"),
        ("a\\~b\\_c\\-d \\{x\\}\\\\", "a b-cd {x}\\"),
        ("{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\info{\\title secret}}vu", "vu"),
        ("{\\*\\unknown secret}vu{\\v secret} aussi", "vu aussi"),
        ("{\\header En-tête}{\\footer Pied}{\\footnote Note}", "En-têtePiedNote"),
        ("{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt lien}}", "lien"),
        ("{\\*\\shpinst{\\sp secret}{\\shptxt cadre}}", "cadre"),
        ("{\\pict\\pngblip 89504e47}vu", "vu"),
        ("{\\pict\\bin4 {}\\}vu}vu", "vu"),
        ("{\\fonttbl{\\f1\\fcharset238 X;}}{\\f1 \\'b3}\\'b3", "ł³"),
        ("{\\fonttbl{\\f2\\fcharset2 Wingdings;}}{\\f2 \\'fc}vu", "vu"),
        ("\\u-10179?\\u-8704?", "😀"),
        ("{\\uc2\\u233 ??}\\u233 ?x", "ééx"),
        ("\\ldblquote a\\rdblquote\\emdash b", "“a”—b"),
    ],
)  # fmt: skip
def test_what_a_word_processor_shows(body: str, text: str) -> None:
    assert _text(body) == text


def test_what_is_no_rtf_is_said() -> None:
    for data, code in ((b"Bonjour", "not-rtf"), (b"{\\rtf1" + b"{" * 5000, "too-deep")):
        with pytest.raises(TextError) as refusal:
            extract(data, "text/rtf")
        assert refusal.value.code == code


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="{}\\"), max_size=40))
def test_every_character_comes_back(text: str) -> None:
    """Written as the specification says: \\uN for each unit of UTF-16, signed."""
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    assert _text("".join(f"\\u{number}?" for number in numbers)) == " ".join(text.split())


@pytest.mark.parametrize(
    "hostile",
    [
        b"\\u1" * 2_000_000,
        b"\\'e9" * 5_000_000,
        b"{\\pict " + b"ab" * 12_000_000 + b"}",
        b"\\bin999999999 a",
        b"{}" * 2_000_000,
    ],
    ids=["units", "bytes", "picture", "binary", "groups"],
)
def test_a_file_of_25_megabytes_ends_soon(hostile: bytes) -> None:
    began = time.monotonic()
    _text(hostile)
    assert time.monotonic() - began < 20
