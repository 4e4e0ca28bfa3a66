"""Nadia: a record fed by others, which she never opened."""

from __future__ import annotations

from carnet.demo.cast import DR_URGENCE, NADIA
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import City
from carnet.demo.vocabulary import EMERGENCY
from carnet.formats.cda.build.clinical import Result
from carnet.formats.cda.build.sections import conclusion, findings, reason


def documents() -> tuple[Document, ...]:
    chart = Chart(NADIA.identity)
    chart.write(
        "2025-06-14",
        EMERGENCY,
        "Compte rendu de passage aux urgences : migraine",
        DR_URGENCE,
        (
            reason("Mal de tête intense avec vomissements, veille d'examens."),
            findings("Examen neurologique normal. Pas de fièvre, nuque souple."),
            conclusion("Première migraine. Soulagée en deux heures. Médecin traitant à choisir."),
        ),
        clock="23:10",
    )
    chart.city_results("2026-03-10", [Result(City.FERRITIN, "13"), Result(City.HAEMOGLOBIN, "12.2")])
    return chart.documents
