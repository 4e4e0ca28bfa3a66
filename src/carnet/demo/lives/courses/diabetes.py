"""Type 2 diabetes: found on a blood test, brought down by metformin and walking, watched for years."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import ENDOCRINOLOGIST, OPHTHALMOLOGIST
from carnet.demo.lives.steps import (
    Blood,
    Course,
    Letter,
    Paper,
    Planned,
    Step,
    Summary,
    Treatment,
    Trend,
    Visit,
    yearly_treatment,
)
from carnet.demo.pharmacopoeia import METFORMIN, METFORMIN_500, City, icd
from carnet.demo.vocabulary import CARE_PROTOCOL, EYE_VISIT

_HBA1C: Final = Trend(City.HBA1C, 8.4, 6.7, 1)
_GLUCOSE: Final = Trend(City.GLUCOSE, 1.78, 1.22, 2)
_LASTING: Final = Planned(METFORMIN, "1 comprimé matin et soir, au milieu du repas", boxes=2)

DIABETES: Final = Course(
    key="diabetes",
    weight=6,
    ages=(45, 80),
    since=(3, 7),
    problems=(icd("E11.9", "Diabète de type 2 sans complication"),),
    lasting=(_LASTING,),
    pressure=((146, 86), (132, 78)),
    bmi=(27.0, 33.0),
    avoided=frozenset({"cortisone"}),
    flu=True,
    steps=(
        Step(
            0,
            Visit(
                "Consultation : soif et fatigue",
                "Soif inhabituelle, se lève trois fois la nuit, fatigue depuis deux mois. Diabète chez la mère.",
                "Pas d'amaigrissement. Pouls des pieds perçus, sensibilité normale au monofilament.",
                ("Glycémie à jeun et HbA1c.", "Nous en reparlons avec les résultats."),
                weighed=True,
            ),
        ),
        Step(
            6,
            Blood(
                "Analyses de sang",
                (_GLUCOSE, _HBA1C, Trend(City.CREATININE, 7.4, 7.9, 1), Trend(City.LDL, 1.52, 1.08, 2)),
            ),
            every=182,
        ),
        Step(
            12,
            Visit(
                "Consultation : annonce d'un diabète de type 2",
                "Lecture des résultats.",
                "Diabète de type 2 confirmé par l'HbA1c et la glycémie à jeun.",
                (
                    "Metformine, en commençant à dose faible.",
                    "Marche trente minutes par jour, consultation de diététique.",
                    "Fond d'œil, bilan dentaire, demande d'ALD.",
                ),
            ),
        ),
        Step(
            12,
            Treatment(
                (Planned(METFORMIN_500, "1 comprimé matin et soir, au milieu du repas", boxes=2),),
                days=90,
                repeats=2,
            ),
        ),
        Step(
            40,
            Paper(
                "Protocole de soins : diabète de type 2",
                (
                    "Affection de longue durée n° 8 : diabète de type 2.",
                    (
                        "Suivi : consultation et HbA1c tous les six mois au moins, fond d'œil tous les deux ans, "
                        "créatinine et microalbuminurie une fois par an, examen des pieds une fois par an."
                    ),
                ),
                model=CARE_PROTOCOL,
            ),
        ),
        Step(
            75,
            Letter(
                "Fond d'œil : dépistage de la rétinopathie",
                OPHTHALMOLOGIST,
                ("Rétinographie des deux yeux, de bonne qualité. Pas de microanévrisme ni d'hémorragie.",),
                "Pas de rétinopathie diabétique. Prochain contrôle dans deux ans.",
                model=EYE_VISIT,
            ),
            every=730,
        ),
        yearly_treatment(100, _LASTING),
        Step(
            140,
            Letter(
                "Courrier du diabétologue",
                ENDOCRINOLOGIST,
                (
                    "Merci de m'avoir adressé votre {patient} pour un diabète de type 2 récent.",
                    "Pas de complication. La metformine est bien supportée. L'alimentation a été revue ce jour.",
                ),
                "Objectif d'HbA1c : moins de 7 %. Suivi par vos soins, à revoir si l'objectif n'est pas tenu.",
            ),
        ),
        Step(
            464,
            Visit(
                "Consultation de suivi du diabète",
                "Suivi systématique.",
                "Pieds sans lésion, sensibilité conservée, pouls perçus.",
                ("Même traitement.", "HbA1c dans six mois.", "Continuer la marche."),
                weighed=True,
            ),
            every=364,
        ),
        Step(560, Blood("Microalbuminurie", (Trend(City.ALBUMIN_RATIO, 14, 17, 0),)), every=728),
        Step(600, Summary()),
    ),
)
