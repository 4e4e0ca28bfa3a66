"""The words of what professionals note: its kinds, and the codes that its lists write. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.formats.terminology.noting import Note
from carnet.web.words import marked

SNOMED: Final = "2.16.840.1.113883.6.96"
ROUTES_SYSTEM: Final = "0.4.0.127.0.16.1.1.2.1"


@dataclass(frozen=True, slots=True)
class Kind:
    """`unnoted` is for the professions that do not note it."""

    note: Note
    icon: str
    title: str
    what: str
    said: str
    unnoted: str


KINDS: Final[Mapping[str, Kind]] = {
    "vaccination": Kind(
        Note.VACCINATION,
        "vaccine",
        marked("Noter une vaccination"),
        marked("Vaccination"),
        marked("Un vaccin que vous venez de faire, ou dont vous avez vu la preuve"),
        marked("Votre profession ne note pas de vaccination sans document"),
    ),
    "mesure": Kind(
        Note.MEASURE,
        "heart-rate-monitor",
        marked("Noter une mesure"),
        marked("Mesure"),
        marked("Poids, tension, saturation…"),
        marked("Votre profession ne note pas de mesure sans document"),
    ),
    "probleme": Kind(
        Note.PROBLEM,
        "first-aid-kit",
        marked("Noter un problème de santé"),
        marked("Problème de santé"),
        marked("Un diagnostic ou un antécédent"),
        marked("Votre profession ne note pas de problème de santé sans document"),
    ),
    "allergie": Kind(
        Note.ALLERGY,
        "alert-triangle",
        marked("Noter une allergie"),
        marked("Allergie ou intolérance"),
        marked("L'agent, la réaction, le risque"),
        marked("Votre profession ne note pas d'allergie sans document"),
    ),
    "objectif": Kind(
        Note.TARGET,
        "flag",
        marked("Fixer un objectif"),
        marked("Objectif"),
        marked("Une cible pour une analyse ou une mesure, que la personne lit à part"),
        marked("Votre profession ne fixe pas d'objectif sans document"),
    ),
}
SLUGS: Final = {each.note: slug for slug, each in KINDS.items()}

CLINICAL: Final = {"active": marked("Actif"), "remission": marked("En rémission"), "resolved": marked("Guéri")}
VERIFICATION: Final = {"confirmed": marked("Confirmé"), "provisional": marked("À confirmer")}
TYPES: Final = {"allergy": marked("Allergie"), "intolerance": marked("Intolérance"), "": marked("Non précisé")}
ALLERGY_SURE: Final = {"confirmed": marked("Confirmée"), "unconfirmed": marked("À confirmer")}
CRITICALITY: Final = {
    "high": marked("Élevé : pronostic vital en jeu"),
    "low": marked("Faible"),
    "unable-to-assess": marked("Non évaluable"),
    "": marked("Non précisé"),
}
# SNOMED CT body structures; EDQM routes.
SITES: Final = {
    "368208006": marked("Bras gauche"),
    "368209003": marked("Bras droit"),
    "61396006": marked("Cuisse gauche"),
    "11207009": marked("Cuisse droite"),
}
ROUTES: Final = {
    "20035000": marked("Intramusculaire"),
    "20066000": marked("Sous-cutanée"),
    "20030000": marked("Intradermique"),
    "20053000": marked("Orale"),
    "20049000": marked("Nasale"),
}
RANKS: Final = ("1", "2", "3", "4", "5")
BOOSTER: Final = "rappel"
BOOSTER_SERIES: Final = Concept("Rappel", (Coded("BOOSTER", "2.16.840.1.113883.5.4", "Rappel"),))


def site(code: str) -> Concept:
    return Concept(SITES[code], (Coded(code, SNOMED, SITES[code]),)) if code in SITES else Concept()


def route(code: str) -> Concept:
    return Concept(ROUTES[code], (Coded(code, ROUTES_SYSTEM, ROUTES[code]),)) if code in ROUTES else Concept()
