"""Photographs and scans: upright, light, silent about where and when; originals untouched."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from carnet.kernel import render
from tests.cases import cases
from tests.kernel.render import samples
from tests.kernel.render.shown import ink, refusal, shown

_ORIENTATION, _MAKER = 0x0112, 0x010F
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}
# Where the left half of the picture ends up (EXIF 2.32, 4.6.4 A).
_HALVES = {
    1: (0, 0, 0.45, 1), 2: (0.55, 0, 1, 1), 3: (0.55, 0, 1, 1), 4: (0, 0, 0.45, 1),
    5: (0, 0, 1, 0.45), 6: (0, 0, 1, 0.45), 7: (0, 0.55, 1, 1), 8: (0, 0.55, 1, 1),
}  # fmt: skip


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_MAKER] = orientation, "SECRETMAKER"
    return exif


@pytest.mark.parametrize("kind", _TYPES)
@pytest.mark.parametrize("orientation", _HALVES)
def test_it_stands_as_its_camera_was_held(kind: str, orientation: int) -> None:
    image = render.picture(samples.picture(samples.arrow(), kind, exif=_exif(orientation)), _TYPES[kind], 820)
    assert (image.width, image.height) == ((600, 400) if orientation < 5 else (400, 600))
    points = shown(image)
    assert ink(points, _HALVES[orientation]) >= 0.9 * ink(points, (0, 0, 1, 1)) > 1000


def test_nothing_but_points_is_left() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = samples.picture(
        samples.arrow(), "JPEG", exif=_exif(1), comment=b"SECRETCOMMENT", icc_profile=profile, xmp=b"<x>SECRETXMP</x>"
    )
    assert b"SECRETMAKER" in original
    data = render.picture(original, "image/jpeg", 820).data
    opened = Image.open(BytesIO(data))
    assert set(opened.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"SECRET" not in data
    assert b"SECRET" not in render.pdf_from_pictures([original])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_points_is_shown(mode: str) -> None:
    grey = samples.arrow().convert("L")
    image = grey.convert("I").convert(mode) if mode == "I;16" else grey.convert(mode)
    points = shown(render.picture(samples.picture(image, "TIFF"), "image/tiff", 820))
    assert ink(points, _HALVES[1]) >= 0.9 * ink(points, (0, 0, 1, 1)) > 1000


def test_what_is_transparent_is_white() -> None:
    clear = samples.picture(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")
    assert ink(shown(render.picture(clear, "image/png", 50)), (0, 0, 1, 1)) == 0


@pytest.mark.parametrize("kind", _TYPES)
def test_colours_are_those_of_the_profile(kind: str) -> None:
    """A profile whose red is the screen's green, and the other way round."""
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = screen.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    original = samples.picture(Image.new("RGB", (48, 48), (220, 20, 20)), kind, icc_profile=exchanged)
    point = Image.open(BytesIO(render.picture(original, _TYPES[kind], 48).data)).convert("RGB").getpixel((24, 24))
    assert isinstance(point, tuple)
    assert point[1] > 180
    assert point[0] < 60


@pytest.mark.parametrize("profile", [b"", b"x", b"\0" * 200])
def test_a_damaged_profile_is_left_aside(profile: bytes) -> None:
    original = samples.picture(samples.arrow(), "JPEG", icc_profile=profile)
    assert render.picture(original, "image/jpeg", 100).width == 100


def test_each_page_of_a_tiff() -> None:
    first, second = (Image.new("L", (40, 30), shade) for shade in (255, 0))
    tiff = samples.picture(first, "TIFF", save_all=True, append_images=[second])
    assert render.picture_count(tiff, "image/tiff") == 2
    assert [ink(shown(render.picture(tiff, "image/tiff", 40, n)), (0, 0, 1, 1)) > 0 for n in (1, 2)] == [False, True]
    assert refusal(lambda: render.picture(tiff, "image/tiff", 40, 3)) == "no-such-page"
    assert refusal(lambda: render.picture(tiff, "image/tiff", 40, 0)) == "no-such-page"


def test_a_phone_s_jpeg_with_a_second_picture_inside() -> None:
    phone = samples.picture(
        samples.arrow(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "white")], exif=_exif(6)
    )
    assert render.picture_count(phone, "image/jpeg") == 1
    image = render.picture(phone, "image/jpeg", 820)
    assert (image.width, image.height) == (400, 600)
    assert refusal(lambda: render.picture(phone, "image/jpeg", 820, 2)) == "no-such-page"
    assert render.page_count(render.pdf_from_pictures([phone])) == 1


def test_a_picture_is_reduced_and_never_enlarged() -> None:
    original = samples.picture(samples.arrow(), "JPEG")
    assert render.picture(original, "image/jpeg", 300).width == 300
    assert render.picture(original, "image/jpeg", 2000).width == 600
    assert render.picture_count(original, "image/jpeg") == 1


class TestHostile:
    def test_more_points_than_can_be_shown(self) -> None:
        grey = samples.picture(Image.new("L", (12_000, 11_000)), "PNG")
        assert len(grey) < 200_000
        assert refusal(lambda: render.picture(grey, "image/png", 820)) == "too-large"

    @pytest.mark.long
    def test_more_memory_than_there_is(self) -> None:
        deep = samples.picture(Image.new("RGBA", (10_900, 11_000)), "PNG")
        assert refusal(lambda: render.picture(deep, "image/png", 820)) == "too-complex"

    def test_a_vast_jpeg_is_decoded_small(self) -> None:
        vast = samples.picture(Image.new("L", (16_000, 16_000)), "JPEG")
        assert render.picture(vast, "image/jpeg", 820).width == 820

    @pytest.mark.parametrize("media_type", ["image/heic", "image/svg+xml", "image/gif", "application/pdf", ""])
    def test_other_kinds(self, media_type: str) -> None:
        assert refusal(lambda: render.picture(b"GIF89a", media_type, 820)) == "unsupported"

    def test_bytes_decide_what_it_is(self) -> None:
        assert refusal(lambda: render.picture(samples.picture(samples.arrow(), "GIF"), "image/png", 820)) == "broken"
        assert refusal(lambda: render.picture(b"", "image/png", 820)) == "broken"

    @settings(max_examples=cases(60))
    @given(st.data())
    def test_a_damaged_one_is_shown_or_refused(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(list(_TYPES)))
        damaged = bytearray(samples.picture(samples.arrow().resize((64, 48)), kind, exif=_exif(6)))
        for _ in range(data.draw(st.integers(1, 8))):
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
        found = refusal(lambda: render.picture(bytes(damaged), _TYPES[kind], 100))
        assert found in {"", "broken", "too-large", "too-complex"}
