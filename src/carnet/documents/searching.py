"""Search in titles, types, people and the text inside, among what the reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.documents import mending, texts
from carnet.documents.queries import DocumentLine, plain
from carnet.formats import folding
from carnet.formats.folding import Piece, Term
from carnet.formats.terminology import document_types
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements

_SQL = statements("carnet.documents", "text.sql")
_ACTION: Final = "documents-search"

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """`snippet` stands on `page` of the document; there is none, and the page is 0, when only the heading was hit.
    `words`: what was found here, where it is not what was asked for."""

    document: DocumentLine
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of hits ends."""

    headed: bool
    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Hits:
    """`terms` are the words found: those asked for, or, when no document has them all, the words that they begin.
    `total` of the category that was asked for, `categories` of every one (codes of `document_types.categories`).
    `suggestion`: what may have been meant, when nothing was found."""

    terms: tuple[Term, ...] = ()
    hits: tuple[Hit, ...] = ()
    total: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)
    next: Position | None = None
    suggestion: str = ""


def search_inside(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    text: str,
    *,
    category: str = "",
    after: Position | None = None,
    limit: int = PAGE,
) -> Hits:
    """Documents that have every word of `text`, else words that begin so: in the title, type or people first, then the
    newest. A text without a word asks nothing, and leaves no line in the trail."""
    terms = folding.query(text)
    if not terms:
        return Hits()
    search = partial(_search, terms=terms, text=text, category=category, after=after, limit=limit)
    return reading(actor, purpose, record_id, search, action=_ACTION, target_kind="documents")


def _search(
    permit: Permit, *, terms: tuple[Term, ...], text: str, category: str, after: Position | None, limit: int
) -> Hits:
    asked = partial(_found, permit, kinds=_kinds(category), after=after, limit=limit + 1)
    found = asked(terms, _ACTION)
    if not found[0]["words"]:
        return _hits(found, terms, limit)
    lines = found[0]["words"].split("\n")
    begun = mending.begun(terms, lines)
    if begun and not (going_on := asked(terms, None, begun=begun))[0]["words"]:
        found_so = _hits(going_on, completed(terms, begun), limit)
        return replace(found_so, hits=tuple(replace(hit, words=_marked(hit)) for hit in found_so.hits))
    return Hits(terms, suggestion=_suggestion(permit, text, terms, lines))


def _hits(found: Sequence[Mapping[str, Any]], terms: tuple[Term, ...], limit: int) -> Hits:
    rows = [row for row in found if row["id"]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Hits(
        terms=terms,
        hits=tuple(_hit(row, terms) for row in rows[:limit]),
        total=found[0]["total"],
        categories=_categories(found[0]["kinds"]),
        next=Position(last["headed"], last["at"], last["id"]) if last else None,
    )


def _marked(hit: Hit) -> str:
    return " ".join(dict.fromkeys(piece.text for piece in (*hit.title, *hit.snippet) if piece.hit))


def completed(terms: Sequence[Term], begun: Mapping[Term, Sequence[str]]) -> tuple[Term, ...]:
    """The words that the terms begin, in their places."""
    return tuple(
        Term(word, (word,)) if term in begun else term for term in terms for word in begun.get(term, (term.joined,))
    )


def _found(
    permit: Permit,
    terms: Sequence[Term],
    action: str | None,
    *,
    kinds: list[int] | None = None,
    after: Position | None = None,
    limit: int = 1,
    begun: Collection[Term] = (),
) -> list[dict[str, Any]]:
    asked = (
        *clauses(terms, begun),
        kinds,
        after.headed if after else None,
        after.at if after else None,
        after.id if after else None,
        limit,
    )
    return hot(_SQL["search"], permit, (action, *asked))


def clauses(terms: Sequence[Term], begun: Collection[Term] = ()) -> tuple[list[str], list[str | None]]:
    """ "Joined, or all of its parts" as clauses that must all be met: joined or this part, for each. Those of `begun`
    are met by a word that goes on."""
    pairs = [(term.joined, part, "" if term in begun else " ") for term in terms for part in term.parts]
    either = [f" {joined}{end}" for joined, _, end in pairs]
    return either, [f" {part} " if part != joined else None for joined, part, _ in pairs]


def _suggestion(permit: Permit, text: str, terms: Sequence[Term], lines: Sequence[str]) -> str:
    """In the words of the newest document that it leads to: folded words are not for people."""
    mended = mending.mend(terms, lines)
    if not mended:
        return ""
    meant = [Term(mended[term], (mended[term],)) if term in mended else term for term in terms]
    found = [row for row in _found(permit, meant, None) if row["id"]]
    return mending.reworded(text, mended, [found[0]["passage"] or "", *texts.heading_of(found[0])]) if found else ""


def _hit(row: Mapping[str, Any], terms: Sequence[Term]) -> Hit:
    passage, page = row["passage"] or "", row["page"] or 0
    line = DocumentLine(**plain({name: row[name] for name in _LINE}))
    return Hit(
        document=line,
        title=tuple(folding.highlight(line.title, terms)),
        snippet=tuple(folding.snippet(passage, terms)) if passage else (),
        page=page,
    )


_LINE: Final = (
    *("id", "status", "type_ordinal", "title", "labels", "created_at", "service_start", "author_label"),
    *("organisation_label", "media_type", "size", "deposited_at", "mine"),
)


def _kinds(category: str) -> list[int] | None:
    """An unknown category asks nothing."""
    return [kind.ordinal for kind in document_types.all_types() if kind.category == category] or None


def _categories(kinds: object) -> Mapping[str, int]:
    """In the order of the screens."""
    counts: Counter[str] = Counter()
    by_ordinal: dict[str, int] = orjson.loads(kinds) if isinstance(kinds, str) else {}
    for ordinal, count in by_ordinal.items():
        kind = document_types.by_ordinal(int(ordinal))
        counts[kind.category if kind else ""] += count
    return {code: counts[code] for code in document_types.categories() if counts[code]}
