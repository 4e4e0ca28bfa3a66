"""High blood pressure: measured thrice, treated, brought back under the aim."""

from __future__ import annotations

from typing import Final

from carnet.demo.cast import DR_NGUYEN
from carnet.demo.lives.steps import (
    Blood,
    Course,
    Letter,
    Photograph,
    Planned,
    Step,
    Summary,
    Treatment,
    Trend,
    Visit,
    yearly_treatment,
)
from carnet.demo.pharmacopoeia import AMLODIPINE, ATORVASTATIN, City, icd
from carnet.demo.vocabulary import DIAGNOSTIC_ACT

_AMLODIPINE: Final = Planned(AMLODIPINE, "1 comprimé le matin")
_STATIN: Final = Planned(ATORVASTATIN, "1 comprimé le soir")

HYPERTENSION: Final = Course(
    key="hypertension",
    weight=7,
    ages=(42, 85),
    since=(3, 9),
    problems=(icd("I10", "Hypertension artérielle"), icd("E78.0", "Hypercholestérolémie")),
    lasting=(_AMLODIPINE, _STATIN),
    pressure=((166, 98), (132, 78)),
    bmi=(23.0, 30.0),
    avoided=frozenset({"ibuprofen"}),
    steps=(
        Step(
            0,
            Visit(
                "Consultation : tension élevée",
                "Tension trouvée haute à la pharmacie. Aucun symptôme, en dehors de maux de tête le matin.",
                "Trois mesures au repos, élevées aux deux bras. Auscultation normale, pas d'œdème.",
                ("Automesure trois jours, matin et soir.", "Analyses, électrocardiogramme.", "Moins de sel."),
                weighed=True,
            ),
        ),
        Step(
            7,
            Blood(
                "Bilan de l'hypertension",
                (
                    Trend(City.CREATININE, 7.2, 7.8, 1),
                    Trend(City.POTASSIUM, 4.0, 4.3, 1),
                    Trend(City.CHOLESTEROL, 2.74, 1.88, 2),
                    Trend(City.LDL, 1.86, 1.02, 2),
                    Trend(City.HDL, 0.46, 0.54, 2),
                    Trend(City.GLUCOSE, 0.97, 1.01, 2),
                ),
            ),
            every=364,
        ),
        Step(
            15,
            Visit(
                "Consultation : résultats de l'automesure",
                "Moyenne de l'automesure au-dessus de 135/85 mmHg.",
                "Hypertension artérielle confirmée, cholestérol LDL élevé.",
                ("Amlodipine le matin, atorvastatine le soir.", "Marche, moins de sel.", "À revoir dans un mois."),
            ),
        ),
        Step(15, Treatment((_AMLODIPINE, _STATIN), days=90, repeats=2)),
        Step(40, Photograph("Électrocardiogramme", "ecg", DIAGNOSTIC_ACT, DR_NGUYEN)),
        Step(
            40,
            Letter(
                "Courrier de la cardiologue",
                DR_NGUYEN,
                (
                    "Merci de m'avoir adressé votre {patient} pour le bilan d'une hypertension artérielle.",
                    "Électrocardiogramme en rythme sinusal, sans hypertrophie. Échographie du cœur normale.",
                ),
                "Pas de retentissement cardiaque. Poursuite du traitement, avec un objectif sous 140/90 mmHg.",
            ),
            every=1460,
        ),
        yearly_treatment(108, _AMLODIPINE, _STATIN),
        Step(
            108,
            Visit(
                "Consultation de suivi de la tension",
                "Renouvellement. Traitement bien pris, chevilles un peu gonflées les jours chauds.",
                "Auscultation normale. Poumons clairs.",
                ("Même traitement pour six mois.", "Relevé d'automesure avant la prochaine visite."),
                weighed=True,
            ),
            every=364,
        ),
        Step(500, Summary()),
    ),
)
