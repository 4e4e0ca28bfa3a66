"""A pregnancy, from the first visit to the visit after birth. Days count from its beginning."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import ANAESTHETIST, OBSTETRICIAN
from carnet.demo.cast import SF_GARCIA
from carnet.demo.lives.steps import Blood, Course, Film, Paper, Planned, Stay, Step, Treatment, Trend, Visit
from carnet.demo.pharmacopoeia import FOLIC_ACID, IRON, City
from carnet.demo.vocabulary import ANAESTHESIA_VISIT, DELIVERY, DISCHARGE_LETTER
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.entry import Coded

_ULTRASOUND: Final = "Échographie obstétricale"


def _monthly(month: str, found: str) -> Visit:
    return Visit(
        f"Consultation de grossesse du {month} mois",
        "Suivi mensuel. Pas de contraction, pas de saignement.",
        found,
        ("Toxoplasmose : sérologie mensuelle.", "Prochaine visite dans un mois."),
        by=SF_GARCIA,
    )


PREGNANCY: Final = Course(
    key="pregnancy",
    absorbing=345,
    weight=9,
    ages=(25, 44),
    since=(1, 6),
    sexes="F",
    steps=(
        Step(
            52,
            Visit(
                "Première consultation de grossesse",
                "Grossesse souhaitée, sept semaines et demie d'aménorrhée depuis les dernières règles.",
                "Bon état général. Nausées supportables. Tension normale.",
                (
                    "Acide folique jusqu'à la douzième semaine.",
                    "Déclaration de grossesse après la première échographie.",
                    "Pas d'alcool, pas de tabac.",
                ),
                by=SF_GARCIA,
            ),
        ),
        Step(52, Treatment((Planned(FOLIC_ACID, "1 comprimé par jour"),), days=35, by=SF_GARCIA)),
        Step(
            58,
            Blood(
                "Analyses du premier trimestre",
                (
                    Trend(City.HAEMOGLOBIN, 12.8, 11.2, 1),
                    Trend(City.GLUCOSE, 0.80, 0.84, 2),
                    Trend(City.TSH, 1.30, 1.60, 2),
                ),
            ),
        ),
        Step(
            86,
            Film(
                "Échographie de grossesse du premier trimestre",
                Coded("JQQM010", CCAM, f"{_ULTRASOUND} du premier trimestre"),
                "Datation et dépistage.",
                "Voie abdominale.",
                ("Un fœtus, activité cardiaque présente.", "Clarté nucale 1,3 mm."),
                ("Grossesse évolutive de 12 semaines et 2 jours.",),
            ),
        ),
        Step(120, _monthly("quatrième", "Bruits du cœur fœtal perçus. Tension normale.")),
        Step(
            155,
            Film(
                "Échographie de grossesse du deuxième trimestre",
                Coded("JQQM018", CCAM, f"{_ULTRASOUND} du deuxième trimestre"),
                "Étude morphologique.",
                "Voie abdominale.",
                ("Croissance au 52e percentile.", "Morphologie sans particularité.", "Liquide normal."),
                ("Échographie normale.",),
            ),
        ),
        Step(182, _monthly("sixième", "Hauteur utérine 23 cm. Mouvements actifs bien perçus.")),
        Step(
            186,
            Blood(
                "Analyses du sixième mois",
                (
                    Trend(City.HAEMOGLOBIN, 12.8, 10.4, 1),
                    Trend(City.GLUCOSE, 0.80, 0.85, 2),
                    Trend(City.PLATELETS, 262, 228, 0),
                ),
            ),
        ),
        Step(190, Treatment((Planned(IRON, "1 comprimé par jour, à distance du thé et du café"),), days=60, repeats=1)),
        Step(
            226,
            Film(
                "Échographie de grossesse du troisième trimestre",
                Coded("JQQM016", CCAM, f"{_ULTRASOUND} du troisième trimestre"),
                "Croissance et position.",
                "Voie abdominale.",
                ("Présentation céphalique.", "Poids estimé 1 950 g, au 50e percentile.", "Placenta à distance du col."),
                ("Échographie normale.",),
            ),
        ),
        Step(240, _monthly("huitième", "Hauteur utérine 30 cm. Tête en bas. Tension normale.")),
        Step(
            246,
            Paper(
                "Consultation d'anesthésie avant l'accouchement",
                (
                    "Pas d'antécédent gênant. Rachis sans particularité. Plaquettes normales.",
                    "Péridurale expliquée et souhaitée. Pas de contre-indication.",
                ),
                model=ANAESTHESIA_VISIT,
                by=ANAESTHETIST,
            ),
        ),
        Step(
            279,
            Stay(
                "Compte rendu d'accouchement",
                DELIVERY,
                OBSTETRICIAN,
                "Mise en travail spontanée à terme.",
                ("Péridurale. Naissance par voie basse d'un enfant de 3 310 g. Délivrance complète.",),
                ("Mère et enfant vont bien. Peau à peau, première tétée en salle.",),
            ),
        ),
        Step(
            279,
            Stay(
                "Lettre de liaison : sortie de maternité",
                DISCHARGE_LETTER,
                OBSTETRICIAN,
                "Accouchement par voie basse.",
                ("Suites simples. Montée de lait le deuxième jour. Moral bon.",),
                ("Visite de la sage-femme à domicile sous 48 heures.", "Consultation postnatale à six semaines."),
                nights=3,
            ),
        ),
        Step(
            326,
            Visit(
                "Consultation postnatale",
                "Sept semaines après la naissance.",
                "Périnée de bonne tonicité. Pas de signe de dépression. Tension normale.",
                ("Dix séances de rééducation du périnée.", "Contraception discutée."),
                by=SF_GARCIA,
                weighed=True,
            ),
        ),
        Step(
            332,
            Blood(
                "Contrôle après l'accouchement",
                (Trend(City.HAEMOGLOBIN, 12.5, 12.6, 1), Trend(City.FERRITIN, 28, 28, 0)),
            ),
        ),
    ),
)
