"""Draws the pictures of `demo/pictures`: curves on paper as a telephone would take them, of nobody.

Run it to make them anew: `python -m tests.demo.draw`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).resolve().parents[2] / "src/carnet/demo/pictures"
_SIZE: Final = (900, 420)
_PAPER, _GRID, _BOLD, _INK = (252, 246, 240), (244, 208, 200), (232, 168, 156), (28, 28, 48)
# Where a wave of a beat stands (seconds), its height (millivolts) and half its width.
_BEAT: Final = ((-0.16, 0.12, 0.03), (-0.025, -0.10, 0.01), (0.0, 1.1, 0.012), (0.03, -0.22, 0.012), (0.26, 0.28, 0.05))


def _grid() -> Image.Image:
    image = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    for step in range(0, _SIZE[0], 8):
        colour = _BOLD if step % 40 == 0 else _GRID
        draw.line([(step, 0), (step, _SIZE[1])], fill=colour)
        draw.line([(0, step), (_SIZE[0], step)], fill=colour)
    return image


def _trace(beats: list[float], *, with_p: bool) -> Image.Image:
    """Three leads of one rhythm, 25 mm a second and 10 mm a millivolt, eight points a millimetre."""
    image, noise = _grid(), Random(1)
    draw = ImageDraw.Draw(image)
    waves = _BEAT if with_p else _BEAT[1:]
    for lead, part in enumerate((0.8, 1.0, 0.6)):
        base = 110 + lead * 120
        points = []
        for x in range(_SIZE[0]):
            at = x / 200
            height = sum(
                part * top * exp(-(((at - beat - place) / width) ** 2)) for beat in beats for place, top, width in waves
            )
            tremor = noise.uniform(-0.03, 0.03) if with_p else noise.uniform(-0.07, 0.07)
            points.append((x, base - (height + tremor) * 80))
        draw.line(points, fill=_INK, width=2)
    return image


def _irregular() -> Iterator[float]:
    at, chance = 0.2, Random(2)
    while at < _SIZE[0] / 200:
        yield at
        at += chance.uniform(0.38, 0.82)


def ecg() -> Image.Image:
    return _trace([0.3 + 0.82 * beat for beat in range(6)], with_p=True)


def ecg_fibrillation() -> Image.Image:
    return _trace(list(_irregular()), with_p=False)


def spirometry() -> Image.Image:
    """Flow against volume, before and after the medicine."""
    image = _grid()
    draw = ImageDraw.Draw(image)
    for peak, hollow, colour in ((0.72, 2.4, (150, 60, 40)), (0.95, 1.2, (30, 70, 140))):
        curve = []
        for x in range(700):
            part = x / 700
            flow = part / 0.12 if part < 0.12 else (1 - (part - 0.12) / 0.88) ** hollow
            curve.append((100 + x, 380 - 330 * peak * flow))
        draw.line(curve, fill=colour, width=3)
    draw.line([(100, 380), (860, 380)], fill=_INK, width=2)
    draw.line([(100, 30), (100, 380)], fill=_INK, width=2)
    return image


PICTURES: Final[dict[str, Callable[[], Image.Image]]] = {
    "ecg": ecg,
    "ecg_fibrillation": ecg_fibrillation,
    "spirometry": spirometry,
}


def main() -> None:
    for name, draw in PICTURES.items():
        draw().rotate(0.6, expand=False, fillcolor=(120, 110, 100)).save(FOLDER / f"{name}.jpg", quality=62)


if __name__ == "__main__":
    main()
