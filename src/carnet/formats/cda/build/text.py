"""Sections and the text in them, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml.etree import _Element

from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded
from carnet.formats.entry import Coded

__all__ = ["Block", "Cell", "Items", "Mark", "Paragraph", "Section", "Table", "component", "tabled", "with_marks"]


Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of narrative which an entry points to; `id` is an XML name, unique in its section."""

    id: str
    text: str


Cell = str | Mark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`mark`: its id, as that of a `Mark`, where something points to it."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Items | Table


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a level-3 body; `entries` are made with the document, so that their ids are its own."""

    code: Coded
    title: str
    templates: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    entries: tuple[Callable[[Scope], _Element], ...] = ()
    parts: tuple[Section, ...] = ()


def with_marks(facts: Iterable[Fact], word: str) -> list[tuple[Fact, str]]:
    """Each fact with the id of its mark: the word, numbered."""
    return [(fact, f"{word}-{position}") for position, fact in enumerate(facts, start=1)]


def tabled(head: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], empty: str) -> tuple[Block, ...]:
    """A table, or the sentence that says there is nothing to put in it."""
    return (Table(head, rows) if rows else Paragraph(empty),)


def component(section: Section, document: Scope) -> _Element:
    scope = document.section()
    blocks = [each for each in section.blocks if _says_something(each)]
    return el(
        "component",
        el(
            "section",
            *template(*section.templates),
            el("id", root=scope.id()),
            coded("code", section.code),
            el("title", section.title),
            _narrative(blocks, scope) if blocks else None,
            *[entry(scope) for entry in section.entries],
            *[component(part, scope) for part in section.parts],
        ),
    )


def _says_something(block: Block) -> bool:
    """The schema has no list without items nor table without rows."""
    if isinstance(block, Paragraph):
        return bool(block.text)
    return bool(block.items if isinstance(block, Items) else block.rows)


def _narrative(blocks: Sequence[Block], scope: Scope) -> _Element:
    return el("text", *[_block(block, scope) for block in blocks])


def _block(block: Block, scope: Scope) -> _Element:
    if isinstance(block, Paragraph):
        return el("paragraph", block.text, ID=scope.mark(block.mark) if block.mark else None)
    if isinstance(block, Items):
        return el("list", *[el("item", item) for item in block.items], listType="unordered")
    return _table(block, scope)


def _table(table: Table, scope: Scope) -> _Element:
    head = el("thead", el("tr", *[el("th", title) for title in table.head])) if table.head else None
    rows = [el("tr", *[_cell(cell, scope) for cell in row]) for row in table.rows]
    return el("table", head, el("tbody", *rows))


def _cell(cell: Cell, scope: Scope) -> _Element:
    return el("td", cell.text, ID=scope.mark(cell.id)) if isinstance(cell, Mark) else el("td", cell)
