"""Standing masks: the holder, or who represents them, masks from professionals a category of documents, what is before
a date, or what is from one author, for now and to come; and ends that. The documents' own labels stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import reading
from carnet.consent.actions import changed
from carnet.consent.holders import for_holders, permit_of_holder
from carnet.documents.changing import NotThere
from carnet.documents.mask_models import MaskKind
from carnet.documents.planning import SECRET
from carnet.formats.terminology import document_types
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, rows, statements
from carnet.kernel.db.constraints import violations
from carnet.kernel.ids import uuid7

__all__ = [
    "ADDED",
    "ENDED",
    "Author",
    "Fault",
    "Foreseen",
    "MaskKind",
    "MaskRefused",
    "Rule",
    "Standing",
    "authors",
    "before",
    "foresee",
    "from_author",
    "from_organisation",
    "mask",
    "masks",
    "of_category",
    "of_everything",
    "of_what_comes",
    "resume",
    "unmask",
]

_SQL = statements("carnet.documents", "masking.sql")
_READ: Final = "masks-read"
ADDED, ENDED = "mask-add", "mask-end"
_LENGTH: Final = document_types.MAX_ORDINAL + 1
_OLDEST: Final = 1900

T = TypeVar("T")


class Fault(StrEnum):
    ALREADY = "mask-already"
    CATEGORY_UNKNOWN = "mask-category-unknown"
    AUTHOR_UNKNOWN = "mask-author-unknown"
    DATE_AHEAD = "mask-date-ahead"
    DATE_TOO_OLD = "date-too-old"


class MaskRefused(Exception):
    """Nothing was masked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Rule:
    """What a mask covers. Of an author, either the professional or the organisation is named."""

    kind: MaskKind
    types: str = ""
    before: date | None = None
    author_id: UUID | None = None
    author_label: str = ""
    organisation_label: str = ""

    @property
    def category(self) -> str:
        """The code of the category that it masks; "" when it masks none."""
        first = self.types.find("1")
        kind = document_types.by_ordinal(first) if first >= 0 else None
        return kind.category if kind else ""

    @property
    def key(self) -> tuple[object, ...]:
        """The same for two rules that mask the same; a professional may be spelt in several ways."""
        return self.kind, self.types, self.before, self.author_id or self.author_label, self.organisation_label


