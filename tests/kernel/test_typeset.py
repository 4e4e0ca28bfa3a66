"""The typesetter: a tagged PDF from our source and anybody's data, in a process apart."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from carnet.kernel import typeset

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
SOURCE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "fr", font: ("Public Sans", "Public Sans Plus", "Libertinus Serif"))
= #data.title
#data.words
"""


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_bounded())


def made(text: str) -> typeset.Pdf:
    return typeset.pdf(SOURCE, {"title": "Essai", "words": text}, at=AT)


def test_what_is_told_is_never_read_as_source() -> None:
    found = made('#panic("non") *gras* $x$ \\ "fin" </script> #import "@preview/x:1.0.0"')
    assert "#panic(" in words(found.content)
    assert "*gras*" in words(found.content)
    assert found.pages == 1


def test_what_no_font_has_is_marked_and_names_of_europe_are_whole() -> None:
    assert "Łukasz Ğül Ángström Νίκος Иван ? ? fin" in words(made("Łukasz Ğül Ángström Νίκος Иван 日 😀 fin").content)


def test_a_space_that_no_font_has_is_a_plainer_one() -> None:
    spaced = "2025\N{NARROW NO-BREAK SPACE}; 1\N{THIN SPACE}000\N{EM SPACE}fin"
    told = words(made(spaced).content).replace("\N{NO-BREAK SPACE}", " ")
    assert "2025 ; 1 000 fin" in told
    assert "?" not in told


def test_the_same_is_the_same_bytes_and_tagged() -> None:
    found = made("bonjour")
    assert found == made("bonjour")
    with pikepdf.open(BytesIO(found.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.open_metadata()["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_a_source_that_is_wrong_is_refused() -> None:
    with pytest.raises(typeset.Unprinted):
        typeset.pdf("#nope(", {}, at=AT)
    with pytest.raises(typeset.Unprinted):
        typeset.pdf(SOURCE, {"title": "Essai", "words": "a" * (2 << 20)}, at=AT)
