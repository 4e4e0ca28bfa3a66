"""The text of a PDF, and where its words stand on the page. Runs apart."""

from __future__ import annotations

import ctypes
import json
import math
import sys
import unicodedata
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from carnet.kernel.apart.wire import Frame
from carnet.kernel.render.pages import document, flat_page

MOST_TEXT = 1_000_000
MOST_PAGES = 500
_MOST_ON_A_PAGE = 100_000

_BROKEN_WORD = "\x02"
"""What PDFium puts for a hyphen and the end of the line behind it, within a word."""
_FINE = 100_000
"""Steps into which a side of the page is divided when points are turned into fractions."""

Box = tuple[int, int, float, float, float, float]
"""Characters from … to of the text; left, top, right, bottom as fractions of the page as it is shown."""

Sheet = tuple[float, float, str, list[Box]]


def of_document(request: Frame) -> Frame:
    """The first pages, as far as the text may grow, a form feed between two."""
    parts: list[str] = []
    size = 0
    with document(request) as pdf:
        for number in range(1, min(len(pdf), MOST_PAGES) + 1):
            try:
                text = _Page(flat_page(pdf, number)).text
            except pdfium.PdfiumError:
                # One broken page does not hide the others.
                text = ""
            parts.append(text)
            size += len(text) + 1
            if size > MOST_TEXT:
                break
    return Frame({}, "\f".join(parts)[:MOST_TEXT].encode())


def of_page(request: Frame) -> Frame:
    with document(request) as pdf:
        page = _Page(flat_page(pdf, request.head["number"]))
        return Frame({}, json.dumps([page.text, list(page.boxes())]).encode())


def of_pages(request: Frame) -> Frame:
    """Of each page from `first` on: width, height, text and, when asked for, boxes; null for one that is broken."""
    first, most = request.head["first"], request.head["most"]
    found: list[Sheet | None] = []
    size = 0
    with document(request) as pdf:
        for number in range(first, min(first + most, len(pdf) + 1)):
            sheet = _sheet(pdf, number, boxes=request.head["boxes"])
            found.append(sheet)
            size += len(sheet[2]) if sheet else 0
            if size > MOST_TEXT:
                break
        return Frame({"pages": len(pdf)}, json.dumps(found).encode())


def _sheet(pdf: pdfium.PdfDocument, number: int, *, boxes: bool) -> Sheet | None:
    try:
        shown = flat_page(pdf, number)
        page = _Page(shown)
    except pdfium.PdfiumError:
        return None
    width, height = shown.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        return None
    return (width, height, page.text, list(page.boxes()) if boxes else [])


class _Page:
    """The characters of a page in reading order: `kept` pairs each of the text with PDFium's own."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._textpage = page.get_textpage()
        found = min(self._textpage.count_chars(), _MOST_ON_A_PAGE)
        shown = _shown(pdfium_c.FPDFText_GetUnicode(self._textpage, index) for index in range(found))
        kept = _without_idle_blanks([(index, char) for index, char in enumerate(shown) if char])
        self.text = "".join(char for _, char in kept if char != _BROKEN_WORD)
        self._kept = kept

    def boxes(self) -> Iterator[Box]:
        at = start = 0
        run: list[int] = []
        for index, char in [*self._kept, (-1, " ")]:
            if char in " \n" + _BROKEN_WORD:
                if box := self._around(run):
                    yield (start, at, *box)
                run = []
                at += char != _BROKEN_WORD
                start = at
            else:
                run.append(index)
                at += 1

    def _around(self, run: list[int]) -> tuple[float, float, float, float] | None:
        rectangles = [rectangle for index in run if (rectangle := self._rectangle(index))]
        if not rectangles:
            return None
        lefts, bottoms, rights, tops = zip(*rectangles, strict=True)
        corners = (self._fraction(min(lefts), max(tops)), self._fraction(max(rights), min(bottoms)))
        # A turned page turns its corners.
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _rectangle(self, index: int) -> tuple[float, float, float, float] | None:
        box = pdfium_c.FS_RECTF()
        if not pdfium_c.FPDFText_GetLooseCharBox(self._textpage, index, box):
            return None
        return box.left, box.bottom, box.right, box.top

    def _fraction(self, x: float, y: float) -> tuple[float, float]:
        right, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self._page, 0, 0, _FINE, _FINE, 0, x, y, right, down)
        return _within(right.value / _FINE), _within(down.value / _FINE)


def _within(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def _shown(codes: Iterator[int]) -> Iterator[str]:
    """One character or nothing for each code: no controls, no half of a pair, nothing that shows nothing."""
    for code in codes:
        char = chr(code) if code <= sys.maxunicode else ""
        if char in ("\n", _BROKEN_WORD):
            yield char
        elif not char or char.isspace():
            yield " " if char not in ("", "\r") else ""
        else:
            yield "" if unicodedata.category(char)[0] == "C" else char


def _without_idle_blanks(chars: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """No blank beside a blank or at the edge of a line, no empty line; no word broken before it began."""
    kept: list[tuple[int, str]] = []
    for index, char in chars:
        before = kept[-1][1] if kept else "\n"
        if char in " " + _BROKEN_WORD and before in " \n":
            continue
        if char == "\n":
            if before == " ":
                kept.pop()
                before = kept[-1][1] if kept else "\n"
            if before == "\n":
                continue
        kept.append((index, char))
    while kept and kept[-1][1] in " \n":
        kept.pop()
    return kept
