"""Jean, Dominique's father: a diabetes of twelve years, well looked after, at home with help."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import ENDOCRINOLOGIST, OPHTHALMOLOGIST
from carnet.demo.cast import DR_MARTIN, DR_NGUYEN, INF_PETIT, JEAN, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import (
    ATORVASTATIN,
    EMPAGLIFLOZIN,
    FLU,
    METFORMIN,
    PNEUMOCOCCAL_ADULT,
    RAMIPRIL,
    ZOSTER,
    City,
    Hospital,
    bmi,
    icd,
    pressure,
    pulse,
    weight,
)
from carnet.demo.words import moment, on
from carnet.formats.cda.build.clinical import Allergy, Dose, Line, Problem, Result
from carnet.formats.cda.build.codes import ATC
from carnet.formats.cda.build.sections import (
    allergies,
    conclusion,
    course,
    findings,
    letter,
    measures,
    plan,
    problems,
    reason,
    treatments,
)
from carnet.formats.entry import Coded

# Day, HbA1c, fasting glucose, creatinine (mg/L), estimated filtration, albumin/creatinine in urine.
_SERIES = (
    ("2021-02-09", "7.4", "1.38", "10.1", "72", "18"),
    ("2021-09-14", "7.6", "1.45", "10.3", "71", "19"),
    ("2022-03-08", "7.9", "1.52", "10.6", "69", "21"),
    ("2022-09-20", "8.4", "1.71", "10.9", "67", "24"),
    ("2023-03-14", "7.7", "1.44", "11.0", "66", "22"),
    ("2023-10-10", "7.2", "1.31", "11.2", "64", "23"),
    ("2024-05-21", "7.0", "1.27", "11.3", "63", "25"),
    ("2025-02-11", "6.9", "1.24", "11.4", "62", "27"),
    ("2025-10-07", "7.1", "1.29", "11.8", "60", "28"),
    ("2026-06-09", "7.0", "1.26", "11.9", "59", "31"),
)


def documents() -> tuple[Document, ...]:
    chart = Chart(JEAN.identity)
    for day, hba1c, glucose, creatinine, filtration, albumin in _SERIES:
        chart.city_results(
            day,
            [
                Result(City.HBA1C, hba1c),
                Result(City.GLUCOSE, glucose),
                Result(City.CREATININE, creatinine),
                Result(City.EGFR, filtration),
                Result(City.ALBUMIN_RATIO, albumin),
            ],
            title="Analyses de sang : suivi du diabète",
        )
    _care(chart)
    _treatment(chart)
    _specialists(chart)
    _at_home(chart)
    return chart.documents


def _care(chart: Chart) -> None:
    chart.scan(
        "2021-03-02",
        models.CARE_PROTOCOL,
        "Protocole de soins : affection de longue durée",
        DR_MARTIN,
        "Diabète de type 2, affection de longue durée n° 8, reconnue jusqu'au 2 mars 2031.",
        "Suivi prévu : consultation tous les trois mois, HbA1c deux à quatre fois par an, fond d'œil, bilan "
        "du "
        "rein, examen des pieds et avis cardiologique une fois par an.",
        "Traitements en rapport : metformine, ramipril, atorvastatine.",
    )
    chart.visit(
        "2022-10-04",
        DR_MARTIN,
        "Consultation : équilibre du diabète",
        reason("HbA1c à 8,4 % malgré la metformine. Repas sautés depuis le décès de son épouse."),
        measures(on("2022-10-04"), (weight("88"), bmi("29.4"), *pressure("146", "82"), pulse("74"))),
        plan("Avis de diabétologie.", "Passage d'un infirmier pour le pilulier.", "Objectif : moins de 7,5 %."),
    )
    chart.vaccination(
        "2025-10-21",
        INF_PETIT,
        (
            Dose(FLU, on("2025-10-21"), "G25-221", 1, "IMMUNIZ"),
            Dose(PNEUMOCOCCAL_ADULT, on("2025-10-21"), "PN25-07", 1, "IMMUNIZ"),
        ),
    )
    chart.vaccination(
        "2026-02-17", PHARM_LEROY, (Dose(ZOSTER, on("2026-02-17"), "Z26-014", 1),), "Deuxième dose en avril."
    )


def _lines(start: str, end: str) -> tuple[Line, ...]:
    begin, finish = on(start), on(end)
    return (
        Line(METFORMIN, "1 comprimé matin et soir, au milieu du repas", begin, finish, boxes=2, repeats=2),
        Line(EMPAGLIFLOZIN, "1 comprimé le matin", begin, finish, boxes=1, repeats=2),
        Line(RAMIPRIL, "1 comprimé le matin", begin, finish, boxes=1, repeats=2),
        Line(ATORVASTATIN, "1 comprimé le soir", begin, finish, boxes=1, repeats=2),
    )


def _treatment(chart: Chart) -> None:
    for day, end in (("2025-10-14", "2026-01-14"), ("2026-09-15", "2026-12-15")):
        lines = _lines(day, end)
        chart.prescription(day, DR_MARTIN, lines, "En rapport avec l'affection de longue durée.")
    chart.dispensation("2025-10-15", PHARM_LEROY, _lines("2025-10-15", "2025-11-15"))
    chart.dispensation(
        "2026-09-16", PHARM_LEROY, _lines("2026-09-16", "2026-10-16"), "Pilulier préparé pour la semaine."
    )
    chart.write(
        "2026-09-15",
        models.SUMMARY,
        "Synthèse médicale",
        DR_MARTIN,
        (
            problems(
                (
                    Problem(icd("E11", "Diabète de type 2"), on("2014-04-10")),
                    Problem(icd("I10", "Hypertension artérielle"), on("2012-09-03")),
                    Problem(icd("N18.3", "Maladie rénale chronique, stade 3"), on("2026-06-09")),
                )
            ),
            allergies((Allergy(Coded("V08AB", ATC, "Produits de contraste iodés"), "Rougeur", on("2015-01-20")),)),
            treatments(_lines("2025-10-14", "2026-12-15")),
            measures(on("2026-09-15"), (weight("83"), bmi("27.7"), *pressure("134", "76"))),
        ),
        clock="10:45",
    )


def _specialists(chart: Chart) -> None:
    chart.write(
        "2022-11-21",
        models.HOSPITAL_STAY,
        "Hospitalisation de jour en diabétologie",
        ENDOCRINOLOGIST,
        (
            reason("HbA1c à 8,4 %."),
            course(
                "Bilan de la journée : pas d'atteinte des nerfs aux pieds, rapport albumine/créatinine 22 "
                "mg/g. "
                "Rencontre avec la diététicienne ; Monsieur PAT-TROIS a recommencé à cuisiner avec sa fille."
            ),
            conclusion("Ajout d'empagliflozine. Objectif d'HbA1c : moins de 7,5 %."),
        ),
        started=moment("2022-11-21", "08:00"),
        ended=moment("2022-11-21", "17:00"),
        clock="17:20",
    )
    chart.hospital_results(
        "2022-11-21",
        [
            Result(Hospital.HBA1C, "66"),
            Result(Hospital.HBA1C_PERCENT, "8.2"),
            Result(Hospital.CREATININE, "95"),
            Result(Hospital.POTASSIUM, "4.4"),
            Result(Hospital.LDL, "2.5"),
        ],
        title="Analyses de l'hospitalisation de jour",
    )
    for day, words in (
        ("2023-11-08", "Pas de rétinopathie diabétique. Cataracte débutante des deux côtés."),
        ("2025-11-19", "Pas de rétinopathie. Cataracte droite plus gênante : opération à prévoir en 2027."),
    ):
        chart.write(
            day,
            models.EYE_VISIT,
            "Fond d'œil annuel",
            OPHTHALMOLOGIST,
            (findings("Acuité 8/10 à droite, 9/10 à gauche. Pression 15 et 16 mmHg."), conclusion(words)),
        )
    chart.visit(
        "2024-06-13",
        DR_NGUYEN,
        "Courrier du Dr Nguyen au Dr Martin",
        letter(
            "Cher confrère, Monsieur PAT-TROIS va bien, il jardine sans essoufflement. Examen et "
            "électrocardiogramme sans changement. Tension bien tenue par le ramipril."
        ),
        measures(on("2024-06-13"), (*pressure("132", "76"), pulse("68"))),
        conclusion("Pas de modification. À revoir dans un an."),
        clock="16:00",
    )


def _at_home(chart: Chart) -> None:
    chart.scan(
        "2026-09-15",
        models.NURSING_ORDER,
        "Ordonnance de soins infirmiers",
        DR_MARTIN,
        "Faire pratiquer à domicile, par un infirmier, une fois par semaine pendant six mois : préparation "
        "du "
        "pilulier, glycémie capillaire, surveillance des pieds.",
    )
    chart.write(
        "2026-10-27",
        models.NURSING_FOLLOW_UP,
        "Suivi infirmier d'octobre",
        INF_PETIT,
        (
            findings("Quatre passages. Pilulier bien suivi, un oubli. Pieds sans plaie. Glycémies de 1,1 à 1,5 g/L."),
            plan("Poursuivre. Sa fille passe le dimanche et note les glycémies."),
        ),
        clock="12:15",
    )
