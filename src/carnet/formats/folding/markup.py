"""Terms marked in HTML that has been sanitised already: in its text, never in a tag."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from carnet.formats.folding.highlight import highlight
from carnet.formats.folding.query import Term

_TAG: Final = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')


class Marked(NamedTuple):
    """`hits` is how many marks there are; the first has the id that was asked for."""

    html: str
    hits: int


def mark(fragment: str, terms: Iterable[Term], first_id: str) -> Marked:
    """`fragment` is what `nh3` writes: every `<`, `>` and `&` that is no markup is escaped, attributes are quoted."""
    wanted = tuple(terms)
    parts: list[str] = []
    hits = 0
    for at, part in enumerate(_TAG.split(fragment) if wanted else [fragment]):
        # Every other part is a tag.
        if not wanted or at % 2 or not part:
            parts.append(part)
            continue
        for piece in highlight(html.unescape(part), wanted):
            text = html.escape(piece.text, quote=False)
            name = f' id="{first_id}"' if piece.hit and not hits else ""
            parts.append(f"<mark{name}>{text}</mark>" if piece.hit else text)
            hits += piece.hit
    return Marked("".join(parts), hits)
