"""2016 and 2017: tiredness gets a name."""

from __future__ import annotations

from carnet.demo.cast import DR_MARTIN, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import (
    IRON,
    LEVOTHYROXINE_50,
    LEVOTHYROXINE_75,
    City,
    bmi,
    height,
    pressure,
    pulse,
    weight,
)
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Line, Result
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.cda.build.sections import conclusion, findings, measures, plan, reason
from carnet.formats.entry import Coded

_FASTING = "1 comprimé le matin à jeun, une demi-heure avant le petit-déjeuner"


def write(chart: Chart) -> None:
    _first_signs(chart)
    _treatment(chart)
    _adjustment(chart)


def _first_signs(chart: Chart) -> None:
    chart.visit(
        "2016-11-08",
        DR_MARTIN,
        "Consultation : fatigue",
        reason(
            "Fatigue depuis le printemps, frilosité, prise de 4 kg en six mois. "
            "Madame se dit ralentie et s'endort en début de soirée."
        ),
        findings("Thyroïde discrètement augmentée de volume, souple, sans nodule palpé. Peau sèche."),
        measures(
            on("2016-11-08"),
            (weight("68"), height("166"), bmi("24.7"), *pressure("112", "70"), pulse("58")),
        ),
        plan(
            "Prise de sang : bilan thyroïdien, numération, ferritine.",
            "Nous en reparlons avec les résultats dans deux semaines.",
        ),
    )
    chart.city_results(
        "2016-11-14",
        [
            Result(City.TSH, "7.80"),
            Result(City.FT4, "8.6"),
            Result(City.TPO, "412"),
            Result(City.FERRITIN, "11"),
            Result(City.HAEMOGLOBIN, "11.7"),
            Result(City.LEUCOCYTES, "6.2"),
            Result(City.PLATELETS, "268"),
            Result(City.MCV, "82"),
        ],
    )


def _treatment(chart: Chart) -> None:
    chart.visit(
        "2016-11-21",
        DR_MARTIN,
        "Consultation : résultats du bilan thyroïdien",
        reason("Lecture des résultats du 14 novembre."),
        conclusion(
            "Hypothyroïdie auto-immune (thyroïdite de Hashimoto) avec manque de fer associé. "
            "Maladie fréquente et bénigne, qui se traite bien ; le traitement est en général gardé à vie."
        ),
        plan("Lévothyroxine 50 microgrammes.", "Fer pendant trois mois.", "TSH de contrôle dans huit semaines."),
    )
    start, end = on("2016-11-21"), on("2017-02-20")
    lines = (
        Line(LEVOTHYROXINE_50, _FASTING, start, end, boxes=1, repeats=2),
        Line(
            IRON,
            "1 comprimé le soir, à distance de la lévothyroxine et du thé",
            start,
            end,
            boxes=1,
            repeats=2,
        ),
    )
    chart.prescription("2016-11-21", DR_MARTIN, lines)
    chart.dispensation("2016-11-22", PHARM_LEROY, lines, "Expliqué : quatre heures entre le fer et la lévothyroxine.")


def _adjustment(chart: Chart) -> None:
    chart.city_results("2017-01-16", [Result(City.TSH, "5.10"), Result(City.FERRITIN, "24")])
    chart.prescription(
        "2017-01-20",
        DR_MARTIN,
        (Line(LEVOTHYROXINE_75, _FASTING, on("2017-01-20"), on("2017-07-20"), boxes=1, repeats=5),),
        "Dose augmentée au vu de la TSH du 16 janvier.",
    )
    chart.city_results(
        "2017-03-13",
        [Result(City.TSH, "2.40"), Result(City.FERRITIN, "38"), Result(City.HAEMOGLOBIN, "12.9")],
    )
    chart.imaging(
        "2017-04-06",
        "Échographie de la thyroïde",
        act=Coded("KCQM001", CCAM, "Échographie transcutanée de la glande thyroïde"),
        reason="Thyroïdite auto-immune traitée. Premier examen de référence.",
        technique="Sonde de haute fréquence, coupes transversales et longitudinales des deux lobes.",
        found=(
            "Lobe droit : 46 x 17 x 15 mm. Lobe gauche : 44 x 16 x 14 mm.",
            "Échostructure hétérogène, hypoéchogène, vascularisation un peu augmentée.",
            "Pas de nodule. Pas de ganglion suspect.",
        ),
        concluded=("Aspect de thyroïdite, sans nodule. Pas de contrôle systématique nécessaire.",),
    )
