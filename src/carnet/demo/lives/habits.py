"""What comes again and again in anybody's life, at some ages: yearly visits, screening, teeth, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnet.demo import vocabulary as models
from carnet.demo.cast import DENT_ROUX, SF_GARCIA
from carnet.demo.lives.growth import ADULT
from carnet.demo.lives.steps import Blood, Film, Happening, Paper, Trend, Visit
from carnet.demo.pharmacopoeia import City
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.entry import Coded

__all__ = ["HABITS", "Habit"]


@dataclass(frozen=True, slots=True)
class Habit:
    """What comes again `every` so many days at some ages."""

    happening: Happening
    every: int
    ages: tuple[int, int]
    sexes: str = "FM"
    without: str = ""


HABITS: Final = (
    Habit(
        Visit(
            "Consultation annuelle",
            "Bilan annuel, pas de plainte.",
            "Cœur, poumons, ventre : rien à signaler.",
            ("À revoir dans un an.",),
            weighed=True,
        ),
        380,
        (ADULT, 130),
        without="chronic",
    ),
    Habit(
        Blood(
            "Bilan sanguin",
            (
                Trend(City.GLUCOSE, 0.90, 0.94, 2),
                Trend(City.CHOLESTEROL, 1.92, 1.98, 2),
                Trend(City.LDL, 1.12, 1.18, 2),
                Trend(City.HDL, 0.56, 0.56, 2),
                Trend(City.CREATININE, 7.8, 8.0, 1),
                Trend(City.HAEMOGLOBIN, 14.1, 14.0, 1),
                Trend(City.TSH, 1.80, 1.90, 2),
            ),
        ),
        760,
        (40, 130),
        without="chronic",
    ),
    Habit(
        Visit(
            "Dépistage du cancer du col de l'utérus",
            "Dépistage organisé.",
            "Prélèvement sans difficulté.",
            ("Test HPV à haut risque négatif.", "Prochain test dans cinq ans."),
            by=SF_GARCIA,
            model=models.SCREENING_ACT,
        ),
        1826,
        (30, 65),
        "F",
    ),
    Habit(
        Film(
            "Mammographie de dépistage",
            Coded("QEQK001", CCAM, "Mammographie bilatérale"),
            "Dépistage organisé.",
            "Deux incidences par sein.",
            ("Seins de densité moyenne.", "Pas d'opacité suspecte, ACR 1 des deux côtés."),
            ("Mammographie normale. Prochain contrôle dans deux ans.",),
        ),
        735,
        (50, 74),
        "F",
        without="breast_cancer",
    ),
    Habit(
        Visit(
            "Bilan bucco-dentaire",
            "Contrôle systématique.",
            "Dents et gencives saines. Détartrage fait.",
            ("Contrôle dans un an.",),
            by=DENT_ROUX,
            model=models.DENTAL_CHECK,
        ),
        900,
        (6, 130),
    ),
    Habit(
        Paper(
            "Certificat médical : sport",
            (
                (
                    "Je soussigné certifie n'avoir pas constaté ce jour de signe contre-indiquant la pratique du sport "
                    "en club, y compris en compétition."
                ),
            ),
        ),
        1095,
        (6, 35),
        without="sport_injury",
    ),
)