@dataclass(frozen=True, slots=True)
class Standing:
    """A mask that holds, and how many documents in the reader's sight it covers now; `alone`: how many of these nothing
    else masks."""

    id: UUID
    rule: Rule
    since: datetime
    documents: int
    alone: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`rule` is the one asked about, its author by name; `already`: how many of the documents are masked without it."""

    rule: Rule
    documents: int
    already: int


@dataclass(frozen=True, slots=True)
class Author:
    """One whose documents are in the record. `where` tells professionals of the same name apart."""

    rule: Rule
    documents: int
    where: str = ""

    @property
    def name(self) -> str:
        return self.rule.author_label or self.rule.organisation_label


def of_category(code: str) -> Rule:
    ordinals = {kind.ordinal for kind in document_types.all_types() if kind.category == code}
    if not ordinals:
        raise MaskRefused(Fault.CATEGORY_UNKNOWN)
    return Rule(MaskKind.CATEGORY, types="".join("1" if each in ordinals else "0" for each in range(_LENGTH)))


def before(day: date, *, today: date) -> Rule:
    """The day itself is not masked. A day ahead would mask by surprise what is still to come; nothing is older than the
    oldest of the living."""
    if day > today:
        raise MaskRefused(Fault.DATE_AHEAD)
    if day.year < _OLDEST:
        raise MaskRefused(Fault.DATE_TOO_OLD)
    return Rule(MaskKind.BEFORE, before=day)


def from_author(name: str = "", *, author_id: UUID | None = None) -> Rule:
    """Of whom the directory knows, the name is put in from the documents."""
    return Rule(MaskKind.AUTHOR, author_id=author_id, author_label=name)


def from_organisation(name: str) -> Rule:
    return Rule(MaskKind.AUTHOR, organisation_label=name)


def of_everything() -> Rule:
    return Rule(MaskKind.ALL)


def of_what_comes() -> Rule:
    """From now on: what is there stays as it is."""
    return Rule(MaskKind.NEW)


def masks(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Standing, ...]:
    """Those that hold, in the order in which they were made. Raises `Refused` for whoever is not the holder, nor
    represents them; so does all that follows."""
    return _read(actor, purpose, record_id, _standing)


def authors(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Author, ...]:
    """Those of the documents that the reader may see, by name: professionals, then organisations."""
    return _read(actor, purpose, record_id, _authors)


def foresee(actor: Actor, purpose: Purpose, record_id: UUID, rule: Rule) -> Foreseen:
    """What a mask would cover, before it is made. Raises `MaskRefused`."""

    def look(cursor: CursorWrapper, permit: Permit) -> Foreseen:
        known = _known(cursor, permit, rule)
        cursor.execute(_SQL["foreseen"], {"record_id": record_id, "mask": _text(known)})
        return Foreseen(known, **rows(cursor)[0])

    return _read(actor, purpose, record_id, look)


def mask(actor: Actor, purpose: Purpose, *, record_id: UUID, rule: Rule) -> UUID:
    """Raises `MaskRefused`."""
    with violations(), _acting(actor, purpose, record_id, ADDED) as (cursor, permit):
        return _add(cursor, permit, _known(cursor, permit, rule))


def resume(actor: Actor, purpose: Purpose, *, record_id: UUID, mask_id: UUID) -> UUID:
    """Masks anew what a mask that was ended had masked. Raises `NotThere`, `MaskRefused`."""
    with violations(), _acting(actor, purpose, record_id, ADDED) as (cursor, permit):
        cursor.execute(_SQL["ended"], {"record_id": record_id, "id": mask_id})
        found = rows(cursor)
        if not found:
            raise NotThere
        since, rule = found[0].pop("since"), _rule(found[0])
        # What had come under the rule is masked again.
        return _add(cursor, permit, _known(cursor, permit, rule), since if rule.kind is MaskKind.NEW else None)


def _add(cursor: CursorWrapper, permit: Permit, rule: Rule, since: datetime | None = None) -> UUID:
    cursor.execute(_SQL["kept_from"], {"record_id": permit.record_id, "mask": _text(rule)})
    mask_id, hidden_from = uuid7(), rows(cursor)[0]["bits"] & SECRET
    row = {
        "record_id": permit.record_id,
        "id": mask_id,
        **asdict(rule),
        "made_by": permit.actor.id,
        "hidden_from": hidden_from,
        "since": since or clock.now(),
    }
    cursor.execute(_SQL["add"], {"mask": orjson.dumps(row).decode()})
    _follow(cursor, permit, Trace(ADDED, detail=rule.kind.value, hidden_from=hidden_from))
    return mask_id


def unmask(actor: Actor, purpose: Purpose, *, record_id: UUID, mask_id: UUID) -> None:
    """What another mask covers, or was masked by itself, stays masked. Raises `NotThere`."""
    with _acting(actor, purpose, record_id, ENDED) as (cursor, permit):
        cursor.execute(_SQL["end"], {"record_id": record_id, "id": mask_id})
        ended = rows(cursor)
        if not ended:
            raise NotThere
        _follow(cursor, permit, Trace(ENDED, detail=ended[0]["kind"], hidden_from=ended[0]["hidden_from"]))


def _follow(cursor: CursorWrapper, permit: Permit, trace: Trace) -> None:
    cursor.execute(command(_SQL["follow"]), permit.row())
    note(cursor, permit, trace)
    changed(cursor, permit.record_id, permit.actor.id, trace.hidden_from)


def _known(cursor: CursorWrapper, permit: Permit, rule: Rule) -> Rule:
    """The same, an author as the documents name them."""
    if any(each.rule.key == rule.key for each in _standing(cursor, permit)):
        raise MaskRefused(Fault.ALREADY)
    if rule.kind is not MaskKind.AUTHOR:
        return rule
    for author in _authors(cursor, permit):
        if author.rule.key == rule.key:
            return author.rule
    raise MaskRefused(Fault.AUTHOR_UNKNOWN)


def _standing(cursor: CursorWrapper, permit: Permit) -> tuple[Standing, ...]:
    cursor.execute(_SQL["masks"], {"record_id": permit.record_id})
    return tuple(_mask(row) for row in rows(cursor))


def _mask(row: dict[str, Any]) -> Standing:
    told = {name: row.pop(name) for name in ("id", "since", "documents", "alone")}
    return Standing(rule=_rule(row), **told)


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(**row | {"kind": MaskKind(row["kind"])})


def _authors(cursor: CursorWrapper, permit: Permit) -> tuple[Author, ...]:
    cursor.execute(_SQL["authors"], {"record_id": permit.record_id})
    found = rows(cursor)
    return (*_professionals(found), *_organisations(found))


def _professionals(found: Sequence[dict[str, Any]]) -> list[Author]:
    """Whom the directory knows is one, however documents spell the name; who has a name alone is counted with those of
    that name."""
    known = {row["author_id"]: row["author_label"] for row in _sorted(found) if row["author_id"]}
    nameless = {row["author_label"] for row in found if not row["author_id"]} - {"", *known.values()}
    rules = [from_author(name, author_id=each) for each, name in known.items() if name]
    rules += [from_author(name) for name in nameless]
    told = (_told(rule, [row for row in found if _wrote(row, rule)]) for rule in rules)
    return sorted(told, key=lambda each: (each.name.casefold(), each.where))


def _wrote(row: dict[str, Any], rule: Rule) -> bool:
    """As `record.mask_covers` has it."""
    if row["author_id"] and rule.author_id:
        return bool(row["author_id"] == rule.author_id)
    return bool(row["author_label"] == rule.author_label)


def _organisations(found: Sequence[dict[str, Any]]) -> list[Author]:
    names = sorted({row["organisation_label"] for row in found} - {""}, key=str.casefold)
    return [
        Author(from_organisation(name), sum(row["documents"] for row in found if row["organisation_label"] == name))
        for name in names
    ]


def _told(rule: Rule, wrote: Sequence[dict[str, Any]]) -> Author:
    where = next((row["organisation_label"] for row in _sorted(wrote) if row["organisation_label"]), "")
    return Author(rule, sum(row["documents"] for row in wrote), where)


def _sorted(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda row: (row["author_label"], row["organisation_label"]))


def _text(rule: Rule) -> str:
    return orjson.dumps(asdict(rule)).decode()


def _read(actor: Actor, purpose: Purpose, record_id: UUID, look: Callable[[CursorWrapper, Permit], T]) -> T:
    def read(permit: Permit) -> T:
        for_holders(permit, _READ)
        with open_record(permit, trace=Trace(_READ)) as cursor:
            return look(cursor, permit)

    return reading(actor, purpose, record_id, read, action=_READ)


@contextmanager
def _acting(actor: Actor, purpose: Purpose, record_id: UUID, action: str) -> Iterator[tuple[CursorWrapper, Permit]]:
    """A record entered to write by its holder or who represents them; the body writes the line of its act."""
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        yield cursor, permit
