"""The trail in plain sentences: who did what, when. Pure: lines in, days of sentences out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from carnet.consent.trail import TrailLine
from carnet.web.i18n import PARIS, gettext, ngettext
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


@dataclass(frozen=True, slots=True)
class _Act:
    """The sentence about oneself and about somebody else; the titled ones when the document may be named."""

    you: str
    other: str
    icon: str
    you_titled: str = ""
    other_titled: str = ""


_READ = _Act(
    marked("Vous avez lu un document"),
    marked("%(who)s a lu un document"),
    "eye",
    marked("Vous avez lu « %(title)s »"),
    marked("%(who)s a lu « %(title)s »"),
)
_DEPOSIT = _Act(
    marked("Vous avez ajouté un document"),
    marked("%(who)s a déposé un document"),
    "upload",
    marked("Vous avez ajouté « %(title)s »"),
    marked("%(who)s a déposé « %(title)s »"),
)
_ACTS = {
    "record-existence": _Act(
        marked("Vous avez vérifié si vous avez un carnet, sans l'ouvrir"),
        marked("%(who)s a vérifié si vous avez un carnet, sans l'ouvrir"),
        "id",
    ),
    "documents-list": _Act(
        marked("Vous avez consulté la liste de vos documents"),
        marked("%(who)s a consulté la liste de vos documents"),
        "files",
    ),
    "documents-search": _Act(
        marked("Vous avez cherché dans vos documents"),
        marked("%(who)s a cherché dans vos documents"),
        "files",
    ),
    "document-read": _READ,
    "document-open": _READ,
    "document-deposit": _DEPOSIT,
    "document-deposit-again": _Act(
        marked("Vous avez envoyé de nouveau un document déjà présent"),
        marked("%(who)s a envoyé de nouveau un document déjà présent"),
        "upload",
    ),
    "document-superseded": _Act(
        marked("Vous avez remplacé un document par une version plus récente"),
        marked("%(who)s a remplacé un document par une version plus récente"),
        "upload",
        marked("Vous avez remplacé « %(title)s » par une version plus récente"),
        marked("%(who)s a remplacé « %(title)s » par une version plus récente"),
    ),
    "trail-read": _Act(
        marked("Vous avez consulté la liste des accès"),
        marked("%(who)s a consulté la liste des accès"),
        "shield-lock",
    ),
    "authorise": _Act(marked("Vous avez autorisé un soignant"), marked("%(who)s a autorisé un soignant"), "key"),
    "withdraw": _Act(
        marked("Vous avez retiré l'autorisation d'un soignant"),
        marked("%(who)s a retiré l'autorisation d'un soignant"),
        "lock",
    ),
    "block": _Act(marked("Vous avez bloqué un soignant"), marked("%(who)s a bloqué un soignant"), "lock"),
    "attending": _Act(
        marked("Votre médecin traitant a été enregistré"),
        marked("Votre médecin traitant a été enregistré"),
        "stethoscope",
    ),
    "representation-added": _Act(
        marked("Un représentant a été enregistré"), marked("Un représentant a été enregistré"), "users"
    ),
    "carer-added": _Act(marked("Un aidant a été enregistré"), marked("Un aidant a été enregistré"), "users"),
    "record-unopened": _Act(marked("Votre carnet a été créé"), marked("Votre carnet a été créé"), "circle-check"),
    "record-active": _Act(marked("Votre carnet a été activé"), marked("Votre carnet a été activé"), "circle-check"),
    "record-closed": _Act(marked("Votre carnet a été fermé"), marked("Votre carnet a été fermé"), "lock"),
    "record-opposed": _Act(
        marked("Votre refus du carnet a été enregistré"),
        marked("Votre refus du carnet a été enregistré"),
        "lock",
    ),
}
_OTHERWISE = _Act(marked("Vous avez utilisé votre carnet"), marked("%(who)s a utilisé votre carnet"), "eye")

_CAPACITIES = {
    "attending": marked("Votre médecin traitant"),
    "authorised": marked("Soignant que vous avez autorisé"),
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
        merged[one.text, one.more] = replace(known, count=known.count + 1) if known else one
    return tuple(merged.values())


def sentence(line: TrailLine, own: UUID) -> Sentence:
    if line.outcome == "refused":
        return _refusal(line)
    act = _ACTS.get(line.action, _OTHERWISE)
    yours = line.actor_id == own
    titled, plain = (act.you_titled, act.you) if yours else (act.other_titled, act.other)
    words = {"who": line.actor_name, "title": line.title}
    text = gettext(titled) % words if line.title and titled else gettext(plain) % words
    return Sentence(line.at, text, "" if yours else _about(line), act.icon)


def _refusal(line: TrailLine) -> Sentence:
    text = gettext("Un accès a été refusé à %(who)s") % {"who": line.actor_name}
    more = ", ".join(part for part in (line.organisation_name, gettext("rien ne lui a été montré")) if part)
    parts = (_capital(more), _software(line))
    return Sentence(line.at, text, ". ".join(part for part in parts if part) + ".", "lock", "danger")


def _about(line: TrailLine) -> str:
    capacity = gettext(_CAPACITIES[line.capacity]) if line.capacity in _CAPACITIES else ""
    parts = [part for part in (capacity, line.organisation_name, _software(line)) if part and part != line.actor_name]
    return ". ".join(parts) + "." if parts else ""


def _software(line: TrailLine) -> str:
    words = gettext("Par l'intermédiaire du logiciel « %(software)s »")
    return words % {"software": line.software} if line.software else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
