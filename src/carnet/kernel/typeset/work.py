"""What runs apart: one page made of a source in Typst's language and of data, as a tagged PDF that keeps to PDF/UA-1.

The source is ours; the data are anybody's, and reach it as strings, never as source."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import typst

from carnet.kernel.apart.wire import Frame

# Loaded before the forks, which share them.
_FONTS = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(Path(__file__).parent / "fonts")]
)


def answer(request: Frame) -> Frame:
    source = str(request.head["source"])
    data = bytes(request.body).decode()
    made = typst.Compiler(input=source.encode(), font_paths=_FONTS, ignore_system_fonts=True, sys_inputs={"data": data})
    pdf = made.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(request.head["at"]))
    if not isinstance(pdf, bytes):
        raise TypeError
    with pikepdf.open(BytesIO(pdf)) as read:
        pages = len(read.pages)
    return Frame({"pages": pages}, pdf)
