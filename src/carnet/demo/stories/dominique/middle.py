"""2020 to 2022: a hard spring, vaccines, a knee, and help asked for in confidence."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import PSYCHIATRIST
from carnet.demo.cast import DENT_ROUX, DR_MARTIN, INF_PETIT, PHARM_LEROY, SF_GARCIA
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import COVID, IBUPROFEN, LEVOTHYROXINE_100, PARACETAMOL, City, Hospital
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Dose, Line, Result
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.cda.build.sections import conclusion, findings, letter, plan, prose, reason
from carnet.formats.entry import Coded


def write(chart: Chart) -> None:
    _hard_spring(chart)
    _vaccines(chart)
    _knee(chart)
    _in_confidence(chart)


def _hard_spring(chart: Chart) -> None:
    chart.write(
        "2020-06-15",
        models.TELECONSULTATION,
        "Téléconsultation : sommeil",
        DR_MARTIN,
        (
            reason("Sommeil haché depuis mars. Travail à la maison avec deux enfants, séparation en cours."),
            conclusion("Pas d'idée noire. Fatigue de circonstance, à suivre."),
            plan("Régularité des horaires, marche quotidienne.", "TSH à l'automne.", "Rappeler si cela dure."),
        ),
        clock="18:30",
    )
    chart.city_results(
        "2020-09-21",
        [Result(City.TSH, "5.60"), Result(City.HBA1C, "5.8"), Result(City.VITAMIN_D, "17")],
    )
    chart.prescription(
        "2020-09-25",
        DR_MARTIN,
        (
            Line(
                LEVOTHYROXINE_100,
                "1 comprimé le matin à jeun",
                on("2020-09-25"),
                on("2021-09-25"),
                boxes=3,
                repeats=3,
            ),
        ),
        "Dose augmentée : TSH à 5,60 mUI/L le 21 septembre.",
    )
    chart.city_results("2020-12-07", [Result(City.TSH, "1.80")], title="TSH de contrôle")
    chart.city_results(
        "2021-09-27", [Result(City.TSH, "1.45"), Result(City.HBA1C, "5.8"), Result(City.GLUCOSE, "1.00")]
    )
    chart.prescription(
        "2021-10-04",
        DR_MARTIN,
        (
            Line(
                LEVOTHYROXINE_100,
                "1 comprimé le matin à jeun",
                on("2021-10-04"),
                on("2022-10-04"),
                boxes=3,
                repeats=3,
            ),
        ),
    )


def _vaccines(chart: Chart) -> None:
    first, second, third = on("2021-05-25"), on("2021-07-06"), on("2021-12-20")
    chart.vaccination("2021-05-25", INF_PETIT, (Dose(COVID, first, "CV21-0517", 1),))
    chart.vaccination("2021-07-06", INF_PETIT, (Dose(COVID, second, "CV21-0629", 2),))
    chart.vaccination("2021-12-20", PHARM_LEROY, (Dose(COVID, third, "CV21-1212", 3, "BOOSTER"),))


def _knee(chart: Chart) -> None:
    chart.visit(
        "2021-11-08",
        DR_MARTIN,
        "Consultation : genou droit",
        reason("Douleur du genou droit après une torsion à la descente d'un train, il y a trois semaines."),
        findings("Léger épanchement. Point douloureux interne. Ligaments stables."),
        plan("Repos relatif, glace.", "IRM du genou droit.", "Paracétamol, anti-inflammatoire cinq jours."),
    )
    start = on("2021-11-08")
    chart.prescription(
        "2021-11-08",
        DR_MARTIN,
        (
            Line(PARACETAMOL, "1 comprimé jusqu'à 3 fois par jour", start, on("2021-11-22"), boxes=2),
            Line(IBUPROFEN, "1 comprimé matin et soir au milieu du repas", start, on("2021-11-13"), boxes=1),
        ),
    )
    chart.write(
        "2021-11-08",
        models.IMAGING_ORDER,
        "Demande d'IRM du genou droit",
        DR_MARTIN,
        (
            prose("55115-0", "Demande d'actes d'imagerie", "Examen demandé", "IRM du genou droit."),
            reason("Lésion du ménisque interne ? Torsion le 15 octobre, épanchement."),
        ),
        clock="10:25",
    )
    chart.imaging(
        "2021-12-03",
        "IRM du genou droit",
        act=Coded("NZQN001", CCAM, "IRM d'un segment du membre inférieur"),
        reason="Douleur interne persistante après torsion. Lésion du ménisque ?",
        technique="Séquences en T1 et en densité de protons, dans les trois plans, sans injection.",
        found=(
            "Fissure horizontale de la corne postérieure du ménisque interne, non déplacée.",
            "Ligaments croisés et collatéraux continus.",
            "Petit épanchement. Cartilage conservé.",
        ),
        concluded=("Fissure méniscale interne stable. Pas d'indication chirurgicale en première intention.",),
    )
    chart.scan(
        "2021-12-10",
        models.PHYSIOTHERAPY_ORDER,
        "Ordonnance de kinésithérapie : genou droit",
        DR_MARTIN,
        "Faire pratiquer par un masseur-kinésithérapeute quinze séances de rééducation du genou droit : "
        "travail du quadriceps, équilibre, reprise progressive de la course à pied.",
        "Fissure méniscale interne stable à l'IRM du 3 décembre 2021.",
    )


def _in_confidence(chart: Chart) -> None:
    chart.write(
        "2022-03-22",
        models.SCREENING_ACT,
        "Dépistage du cancer du col de l'utérus",
        SF_GARCIA,
        (
            reason("Dépistage organisé, 42 ans. Dernier prélèvement en 2017, normal."),
            conclusion("Test HPV à haut risque négatif. Prochain test dans cinq ans, en 2027."),
        ),
    )
    chart.visit(
        "2022-06-14",
        PSYCHIATRIST,
        "Compte rendu de consultation de psychiatrie",
        reason("Adressée à sa demande, deux ans après la séparation."),
        letter(
            "Madame PAT-TROIS consulte pour une tristesse qui revient en vagues et une irritabilité qu'elle "
            "regrette. Elle dort, travaille, voit ses amis. Pas de traitement nécessaire aujourd'hui.",
        ),
        plan("Six entretiens de soutien.", "Elle souhaite que ce compte rendu reste entre nous et son médecin."),
        clock="17:00",
        labels=frozenset({"MASQUE_PS"}),
    )
    chart.hospital_results(
        "2022-10-13",
        [
            Result(Hospital.TSH, "1.20"),
            Result(Hospital.HBA1C_PERCENT, "5.8"),
            Result(Hospital.GLUCOSE, "5.6"),
            Result(Hospital.CHOLESTEROL, "5.5"),
            Result(Hospital.LDL, "3.4"),
            Result(Hospital.HDL, "1.6"),
            Result(Hospital.TRIGLYCERIDES, "1.3"),
            Result(Hospital.CREATININE, "66"),
            Result(Hospital.EGFR, "98"),
        ],
        title="Bilan annuel",
    )
    chart.prescription(
        "2022-10-18",
        DR_MARTIN,
        (
            Line(
                LEVOTHYROXINE_100,
                "1 comprimé le matin à jeun",
                on("2022-10-18"),
                on("2023-10-18"),
                boxes=3,
                repeats=3,
            ),
        ),
    )
    chart.write(
        "2022-11-24",
        models.DENTAL_CHECK,
        "Bilan bucco-dentaire",
        DENT_ROUX,
        (
            findings("Deux soins anciens étanches. Gencives saines. Détartrage fait."),
            prose("18776-5", "Plan de soins", "Conduite à tenir", "Contrôle dans un an."),
        ),
    )
