"""Documents as images and text: what a page shows when a browser cannot show the file itself.

All reading is done apart (`carnet.kernel.apart`); nothing of PDFium or Pillow is loaded here. Originals are never
changed. Every function raises `Unreadable` (this file never will) or `Busy` (again in a moment). Numbers of pages
start at 1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from carnet.kernel import apart
from carnet.kernel.apart import Frame, Limits
from carnet.kernel.render.errors import Busy, RenderError, Unreadable

__all__ = [
    "BLOCKS",
    "IMAGE_TYPE",
    "Box",
    "Busy",
    "Head",
    "Image",
    "PageText",
    "Part",
    "RenderError",
    "Sheet",
    "Sheets",
    "Unreadable",
    "joined",
    "one_at_a_time",
    "page_count",
    "page_image",
    "page_text",
    "pdf_from_pictures",
    "picture",
    "picture_count",
    "picture_sheets",
    "printed",
    "sheets",
    "text",
    "texts",
]

IMAGE_TYPE = "image/webp"

_WIDTHS = range(16, 2401)
_MOST_BYTES = 256 << 20
_SHORT = Limits()
_LONG = Limits(cpu=20, wall=30)
_LARGE = Limits(answer=64 << 20, cpu=30, wall=45)

_helper = apart.Helper("carnet.kernel.render.work", processes=2)
_whose: ContextVar[object] = ContextVar("carnet_render_whose", default=None)


@contextmanager
def one_at_a_time(whose: object) -> Iterator[None]:
    """What is asked within waits for what the same owner has asked already, and leaves the other process to others."""
    token = _whose.set(whose)
    try:
        yield
    finally:
        _whose.reset(token)


@dataclass(frozen=True, slots=True)
class Image:
    """WebP of this many points; `width` may be less than was asked for."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """Where characters `start` to `end` of the text stand: fractions of the page as shown, from its top left."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageText:
    """One box a word; two for a word that is broken at the end of a line, which `text` joins."""

    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`width` and `height` tell the proportions of the page as it is shown, in a unit of the file's own."""

    width: float
    height: float
    text: PageText


