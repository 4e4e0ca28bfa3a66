"""Photographs of a paper, made into one PDF of A4 pages. Runs apart."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from carnet.kernel.apart.wire import Frame
from carnet.kernel.render.pictures import photograph
from carnet.kernel.render.refusal import Refusal

MOST_PICTURES = 20
_LONG_SIDE = 2000
"""Points along an A4 page: 170 per inch, at which 6-point print is read."""
_QUALITY = 80
_SHORT, _LONG = 595.28, 841.89


def pdf(request: Frame) -> Frame:
    sizes: list[int] = request.head["sizes"]
    if not sizes:
        raise Refusal("no-pictures")
    if len(sizes) > MOST_PICTURES:
        raise Refusal("too-many-pictures")
    written = pikepdf.new()
    body, at = memoryview(request.body), 0
    for size in sizes:
        _add(written, photograph(body[at : at + size], _LONG_SIDE))
        at += size
    out = BytesIO()
    # The same photographs give the same file.
    written.save(out, deterministic_id=True)
    return Frame({"pages": len(sizes)}, out.getvalue())


def _add(written: pikepdf.Pdf, picture: Image.Image) -> None:
    across, down = (_LONG, _SHORT) if picture.width > picture.height else (_SHORT, _LONG)
    scale = min(across / picture.width, down / picture.height)
    width, height = picture.width * scale, picture.height * scale
    page = written.add_blank_page(page_size=(across, down))
    page.Resources = Dictionary(XObject=Dictionary(P=written.make_indirect(stream(written, picture))))
    place = f"q {width:.2f} 0 0 {height:.2f} {(across - width) / 2:.2f} {(down - height) / 2:.2f} cm /P Do Q"
    page.Contents = written.make_stream(place.encode())


def stream(written: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Stream:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return written.make_stream(
        out.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Array([Name.DCTDecode]),
    )
