"""What a stay was for, as its sources state it: the ward, its reason, the surgery. Never inferred from anything else.
Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from carnet.formats.clinical.model import Encounter
from carnet.formats.folding.fold import fold
from carnet.web.i18n import gettext
from carnet.web.words import marked

__all__ = ["Stated", "is_bare", "name"]

_WARDS: Final = {
    "chirurgie": marked("chirurgie"),
    "maternite": marked("maternité"),
    "cardiologie": marked("cardiologie"),
    "pneumologie": marked("pneumologie"),
    "pediatrie": marked("pédiatrie"),
    "neonatologie": marked("néonatologie"),
    "neurologie": marked("neurologie"),
    "oncologie": marked("oncologie"),
    "hematologie": marked("hématologie"),
    "geriatrie": marked("gériatrie"),
    "psychiatrie": marked("psychiatrie"),
    "reanimation": marked("réanimation"),
    "soins intensifs": marked("soins intensifs"),
    "rhumatologie": marked("rhumatologie"),
    "gastro-enterologie": marked("gastro-entérologie"),
    "nephrologie": marked("néphrologie"),
    "urologie": marked("urologie"),
    "orthopedie": marked("orthopédie"),
    "gynecologie": marked("gynécologie"),
    "dermatologie": marked("dermatologie"),
    "endocrinologie": marked("endocrinologie"),
    "diabetologie": marked("diabétologie"),
    "medecine interne": marked("médecine interne"),
    "medecine": marked("médecine"),
}
"""By their names, folded; of two that begin alike the longer first."""
_ANY: Final = "|".join(map(re.escape, _WARDS))
# « Lettre de liaison : sortie de chirurgie », « Service de cardiologie »; a ward alone where it is a place's name.
_IN_A_TITLE: Final = re.compile(
    rf"\b(?:sortie|sejour|hospitalisation|service|unite) (?:en |(?:(?:du|dans le) service )?(?:de |d'))({_ANY})\b"
)
# A title that has one of these tells of a stay that was not, that is asked for or put off, or of what came before it.
_NO_STAY: Final = re.compile(
    r"\b(?:annul|decommand|report(?:e|ee|es|ees|er)\b|differ(?:e|ee|er)\b|ajourn|suspen|refus|deprogramm|empech|impossib|"
    r"eventuel|evitee?\b|(?:non|pas|plus|sans|absence|aucune?|jamais|ni|avant|pre|si)\b|"
    r"demande|projet|proposition|propose|convocation|preparation|en attente|en vue|prevue?\b|futur)"
)
_A_PLACE: Final = re.compile(rf"^(?:(?:service|unite|pole) (?:de |d'))?({_ANY})\b")
_BARE: Final = frozenset(
    ("", "hospitalisation", "hospitalisation complete", "sejour", "sejour hospitalier", "sejour a l'hopital")
)
_INSIDE: Final = frozenset({"IMP", "ACUTE", "NONAC", "SS", "OBSENC"})
_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Stated:
    """Of one stay: its entries, the titles of its documents, and what was operated then."""

    entries: tuple[Encounter, ...]
    titles: tuple[str, ...] = ()
    operated: tuple[str, ...] = ()


def is_bare(entry: Encounter) -> bool:
    """Its name says no more than that somebody stayed: there is none, or it is that of the class."""
    if fold(entry.code.label) in _BARE:
        return True
    known = entry.encounter_class
    named_by_class = known is not None and any(each.code == known.code for each in entry.code.codings)
    return named_by_class and known is not None and known.code in _INSIDE


def name(stated: Stated) -> tuple[str, bool] | None:
    """« Séjour en maternité », and whether there are words of a source in it; None where nothing is stated."""
    if wards := _wards(stated):
        return gettext("Séjour en %(ward)s") % {"ward": gettext(" et ").join(map(gettext, wards))}, False
    reasons = tuple(each.label for entry in stated.entries for each in entry.reasons if each.label)
    for said in (reasons, stated.operated):
        if said:
            return gettext("Séjour : %(what)s") % {"what": ", ".join(_few(said))}, True
    return None


def _few(said: Iterable[str]) -> list[str]:
    """In small letters after the colon, but for names and abbreviations."""
    found = list(dict.fromkeys(each.strip() for each in said))[:_MOST]
    return [each if each[1:2].isupper() else each[:1].lower() + each[1:] for each in found]


def _in_a_title(title: str) -> re.Match[str] | None:
    return None if _NO_STAY.search(title) else _IN_A_TITLE.search(title)


def _wards(stated: Stated) -> list[str]:
    titles = (_in_a_title(fold(each)) for each in stated.titles)
    places = (_A_PLACE.search(fold(each.location)) for each in stated.entries)
    found = dict.fromkeys(each[1] for each in (*places, *titles) if each)
    return [_WARDS[each] for each in found][:_MOST]
