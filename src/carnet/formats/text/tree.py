"""Marked-up text as lines: CDA narrative and XHTML."""

from __future__ import annotations

from typing import Final

from lxml import etree

# Of CDA: paragraph, list, item, table, tr, caption, br, footnote, title. The others are of XHTML.
_BLOCKS: Final = frozenset(
    """
    paragraph list item table tr caption br footnote title
    p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 pre blockquote hr section article header footer
    """.split()  # noqa: SIM905  (words, to be read as such)
)
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"script", "style"})
_BETWEEN_CELLS: Final = " ; "


def lines(root: etree._Element) -> str:
    """A block is a line of its own; a row is one line, its cells apart."""
    written = _Lines()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if event == "start":
            written.open(name)
            written.add(element.text)
        else:
            written.close(name)
            written.add(element.tail if element is not root else None)
    return "".join(written.parts)


class _Lines:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self._cells = 0
        self._unseen = 0
        self._filled = False
        # A cell has ended, and the next one that is not empty is to be set apart.
        self._pending = False

    def add(self, text: str | None) -> None:
        if not text or self._unseen:
            return
        if text.isspace():
            self.parts.append(" ")
            return
        if self._pending:
            self.parts.append(_BETWEEN_CELLS)
            self._pending = False
        # Line breaks of the source are blanks.
        self.parts.append(" ".join(text.splitlines()))
        self._filled = True

    def open(self, name: str) -> None:
        self._unseen += name in _UNSEEN
        if name in _CELLS:
            self._cells += 1
            self._filled = False
        elif name in _BLOCKS:
            self._break()

    def close(self, name: str) -> None:
        self._unseen -= name in _UNSEEN
        if name in _CELLS:
            self._cells -= 1
            self._pending = self._pending or self._filled
        elif name in _BLOCKS:
            self._break()

    def _break(self) -> None:
        if self._cells:
            self.parts.append(" ")
        else:
            self.parts.append("\n")
            self._pending = False
