"""2023: the heart races; the dose was too high."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.cast import DR_MARTIN, DR_NGUYEN, DR_URGENCE, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import LEVOTHYROXINE_75, City, Hospital, pressure, pulse, temperature
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Line, Result
from carnet.formats.cda.build.sections import conclusion, findings, letter, measures, plan, reason


def write(chart: Chart) -> None:
    _emergency(chart)
    _general_practitioner(chart)
    _cardiologist(chart)
    chart.city_results("2023-05-15", [Result(City.TSH, "1.90"), Result(City.POTASSIUM, "4.2")])
    chart.city_results(
        "2023-10-02", [Result(City.TSH, "2.15"), Result(City.HBA1C, "5.9"), Result(City.GLUCOSE, "1.03")]
    )
    chart.prescription(
        "2023-10-09",
        DR_MARTIN,
        (
            Line(
                LEVOTHYROXINE_75,
                "1 comprimé le matin à jeun",
                on("2023-10-09"),
                on("2024-10-09"),
                boxes=1,
                repeats=11,
            ),
        ),
    )


def _emergency(chart: Chart) -> None:
    chart.write(
        "2023-02-14",
        models.EMERGENCY,
        "Compte rendu de passage aux urgences : palpitations",
        DR_URGENCE,
        (
            reason("Palpitations depuis le matin, sensation de malaise au bureau, sans perte de connaissance."),
            measures(on("2023-02-14"), (*pressure("134", "78"), pulse("118"), temperature("37.1"))),
            findings("Électrocardiogramme : tachycardie sinusale, sans trouble de la repolarisation."),
            conclusion(
                "TSH effondrée : depuis décembre, la patiente prend par erreur les comprimés de 75 microgrammes qui "
                "lui restaient en plus de ceux de 100. Pas d'atteinte cardiaque. Ne garder qu'une boîte à la maison. "
                "Retour à domicile, médecin traitant à voir sous une semaine."
            ),
        ),
        clock="16:20",
    )
    chart.hospital_results(
        "2023-02-14",
        [
            Result(Hospital.TSH, "0.09"),
            Result(Hospital.FT4, "25.1"),
            Result(Hospital.TROPONIN, "5"),
            Result(Hospital.POTASSIUM, "3.9"),
            Result(Hospital.CRP, "1.2"),
            Result(Hospital.HAEMOGLOBIN, "13.4"),
            Result(Hospital.LEUCOCYTES, "7.1"),
            Result(Hospital.PLATELETS, "251"),
        ],
        title="Analyses faites aux urgences",
        hours=("13:40", "15:05"),
    )


def _general_practitioner(chart: Chart) -> None:
    chart.visit(
        "2023-02-20",
        DR_MARTIN,
        "Consultation : après les urgences",
        reason("Suites du passage aux urgences du 14 février."),
        findings(
            "Pouls à 92 par minute, régulier. Poids stable.",
            "La hausse de TSH de 2020 s'explique sans doute par une prise avec le café, abandonnée depuis : "
            "75 microgrammes devraient suffire, comme de 2017 à 2019.",
        ),
        plan("Lévothyroxine ramenée à 75 microgrammes.", "Avis du cardiologue.", "TSH dans huit semaines."),
    )
    lines = (
        Line(
            LEVOTHYROXINE_75,
            "1 comprimé le matin à jeun",
            on("2023-02-20"),
            on("2023-08-20"),
            boxes=1,
            repeats=5,
        ),
    )
    chart.prescription("2023-02-20", DR_MARTIN, lines, "Remplace la lévothyroxine 100 microgrammes.")
    chart.dispensation("2023-02-21", PHARM_LEROY, lines, "Boîtes de 100 microgrammes rapportées à la pharmacie.")
    chart.write(
        "2023-02-20",
        models.REFERRAL,
        "Lettre d'adressage au cardiologue",
        DR_MARTIN,
        (
            letter(
                "Chère consœur, je vous adresse Madame PAT-TROIS, 43 ans, pour des palpitations survenues "
                "sous "
                "lévothyroxine en excès, prise par erreur. Son père est diabétique et hypertendu.",
                "Pouvez-vous vérifier l'absence de trouble du rythme ? Je vous remercie de votre avis.",
            ),
        ),
        clock="10:40",
    )


def _cardiologist(chart: Chart) -> None:
    chart.visit(
        "2023-03-09",
        DR_NGUYEN,
        "Courrier du Dr Nguyen au Dr Martin",
        letter(
            "Cher confrère, merci de m'avoir adressé Madame PAT-TROIS. Depuis la baisse de la lévothyroxine, "
            "les palpitations ont presque disparu.",
            "L'examen est normal. L'électrocardiogramme est en rythme sinusal à 76 par minute. "
            "L'échographie du "
            "cœur est normale, la fraction d'éjection est de 65 %.",
        ),
        measures(on("2023-03-09"), (*pressure("118", "74"), pulse("76"))),
        conclusion("Rassurant. J'ai prévu un enregistrement de vingt-quatre heures pour être complète."),
        clock="15:00",
    )
    chart.scan(
        "2023-03-30",
        models.DIAGNOSTIC_ACT,
        "Holter : enregistrement du rythme sur 24 heures",
        DR_NGUYEN,
        "Enregistrement de bonne qualité, 23 heures et 40 minutes.",
        "Rythme sinusal tout le temps. Fréquence moyenne 74 par minute, de 52 la nuit à 131 à l'effort "
        "(montée d'escalier notée par la patiente).",
        "Onze extrasystoles supraventriculaires isolées. Pas de pause, pas de fibrillation.",
        "Conclusion : enregistrement normal. Les palpitations notées à 15 h 10 correspondent à un rythme "
        "sinusal à 96 par minute. Aucun traitement nécessaire.",
    )
