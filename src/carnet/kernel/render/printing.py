"""One document on A4 pages that say at their head what they are, and several such as one file. Runs apart.

What is printed is what a page shows: nothing that a deposited file would run, open or fill in comes along.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name
from PIL import Image

from carnet.kernel.apart.wire import Frame
from carnet.kernel.render import layout, letters, pages, pictures
from carnet.kernel.render.layout import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from carnet.kernel.render.paper import stream
from carnet.kernel.render.refusal import Refusal

_SIDE = 1800
_PDF = "application/pdf"


def printed(request: Frame) -> Frame:
    """`parts` tell how the body is cut: blocks to be set (JSON), or a file of a type that has pages."""
    written = pikepdf.new()
    fonts = _fonts(written)
    body, at = memoryview(request.body), 0
    most: int = request.head["most"]
    for part in request.head["parts"]:
        data = bytes(body[at : at + part["size"]])
        at += part["size"]
        _add(written, fonts, part["media_type"], data, most)
    _name_pages(written, fonts, request.head["head"])
    return Frame({"pages": len(written.pages)}, _saved(written))


def joined(request: Frame) -> Frame:
    """Files that `printed` made, one after the other."""
    written = pikepdf.new()
    body, at = memoryview(request.body), 0
    for size in request.head["sizes"]:
        with pikepdf.open(BytesIO(body[at : at + size])) as one:
            written.pages.extend(one.pages)
        at += size
    return Frame({"pages": len(written.pages)}, _saved(written))


def _saved(written: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    written.save(out, deterministic_id=True)
    return out.getvalue()


def _fonts(written: pikepdf.Pdf) -> Dictionary:
    made = {}
    for name, base in letters.FONTS.items():
        told: dict[str, Any] = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name("/" + base)}
        if name != letters.SYMBOL:
            told["Encoding"] = Name.WinAnsiEncoding
        made["/" + name] = written.make_indirect(Dictionary(**told))
    return Dictionary(made)


def _add(written: pikepdf.Pdf, fonts: Dictionary, media_type: str, data: bytes, most: int) -> None:
    if media_type == "blocks":
        _add_blocks(written, fonts, json.loads(data))
    elif media_type == _PDF:
        _add_pdf(written, data, most)
    else:
        for picture in _pictures(media_type, data, most):
            _add_picture(written, picture)
    if len(written.pages) > most:
        raise Refusal("too-many-pages")


def _add_blocks(written: pikepdf.Pdf, fonts: Dictionary, blocks: list[dict[str, Any]]) -> None:
    """A picture within the text has a page of its own."""
    text: list[dict[str, Any]] = []
    for block in [*blocks, None]:
        if block is not None and "picture" not in block:
            text.append(block)
            continue
        if text:
            _add_text(written, fonts, text)
            text = []
        if block is not None and (picture := _inside(block["picture"])):
            _add_picture(written, picture)


def _add_text(written: pikepdf.Pdf, fonts: Dictionary, blocks: list[dict[str, Any]]) -> None:
    try:
        contents = layout.set_blocks(blocks)
    except layout.TooLong:
        raise Refusal("too-many-pages") from None
    for content in contents:
        page = written.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.Resources = Dictionary(Font=fonts)
        page.Contents = written.make_stream(content)


def _inside(text: str) -> Image.Image | None:
    """None for what is no picture: its words stand beside it."""
    try:
        return pictures.photograph(base64.b64decode(text, validate=True), _SIDE)
    except (Refusal, binascii.Error, ValueError, OSError):
        return None


def _add_pdf(written: pikepdf.Pdf, data: bytes, most: int) -> None:
    for page in _flat(data, most):
        blank = written.add_blank_page(page_size=(WIDTH, HEIGHT))
        blank.add_overlay(page, pikepdf.Rectangle(LEFT / 2, BOTTOM, WIDTH - LEFT / 2, TOP))


def _flat(data: bytes, most: int) -> Iterator[pikepdf.Page]:
    """With what was filled in and annotated made part of the page."""
    with pages.document(Frame({}, data)) as pdf:
        if len(pdf) > most:
            raise Refusal("too-many-pages")
        for number in range(1, len(pdf) + 1):
            pages.flat_page(pdf, number).close()
        out = BytesIO()
        try:
            pdf.save(out)
        except pdfium.PdfiumError:
            raise Refusal("broken") from None
    with pikepdf.open(out) as found:
        yield from found.pages


def _pictures(media_type: str, data: bytes, most: int) -> Iterator[Image.Image]:
    count = int(pictures.count(Frame({"media_type": media_type}, data)).head["pages"])
    if count > most:
        raise Refusal("too-many-pages")
    for number in range(1, count + 1):
        yield pictures.upright(data, media_type, number, _SIDE)


def _add_picture(written: pikepdf.Pdf, picture: Image.Image) -> None:
    room = (RIGHT - LEFT, TOP - BOTTOM)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    width, height = picture.width * scale, picture.height * scale
    page = written.add_blank_page(page_size=(WIDTH, HEIGHT))
    page.Resources = Dictionary(XObject=Dictionary(P=written.make_indirect(stream(written, picture))))
    x, y = (WIDTH - width) / 2, TOP - height
    page.Contents = written.make_stream(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /P Do Q".encode())


def _name_pages(written: pikepdf.Pdf, fonts: Dictionary, head: dict[str, str]) -> None:
    """At the head of each page whose and what it is, at its foot when it was printed."""
    count = len(written.pages)
    for number, page in enumerate(written.pages, 1):
        page.contents_add(written.make_stream(b"q"), prepend=True)
        page.contents_add(written.make_stream(b"Q\n" + _head(head, f"{number}/{count}")))
        resources = page.obj.get("/Resources") or Dictionary()
        page.obj.Resources = resources
        named = resources.get("/Font") or Dictionary()
        for name in list(fonts.keys()):
            named[name] = fonts[name]
        resources["/Font"] = named


def _head(head: dict[str, str], number: str) -> bytes:
    at = HEIGHT - 34.0
    right = RIGHT - letters.width(number, 8)
    lines = [
        (LEFT, at, 10.0, head["title"], True),
        (LEFT, at - 12, 8.5, head["about"], False),
        (LEFT, at - 23, 8.5, head["whose"], False),
        (right, at, 8.0, number, False),
        (LEFT, 26.0, 7.0, head["foot"], False),
    ]
    room = RIGHT - LEFT - 40
    written = [
        layout.write([(_cut(text, room, size, bold=bold), bold)], x, y, size) for x, y, size, text, bold in lines
    ]
    rule = b"0.75 w 0.45 G %.2f %.2f m %.2f %.2f l S" % (LEFT, at - 30, RIGHT, at - 30)
    return b"\n".join([*written, rule])


def _cut(text: str, room: float, size: float, *, bold: bool) -> str:
    if letters.width(text, size, bold=bold) <= room:
        return text
    while text and letters.width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text + "…"
