"""The text of a section, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from carnet.demo.model import Block, Cell, Items, Mark, Paragraph, Table
from carnet.demo.xml import el


def narrative(blocks: Sequence[Block]) -> _Element:
    return el("text", *[_block(block) for block in blocks])


def _block(block: Block) -> _Element:
    if isinstance(block, Paragraph):
        return el("paragraph", block.text)
    if isinstance(block, Items):
        return el("list", *[el("item", item) for item in block.items], listType="unordered")
    return _table(block)


def _table(table: Table) -> _Element:
    head = el("thead", el("tr", *[el("th", title) for title in table.head])) if table.head else None
    rows = [el("tr", *[_cell(cell) for cell in row]) for row in table.rows]
    return el("table", head, el("tbody", *rows))


def _cell(cell: Cell) -> _Element:
    return el("td", cell.text, ID=cell.id) if isinstance(cell, Mark) else el("td", cell)
