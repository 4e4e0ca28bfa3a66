"""The pages of a file: which of them are shown, and where what was looked for stands on them."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from carnet.formats import folding
from carnet.kernel import render
from carnet.web.reading import sheets
from carnet.web.reading.rendering import Piece
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, shown


def pdf(*texts: str) -> Piece:
    whole = pikepdf.new()
    for text in texts:
        with pikepdf.open(BytesIO(samples.page(samples.lines(text)))) as one:
            whole.pages.extend(one.pages)
    return Piece("", "application/pdf", samples.saved(whole))


LONG = pdf(*(f"page{number}" for number in range(1, 24)))


@pytest.mark.parametrize(
    ("wanted", "numbers", "before", "after"),
    [(None, (1, 10), None, 11), (11, (11, 20), 1, 21), (15, (11, 20), 1, 21), (23, (21, 23), 11, None)],
)
def test_a_long_document_comes_in_parts(
    wanted: int | None, numbers: tuple[int, int], before: int | None, after: int | None
) -> None:
    found = sheets.of(LONG, (), wanted)
    assert (found.sheets[0].number, found.sheets[-1].number) == numbers
    assert (found.count, found.before, found.after) == (23, before, after)


def test_a_page_that_is_not_there_leads_to_the_beginning() -> None:
    assert sheets.of(LONG, (), 400).sheets[0].number == 1


def test_the_part_with_the_first_hit_is_shown() -> None:
    found = sheets.of(LONG, folding.query("page17"))
    assert (found.first_hit, found.hits) == (17, 1)
    assert found.sheets[0].number == 11
    assert sheets.of(LONG, folding.query("absent")).hits == 0
    assert sheets.of(LONG, folding.query("page17"), 1).sheets[0].number == 1


def test_what_is_stored_of_the_text_leads_to_the_hit_without_reading_the_file_through() -> None:
    # The index says page 12: it is believed, and only the part that it stands on is read.
    assert sheets.of(LONG, folding.query("page17"), hit=12).sheets[0].number == 11
    assert sheets.of(LONG, folding.query("page23"), hit=23).first_hit == 23
    assert sheets.of(LONG, folding.query("page17"), hit=0).sheets[0].number == 1
    # The beginning is read anyway, and what it shows comes first.
    assert sheets.of(LONG, folding.query("page3"), hit=23).sheets[0].number == 1


def test_a_mark_covers_the_ink_of_its_word_alone() -> None:
    file = pdf("avant ferritine apres")
    found = sheets.of(file, folding.query("ferritine"))
    (mark,) = found.sheets[0].marks
    left, top, width, height = (
        float(each.removesuffix("%")) / 100 for each in (mark.x, mark.y, mark.width, mark.height)
    )
    points = shown(sheets.image(file, 1, 1600))
    inside = ink(points, (left, top, left + width, top + height))
    alone = shown(sheets.image(pdf("ferritine"), 1, 1600))
    assert abs(inside - ink(alone, (0, 0, 1, 1))) <= 0.05 * inside
    assert [piece.text for piece in found.sheets[0].text if piece.hit] == ["ferritine"]


def test_a_page_keeps_the_place_of_its_image() -> None:
    (sheet,) = sheets.of(pdf("un"), ()).sheets
    image = sheets.image(pdf("un"), 1, sheet.width)
    assert abs(sheet.height / sheet.width - image.height / image.width) < 0.001
    assert sheet.marks == ()


def test_a_photograph_is_one_page_without_text() -> None:
    file = Piece("", "image/png", samples.picture(samples.arrow(), "PNG"))
    found = sheets.of(file, folding.query("fer"))
    assert (found.count, found.hits, found.sheets[0].shown) == (1, 0, True)
    assert sheets.image(file, 1, 800).data[:4] == b"RIFF"


def test_what_cannot_be_shown_says_why() -> None:
    for data, code in [(b"<html><script>", "broken"), (samples.blank(1, "secret"), "encrypted")]:
        with pytest.raises(render.Unreadable) as refused:
            sheets.of(Piece("", "application/pdf", data), ())
        assert refused.value.code == code
