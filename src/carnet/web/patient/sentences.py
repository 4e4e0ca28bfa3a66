"""The trail in plain sentences: who did what, when. Pure: lines in, days of sentences out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from carnet.consent.trail import TrailLine
from carnet.web.i18n import PARIS, gettext, ngettext
from carnet.web.patient.act import Act
from carnet.web.patient.document_acts import ON_DOCUMENTS
from carnet.web.patient.record_acts import ON_THE_RECORD
from carnet.web.words import marked


@dataclass(frozen=True, slots=True)
class Sentence:
    """`count`: how often the same was done that day; `at` is the latest."""

    at: datetime
    text: str
    more: str
    icon: str
    kind: str = ""
    count: int = 1

    @property
    def times(self) -> str:
        return ngettext("%(count)s fois", "%(count)s fois", self.count) % {"count": self.count}


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    sentences: tuple[Sentence, ...]


_ACTS = ON_DOCUMENTS | ON_THE_RECORD
_OTHERWISE = Act(marked("Vous avez utilisé votre carnet"), marked("%(who)s a utilisé votre carnet"), "eye")

_COUNTS = {"document-page": 0, "preview-counts": 0}
"""The pages of a document that is being read are no further readings of it, nor is what the settings say of each."""

_CAPACITIES = {
    "attending": marked("Votre médecin traitant"),
    "authorised": marked("Soignant que vous avez autorisé"),
    "team": marked("Membre d'une équipe que vous avez autorisée"),
    "deputy": marked("À la place d'un soignant qui a accès"),
    "emergency": marked("En urgence"),
    "regulation": marked("Régulation du Samu (15)"),
    "declarant": marked("Soignant qui dit que vous êtes d'accord"),
    "author": marked("Auteur de documents de votre carnet"),
    "software": marked("Logiciel qui ne voit que ce qu'il a déposé"),
    "representative": marked("Votre représentant"),
    "steward": marked("Gestion du service, sans accès à vos documents"),
}


def days(lines: Iterable[TrailLine], own: UUID) -> list[Day]:
    """Newest first; what was done several times on a day stands once, with its count."""
    grouped = groupby(lines, key=lambda line: line.at.astimezone(PARIS).date())
    return [Day(day, _merged(sentence(line, own) for line in group)) for day, group in grouped]


def _merged(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    merged: dict[tuple[str, str], Sentence] = {}
    for one in sentences:
        known = merged.get((one.text, one.more))
        merged[one.text, one.more] = replace(known, count=known.count + one.count) if known else one
    return tuple(merged.values())


def sentence(line: TrailLine, own: UUID) -> Sentence:
    if line.outcome == "refused":
        return _refusal(line)
    act = _ACTS.get(line.action, _OTHERWISE)
    yours = line.actor_id == own
    titled, plain = (act.you_titled, act.you) if yours else (act.other_titled, act.other)
    words = {"who": line.actor_name, "title": line.title}
    text = gettext(titled) % words if line.title and titled else gettext(plain) % words
    return Sentence(line.at, text, "" if yours else _about(line), act.icon, count=_COUNTS.get(line.action, 1))


def in_words(line: TrailLine, own: UUID) -> str:
    """The sentence and what stands below it on the page, as one text."""
    told = sentence(line, own)
    return f"{told.text}. {told.more}".strip()


def _refusal(line: TrailLine) -> Sentence:
    text = gettext("Un accès a été refusé à %(who)s") % {"who": line.actor_name}
    more = ", ".join(part for part in (line.organisation_name, gettext("rien ne lui a été montré")) if part)
    parts = (_capital(more), _software(line))
    return Sentence(line.at, text, ". ".join(part for part in parts if part) + ".", "lock", "danger")


def _about(line: TrailLine) -> str:
    capacity = gettext(_CAPACITIES[line.capacity]) if line.capacity in _CAPACITIES else ""
    said = gettext("Motif : « %(words)s »") % {"words": line.detail} if line.action == "break-glass" else ""
    parts = [part for part in (capacity, line.organisation_name, _software(line), said) if part]
    parts = [part for part in parts if part != line.actor_name]
    return ". ".join(parts) + "." if parts else ""


def _software(line: TrailLine) -> str:
    words = gettext("Par l'intermédiaire du logiciel « %(software)s »")
    return words % {"software": line.software} if line.software else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
