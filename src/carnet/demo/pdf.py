"""A small writer of PDF 1.4: pages of text in Helvetica, one of the fonts that every reader brings along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

_WIDTH, _HEIGHT = 595, 842  # A4, in points
_MARGIN = 64
_TEXT_SIZE = 11
_COLUMNS = 84  # characters of Helvetica 11 that fit the text width, with room to spare for capitals
_LINES_PER_PAGE = 44


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    bold: bool = False
    size: int = _TEXT_SIZE


def write(
    *, letterhead: str, title: str, head: Sequence[str], paragraphs: Sequence[str], foot: Sequence[str] = ()
) -> bytes:
    """One document. Raises UnicodeEncodeError for a character that these fonts do not have."""
    lines = [_Line(letterhead, bold=True, size=13), *map(_Line, head), _Line("")]
    lines += [_Line(part, bold=True, size=15) for part in wrap(title, 58)]
    for paragraph in paragraphs:
        lines += [_Line(""), *map(_Line, wrap(paragraph, _COLUMNS))]
    lines += [_Line(""), *map(_Line, foot)]
    starts = range(0, len(lines), _LINES_PER_PAGE)
    return _assemble([_page(lines[start : start + _LINES_PER_PAGE]) for start in starts], title)


def _page(lines: Sequence[_Line]) -> bytes:
    operations = [f"BT {_MARGIN} {_HEIGHT - _MARGIN} Td 16 TL".encode()]
    for line in lines:
        font = b"/F2" if line.bold else b"/F1"
        operations.append(b"%s %d Tf (%s) Tj T*" % (font, line.size, _escape(line.text)))
    operations.append(b"ET")
    return b"\n".join(operations)


def _escape(text: str) -> bytes:
    data = text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}").encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _assemble(pages: Sequence[bytes], title: str) -> bytes:
    """Objects 1 … 5: catalogue, page tree, two fonts, information; then a page and its content in turn."""
    kids = b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
        b"<< /Title <%s> /Producer (Carnet) >>" % (b"\xfe\xff" + title.encode("utf-16-be")).hex().encode(),
    ]
    for number, content in enumerate(pages):
        objects += [_page_object(7 + 2 * number), _stream(content)]
    return _file(objects)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name


def _page_object(content: int) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] "
        b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents %d 0 R >>" % (_WIDTH, _HEIGHT, content)
    )


def _stream(content: bytes) -> bytes:
    """Left uncompressed: the bytes must be the same whichever zlib is installed."""
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(data)
