"""Documents as a professional's table shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from carnet.documents.mask_models import MaskKind
from carnet.documents.queries import DocumentLine
from carnet.web import words
from carnet.web.i18n import gettext
from carnet.web.reading import rendering

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Tag:
    text: str
    icon: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    title: str
    kind: str
    author: str
    at: datetime
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """`categories` are those of which there is something in sight, each with what the address calls it, its name, and
    whether it is chosen; `more`: where the next page begins."""

    rows: tuple[Row, ...]
    categories: tuple[tuple[str, str, bool], ...]
    chosen: str
    more: int | None
    empty: bool


def of(lines: Sequence[DocumentLine], category: str, offset: int) -> Listing:
    labels = list(dict.fromkeys(line.category_label for line in lines if line.category_label))
    chosen = category if category in labels else ""
    wanted = [line for line in lines if not chosen or line.category_label == chosen]
    after = offset + PAGE
    return Listing(
        rows=tuple(row(line) for line in wanted[offset:after]),
        categories=tuple((label, words.category(label), label == chosen) for label in sorted(labels)),
        chosen=chosen,
        more=after if after < len(wanted) else None,
        empty=not lines,
    )


def row(line: DocumentLine, *, archived: bool = False, fresh: bool = False) -> Row:
    title = line.title or words.document_type(line.type_label)
    return Row(
        id=line.id,
        title=rendering.visible(title),
        kind=words.document_type(line.type_label) if line.title and line.title != line.type_label else "",
        author=_author(line),
        at=line.service_start or line.created_at,
        tags=(*((Tag(gettext("Nouveau"), "", "new"),) if fresh else ()), *_tags(line, archived=archived)),
    )


def _author(line: DocumentLine) -> str:
    parts = [part for part in (words.added(line.author_label), line.organisation_label) if part]
    return ", ".join(dict.fromkeys(parts)) or gettext("Auteur non précisé")


def _tags(line: DocumentLine, *, archived: bool) -> Iterable[Tag]:
    if line.mine:
        yield Tag(gettext("Déposé par vous"), "user")
    if MaskKind.HANDED in line.masked_by:
        yield Tag(gettext("Partagé avec vous par le patient"), "user")
    elif line.masked_by:
        yield Tag(gettext("Masqué aux autres par une règle du patient"), "eye-off")
    elif "MASQUE_PS" in line.labels:
        yield Tag(gettext("Masqué aux autres"), "eye-off")
    if "INVISIBLE_PATIENT" in line.labels:
        yield Tag(gettext("Non visible par le patient"), "eye-off", "warning")
    if "INVISIBLE_REPRESENTANTS_LEGAUX" in line.labels:
        yield Tag(gettext("Non visible par les représentants"), "eye-off", "warning")
    if line.status == "superseded":
        yield Tag(gettext("Obsolète"), "info-circle", "warning")
    if archived:
        yield Tag(gettext("Archivé"), "archive")
