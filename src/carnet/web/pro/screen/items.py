"""One line of a card: what, in a source's words, and how to get to that source in one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from carnet.health.profile import Profile
from carnet.health.queries import Line
from carnet.web.i18n import figures_day, gettext
from carnet.web.patient.health_rows import Voice, whose

__all__ = ["Item", "address", "numeric", "of_voice", "source_of"]


@dataclass(frozen=True, slots=True)
class Item:
    """`french`: the title is a source's words. `href` is the document that says it, "" where somebody says it
    themselves; `source`: who says it. `tag`, `kind` and `icon`: a state in a word, and its sign."""

    title: str
    more: str = ""
    end: str = ""
    href: str = ""
    source: str = ""
    tag: str = ""
    kind: str = ""
    icon: str = ""
    french: bool = False


def numeric(value: datetime | date | None, *, short: bool = False) -> str:
    """18/11/2026: a column of days is read by its figures."""
    return figures_day(value, short=short) if value else ""


def address(base: str, document_id: object) -> str:
    return f"{base}/documents/{document_id}"


def source_of(profile: Profile, line: Line, base: str) -> tuple[str, str]:
    """Where a fact is stated, and by whom."""
    if line.said_by == "document":
        return address(base, line.sources[0]), whose(profile, line)
    return "", _said(line.said_by, whose(profile, line), mine=line.mine)


def of_voice(voice: Voice, base: str) -> tuple[str, str]:
    if voice.links:
        return address(base, voice.links[0].id), voice.who
    return "", _said(voice.kind, voice.who, mine=False)


def _said(kind: str, who: str, *, mine: bool) -> str:
    if mine:
        return gettext("Noté par vous")
    if kind == "professional":
        return gettext("Noté par %(who)s") % {"who": who}
    return gettext("Dit par la personne")
