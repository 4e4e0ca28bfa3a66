"""What a page that shows a file must know before its images are made."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from carnet.kernel import render
from tests.kernel.render import samples
from tests.kernel.render.shown import refusal


def _bound(*pdfs: bytes) -> bytes:
    whole = pikepdf.new()
    for each in pdfs:
        with pikepdf.open(BytesIO(each)) as part:
            whole.pages.extend(part.pages)
    return samples.saved(whole)


def test_each_page_has_the_proportions_of_its_image_and_its_text() -> None:
    pdf = _bound(samples.page(samples.lines("un")), samples.page(samples.lines("deux"), extra=b"/Rotate 90"))
    found = render.sheets(pdf, 1, 20, boxes=True)
    assert found.count == 2
    for number, sheet in enumerate(found.sheets, 1):
        assert sheet
        image = render.page_image(pdf, number, 800)
        assert abs(image.height - 800 * sheet.height / sheet.width) <= 1
        assert sheet.text == render.page_text(pdf, number)
    assert [sheet.text.text for sheet in found.sheets if sheet] == ["un", "deux"]


def test_a_part_of_the_pages() -> None:
    pdf = samples.blank(7)
    assert [len(render.sheets(pdf, first, 3).sheets) for first in (1, 4, 7, 8)] == [3, 3, 1, 0]
    assert render.sheets(pdf, 8, 3).count == 7


def test_boxes_come_when_they_are_asked_for() -> None:
    (sheet,) = render.sheets(samples.page(samples.lines("un")), 1, 1).sheets
    assert sheet
    assert sheet.text == render.PageText("un", ())


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/tiff")])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_picture_lies_as_its_image_does(kind: str, media_type: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = samples.picture(samples.arrow(), kind, exif=exif)
    found = render.picture_sheets(data, media_type, 1, 20)
    image = render.picture(data, media_type, 800)
    assert [(sheet.width, sheet.height) for sheet in found.sheets if sheet] == [(image.width, image.height)]


def test_pages_of_a_scan() -> None:
    more = [Image.new("1", (300, 100 + step)) for step in range(3)]
    data = samples.picture(Image.new("1", (300, 400)), "TIFF", save_all=True, append_images=more)
    found = render.picture_sheets(data, "image/tiff", 2, 2)
    assert (found.count, [sheet and sheet.height for sheet in found.sheets]) == (4, [100, 101])


def test_what_is_no_such_file_is_refused() -> None:
    assert refusal(lambda: render.sheets(b"<html>", 1, 20)) == "broken"
    assert refusal(lambda: render.sheets(samples.blank(1, "secret"), 1, 20)) == "encrypted"
    assert refusal(lambda: render.picture_sheets(b"<svg/>", "image/png", 1, 20)) == "broken"
    assert refusal(lambda: render.picture_sheets(b"<svg/>", "image/svg+xml", 1, 20)) == "unsupported"
