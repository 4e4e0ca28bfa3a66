"""Text in the fonts that every reader of PDF brings along: Helvetica, and Symbol for what medicine writes beside it.
What neither has is spelt out, or stands as « [?] »: it never disappears. Runs apart."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

PLAIN, BOLD, SYMBOL = "F1", "F2", "F3"
FONTS = {PLAIN: "Helvetica", BOLD: "Helvetica-Bold", SYMBOL: "Symbol"}

_GREEK = dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", "abgdezhqiklmnxoprVstufcyw", strict=True))
_CAPITALS = dict(zip("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "ABGDEZHQIKLMNXOPRSTUFCYW", strict=True))
_SIGNS = {
    "≤": "\xa3",
    "≥": "\xb3",
    "≠": "\xb9",
    "≈": "\xbb",
    "≡": "\xba",
    "∞": "\xa5",
    "←": "\xac",
    "↑": "\xad",
    "→": "\xae",
    "↓": "\xaf",
    "↔": "\xab",
    "∝": "\xb5",
    "∂": "\xb6",
    "∈": "\xce",
    "√": "\xd6",
    "∑": "\xe5",
    "∆": "D",
    "′": "\xa2",
    "″": "\xb2",
}
_SYMBOL = {char: code.encode("latin-1") for char, code in (_GREEK | _CAPITALS | _SIGNS).items()}
_SPELT = {
    "\N{MINUS SIGN}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
    "☐": "[ ]",
    "☑": "[x]",
    "☒": "[x]",
    "✓": "[x]",
    "✔": "[x]",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
_UNKNOWN = "[?]"

Run = tuple[str, bytes]
"""A font, and the codes of its letters."""


def runs(text: str, *, bold: bool = False) -> list[Run]:
    """The text as these fonts write it."""
    letters = [each for char in text for each in _letters(char, BOLD if bold else PLAIN)]
    return [(font, b"".join(code for _, code in group)) for font, group in groupby(letters, key=lambda each: each[0])]


def width(text: str, size: float, *, bold: bool = False) -> float:
    return sum(_width(font, code) for font, codes in runs(text, bold=bold) for code in codes) * size / 1000


def shown(found: list[Run], size: float) -> bytes:
    """The operators that write them where the pen stands."""
    return b" ".join(b"/%s %.2f Tf (%s) Tj" % (font.encode(), size, _escaped(codes)) for font, codes in found)


def _letters(char: str, font: str) -> Iterator[Run]:
    if char in _SYMBOL:
        yield SYMBOL, _SYMBOL[char]
        return
    for each in _SPELT.get(char, char):
        code = _code(each)
        if code:
            yield font, code


def _code(char: str) -> bytes:
    """In WinAnsi; "" for what shows nothing."""
    try:
        return char.encode("cp1252") if char >= " " else b""
    except UnicodeEncodeError:
        pass
    if unicodedata.category(char)[0] in "CM":
        return b""
    plain = unicodedata.normalize("NFKD", char)
    kept = "".join(each for each in plain if not unicodedata.combining(each)).encode("cp1252", "ignore")
    return kept or _UNKNOWN.encode()


def _escaped(codes: bytes) -> bytes:
    return codes.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"")


@cache
def _width(font: str, code: int) -> float:
    """In thousandths of the size."""
    found = ctypes.c_float()
    char = {codes[0]: char for char, codes in _SYMBOL.items()}.get(code) if font == SYMBOL else _from_windows(code)
    if not char or not pdfium_c.FPDFFont_GetGlyphWidth(_font(font), ord(char), 1000.0, found):
        return 556.0
    return float(found.value)


def _from_windows(code: int) -> str:
    return bytes([code]).decode("cp1252", "ignore")


@cache
def _font(name: str) -> pdfium_c.FPDF_FONT:
    return pdfium_c.FPDFText_LoadStandardFont(_nowhere(), FONTS[name].encode())


@cache
def _nowhere() -> pdfium.PdfDocument:
    return pdfium.PdfDocument.new()
