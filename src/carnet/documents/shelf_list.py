"""The documents as their holder finds them: filtered, counted, in their own order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.documents.queries import DocumentLine, plain
from carnet.formats.terminology import document_types
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import hot, statements

_SQL = statements("carnet.documents", "shelf.sql")
_ACTION = "documents-list"

PAGE = 40
_FAR = 100_000


class View(StrEnum):
    """What stands; what was replaced by a version that may be seen; what was archived; what is another's."""

    CURRENT = ""
    OLD = "old"
    ARCHIVED = "archived"
    NOT_MINE = "not-mine"


class Sort(StrEnum):
    """By the date of the act, newest or oldest first; or by the date of deposit, newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DEPOSITED = "deposited"


@dataclass(frozen=True, slots=True)
class Wanted:
    """All criteria hold together; None and False ask nothing. `category` is a code of
    `formats.terminology.document_types`; `author` a label as the list shows it."""

    view: View = View.CURRENT
    category: str | None = None
    year: int | None = None
    author: str | None = None
    folder: UUID | None = None
    tag: str | None = None
    fresh: bool = False
    hidden: bool = False
    pinned: bool = False
    mine: bool = False
    sort: Sort = Sort.NEWEST

    def asked(self) -> dict[str, Any]:
        """As `record.shelf_list` takes it."""
        criteria: dict[str, Any] = {
            "view": self.view.value,
            "types": _ordinals(self.category) if self.category is not None else None,
            "year": self.year,
            "author": self.author,
            "folder": self.folder,
            "tag": self.tag,
        }
        flags = {"fresh": self.fresh, "hidden": self.hidden, "pinned": self.pinned, "mine": self.mine}
        return {name: value for name, value in (criteria | flags).items() if value is not None and value is not False}


def _ordinals(category: str) -> list[int]:
    return [kind.ordinal for kind in document_types.all_types() if kind.category == category]


@dataclass(frozen=True, slots=True)
class ShelfLine(DocumentLine):
    """`fresh`: came since the last visit, from somebody else, and has not been opened."""

    view: View
    fresh: bool
    pinned: bool
    folder_id: UUID | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FolderCount:
    id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many documents each choice would leave, the other choices kept. `total`: those of the present choices."""

    total: int
    views: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    authors: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    folders: tuple[FolderCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelved:
    lines: tuple[ShelfLine, ...]
    counts: Counts


def documents(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    wanted: Wanted,
    *,
    since: datetime | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> Shelved:
    """One page. `since` is when the last visit was, for what is fresh. Whose trail it is not has no shelf of its own:
    they see documents alone."""
    values = (
        orjson.dumps(wanted.asked()).decode(),
        since,
        wanted.sort.value,
        max(0, min(offset, _FAR)),
        limit,
    )
    found = _read(actor, purpose, record_id, "list", (_ACTION, *values))
    facets = [row.pop("facets") for row in found]
    return Shelved(tuple(_line(row) for row in found if row["id"]), _counts(orjson.loads(facets[0])))


@dataclass(frozen=True, slots=True)
class Newest:
    """Of the documents that stand: the newest deposits, fresh ones first; how many there are, and how many are fresh;
    whether one is pinned; of which year the oldest is; what the folders of those lines are called."""

    lines: tuple[ShelfLine, ...]
    count: int
    fresh: int
    pinned: bool
    oldest: int | None
    folders: Mapping[UUID, str]


def newest(actor: Actor, purpose: Purpose, record_id: UUID, *, since: datetime | None, limit: int) -> Newest:
    """What a home tells, without the counts of the list's filters; `since` as there."""
    found = _read(actor, purpose, record_id, "newest", (_ACTION, since, limit))
    told = [
        {name: row.pop(name) for name in ("total", "total_fresh", "any_pinned", "oldest", "folder")} for row in found
    ]
    lines = tuple(_line(row | {"view": View.CURRENT}) for row in found if row["id"])
    folders = {line.folder_id: each["folder"] for line, each in zip(lines, told, strict=False) if line.folder_id}
    of_all = told[0]
    return Newest(lines, of_all["total"], of_all["total_fresh"], of_all["any_pinned"], of_all["oldest"], folders)


def _read(
    actor: Actor, purpose: Purpose, record_id: UUID, statement: str, values: tuple[Any, ...]
) -> list[dict[str, Any]]:
    return reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL[statement], permit, values),
        action=_ACTION,
        target_kind="documents",
    )


def _line(row: dict[str, Any]) -> ShelfLine:
    return ShelfLine(**plain(row) | {"view": View(row["view"]), "tags": tuple(row["tags"])})


def _counts(facets: dict[str, Any]) -> Counts:
    categories: dict[str, int] = {}
    for ordinal, count in (facets["types"] or {}).items():
        kind = document_types.by_ordinal(int(ordinal))
        if kind:
            categories[kind.category] = categories.get(kind.category, 0) + count
    return Counts(
        total=facets["total"],
        views=facets["views"] or {},
        categories=categories,
        years={int(year): count for year, count in (facets["years"] or {}).items()},
        authors=facets["authors"] or {},
        tags=facets["tags"] or {},
        flags=facets["flags"],
        folders=tuple(FolderCount(UUID(each), name, count) for each, name, count in facets["folders"] or ()),
    )
