"""The list of documents as the page shows it: by year, newest first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from carnet.documents.queries import DocumentLine
from carnet.web import words
from carnet.web.i18n import PARIS, gettext


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    icon: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    title: str
    source: str
    at: datetime
    icon: str
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    rows: tuple[Row, ...]


def act_date(line: DocumentLine) -> datetime:
    """When the act was, rather than when somebody wrote it down."""
    return line.service_start or line.created_at


def by_year(lines: Iterable[DocumentLine]) -> list[Year]:
    newest = sorted(lines, key=act_date, reverse=True)
    groups = groupby(newest, key=lambda line: act_date(line).astimezone(PARIS).year)
    return [Year(year, tuple(row(line) for line in group)) for year, group in groups]


def row(line: DocumentLine) -> Row:
    return Row(
        id=line.id,
        title=title(line),
        source=source(line),
        at=act_date(line),
        icon=words.category_icon(line.category_label),
        badges=badges(line),
    )


def title(line: DocumentLine) -> str:
    return line.title or line.type_label


def source(line: DocumentLine) -> str:
    """Who it comes from: the author, and the organisation when that says more."""
    parts = [line.author_label, line.organisation_label]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or gettext("Auteur non précisé")


def badges(line: DocumentLine) -> tuple[Badge, ...]:
    found = []
    if line.mine:
        found.append(Badge(gettext("Ajouté par vous"), "user"))
    if "MASQUE_PS" in line.labels:
        found.append(Badge(gettext("Masqué"), "eye-off"))
    if "INVISIBLE_REPRESENTANTS_LEGAUX" in line.labels:
        found.append(Badge(gettext("Caché à vos parents"), "eye-off"))
    return tuple(found)
