"""Paul, the children's father: few documents."""

from __future__ import annotations

from carnet.demo.cast import DENT_ROUX, DR_INCONNU, DR_URGENCE, PAUL, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import CETIRIZINE, COVID, City, pressure, weight
from carnet.demo.vocabulary import DENTAL_CHECK, EMERGENCY
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Dose, Line, Result
from carnet.formats.cda.build.sections import conclusion, findings, measures, plan, reason


def documents() -> tuple[Document, ...]:
    chart = Chart(PAUL.identity)
    chart.vaccination("2021-06-08", PHARM_LEROY, (Dose(COVID, on("2021-06-08"), "CV21-0610", 1),))
    chart.city_results(
        "2023-01-24",
        [
            Result(City.GLUCOSE, "0.96"),
            Result(City.CHOLESTEROL, "2.31"),
            Result(City.LDL, "1.66"),
            Result(City.HDL, "0.44"),
        ],
    )
    chart.visit(
        "2023-08-17",
        DR_INCONNU,
        "Consultation en vacances : allergie",
        reason("Éternuements et yeux rouges depuis trois jours, en vacances à Brest."),
        measures(on("2023-08-17"), (weight("82"), *pressure("128", "80"))),
        plan("Antihistaminique dix jours."),
    )
    chart.prescription(
        "2023-08-17",
        DR_INCONNU,
        (Line(CETIRIZINE, "1 comprimé le soir", on("2023-08-17"), on("2023-08-27")),),
    )
    chart.write(
        "2025-02-03",
        DENTAL_CHECK,
        "Bilan bucco-dentaire",
        DENT_ROUX,
        (findings("Une couronne à refaire. Tartre modéré, détartrage fait."),),
    )
    chart.write(
        "2026-07-11",
        EMERGENCY,
        "Compte rendu de passage aux urgences : main",
        DR_URGENCE,
        (
            reason("Coupure de la paume gauche en bricolant."),
            findings("Plaie de 3 cm, nette. Mobilité et sensibilité des doigts conservées."),
            conclusion("Quatre points. Vaccin antitétanique à jour. Ablation des fils dans dix jours."),
        ),
        clock="21:05",
    )
    return chart.documents
