"""What a page shows of a document as blocks to be printed (`kernel.render.Part`): its narrative or its text. Pure.

Nothing that is read disappears: struck words say that they are, raised ones stay apart (10^9), a picture has its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from carnet.formats.folding import Piece
from carnet.web.i18n import gettext

_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_TITLES: Final = {"h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_APART: Final = frozenset({"p", "div", "section", "li", "ul", "ol", "caption", *_TITLES})
_LISTS: Final = frozenset({"ul", "ol"})
_CELLS: Final = frozenset({"td", "th"})
_BOLD: Final = frozenset({"strong", "th", "caption"})
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg);base64,(.+)", re.DOTALL)
_MOST_SPAN: Final = 60

Block = dict[str, Any]


def of_narrative(html: str) -> list[Block]:
    """Of a narrative that has passed the allow-list (`formats.cda.sanitise`)."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.ended()


def of_text(paragraphs: Iterable[Iterable[Piece]]) -> list[Block]:
    return [paragraph("".join(piece.text for piece in each)) for each in paragraphs]


def paragraph(text: str, *, title: int = 0) -> Block:
    return {"words": [[text, False]], "title": title}


@dataclass(slots=True)
class _Cell:
    span: int
    down: int
    words: list[list[Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """`head`: how many of its rows are headings; `inner`: tables within it, whose cells become words of a cell."""

    rows: list[list[_Cell]] = field(default_factory=list)
    head: int = 0
    heading: bool = False
    inner: int = 0
    open: bool = False
    pictures: list[Block] = field(default_factory=list)

    def blocks(self) -> list[Block]:
        rows = _laid(self.rows)
        table = [{"rows": rows, "head": min(self.head, max(len(rows) - 1, 0))}] if rows else []
        return [*table, *self.pictures]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._words: list[list[Any]] = []
        self._bold = 0
        self._title = 0
        self._lists: list[int | None] = []
        self._mark = ""
        self._table: _Table | None = None

    def ended(self) -> list[Block]:
        self._end_table()
        self._break()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in _APART:
            self._begin_apart(tag, told)
        elif tag in {"table", "thead", "tr", *_CELLS}:
            self._begin_of_table(tag, told)
        elif tag == "img":
            self._picture(told)
        else:
            said = {"br": "\n", "sup": "^", "del": "[" + gettext("supprimé :") + " "}
            self._say(said.get(tag, ""))
        self._bold += tag in _BOLD

    def handle_endtag(self, tag: str) -> None:
        if tag in _APART:
            self._break()
            if tag in _LISTS and self._lists:
                self._lists.pop()
            self._title = 0 if tag in _TITLES else self._title
        elif tag == "table":
            self._end_table()
        elif tag == "thead" and self._table:
            self._table.heading = False
        elif tag in _CELLS:
            self._end_cell()
        elif tag == "del":
            self._say("]")
        self._bold = max(self._bold - (tag in _BOLD), 0)

    def handle_data(self, data: str) -> None:
        self._say(_BLANKS.sub(" ", data))

    def _begin_apart(self, tag: str, told: dict[str, str]) -> None:
        self._break()
        if tag in _LISTS:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark(told.get("value", ""))
            if self._in_cell():
                self._say(f"{self._mark} ")
        elif tag in _TITLES:
            self._title = _TITLES[tag]

    def _next_mark(self, value: str) -> str:
        last = self._lists[-1] if self._lists else None
        if last is None:
            return "•"
        self._lists[-1] = int(value) if value.isdecimal() else last + 1
        return f"{self._lists[-1]}."

    def _say(self, text: str) -> None:
        bold = self._bold > 0
        before = self._words[-1] if self._words else None
        if text == " " and (before is None or before[0].endswith((" ", "\n"))):
            return
        if before is not None and before[1] == bold:
            before[0] += text
        elif text:
            self._words.append([text, bold])

    def _taken(self) -> list[list[Any]]:
        """What was said, without blanks at either end."""
        words, self._words = self._words, []
        if words:
            words[0][0] = words[0][0].lstrip()
            words[-1][0] = words[-1][0].rstrip()
        return [each for each in words if each[0]]

    def _in_cell(self) -> bool:
        return self._table is not None and self._table.open

    def _break(self) -> None:
        """The end of a paragraph; within a cell, of a line."""
        if self._in_cell():
            if self._words and not self._words[-1][0].endswith("\n"):
                self._words[-1][0] += "\n"
            return
        if words := self._taken():
            place = {"title": self._title, "indent": len(self._lists), "mark": self._mark}
            self._blocks.append({"words": words, **place})
            self._mark = ""

    def _picture(self, told: dict[str, str]) -> None:
        name = gettext("Image")
        self._say(f"[{name} : {told['alt']}]" if told.get("alt") else f"[{name}]")
        found = _PICTURE.fullmatch(told.get("src", ""))
        if found and self._table:
            self._table.pictures.append({"picture": found[1]})
        elif found:
            self._break()
            self._blocks.append({"picture": found[1]})

    def _begin_of_table(self, tag: str, told: dict[str, str]) -> None:
        table = self._table
        if tag == "table":
            self._begin_table()
        elif table is None or table.inner:
            self._say(" " if tag in _CELLS else "")
        elif tag == "thead":
            table.heading = True
        elif tag == "tr":
            self._break()
            table.rows.append([])
            table.head += table.heading
        elif table.rows:
            table.rows[-1].append(_Cell(_number(told.get("colspan", "")), _number(told.get("rowspan", ""))))
            table.open = True

    def _begin_table(self) -> None:
        self._break()
        if self._table is None:
            self._table = _Table()
        else:
            self._table.inner += 1

    def _end_cell(self) -> None:
        table = self._table
        if table is None or table.inner or not table.open:
            return
        table.rows[-1][-1].words = self._taken()
        table.open, self._mark = False, ""

    def _end_table(self) -> None:
        table = self._table
        if table is None:
            return
        if table.inner:
            table.inner -= 1
            return
        self._end_cell()
        self._blocks += table.blocks()
        self._table = None


def _laid(rows: list[list[_Cell]]) -> list[list[Block]]:
    """With an empty place wherever a cell of a row above reaches down."""
    reach: dict[int, tuple[int, int]] = {}
    made: list[list[Block]] = []
    for row in rows:
        line: list[Block] = []
        below: dict[int, tuple[int, int]] = {}
        at, cells = 0, list(row)
        while cells or at in reach:
            if at in reach:
                left, span = reach.pop(at)
                line.append({"words": [], "span": span})
            else:
                cell = cells.pop(0)
                left, span = cell.down, cell.span
                line.append({"words": cell.words, "span": span})
            if left > 1:
                below[at] = (left - 1, span)
            at += span
        reach = below
        if line:
            made.append(line)
    return made


def _number(text: str) -> int:
    return min(int(text), _MOST_SPAN) if text.isdecimal() and len(text) <= len(str(_MOST_SPAN)) else 1
