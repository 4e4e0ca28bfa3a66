from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from carnet.demo.cda import build, picture
from carnet.demo.model import Picture
from carnet.demo.people import inhabitants
from carnet.formats.cda import Level1, read_body
from carnet.kernel import vault
from tests.demo.draw import FOLDER, PICTURES


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_one_that_is_drawn(name: str) -> None:
    """Within what JPEG and a tilt of half a degree change."""
    with Image.open(BytesIO(picture(name))) as kept:
        drawn = PICTURES[name]().rotate(0.6, expand=False, fillcolor=(120, 110, 100))
        assert kept.format == "JPEG"
        assert kept.size == drawn.size
        difference = ImageChops.difference(kept.convert("L"), drawn.convert("L")).resize((1, 1), Image.Resampling.BOX)
        assert difference.tobytes()[0] < 12


def test_no_picture_lies_there_unused_or_undrawn() -> None:
    assert {path.stem for path in FOLDER.glob("*.jpg")} == set(PICTURES)
    used = {
        document.body.name
        for person in inhabitants(400, 2)
        for document in person.documents
        if isinstance(document.body, Picture)
    }
    assert used == set(PICTURES)


def test_a_photographed_paper_travels_as_jpeg() -> None:
    document = next(
        document
        for person in inhabitants(400, 2)
        for document in person.documents
        if isinstance(document.body, Picture)
    )
    body = read_body(build(document))
    assert isinstance(body, Level1)
    assert body.media_type == "image/jpeg"
    assert vault.check(body.data, "image/jpeg", limit=10**6) == "image/jpeg"
