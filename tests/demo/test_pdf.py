from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from carnet.demo.pdf import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def _letter(paragraphs: tuple[str, ...]) -> bytes:
    return write(
        letterhead="Cabinet du Dr Œdipe (groupe)",
        title="Échographie : « cœur »",
        head=("Le 1er août",),
        paragraphs=paragraphs,
        foot=("Dr Œdipe",),
    )


def test_a_reader_opens_it_without_a_complaint() -> None:
    with pikepdf.open(BytesIO(_letter(("À l’été, température 38 °C – 5 µg ½ \\ (bien)",)))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 1
        assert pdf.pdf_version == "1.4"
        content = pdf.pages[0].Contents.read_bytes()
        assert "température 38 °C – 5 µg ½".encode("cp1252") in content
        assert b"\\(bien\\)" in content
        assert str(pdf.docinfo["/Title"]) == "Échographie : « cœur »"


def test_a_long_text_runs_over_several_pages_and_loses_nothing() -> None:
    paragraphs = tuple(f"Paragraphe {number} " + "mot " * 60 for number in range(40))
    with pikepdf.open(BytesIO(_letter(paragraphs))) as pdf:
        assert len(pdf.pages) > 3
        text = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        assert all(f"Paragraphe {number} ".encode() in text for number in range(40))


def test_lines_fit_the_page() -> None:
    with pikepdf.open(BytesIO(_letter(("LETTRES CAPITALES LARGES " * 40,)))) as pdf:
        for line in pdf.pages[0].Contents.read_bytes().splitlines():
            assert len(line) < 120


def test_narrow_spaces_are_kept_as_plain_ones() -> None:
    assert "10\xa0%".encode("cp1252") in _letter(("10\N{NARROW NO-BREAK SPACE}%",))


def test_a_character_without_a_glyph_is_said() -> None:
    with pytest.raises(UnicodeEncodeError):
        _letter(("中",))


@pytest.mark.browser
def test_a_browser_shows_it(tmp_path: Path, browser: Browser) -> None:
    """Two letters that differ by their text alone look different: the viewer has drawn the text."""
    shown = []
    for number, text in enumerate(("Bonjour.", "Au revoir et merci de votre visite.")):
        file = tmp_path / f"lettre-{number}" / "lettre.pdf"
        file.parent.mkdir()
        file.write_bytes(_letter((text,)))
        page = browser.new_page()
        page.goto(file.as_uri())
        shown.append(_settled(page))
        page.close()
    assert shown[0] != shown[1]


def _settled(page: Page) -> bytes:
    """What the page looks like once it has ceased to change."""
    before = b""
    for _ in range(60):
        page.wait_for_timeout(700)
        now = page.screenshot()
        if now == before:
            return now
        before = now
    raise AssertionError("the viewer never settles")
