"""Photographs and scans, by Pillow, made upright, small and without what they say beside their points. Runs apart."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageFile, JpegImagePlugin, TiffImagePlugin, UnidentifiedImageError

from carnet.kernel.apart.wire import Bytes, Frame
from carnet.kernel.render.refusal import Refusal
from carnet.kernel.render.webp import encode

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
_MOST_POINTS = 120_000_000
"""An A3 page at 600 points per inch has 70 millions."""
_MOST_POINTS_JPEG = 300_000_000
"""A JPEG is decoded at a fraction of its size."""
_TALLEST = 8_000
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What each EXIF orientation asks for."""
_ON_ITS_SIDE = 5

Image.MAX_IMAGE_PIXELS = None  # bounded here, with an answer that a person can read


def count(request: Frame) -> Frame:
    with _opened(request.body, request.head["media_type"]) as picture:
        return Frame({"pages": _pages(picture)})


def sheets(request: Frame) -> Frame:
    """Of each page from `first` on: width and height as it is shown, and no text; null for one that is broken."""
    first, most = request.head["first"], request.head["most"]
    with _opened(request.body, request.head["media_type"]) as picture:
        pages = _pages(picture)
        found = [_sheet(picture, number) for number in range(first, min(first + most, pages + 1))]
        return Frame({"pages": pages}, json.dumps(found).encode())


def _sheet(picture: ImageFile.ImageFile, number: int) -> tuple[int, int, str, list[int]] | None:
    try:
        _turn_to(picture, number)
        width, height = picture.size
        # Pillow turns a TIFF by itself.
        if not isinstance(picture, TiffImagePlugin.TiffImageFile) and _orientation(picture) >= _ON_ITS_SIDE:
            width, height = height, width
    except Exception:  # noqa: BLE001  (Pillow raises all sorts on a damaged page, which does not hide the others)
        return None
    return (width, height, "", [])


def image(request: Frame) -> Frame:
    with _opened(request.body, request.head["media_type"]) as picture:
        _turn_to(picture, request.head["number"])
        small = _upright(picture, (request.head["width"], _TALLEST))
        return Frame({"width": small.width, "height": small.height}, encode(small))


def upright(data: Bytes, media_type: str, number: int, side: int) -> Image.Image:
    """That page, whose longer side becomes at most `side`."""
    with _opened(data, media_type) as picture:
        _turn_to(picture, number)
        return _upright(picture, (side, side))


def photograph(data: Bytes, side: int) -> Image.Image:
    """A JPEG or PNG whose longer side becomes at most `side`."""
    if bytes(data[4:12]) in _HEIC:
        raise Refusal("heic")
    with _opened(data, "image/png" if bytes(data[:4]) == b"\x89PNG" else "image/jpeg") as picture:
        return _upright(picture, (side, side))


def _opened(data: Bytes, media_type: str) -> ImageFile.ImageFile:
    if media_type not in _FORMATS:
        raise Refusal("unsupported")
    try:
        return Image.open(BytesIO(data), formats=[_FORMATS[media_type]])
    except UnidentifiedImageError:
        raise Refusal("broken") from None


def _pages(picture: ImageFile.ImageFile) -> int:
    """Other formats have frames too, but no pages: a phone's JPEG holds a smaller copy, a PNG may move."""
    return int(picture.n_frames) if isinstance(picture, TiffImagePlugin.TiffImageFile) else 1


def _turn_to(picture: ImageFile.ImageFile, number: int) -> None:
    if not 1 <= number <= _pages(picture):
        raise Refusal("no-such-page")
    picture.seek(number - 1)


def _upright(picture: ImageFile.ImageFile, box: tuple[int, int]) -> Image.Image:
    """Turned as its EXIF says, in the colours of screens, on white, within the box; never enlarged."""
    most = _MOST_POINTS_JPEG if isinstance(picture, JpegImagePlugin.JpegImageFile) else _MOST_POINTS
    if picture.width * picture.height > most:
        raise Refusal("too-large")
    picture.draft(None, _enough(picture.size, box))
    picture.load()
    orientation = _orientation(picture)
    small = _in_screen_colours(picture)
    small.thumbnail(box[::-1] if orientation >= _ON_ITS_SIDE else box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    turned = small.transpose(_TURNS[orientation]) if orientation in _TURNS else small
    turned.info.clear()
    return turned


def _enough(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """What a JPEG must at least be decoded to, whichever side is up."""
    width, height = size
    scale = max(min(box[0] / width, box[1] / height), min(box[1] / width, box[0] / height))
    return math.ceil(width * scale), math.ceil(height * scale)


def _orientation(picture: ImageFile.ImageFile) -> int:
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001  (whatever a damaged EXIF makes its reader raise: the points are what counts)
        return 1
    return found if isinstance(found, int) else 1


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    """RGB, or L for what has no colour."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return _stretched(picture)
    if picture.has_transparency_data:
        on_white = Image.new("RGBA", picture.size, "white")
        on_white.alpha_composite(picture.convert("RGBA"))
        return on_white.convert("RGB")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return _by_its_profile(picture)
    return picture.convert("RGB")


def _by_its_profile(picture: Image.Image) -> Image.Image:
    """A phone's wide colours would look pale if they were taken for a screen's. Raises one of many when it cannot."""
    profile = ImageCms.ImageCmsProfile(BytesIO(picture.info.get("icc_profile") or b""))
    converted = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if converted is None:
        raise ValueError
    return converted


def _stretched(picture: Image.Image) -> Image.Image:
    """Deep greys, whose darkest and lightest points become black and white."""
    deep = picture.convert("I").convert("F") if picture.mode != "F" else picture
    low, high = (float(each) for each in deep.getextrema())  # type: ignore[arg-type]
    if not low < high:
        return Image.new("L", picture.size, "white")
    scale = 255 / (high - low)
    return deep.point(lambda value: value * scale - low * scale).convert("L")
