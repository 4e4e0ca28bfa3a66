"""Marc: what his record held before he closed it."""

from __future__ import annotations

from carnet.demo.cast import DR_MARTIN, DR_URGENCE, MARC
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import AMLODIPINE, City, pressure
from carnet.demo.vocabulary import EMERGENCY
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Line, Result
from carnet.formats.cda.build.sections import conclusion, findings, measures, plan, reason


def documents() -> tuple[Document, ...]:
    chart = Chart(MARC.identity)
    chart.visit(
        "2023-05-11",
        DR_MARTIN,
        "Consultation : tension",
        reason("Tension élevée relevée à la pharmacie."),
        measures(on("2023-05-11"), pressure("158", "94")),
        plan("Automesure une semaine.", "Analyses de sang."),
    )
    chart.city_results(
        "2023-05-16",
        [Result(City.CREATININE, "9.1"), Result(City.POTASSIUM, "4.0"), Result(City.GLUCOSE, "1.01")],
    )
    chart.prescription(
        "2023-06-01",
        DR_MARTIN,
        (Line(AMLODIPINE, "1 comprimé le matin", on("2023-06-01"), on("2023-12-01"), repeats=5),),
    )
    chart.write(
        "2024-11-30",
        EMERGENCY,
        "Compte rendu de passage aux urgences : dos",
        DR_URGENCE,
        (
            findings("Lumbago après un effort de soulèvement. Pas de signe neurologique."),
            conclusion("Retour à domicile, antalgiques, marche conseillée."),
        ),
        clock="13:25",
    )
    return chart.documents
