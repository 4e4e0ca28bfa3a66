"""What came out, opened again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image

from carnet.kernel import render


def shown(image: render.Image) -> Image.Image:
    opened = Image.open(BytesIO(image.data), formats=["WEBP"])
    assert opened.size == (image.width, image.height)
    return opened.convert("L")


def ink(image: Image.Image, box: tuple[float, float, float, float]) -> int:
    """How many dark points lie in a part given in fractions."""
    width, height = image.size
    left, top, right, bottom = (int(part * side) for part, side in zip(box, (width, height) * 2, strict=True))
    part = image.crop((left, top, min(right + 1, width), min(bottom + 1, height)))
    return sum(point < 128 for point in part.tobytes())


def refusal(ask: Callable[[], object]) -> str:
    """The code of the refusal, or nothing."""
    try:
        ask()
    except render.RenderError as error:
        return error.code if error.message == str(error) else "without a message"
    return ""
