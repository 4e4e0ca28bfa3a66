"""Days on which doctors work, and what is due at an age: vaccines, examinations of children, screening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from carnet.demo.pharmacopoeia import (
    DT_POLIO,
    DTCAP_POLIO,
    HEXAVALENT,
    HPV,
    MENINGOCOCCAL_ACWY,
    MENINGOCOCCAL_C,
    MMR,
    PNEUMOCOCCAL_ADULT,
    PNEUMOCOCCAL_CHILD,
    ZOSTER,
)
from carnet.formats.cda.build.clinical import Vaccine

__all__ = ["EXAMINATIONS", "VACCINES", "Due", "Examination", "working_day"]

_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_SATURDAY: Final = 5


def working_day(day: date) -> date:
    """That day, or the next on which practices are open."""
    while day.weekday() >= _SATURDAY or (day.month, day.day) in _HOLIDAYS:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Due:
    """Doses given together at an age in months, between two years when the calendar has them.

    Each: vaccine, rank, kind.
    """

    month: int
    doses: tuple[tuple[Vaccine, int, str], ...]
    since: int = 0
    until: int = 9999


_FIRST, _BOOSTER = "INITIMMUNIZ", "BOOSTER"

VACCINES: Final = (
    Due(2, ((HEXAVALENT, 1, _FIRST), (PNEUMOCOCCAL_CHILD, 1, _FIRST))),
    Due(4, ((HEXAVALENT, 2, _FIRST), (PNEUMOCOCCAL_CHILD, 2, _FIRST))),
    Due(5, ((MENINGOCOCCAL_C, 1, _FIRST),), since=2018, until=2024),
    Due(6, ((MENINGOCOCCAL_ACWY, 1, _FIRST),), since=2025),
    Due(11, ((HEXAVALENT, 3, _BOOSTER), (PNEUMOCOCCAL_CHILD, 3, _BOOSTER))),
    Due(12, ((MMR, 1, _FIRST), (MENINGOCOCCAL_C, 2, _BOOSTER)), until=2024),
    Due(12, ((MMR, 1, _FIRST), (MENINGOCOCCAL_ACWY, 2, _BOOSTER)), since=2025),
    Due(17, ((MMR, 2, _FIRST),)),
    Due(73, ((DTCAP_POLIO, 4, _BOOSTER),)),
    Due(139, ((DTCAP_POLIO, 5, _BOOSTER), (HPV, 1, _FIRST)), since=2021),
    Due(139, ((DTCAP_POLIO, 5, _BOOSTER),), until=2020),
    Due(146, ((HPV, 2, _FIRST),), since=2021),
    Due(301, ((DTCAP_POLIO, 6, _BOOSTER),)),
    Due(541, ((DT_POLIO, 7, _BOOSTER),)),
    Due(781, ((DT_POLIO, 8, _BOOSTER),)),
    Due(787, ((PNEUMOCOCCAL_ADULT, 1, "IMMUNIZ"),), since=2025),
    Due(790, ((ZOSTER, 1, _FIRST),), since=2025),
    Due(793, ((ZOSTER, 2, _FIRST),), since=2025),
    Due(901, ((DT_POLIO, 9, _BOOSTER),)),
    Due(1021, ((DT_POLIO, 10, _BOOSTER),)),
)


@dataclass(frozen=True, slots=True)
class Examination:
    """One of the compulsory examinations of children, at an age in days; `{e}` is the ending for a girl."""

    day: int
    title: str
    found: str


EXAMINATIONS: Final = (
    Examination(8, "Examen du huitième jour", "Bon tonus, cordon tombé. Prend bien."),
    Examination(31, "Examen du premier mois", "Suit du regard. Hanches libres."),
    Examination(61, "Examen du deuxième mois", "Sourit quand on lui parle. Tient sa tête un moment."),
    Examination(122, "Examen du quatrième mois", "Tient sa tête, attrape les objets."),
    Examination(152, "Examen du cinquième mois", "Se retourne, gazouille."),
    Examination(275, "Examen du neuvième mois", "Tient assis{e}, passe un objet d'une main à l'autre."),
    Examination(335, "Examen du onzième mois", "Se met debout avec appui, dit ses premières syllabes."),
    Examination(501, "Examen du seizième mois", "Marche, montre du doigt, comprend une consigne."),
    Examination(735, "Examen de la deuxième année", "Court, associe deux mots. Vue et audition sans anomalie."),
    Examination(1100, "Examen de trois ans", "Parle bien, propre le jour. Vue et audition sans anomalie."),
    Examination(1465, "Examen de quatre ans", "Dessine un bonhomme. Audition normale."),
    Examination(1830, "Examen de cinq ans", "Bon développement. Dents saines."),
    Examination(2200, "Examen de six ans", "Prêt{e} pour la grande école. Vue 10/10."),
    Examination(3100, "Examen de huit ans", "Dos droit, dents en cours de changement."),
    Examination(4260, "Examen de onze ans", "Dos droit. Puberté débutante ou à venir."),
    Examination(5560, "Examen de quinze ans", "Dos droit. Vue à contrôler chaque année."),
)
