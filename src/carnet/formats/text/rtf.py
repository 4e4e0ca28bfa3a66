"""Rich Text Format 1.9: what a word processor would show, without its looks.

A reader of our own: those that exist take quadratic time on some files, raise on others, and leave out headers,
footers and notes, where letters say who wrote them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from carnet.formats.text.errors import TextError
from carnet.formats.text.tidy import MOST

_TOKEN: Final = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}]+)|\\", re.DOTALL
)
_DEEPEST: Final = 1000
_MOST_TOGETHER: Final = 1 << 16

# Groups that are about the document, not of it. A group that opens with \* is one for whoever knows it.
_APART: Final = frozenset(
    """
    fonttbl colortbl stylesheet info pict object listtable listoverridetable revtbl rsidtbl filetbl generator
    fldinst datafield bkmkstart bkmkend pntext template xe tc rxe txe nonshppict annotation themedata
    colorschememapping latentstyles datastore
    """.split()  # noqa: SIM905  (words, to be read as such)
)
_SHOWN_AGAIN: Final = frozenset({"shptxt", "result"})
"""The text of a frame, and what an object shows, inside groups that are not shown."""

_CELL: Final = " ; "
_ROW_ENDS: Final = frozenset({"row", "nestrow"})
_SIGNS: Final = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "row": "\n", "nestrow": "\n",
    "cell": _CELL, "nestcell": _CELL, "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_SYMBOLS: Final = {"~": " ", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
_PAGES: Final = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
# \fcharset of a font → the encoding of its bytes.
_CHARSETS: Final = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    255: "cp850",
}  # fmt: skip


def read(data: bytes) -> str:
    if not data.lstrip().startswith(b"{\\rtf"):
        raise TextError("not-rtf", "Ce fichier n’est pas un document RTF.")
    return _Reader(data).read()


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and forgets when it ends."""

    shown: bool = True
    hidden: bool = False
    skipped: int = 1
    font: int | None = None
    in_fonts: bool = False


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._source = data.decode("latin-1")
        self._state = _State()
        self._stack: list[_State] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._written: list[str] = []
        self._size = 0
        self._bytes = bytearray()
        self._to_skip = 0

    def read(self) -> str:
        at, end = 0, len(self._source)
        while at < end and self._size < MOST:
            match = _TOKEN.match(self._source, at)
            if match is None:
                break
            at = match.end() + self._take(match)
            if not self._stack:
                break
        self._flush()
        # Two halves of a sign beyond the first plane come one by one.
        return "".join(self._written).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _take(self, match: re.Match[str]) -> int:
        """How many bytes behind the token are no text."""
        word, number, byte, symbol, brace, run = match.groups()
        if byte:
            self._add_bytes(bytes.fromhex(byte))
        elif run:
            self._add_bytes(run.replace("\r", "").replace("\n", "").encode("latin-1"))
        else:
            self._flush()
            if brace:
                self._brace(brace)
            elif word:
                return self._word(word.lower() if word.isupper() else word, int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
        return 0

    def _brace(self, brace: str) -> None:
        self._to_skip = 0
        if brace == "}":
            self._state = self._stack.pop()
            return
        if len(self._stack) >= _DEEPEST:
            raise TextError("too-deep", "Ce document RTF imbrique trop de groupes.")
        self._stack.append(self._state)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._state = replace(self._state, shown=False)
        else:
            self._write(_SYMBOLS.get(symbol, ""))

    def _word(self, word: str, number: int | None) -> int:
        if word == "bin":
            return max(number or 0, 0)
        if word == "u" and number is not None:
            self._write(chr(number % 0x10000))
            self._to_skip = self._state.skipped
        elif word in _SIGNS:
            if word in _ROW_ENDS and self._written and self._written[-1] == _CELL:
                self._written.pop()
            self._write(_SIGNS[word])
        else:
            self._setting(word, number)
        return 0

    def _setting(self, word: str, number: int | None) -> None:
        state = self._state
        if word in _APART:
            state = replace(state, shown=False, in_fonts=word == "fonttbl")
        elif word in _SHOWN_AGAIN:
            state = replace(state, shown=True)
        elif word == "uc":
            state = replace(state, skipped=min(max(number or 0, 0), 16))
        elif word == "v":
            state = replace(state, hidden=number != 0)
        elif word == "f":
            state = replace(state, font=number)
        elif word == "plain":
            state = replace(state, hidden=False, font=None)
        elif word == "fcharset" and state.in_fonts and state.font is not None:
            self._fonts[state.font] = _CHARSETS.get(number or 0, "")
        elif word in _PAGES or word == "ansicpg":
            self._page = _known(_PAGES.get(word) or f"cp{number}")
        self._state = state

    def _add_bytes(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        if self._is_seen():
            self._bytes += data
        if len(self._bytes) > _MOST_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        """Bytes are decoded together: a character of some encodings has two."""
        if self._bytes:
            # A font of symbols has no letters.
            page = self._page if self._state.font is None else self._fonts.get(self._state.font, self._page)
            text = bytes(self._bytes).decode(page, "replace") if page else ""
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        if self._is_seen():
            self._written.append(text)
            self._size += len(text)

    def _is_seen(self) -> bool:
        return self._state.shown and not self._state.hidden


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