@dataclass(frozen=True, slots=True)
class Sheets:
    """Some of the `count` pages of a file. One that cannot be shown is None."""

    count: int
    sheets: tuple[Sheet | None, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of a printed document says of itself: what it is, of when and whose; `whose` record it is from;
    and at its foot when it was printed."""

    title: str
    about: str
    whose: str
    foot: str


@dataclass(frozen=True, slots=True)
class Part:
    """A PDF or a picture by its type; or `BLOCKS`, a JSON array of what is to be set: {"words": [[text, bold], …]} with
    "title" (its level), "indent" and "mark" (of a list); {"rows": [[{"words": …, "span": 2}, …], …], "head": 1};
    {"picture": base64}."""

    media_type: str
    data: bytes


BLOCKS = "blocks"


def page_count(pdf: bytes) -> int:
    return _whole(_ask("page-count", pdf), "pages")


def page_image(pdf: bytes, number: int, width_px: int) -> Image:
    """`width_px` from 16 to 2400. A page that would have more than 8 million points is made smaller."""
    return _image(_ask("page-image", pdf, number=number, width=_width(width_px)))


def page_text(pdf: bytes, number: int) -> PageText:
    """At most 100 000 characters; empty for a scan."""
    try:
        return _page_text(*json.loads(bytes(_ask("page-text", pdf, number=number).body)))
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("too-complex") from None


def texts(pdf: bytes) -> tuple[str, ...]:
    """The text of each page, "" for a scan: the first 500 pages, the first million characters."""
    return tuple(bytes(_ask("texts", pdf, limits=_LONG).body).decode(errors="replace").split("\f"))


def sheets(pdf: bytes, first: int, most: int, *, boxes: bool = False) -> Sheets:
    """From page `first` on, at most `most` pages and a million characters, without their images: what a page that shows
    them must know beforehand. Past the last page there are none."""
    return _sheets(_ask("sheets", pdf, first=first, most=most, boxes=boxes))


def text(pdf: bytes) -> str:
    """All of it, a line for each line of the pages."""
    return "\n".join(filter(None, texts(pdf)))


def picture_count(data: bytes, media_type: str) -> int:
    """How many pages a TIFF has; 1 for JPEG and PNG."""
    return _whole(_ask("picture-count", data, media_type=media_type), "pages")


def picture(data: bytes, media_type: str, width_px: int, number: int = 1) -> Image:
    """A JPEG, PNG or page of a TIFF, upright and without metadata; never larger than it is."""
    return _image(_ask("picture", data, media_type=media_type, number=number, width=_width(width_px)))


def picture_sheets(data: bytes, media_type: str, first: int, most: int) -> Sheets:
    """The same of a JPEG, PNG or TIFF, whose pages have no text."""
    return _sheets(_ask("picture-sheets", data, media_type=media_type, first=first, most=most))


def pdf_from_pictures(pictures: Sequence[bytes]) -> bytes:
    """One A4 page for each JPEG or PNG, at most 20, without their metadata. The same pictures give the same bytes."""
    sizes = [len(each) for each in pictures]
    return bytes(_ask("paper", b"".join(pictures), sizes=sizes, limits=_LARGE).body)


def printed(parts: Sequence[Part], head: Head, *, most: int) -> bytes:
    """One document as a PDF of at most that many A4 pages."""
    cut = [{"media_type": part.media_type, "size": len(part.data)} for part in parts]
    body = b"".join(part.data for part in parts)
    return _pdf(_ask("printed", body, parts=cut, head=asdict(head), most=most, limits=_LARGE))


def joined(pdfs: Sequence[bytes]) -> bytes:
    """What `printed` made, as one file."""
    return _pdf(_ask("joined", b"".join(pdfs), sizes=[len(each) for each in pdfs], limits=_LARGE))


def _pdf(answered: Frame) -> bytes:
    data = bytes(answered.body)
    if not data.startswith(b"%PDF-"):
        raise Unreadable("too-complex")
    return data


def _ask(operation: str, data: bytes, *, limits: Limits = _SHORT, **asked: Any) -> Frame:
    if len(data) > _MOST_BYTES:
        raise Unreadable("too-large")
    try:
        answered = _helper.ask(Frame({"operation": operation, **asked}, data), limits, whose=_whose.get())
    except apart.Busy:
        raise Busy from None
    except apart.Failed:
        raise Unreadable("too-complex") from None
    if "refusal" in answered.head:
        raise Unreadable(str(answered.head["refusal"]))
    return answered


def _width(asked: int) -> int:
    return min(max(asked, _WIDTHS[0]), _WIDTHS[-1])


def _image(answered: Frame) -> Image:
    data = bytes(answered.body)
    # What claims to be an image was written by a process that had read a hostile file.
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Unreadable("too-complex")
    return Image(data, _whole(answered, "width"), _whole(answered, "height"))


def _whole(answered: Frame, name: str) -> int:
    value = answered.head.get(name)
    if not isinstance(value, int):
        raise Unreadable("too-complex")
    return value


def _sheets(answered: Frame) -> Sheets:
    try:
        found = json.loads(bytes(answered.body))
        return Sheets(_whole(answered, "pages"), tuple(_sheet(*each) if each else None for each in found))
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("too-complex") from None


def _sheet(width: float, height: float, written: str, boxes: Sequence[Any]) -> Sheet:
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError
    return Sheet(float(width), float(height), _page_text(written, boxes))


def _page_text(written: str, boxes: Sequence[Any]) -> PageText:
    return PageText(str(written), tuple(_box(each) for each in boxes))


def _box(values: Sequence[Any]) -> Box:
    start, end, *fractions = values
    x0, y0, x1, y1 = map(float, fractions)
    return Box(int(start), int(end), x0, y0, x1, y1)
