"""The pages of a PDF, a scan or a photograph, as images that the server makes, with their text and the words that were
looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carnet.formats import folding
from carnet.formats.folding import Piece, Term
from carnet.kernel import limits, render
from carnet.web.reading import faults, rendering

AT_ONCE = 10
"""Pages on one page of ours."""
WIDTHS = (800, 1600)
"""Points of the images: a phone at two points a pixel, and a wide screen or a finer phone."""
_SEARCHED = 500
_PAGE = re.compile(r"[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle on the page, in per cent of its sides."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`width` and `height` keep its place until the image is there. `shown`: the page can be made into one."""

    number: int
    width: int = WIDTHS[0]
    height: int = 0
    shown: bool = False
    text: tuple[Piece, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def hits(self) -> int:
        return sum(piece.hit for piece in self.text)


@dataclass(frozen=True, slots=True)
class Sheets:
    """Pages `first` to `last` of `count`; `before` and `after` are where the neighbouring parts begin."""

    count: int
    sheets: tuple[Sheet, ...]
    before: int | None
    after: int | None

    @property
    def hits(self) -> int:
        return sum(sheet.hits for sheet in self.sheets)

    @property
    def first_hit(self) -> int | None:
        return next((sheet.number for sheet in self.sheets if sheet.hits), None)


def told(
    shown: rendering.Reading, terms: Sequence[Term] = (), wanted: str = "", hit: int | None = None
) -> tuple[Sheets | None, str]:
    """The pages of a document that has some, or why they are not there, in words. `wanted` as an address says it."""
    if shown.kind is not rendering.Kind.SHEETS or shown.file is None:
        return None, ""
    try:
        return of(shown.file, terms, int(wanted) if _PAGE.fullmatch(wanted) else None, hit), ""
    except render.Unreadable as unreadable:
        return None, faults.sentence(unreadable.code)


def of(file: rendering.Piece, terms: Sequence[Term], wanted: int | None = None, hit: int | None = None) -> Sheets:
    """The part that holds page `wanted`, or the first hit, or the beginning. `hit` is the page of the first hit, or 0,
    by what is stored of the text: a long file is not read through for it. Raises `render.Unreadable`, or `limits.Busy`.
    """
    try:
        first = _first_of_part(wanted or 1)
        found = _read(file, first, AT_ONCE, boxes=bool(terms))
        if terms and wanted is None and found.count > AT_ONCE and not _hit_in(found, terms):
            first = _first_of_part(_page_of_hit(file, terms) if hit is None else hit or 1)
            if first > 1:
                found = _read(file, first, AT_ONCE, boxes=True)
        if not found.sheets and found.count:
            first = 1
            found = _read(file, first, AT_ONCE, boxes=bool(terms))
    except render.Busy:
        raise limits.Busy from None
    sheets = tuple(_sheet(first + at, each, terms) for at, each in enumerate(found.sheets))
    after = first + AT_ONCE
    return Sheets(found.count, sheets, first - AT_ONCE if first > 1 else None, after if after <= found.count else None)


def _page_of_hit(file: rendering.Piece, terms: Sequence[Term]) -> int:
    """After the first part, where it is not; 1 when it is nowhere."""
    at = _hit_in(_read(file, AT_ONCE + 1, _SEARCHED), terms)
    return 1 if at is None else AT_ONCE + 1 + at


def image(file: rendering.Piece, number: int, width: int) -> render.Image:
    """Raises `render.Unreadable`, or `limits.Busy`."""
    try:
        if file.media_type == rendering.PDF:
            return render.page_image(file.data, number, width)
        return render.picture(file.data, file.media_type, width, number)
    except render.Busy:
        raise limits.Busy from None


def _first_of_part(number: int) -> int:
    return number - (number - 1) % AT_ONCE


def _read(file: rendering.Piece, first: int, most: int, *, boxes: bool = False) -> render.Sheets:
    if file.media_type == rendering.PDF:
        return render.sheets(file.data, first, most, boxes=boxes)
    return render.picture_sheets(file.data, file.media_type, first, most)


def _hit_in(found: render.Sheets, terms: Sequence[Term]) -> int | None:
    """How many pages before the first that has a hit."""
    for at, sheet in enumerate(found.sheets):
        if sheet and any(piece.hit for piece in folding.highlight(sheet.text.text, terms)):
            return at
    return None


def _sheet(number: int, sheet: render.Sheet | None, terms: Sequence[Term]) -> Sheet:
    if sheet is None:
        return Sheet(number)
    height = max(1, round(WIDTHS[0] * sheet.height / sheet.width))
    pieces = tuple(folding.highlight(sheet.text.text, terms))
    return Sheet(number, WIDTHS[0], height, shown=True, text=pieces, marks=tuple(_marks(sheet.text, pieces)))


def _marks(text: render.PageText, pieces: Sequence[Piece]) -> Iterator[Mark]:
    """The boxes of the words that hits touch."""
    hits: list[tuple[int, int]] = []
    at = 0
    for piece in pieces:
        if piece.hit:
            hits.append((at, at + len(piece.text)))
        at += len(piece.text)
    for box in text.boxes if hits else ():
        if any(start < box.end and box.start < end for start, end in hits):
            yield Mark(_percent(box.x0), _percent(box.y0), _percent(box.x1 - box.x0), _percent(box.y1 - box.y0))


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}%"
