"""The documents that a profession opens first, and the ways to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from carnet.documents.queries import DocumentLine
from carnet.health.screen import Paper
from carnet.web import words
from carnet.web.i18n import gettext
from carnet.web.pro import listing
from carnet.web.pro.listing import Row
from carnet.web.pro.screen.views import View

__all__ = ["FEW", "Chip", "Papers", "of"]

FEW: Final = 8
_MOST_CHIPS: Final = 3


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """`total`: of those that answer what is chosen."""

    rows: tuple[Row, ...]
    chips: tuple[Chip, ...]
    chosen: str
    total: int


def of(papers: Sequence[Paper], view: View, since: datetime | None, category: str, fresh: frozenset[object]) -> Papers:
    """`fresh`: the ids of those that are new."""
    within = [each for each in papers if since is None or each.at >= since]
    labels = list(dict.fromkeys(each.line.category_label for each in _ranked(within, view)))
    chosen = category if category in labels else ""
    wanted = [each for each in within if not chosen or each.line.category_label == chosen]
    shown = wanted if chosen else _ranked(wanted, view)
    return Papers(
        rows=tuple(_row(each.line, fresh=each.line.id in fresh) for each in shown[:FEW]),
        chips=tuple(Chip(label, words.category(label), label == chosen) for label in labels[:_MOST_CHIPS] if label),
        chosen=chosen,
        total=len(wanted),
    )


def _row(line: DocumentLine, *, fresh: bool) -> Row:
    """One line of the page: who wrote it, else where; one's own say so there."""
    row = listing.row(replace(line, mine=False), fresh=fresh)
    author = gettext("Vous") if line.mine else words.author(line.author_label) or line.organisation_label
    return replace(row, kind="", author=author)


def _ranked(papers: Sequence[Paper], view: View) -> list[Paper]:
    """Those of the profession's types first; each part stays in its order."""

    def rank(paper: Paper) -> bool:
        return not paper.is_one_of(view.documents)

    return sorted(papers, key=rank)
