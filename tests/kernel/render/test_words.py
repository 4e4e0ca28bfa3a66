"""The text of a PDF, and its words on the page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.cda import attachments
from carnet.kernel import render
from tests.cases import cases
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, shown


def _boxed(found: render.PageText) -> list[str]:
    return [found.text[box.start : box.end] for box in found.boxes]


def test_lines_stay_lines_and_words_have_boxes() -> None:
    found = render.page_text(samples.page(samples.lines("Œdème  de l’œil", "à 12,5 %")), 1)
    assert found.text == "Œdème de l’œil\nà 12,5 %"
    assert _boxed(found) == ["Œdème", "de", "l’œil", "à", "12,5", "%"]


def test_a_word_broken_at_the_end_of_a_line_is_one_word_in_two_boxes() -> None:
    found = render.page_text(samples.page(samples.lines("une hyper-", "tension grave")), 1)
    assert found.text == "une hypertension grave"
    assert _boxed(found) == ["une", "hyper", "tension", "grave"]
    assert found.boxes[1].y0 < found.boxes[2].y0


@pytest.mark.parametrize("line", ["0 \x02", "0 \x02 \x02", "\x02 0", "\x020", "0\x02 ", "0 \x02\x02"])
def test_a_break_outside_a_word_leaves_nothing(line: str) -> None:
    found = render.page_text(samples.page(samples.lines(line)), 1)
    assert (found.text, _boxed(found)) == ("0", ["0"])


def test_the_ink_of_a_word_is_in_its_box_and_nowhere_else() -> None:
    pdf = samples.page(samples.lines("seul"))
    (box,) = render.page_text(pdf, 1).boxes
    image = shown(render.page_image(pdf, 1, 1600))
    inside = ink(image, (box.x0, box.y0, box.x1, box.y1))
    assert inside > 100
    assert inside >= 0.98 * ink(image, (0, 0, 1, 1))


def test_the_text_of_all_pages_in_order() -> None:
    assert render.text(samples.page(samples.lines("un", "deux"))) == "un\ndeux"
    assert render.text(samples.blank(3)) == ""


def test_a_text_without_end_is_cut() -> None:
    tall = samples.page(b"BT /F1 1 Tf 10 800 Td " + b"(mot ) Tj 0 -0.002 Td " * 60_000 + b"ET")
    assert len(render.page_text(tall, 1).text) <= 100_000
    assert len(render.text(tall)) <= 1_000_000


@settings(max_examples=cases(25))
@given(st.lists(st.text(st.characters(codec="cp1252", exclude_characters="()\\"), max_size=30), min_size=1, max_size=8))
def test_every_word_of_every_text_is_boxed_once_and_in_order(texts: list[str]) -> None:
    found = render.page_text(samples.page(samples.lines(*texts)), 1)
    assert "".join(_boxed(found)) == "".join(found.text.split())
    assert all(char == "\n" or char.isprintable() for char in found.text)
    assert [line for line in found.text.split("\n") if line != line.strip()] == []
    for box in found.boxes:
        assert 0 <= box.x0 < box.x1 <= 1
        assert 0 <= box.y0 < box.y1 <= 1


@pytest.mark.long
@needs_corpus
def test_text_of_the_files_within_real_documents() -> None:
    files = [each for facts in cda_facts() for each in attachments(cda_bytes(facts))]
    pdfs = [each.data for each in files if each.media_type == "application/pdf"]
    assert len(pdfs) >= 15
    for pdf in pdfs:
        assert len(render.text(pdf)) > 200
        assert render.text(pdf).startswith(render.page_text(pdf, 1).text)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_a_turned_page(rotation: int) -> None:
    pdf = samples.page(samples.lines("seul"), extra=b"/Rotate %d" % rotation)
    (box,) = render.page_text(pdf, 1).boxes
    image = shown(render.page_image(pdf, 1, 1600))
    assert ink(image, (box.x0, box.y0, box.x1, box.y1)) >= 0.98 * ink(image, (0, 0, 1, 1)) > 90
