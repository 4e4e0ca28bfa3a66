"""The words of a summary, in French and in English; the names of LOINC codes as the guide prints them."""

from __future__ import annotations

from typing import Final

__all__ = ["NAMES", "NO_INFORMATION", "TITLE", "TITLES", "UNKNOWN"]

TITLE: Final = {"fr": "Synthèse médicale internationale", "en": "International Patient Summary"}
NO_INFORMATION: Final = {"fr": "Aucune information disponible", "en": "No information available"}
UNKNOWN: Final = {"fr": "Nom non précisé", "en": "Name not specified"}
TITLES: Final = {
    "10160-0": {"fr": "Médicaments", "en": "Medications"},
    "48765-2": {"fr": "Allergies et intolérances", "en": "Allergies and Intolerances"},
    "11450-4": {"fr": "Problèmes de santé", "en": "Problems"},
    "11369-6": {"fr": "Vaccinations", "en": "Immunizations"},
    "30954-2": {"fr": "Résultats d’examens", "en": "Results"},
    "47519-4": {"fr": "Actes et interventions", "en": "Procedures"},
    "46264-8": {"fr": "Dispositifs médicaux", "en": "Medical Devices"},
    "11348-0": {"fr": "Antécédents", "en": "History of Past Problems"},
    "10162-6": {"fr": "Grossesses", "en": "Pregnancies"},
    "29762-2": {"fr": "Mode de vie", "en": "Social History"},
    "8716-3": {"fr": "Mesures et signes vitaux", "en": "Vital Signs"},
    "54522-8": {"fr": "Autonomie et fonctions", "en": "Functional Status"},
    "10157-6": {"fr": "Antécédents familiaux", "en": "Family History"},
    "46240-8": {"fr": "Consultations et séjours", "en": "Encounters"},
}
NAMES: Final = {
    "10160-0": "History of Medication use Narrative",
    "48765-2": "Allergies and adverse reactions Document",
    "11450-4": "Problem list - Reported",
    "11369-6": "History of Immunization note",
    "30954-2": "Relevant diagnostic tests/laboratory data note",
    "47519-4": "History of Procedures Document",
    "46264-8": "History of medical device use",
    "11348-0": "History of Past illness note",
    "10162-6": "History of pregnancies Narrative",
    "29762-2": "Social history note",
    "8716-3": "Vital signs note",
    "54522-8": "Functional status",
    "10157-6": "History of family member diseases note",
    "46240-8": "History of encounters",
}
