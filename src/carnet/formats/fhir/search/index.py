"""What a stored row is found by, in the same form in which `search.documents` and `search.lists` ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation
from carnet.formats.fhir import concepts, identifiers, times
from carnet.formats.fhir.search import keys, names
from carnet.formats.fhir.search.parameters import DEVICE, ORGANISATION, PATIENT, PROFESSIONAL, RELATED
from carnet.formats.fhir.search.tokens import canonical_system, normal
from carnet.formats.fhir.write_people import is_patient

__all__ = ["RowIndex", "instants_of", "of_document", "of_list"]


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RowIndex:
    """`tokens` are distinct, in ascending order; `names` too."""

    tokens: tuple[int, ...]
    names: tuple[str, ...]


def of_document(
    entry: DocumentEntry,
    *,
    labels_mask: int,
    archived: bool,
    entry_uuid: UUID | str,
    logical_id: UUID | str | None = None,
    replaces_id: str | None = None,
) -> RowIndex:
    """The arguments are those of `document_reference.write`: whoever changes one of them writes the index anew."""
    tokens = [
        *_coded("type", concepts.stated(concepts.type_of(entry))),
        *_coded("category", concepts.stated(concepts.class_of(entry))),
        *_coded("facility", concepts.stated(entry.facility)),
        *_coded("setting", concepts.stated(entry.setting)),
        *_coded("format", concepts.format_of(entry)),
        *_each(_coded("event", event) for event in entry.events),
        *_each(_coded("security-label", each) for each in concepts.labels_of(entry.confidentiality, labels_mask)),
        *_unique_id("identifier", entry.unique_id),
        *_unique_id("identifier", _bare(entry_uuid)),
        *(_unique_id("identifier", _bare(logical_id)) if logical_id else ()),
        _archived(archived=archived),
        *_each(_author_number(author) for author in entry.authors),
        *_each(_number("related.identifier", each.identifier) for each in entry.references),
        *_replaced(entry, replaces_id),
    ]
    return _row(tokens, _each(_author_names(author) for author in entry.authors))


def of_list(
    *,
    code: Coded,
    designation: Coded | None,
    unique_id: str,
    entry_uuid: UUID | str,
    source_id: Identifier | None,
    source: Author | None,
    author_org: Organisation | None,
    title: str,
    archived: bool,
) -> RowIndex:
    """A submission set or a folder; `code` is MHD's, `unique_id` in XDS form or ""."""
    tokens = [
        *_coded("code", code),
        *(_coded("designationType", designation) if designation else ()),
        *(_unique_id("identifier", unique_id) if unique_id else ()),
        *_unique_id("identifier", _bare(entry_uuid)),
        *(_number("sourceId", source_id) if source_id else ()),
        _archived(archived=archived),
        *(_author_number(source) if source else ()),
        *(_number("authorOrg.identifier", author_org.identifier) if author_org and author_org.identifier else ()),
    ]
    texts = [*names.stored("title", title), *(_author_names(source) if source else ())]
    if author_org:
        texts += names.stored(f"{ORGANISATION}.name", author_org.name)
    return _row(tokens, texts)


def instants_of(entry: DocumentEntry) -> Mapping[str, datetime]:
    """By search parameter, what the entry itself says of when, as it is written; the others (`date`,
    `_lastUpdated`) are the store's own. The period is from `period-start` to `period-end`, or open."""
    found = {"creation": entry.created, "period-start": entry.act.start or entry.created}
    if entry.act.end:
        found["period-end"] = entry.act.end
    return {name: times.written(moment) for name, moment in found.items()}


def _row(tokens: Iterable[int], texts: Iterable[str]) -> RowIndex:
    return RowIndex(tuple(sorted(set(tokens))), tuple(sorted(set(texts))))


def _each(groups: Iterable[Iterable[_T]]) -> Iterator[_T]:
    return (one for group in groups for one in group)


def _coded(field: str, coded: Coded) -> tuple[int, ...]:
    return keys.stored(field, canonical_system(coded.system), coded.code) if coded.code else ()


def _number(field: str, number: Identifier) -> tuple[int, ...]:
    found = normal(number)
    return keys.stored(field, found.system, found.value) if found.value else ()


def _unique_id(field: str, unique_id: str) -> tuple[int, ...]:
    written = identifiers.unique_id_to_fhir(unique_id)
    return _number(field, Identifier(written["system"], written["value"]))


def _bare(uuid: UUID | str) -> str:
    return str(uuid).removeprefix("urn:uuid:").lower()


def _archived(*, archived: bool) -> int:
    return keys.key("isArchived", "", "true" if archived else "false")


def _replaced(entry: DocumentEntry, replaces_id: str | None) -> tuple[int, ...]:
    named = tuple(_each(_unique_id("relatesto.identifier", each) for each in entry.replaces))
    return (*named, keys.key("relatesto", "DocumentReference", replaces_id)) if replaces_id else named


def _kind(author: Author) -> str:
    if is_patient(author):
        return PATIENT
    if author.relation:
        return RELATED
    return DEVICE if author.device else PROFESSIONAL


def _author_number(author: Author) -> tuple[int, ...]:
    return _number(f"{_kind(author)}.identifier", author.identifier) if author.identifier else ()


def _author_names(author: Author) -> tuple[str, ...]:
    kind = _kind(author)
    # A title without a name is not written.
    if kind == DEVICE or not (author.family or author.given):
        return ()
    if kind == RELATED:
        # Which of the words is the family's is not known.
        words = author.family.split()
        return tuple(_each(names.stored(f"{kind}.{part}", word) for part in ("family", "given") for word in words))
    parts = (("family", author.family), ("given", author.given), ("title", author.prefix), ("title", author.suffix))
    return tuple(_each(names.stored(f"{kind}.{part}", text) for part, text in parts))
