"""Photographs of a paper as one PDF."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from PIL import Image

from carnet.kernel import render, vault
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, refusal, shown

_LYING = samples.picture(samples.arrow(), "JPEG")
_STANDING = samples.picture(Image.new("RGB", (3000, 4000), "navy"), "JPEG")
_GREY = samples.picture(Image.new("L", (300, 400), "black"), "PNG")


def test_a_page_for_each_upright_or_lying_as_the_photograph() -> None:
    pdf = render.pdf_from_pictures([_LYING, _STANDING, _GREY])
    with pikepdf.open(BytesIO(pdf)) as document:
        shapes = [tuple(round(float(each)) for each in page.mediabox) for page in document.pages]
    assert shapes == [(0, 0, 842, 595), (0, 0, 595, 842), (0, 0, 595, 842)]
    assert render.page_count(pdf) == 3
    points = shown(render.page_image(pdf, 1, 842))
    assert ink(points, (0, 0, 0.5, 1)) >= 0.9 * ink(points, (0, 0, 1, 1)) > 1000


def test_a_photograph_is_held_to_what_print_needs() -> None:
    pdf = render.pdf_from_pictures([_STANDING])
    with pikepdf.open(BytesIO(pdf)) as document:
        image = document.pages[0].Resources.XObject.P
        assert (int(image.Width), int(image.Height)) == (1500, 2000)
        assert "/Info" not in document.trailer


def test_the_same_photographs_give_the_same_file() -> None:
    assert render.pdf_from_pictures([_LYING, _GREY]) == render.pdf_from_pictures([_LYING, _GREY])


def test_the_file_may_be_deposited() -> None:
    assert vault.check(render.pdf_from_pictures([_LYING]), "application/pdf", limit=1 << 20) == "application/pdf"


def test_what_cannot_become_a_page_is_said() -> None:
    assert refusal(lambda: render.pdf_from_pictures([])) == "no-pictures"
    assert refusal(lambda: render.pdf_from_pictures([_GREY] * 21)) == "too-many-pictures"
    assert refusal(lambda: render.pdf_from_pictures([_GREY, b"\0\0\0\x18ftypheic\0\0\0\0"])) == "heic"
    assert refusal(lambda: render.pdf_from_pictures([_GREY, b"GIF89a"])) == "broken"


def test_as_many_as_may_be_are_made_in_time() -> None:
    assert render.page_count(render.pdf_from_pictures([_STANDING] * 20)) == 20
