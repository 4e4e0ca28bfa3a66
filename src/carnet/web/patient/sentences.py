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
    "document-page": _READ,
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
    "deposit-checked": _Act(
        marked("Vous avez vérifié un envoi, sans rien enregistrer"),
        marked("%(who)s a vérifié un envoi, sans rien enregistrer"),
        "upload",
    ),
    "folders-changed": _Act(
        marked("Vous avez rangé des documents dans un classeur"),
        marked("%(who)s a rangé des documents dans un classeur"),
        "files",
    ),
    "documents-reindexed": _Act(
        marked("Vous avez refait l'index de votre carnet"),
        marked("%(who)s a refait l'index de votre carnet"),
        "files",
    ),
    "document-masked": _Act(
        marked("Vous avez masqué un document aux professionnels"),
        marked("%(who)s a masqué un document aux professionnels"),
        "eye-off",
        marked("Vous avez masqué « %(title)s » aux professionnels"),
        marked("%(who)s a masqué « %(title)s » aux professionnels"),
    ),
    "document-unmasked": _Act(
        marked("Vous avez rendu un document visible aux professionnels"),
        marked("%(who)s a rendu un document visible aux professionnels"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible aux professionnels"),
        marked("%(who)s a rendu « %(title)s » visible aux professionnels"),
    ),
    "document-hidden-from-patient": _Act(
        marked("Vous avez différé l'annonce d'un document"),
        marked("%(who)s a différé l'annonce d'un document"),
        "eye-off",
        marked("Vous avez différé l'annonce de « %(title)s »"),
        marked("%(who)s a différé l'annonce de « %(title)s »"),
    ),
    "document-shown-to-patient": _Act(
        marked("Vous avez rendu un document visible au patient"),
        marked("%(who)s vous a rendu un document visible"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible au patient"),
        marked("%(who)s vous a rendu « %(title)s » visible"),
    ),
    "document-hidden-from-representatives": _Act(
        marked("Vous avez gardé un document secret pour vos représentants"),
        marked("%(who)s a gardé un document secret pour vos représentants"),
        "eye-off",
        marked("Vous avez gardé « %(title)s » secret pour vos représentants"),
        marked("%(who)s a gardé « %(title)s » secret pour vos représentants"),
    ),
    "document-shown-to-representatives": _Act(
        marked("Vous avez rendu un document visible à vos représentants"),
        marked("%(who)s a rendu un document visible à vos représentants"),
        "eye",
        marked("Vous avez rendu « %(title)s » visible à vos représentants"),
        marked("%(who)s a rendu « %(title)s » visible à vos représentants"),
    ),
    "document-classified": _Act(
        marked("Vous avez changé le niveau de confidentialité d'un document"),
        marked("%(who)s a changé le niveau de confidentialité d'un document"),
        "lock",
        marked("Vous avez changé le niveau de confidentialité de « %(title)s »"),
        marked("%(who)s a changé le niveau de confidentialité de « %(title)s »"),
    ),
    "document-archived": _Act(
        marked("Vous avez archivé un document"),
        marked("%(who)s a archivé un document"),
        "files",
        marked("Vous avez archivé « %(title)s »"),
        marked("%(who)s a archivé « %(title)s »"),
    ),
    "document-restored": _Act(
        marked("Vous avez sorti un document des archives"),
        marked("%(who)s a sorti un document des archives"),
        "files",
        marked("Vous avez sorti « %(title)s » des archives"),
        marked("%(who)s a sorti « %(title)s » des archives"),
    ),
    "document-withdrawn": _Act(
        marked("Vous avez retiré un document"),
        marked("%(who)s a retiré un document qui ne devait pas être dans votre carnet"),
        "upload",
    ),
    "document-place": _Act(
        marked("Vous avez regardé où vous rangez un document"),
        marked("%(who)s a regardé où vous rangez un document"),
        "folder",
        marked("Vous avez regardé où vous rangez « %(title)s »"),
        marked("%(who)s a regardé où vous rangez « %(title)s »"),
    ),
    "folders-read": _Act(
        marked("Vous avez regardé vos classeurs"),
        marked("%(who)s a regardé vos classeurs"),
        "folder",
    ),
    "shelf-changed": _Act(
        marked("Vous avez rangé vos documents"),
        marked("%(who)s a rangé vos documents"),
        "folder",
        marked("Vous avez rangé « %(title)s »"),
        marked("%(who)s a rangé « %(title)s »"),
    ),
    "document-reported": _Act(
        marked("Vous avez signalé un document qui n'est pas le vôtre"),
        marked("%(who)s a signalé un document qui n'est pas le vôtre"),
        "alert-triangle",
        marked("Vous avez signalé que « %(title)s » n'est pas le vôtre"),
        marked("%(who)s a signalé que « %(title)s » n'est pas le vôtre"),
    ),
    "document-report-taken-back": _Act(
        marked("Vous avez repris un signalement"),
        marked("%(who)s a repris un signalement"),
        "files",
        marked("Vous avez repris le signalement de « %(title)s »"),
        marked("%(who)s a repris le signalement de « %(title)s »"),
    ),
    "readers-told": _Act(
        marked("Vous avez consulté la liste des lecteurs d'un document retiré ou corrigé"),
        marked("%(who)s a consulté la liste des lecteurs d'un document retiré ou corrigé"),
        "users",
    ),
    "trail-read": _Act(
        marked("Vous avez consulté la liste des accès"),
        marked("%(who)s a consulté la liste des accès"),
        "shield-lock",
    ),
    "export-asked": _Act(
        marked("Vous avez demandé une copie de votre carnet"),
        marked("%(who)s a demandé une copie de votre carnet"),
        "file-zip",
    ),
    "export-taken": _Act(
        marked("Vous avez téléchargé une copie de votre carnet"),
        marked("%(who)s a tiré une copie de votre carnet, à vous remettre"),
        "file-zip",
    ),
    "export-dropped": _Act(
        marked("Vous avez effacé la copie de votre carnet"),
        marked("%(who)s a effacé la copie de votre carnet"),
        "file-zip",
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

_COUNTS = {"document-page": 0}
"""The pages of a document that is being read are no further readings of it."""

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
    parts = [part for part in (capacity, line.organisation_name, _software(line)) if part and part != line.actor_name]
    return ". ".join(parts) + "." if parts else ""


def _software(line: TrailLine) -> str:
    words = gettext("Par l'intermédiaire du logiciel « %(software)s »")
    return words % {"software": line.software} if line.software else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
