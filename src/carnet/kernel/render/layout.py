"""Paragraphs, lists and tables set on A4 pages. Runs apart.

A block is what `carnet.kernel.render.Block` says, as JSON. Nothing is cut off: a word that is too long is broken, a row
that is taller than a page goes on on the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from carnet.kernel.render import letters

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT = 42.0, WIDTH - 42.0
TOP, BOTTOM = HEIGHT - 78.0, 44.0
_TEXT = 9.5
_TITLES = {2: 13.0, 3: 11.5}
_LEAD = 1.28
_PAD = 3.0
_WIDEST = 420.0
_LONGEST_WORD = 120.0
_MOST_PAGES = 200

Words = Sequence[tuple[str, bool]]
"""Text, and whether it is bold."""


class TooLong(Exception):
    """More pages than one document is printed on."""


@dataclass(slots=True)
class Pages:
    """The content streams of pages that are being filled, from the top of each."""

    done: list[bytes] = field(default_factory=list)
    _now: list[bytes] = field(default_factory=list)
    _y: float = TOP

    @property
    def room(self) -> float:
        return self._y - BOTTOM

    def end(self) -> list[bytes]:
        if self._now or not self.done:
            self.turn()
        return self.done

    def turn(self) -> None:
        if len(self.done) >= _MOST_PAGES:
            raise TooLong
        self.done.append(b"\n".join(self._now))
        self._now, self._y = [], TOP

    def skip(self, height: float) -> None:
        self._y -= min(height, max(self.room, 0.0)) if self._y < TOP else 0.0

    def need(self, height: float) -> None:
        """A new page, unless there is that much room on this one."""
        if self.room < height and self._y < TOP:
            self.turn()

    def line(self, parts: Sequence[tuple[float, Words]], size: float) -> None:
        """Words that begin at these places, on one line."""
        self.need(size * _LEAD)
        self._y -= size * _LEAD
        self._now += [write(words, x, self._y, size) for x, words in parts if words]

    def rule(self) -> None:
        self._now.append(b"0.5 w 0.7 G %.2f %.2f m %.2f %.2f l S" % (LEFT, self._y - 1, RIGHT, self._y - 1))
        self._y -= 1.0


def write(words: Words, x: float, y: float, size: float) -> bytes:
    inside = b" ".join(letters.shown(letters.runs(text, bold=bold), size) for text, bold in words)
    return b"BT 0 g %.2f %.2f Td %s ET" % (x, y, inside)


def set_blocks(blocks: Sequence[dict[str, Any]]) -> list[bytes]:
    """One content stream for each page."""
    pages = Pages()
    for block in blocks:
        if "rows" in block:
            _table(pages, block["rows"], int(block.get("head", 0)))
        else:
            _paragraph(pages, block)
    return pages.end()


def _paragraph(pages: Pages, block: dict[str, Any]) -> None:
    level = int(block.get("title", 0))
    size = _TITLES.get(level, 10.5) if level else _TEXT
    indent = LEFT + 14.0 * min(int(block.get("indent", 0)), 8)
    words = [(str(text), bool(bold) or level > 0) for text, bold in block["words"]]
    pages.skip(size * (0.9 if level else 0.35))
    if level:
        pages.need(size * _LEAD * 3)
    lines = list(wrapped(words, RIGHT - indent, size))
    mark = str(block.get("mark", ""))
    for at, line in enumerate(lines):
        lead = [(indent - letters.width(mark + " ", size), [(mark, False)])] if mark and not at else []
        pages.line([*lead, (indent, line)], size)


def wrapped(words: Words, room: float, size: float) -> Iterator[Words]:
    """Lines no longer than that, broken at blanks and at the ends of lines of their own."""
    line: list[tuple[str, bool]] = []
    used = 0.0
    for text, bold in _tokens(words):
        if text == "\n":
            yield line
            line, used = [], 0.0
            continue
        for piece in _fitting(text, bold, room, size):
            needed = letters.width(piece, size, bold=bold)
            if used + letters.width(piece.rstrip(), size, bold=bold) > room and line:
                yield line
                line, used = [], 0.0
            if line and line[-1][1] == bold:
                line[-1] = (line[-1][0] + piece, bold)
            else:
                line.append((piece, bold))
            used += needed
    if line:
        yield line


def _tokens(words: Words) -> Iterator[tuple[str, bool]]:
    """Words with the blank behind them."""
    for text, bold in words:
        for number, part in enumerate(text.split("\n")):
            if number:
                yield "\n", bold
            pieces = part.split(" ")
            for at, piece in enumerate(pieces):
                token = piece + (" " if at < len(pieces) - 1 else "")
                if token:
                    yield token, bold


def _fitting(text: str, bold: bool, room: float, size: float) -> Iterator[str]:  # noqa: FBT001
    while len(text) > 1 and letters.width(text.rstrip(), size, bold=bold) > room:
        kept = next(
            (end for end in range(len(text) - 1, 1, -1) if letters.width(text[:end], size, bold=bold) <= room), 1
        )
        yield text[:kept]
        text = text[kept:]
    yield text


def _table(pages: Pages, rows: Sequence[Sequence[dict[str, Any]]], head: int) -> None:
    count = max((sum(_span(cell) for cell in row) for row in rows), default=0)
    if not count:
        return
    size = _TEXT if count <= 6 else _TEXT - 1.5  # noqa: PLR2004  (columns)
    widths = _widths(rows, count, size)
    pages.skip(4.0)
    for number, row in enumerate(rows):
        lines = _row_lines(row, widths, size)
        height = size * _LEAD * max((len(each) for _, each in lines), default=1) + 2 * _PAD
        if pages.room < min(height, TOP - BOTTOM) and number >= head:
            pages.turn()
            for again in rows[:head]:
                _row(pages, _row_lines(again, widths, size), size)
        _row(pages, lines, size)
    pages.skip(4.0)


def _row(pages: Pages, lines: Sequence[tuple[float, Sequence[Words]]], size: float) -> None:
    for at in range(max((len(each) for _, each in lines), default=0)):
        pages.line([(x, each[at]) for x, each in lines if at < len(each)], size)
    pages.skip(_PAD)
    pages.rule()


def _row_lines(row: Sequence[dict[str, Any]], widths: Sequence[float], size: float) -> list[tuple[float, list[Words]]]:
    made: list[tuple[float, list[Words]]] = []
    at, x = 0, LEFT
    for cell in row:
        room = sum(widths[at : at + _span(cell)])
        words = [(str(text), bool(bold)) for text, bold in cell["words"]]
        made.append((x + _PAD, list(wrapped(words, max(room - 2 * _PAD, size * 2), size))))
        at, x = at + _span(cell), x + room
    return made


def _span(cell: dict[str, Any]) -> int:
    return min(max(int(cell.get("span", 1)), 1), 60)


def _widths(rows: Sequence[Sequence[dict[str, Any]]], count: int, size: float) -> list[float]:
    """As wide as what stands in them, within the page; the longest words are kept whole where there is room."""
    least, wish = [size * 2] * count, [size * 2] * count
    for row in rows:
        at = 0
        for cell in row:
            if _span(cell) == 1 and at < count:
                least[at] = max(least[at], min(_longest(cell, size, whole=False), _LONGEST_WORD))
                wish[at] = max(wish[at], min(_longest(cell, size, whole=True), _WIDEST))
            at += _span(cell)
    room = RIGHT - LEFT
    if sum(least) >= room:
        return [each * room / sum(least) for each in least]
    spare, wanted = room - sum(least), sum(wish) - sum(least)
    share = min(1.0, spare / wanted) if wanted > 0 else 0.0
    return [low + (high - low) * share for low, high in zip(least, wish, strict=True)]


def _longest(cell: dict[str, Any], size: float, *, whole: bool) -> float:
    texts = [str(text) for text, _ in cell["words"]]
    found = [" ".join(texts)] if whole else [word for text in texts for word in text.split()]
    return max((letters.width(each, size, bold=True) for each in found), default=0.0) + 2 * _PAD
