"""A search in the documents of a record, as its page tells it: the types to choose between, and where it goes on.
Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from carnet.documents.searching import Hit, Hits, Position
from carnet.formats.terminology import document_types
from carnet.web import words
from carnet.web.i18n import gettext

_LONGEST: Final = 400
"""Of what a person types and sees again; no more is searched."""


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """`home` is the address of the search; `category` a code of `document_types.categories`, "" for all."""

    home: str
    text: str
    category: str = ""
    after: Position | None = None

    def href(self, text: str = "", category: str = "", after: Position | None = None) -> str:
        place = f"{int(after.headed)}_{after.at.isoformat()}_{after.id}" if after else ""
        query = {"q": text or self.text, "type": category, "apres": place}
        return f"{self.home}?{urlencode({name: value for name, value in query.items() if value})}"


def asked(home: str, query: QueryDict) -> Asked:
    category = query.get("type", "")
    return Asked(
        home=home,
        text=" ".join(query.get("q", "")[:_LONGEST].split()),
        category=category if category in document_types.categories() else "",
        after=_position(query.get("apres", "")),
    )


def shown(asked: Asked, hits: Hits) -> dict[str, object]:
    """What a page says besides the hits."""
    return {
        "asked": asked.text,
        "searched": bool(hits.terms),
        "total": hits.total,
        "chips": _chips(asked, hits),
        "suggestion": hits.suggestion,
        "suggested": asked.href(hits.suggestion),
        "start": asked.href(category=asked.category) if asked.after else "",
        "more": asked.href(category=asked.category, after=hits.next) if hits.next else "",
    }


def inside(address: str, asked: Asked, hit: Hit) -> str:
    """To the page of the document where the words stand."""
    anchor = f"#page-{hit.page}" if hit.page else ""
    return f"{address}?{urlencode({'q': hit.words or asked.text})}{anchor}"


def _chips(asked: Asked, hits: Hits) -> list[Chip]:
    """None when there is nothing to choose between."""
    chosen = asked.category
    if len(hits.categories) <= 1 and not chosen:
        return []
    every = Chip(gettext("Tous"), asked.href(), sum(hits.categories.values()), chosen=not chosen)
    labels = document_types.categories()
    counts = dict(hits.categories) | ({chosen: hits.categories.get(chosen, 0)} if chosen else {})
    return [
        every,
        *(
            Chip(words.category(labels[code]), asked.href(category=code), count, chosen=code == chosen)
            for code, count in counts.items()
        ),
    ]


def _position(text: str) -> Position | None:
    """What `href` wrote; anything else is the beginning."""
    headed, _, rest = text.partition("_")
    at, _, identifier = rest.partition("_")
    try:
        found = Position(headed == "1", datetime.fromisoformat(at), UUID(identifier))
    except ValueError:
        return None
    return found if found.at.tzinfo else None
