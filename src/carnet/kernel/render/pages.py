"""Pages of a PDF, by a PDFium that is built without scripts and without XFA. Runs apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from carnet.kernel.apart.wire import Frame
from carnet.kernel.render.refusal import Refusal
from carnet.kernel.render.webp import encode

_MOST_POINTS = 8_000_000
"""Of one image: A4 at 2300 points wide. What would be larger, such as a very long page, is shown smaller."""
_LONGEST_SIDE = 16_000
"""WebP has 14 bits for a side."""


def count(request: Frame) -> Frame:
    with document(request) as pdf:
        return Frame({"pages": len(pdf)})


def image(request: Frame) -> Frame:
    """The page as a person sees it: turned as it says, with what is filled into its form."""
    with document(request) as pdf:
        page = flat_page(pdf, request.head["number"])
        scale = _scale(page.get_size(), request.head["width"])
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        return Frame({"width": bitmap.width, "height": bitmap.height}, encode(bitmap.to_pil().convert("RGB")))


@contextmanager
def document(request: Frame) -> Iterator[pdfium.PdfDocument]:
    try:
        pdf = pdfium.PdfDocument(bytes(request.body))
    except pdfium.PdfiumError as error:
        raise Refusal("encrypted" if error.err_code == pdfium_c.FPDF_ERR_PASSWORD else "broken") from None
    if len(pdf) == 0:
        raise Refusal("broken")
    pdf.init_forms()
    yield pdf


def flat_page(pdf: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Page `number`, counted from 1, with annotations and form fields made part of it."""
    if not 1 <= number <= len(pdf):
        raise Refusal("no-such-page")
    page = pdf[number - 1]
    if pdfium_c.FPDFPage_GetAnnotCount(page) <= 0 or pdf.formenv is None:
        return page
    try:
        page.flatten()
    except pdfium.PdfiumError:
        return page
    page.close()
    return pdf[number - 1]


def _scale(size: tuple[float, float], wanted: int) -> float:
    width, height = size
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise Refusal("broken")
    points = math.sqrt(_MOST_POINTS / (width * height))
    return min(wanted / width, points, _LONGEST_SIDE / max(width, height))
