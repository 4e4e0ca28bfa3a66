"""Tables that a narrow screen may show as a stack: each row a card, each cell under the words of its column."""

from __future__ import annotations

from typing import Final

from lxml import etree

from carnet.formats.cda.nodes import children, text_of
from carnet.formats.cda.xml import HL7

__all__ = ["LONG", "column_labels"]

LONG: Final = 40
"""Characters from which a cell takes the whole width of its card."""
_FEWEST: Final = 3
_CELLS: Final = frozenset({HL7 + "th", HL7 + "td"})
_MOST_LABEL: Final = 80
_PHONE, _BROKEN = 40, 18
"""Characters beside each other on a phone; those after which a cell is broken into lines."""


def column_labels(table: etree._Element) -> list[str]:
    """The heads of three columns or more, when each row has a cell for each of them, or one across all; else nothing:
    what spans columns or rows means nothing without its neighbours."""
    heads = list(children(table, "thead/tr"))
    if len(heads) != 1 or next(children(table, "tfoot/tr"), None) is not None:
        return []
    columns = _cells(heads[0])
    labels = [text_of(each)[:_MOST_LABEL] for each in columns]
    if len(columns) < _FEWEST or any(map(_spans, columns)) or not all(labels[1:]):
        return []
    rows = [_cells(row) for row in (*children(table, "tbody/tr"), *children(table, "tr"))]
    if not all(_fits(row, len(columns)) for row in rows):
        return []
    return [] if len(columns) == _FEWEST and _width([columns, *rows]) <= _PHONE else labels


def _width(rows: list[list[etree._Element]]) -> int:
    """In characters, as far as lines can be broken."""
    whole = [[len(text_of(cell)) for cell in row] for row in rows if len(row) == _FEWEST]
    return sum(min(max(column), _BROKEN) for column in zip(*whole, strict=True))


def _fits(cells: list[etree._Element], count: int) -> bool:
    across = len(cells) == 1 and (cells[0].get("colspan") or "").strip() == str(count)
    return across or (len(cells) == count and not any(map(_spans, cells)))


def _cells(row: etree._Element) -> list[etree._Element]:
    return [each for each in row if each.tag in _CELLS]


def _spans(cell: etree._Element) -> bool:
    return any((cell.get(name) or "1").strip() != "1" for name in ("colspan", "rowspan"))
