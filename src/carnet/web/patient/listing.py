"""The list of documents as the page shows it: by year, newest first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from carnet.documents.mask_models import MaskKind
from carnet.documents.queries import DocumentLine
from carnet.documents.shelf_list import FolderCount, ShelfLine, View
from carnet.web import words
from carnet.web.i18n import PARIS, gettext
from carnet.web.represented import represented


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    icon: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` is the type of document, where the title does not say it already; `own` where the holder put it."""

    id: UUID
    title: str
    kind: str
    source: str
    at: datetime
    icon: str
    badges: tuple[Badge, ...]
    own: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    rows: tuple[Row, ...]


def act_date(line: DocumentLine) -> datetime:
    """When the act was, rather than when somebody wrote it down."""
    return line.service_start or line.created_at


def deposit_date(line: DocumentLine) -> datetime:
    return line.deposited_at


def by_year(
    lines: Iterable[DocumentLine],
    dated: Callable[[DocumentLine], datetime] = act_date,
    folders: Iterable[FolderCount] = (),
) -> list[Year]:
    """In the order of `lines`, which is by that date."""
    names = {folder.id: folder.name for folder in folders}
    groups = groupby(lines, key=lambda line: dated(line).astimezone(PARIS).year)
    return [Year(year, tuple(row(line, dated(line), names) for line in group)) for year, group in groups]


def by_year_of(rows: Iterable[Row]) -> list[Year]:
    """Of rows that are made already, by the date of the act, newest first."""
    ordered = sorted(rows, key=lambda one: one.at, reverse=True)
    return [Year(year, tuple(group)) for year, group in groupby(ordered, key=lambda one: one.at.astimezone(PARIS).year)]


def row(line: DocumentLine, at: datetime | None = None, folders: Mapping[UUID, str] | None = None) -> Row:
    """`at` is the date that the list goes by, where it is not the act's; `folders` the names of the holder's."""
    return Row(
        id=line.id,
        title=title(line),
        kind=words.document_type(line.type_label) if line.title and line.title != line.type_label else "",
        source=source(line),
        at=at or act_date(line),
        icon=words.category_icon(line.category_label),
        badges=badges(line),
        own=tuple(_places(line, folders or {})) if isinstance(line, ShelfLine) else (),
    )


def _places(line: ShelfLine, folders: Mapping[UUID, str]) -> Iterable[Badge]:
    if line.folder_id and line.folder_id in folders:
        yield Badge(folders[line.folder_id], "folder")
    yield from (Badge(tag, "tag") for tag in line.tags)


def title(line: DocumentLine) -> str:
    return line.title or words.document_type(line.type_label)


def source(line: DocumentLine) -> str:
    """Who it comes from: the author, and the organisation when that says more."""
    parts = [words.author(line.author_label) if line.mine else words.added(line.author_label), line.organisation_label]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or gettext("Auteur non précisé")


def badges(line: DocumentLine) -> tuple[Badge, ...]:
    found = list(_own_badges(line)) if isinstance(line, ShelfLine) else []
    if line.mine:
        found.append(Badge(gettext("Ajouté par vous"), "user"))
    if MaskKind.HANDED in line.masked_by:
        found.append(Badge(gettext("Partagé avec des soignants choisis"), "users"))
    elif "MASQUE_PS" in line.labels:
        found.append(Badge(gettext("Masqué"), "eye-off"))
    if "INVISIBLE_REPRESENTANTS_LEGAUX" in line.labels:
        found.append(Badge(represented("Caché à vos parents"), "eye-off"))
    return tuple(found)


def replaced() -> Badge:
    """Of a document that was replaced, wherever it is listed (its title is struck through there)."""
    return Badge(gettext("Remplacé"), "info-circle", "warning")


def _own_badges(line: ShelfLine) -> Iterable[Badge]:
    if line.fresh:
        yield Badge(gettext("Nouveau"), "", "new")
    if line.pinned:
        yield Badge(gettext("Épinglé"), "pin")
    if line.view is View.OLD:
        yield replaced()
    elif line.view is View.ARCHIVED:
        yield Badge(gettext("Archivé"), "archive")
    elif line.view is View.NOT_MINE:
        yield Badge(gettext("Pas à moi"), "flag")
