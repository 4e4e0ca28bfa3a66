"""Asthma of a child: wheezing, an attack, a daily treatment, breath that comes back."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import PNEUMOLOGIST
from carnet.demo.lives.steps import (
    Course,
    Emergency,
    Letter,
    Paper,
    Photograph,
    Planned,
    Step,
    Summary,
    Treatment,
    Visit,
)
from carnet.demo.pharmacopoeia import FLUTICASONE_CHILD, PREDNISOLONE_CHILD, SALBUTAMOL, icd
from carnet.demo.vocabulary import CHILD_CERTIFICATE, DIAGNOSTIC_ACT

_RELIEF: Final = Planned(SALBUTAMOL, "2 bouffées avec la chambre d'inhalation en cas de gêne, ou avant le sport")
_DAILY: Final = Planned(FLUTICASONE_CHILD, "1 bouffée matin et soir avec la chambre d'inhalation, se rincer la bouche")

ASTHMA: Final = Course(
    key="asthma",
    weight=5,
    ages=(7, 16),
    since=(2, 4),
    problems=(icd("J45.0", "Asthme à prédominance allergique"),),
    lasting=(_DAILY, _RELIEF),
    avoided=frozenset({"ibuprofen", "wheeze"}),
    flu=True,
    steps=(
        Step(
            0,
            Visit(
                "Consultation : toux et sifflements",
                "Toux la nuit et à l'effort depuis l'automne, deux bronchites sifflantes l'hiver dernier.",
                "Quelques sibilants aux deux bases. Pas de signe de lutte. Saturation à 98 %.",
                ("Salbutamol en cas de gêne.", "Tabac : aucune fumée à la maison.", "Avis du pneumologue."),
            ),
        ),
        Step(0, Treatment((_RELIEF,), days=90, repeats=2)),
        Step(
            62,
            Emergency(
                "Compte rendu de passage aux urgences : crise d'asthme",
                "Gêne respiratoire depuis le matin, malgré six bouffées de salbutamol.",
                "Fréquence respiratoire 32 par minute, sibilants diffus, saturation à 93 % en air ambiant.",
                "Crise modérée. Trois nébulisations, corticoïde par la bouche. Saturation à 97 % à quatre heures. "
                "Retour à la maison, médecin à revoir sous 48 heures.",
            ),
        ),
        Step(
            64,
            Treatment(
                (Planned(PREDNISOLONE_CHILD, "1 comprimé le matin, trois jours (pour {kilos} kg)"), _RELIEF),
                days=5,
            ),
        ),
        Step(
            96,
            Letter(
                "Courrier du pneumologue",
                PNEUMOLOGIST,
                (
                    "Merci de m'avoir adressé cet enfant. Tests cutanés positifs aux acariens.",
                    "Spirométrie : VEMS à 84 % de la valeur attendue, 97 % après salbutamol.",
                ),
                "Asthme allergique. Traitement de fond par fluticasone, housses, plan d'action écrit.",
            ),
        ),
        Step(96, Photograph("Spirométrie", "spirometry", DIAGNOSTIC_ACT, PNEUMOLOGIST)),
        Step(98, Treatment((_DAILY, _RELIEF), days=90, repeats=3), every=182),
        Step(
            110,
            Paper(
                "Projet d'accueil individualisé : asthme",
                (
                    "Enfant suivi pour un asthme. Le salbutamol et la chambre d'inhalation sont remis à l'école.",
                    "En cas de gêne : deux bouffées, à répéter après dix minutes. Si la gêne dure, appeler le 15.",
                    "Le sport est permis et souhaité, avec deux bouffées un quart d'heure avant.",
                ),
                model=CHILD_CERTIFICATE,
            ),
            every=364,
        ),
        Step(
            280,
            Visit(
                "Consultation de suivi de l'asthme",
                "Moins d'une gêne par mois, dort bien, fait du sport.",
                "Auscultation claire. Technique d'inhalation revue et bonne.",
                ("Même traitement.", "Revoir dans six mois."),
            ),
            every=182,
        ),
        Step(400, Summary()),
    ),
)
