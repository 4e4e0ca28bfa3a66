"""Léa, born in May 2018: certificates, vaccines, ears."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import ENT_SPECIALIST, PAEDIATRICIAN
from carnet.demo.cast import DR_MARTIN, LEA, PHARM_LEROY, PMI
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import (
    AMOXICILLIN_CHILD,
    DTCAP_POLIO,
    HEXAVALENT,
    MENINGOCOCCAL_C,
    MMR,
    PARACETAMOL_CHILD,
    PNEUMOCOCCAL_CHILD,
    head,
    height,
    temperature,
    weight,
)
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Dose, Line
from carnet.formats.cda.build.sections import conclusion, findings, letter, measures, plan, reason

_VACCINES = (
    (
        "2018-07-16",
        ((HEXAVALENT, "HX18-201", 1, "INITIMMUNIZ"), (PNEUMOCOCCAL_CHILD, "PC18-55", 1, "INITIMMUNIZ")),
    ),
    (
        "2018-09-17",
        ((HEXAVALENT, "HX18-388", 2, "INITIMMUNIZ"), (PNEUMOCOCCAL_CHILD, "PC18-71", 2, "INITIMMUNIZ")),
    ),
    ("2018-10-15", ((MENINGOCOCCAL_C, "MC18-19", 1, "INITIMMUNIZ"),)),
    ("2019-04-15", ((HEXAVALENT, "HX19-102", 3, "BOOSTER"), (PNEUMOCOCCAL_CHILD, "PC19-20", 3, "BOOSTER"))),
    ("2019-05-20", ((MMR, "ROR19-77", 1, "INITIMMUNIZ"), (MENINGOCOCCAL_C, "MC19-08", 2, "BOOSTER"))),
    ("2019-10-14", ((MMR, "ROR19-140", 2, "INITIMMUNIZ"),)),
    ("2024-06-10", ((DTCAP_POLIO, "DC24-63", 4, "BOOSTER"),)),
)


def documents() -> tuple[Document, ...]:
    chart = Chart(LEA.identity)
    _first_years(chart)
    for day, doses in _VACCINES:
        given = [Dose(vaccine, on(day), lot, rank, kind) for vaccine, lot, rank, kind in doses]
        chart.vaccination(day, DR_MARTIN, given)
    _ears(chart)
    _school(chart)
    return chart.documents


def _first_years(chart: Chart) -> None:
    chart.write(
        "2018-05-16",
        models.CHILD_VISIT,
        "Examen des premiers jours",
        PAEDIATRICIAN,
        (
            measures(on("2018-05-16"), (weight("3.15"), height("49.5"), head("34.5"))),
            findings("Bel éveil, hanches stables, audition testée des deux côtés."),
            conclusion("Examen normal. Vitamine D et vitamine K prescrites."),
        ),
    )
    chart.scan(
        "2018-05-17",
        models.CHILD_CERTIFICATE,
        "Certificat de santé du huitième jour",
        PAEDIATRICIAN,
        "Naissance le 14 mai 2018 à 39 semaines et 3 jours. Poids 3 240 g, taille 49,5 cm. Apgar 10 à cinq minutes.",
        "Allaitement maternel. Dépistages néonatals faits le 17 mai. Pas d'anomalie à l'examen.",
    )
    chart.scan(
        "2020-05-18",
        models.CHILD_CERTIFICATE,
        "Certificat de santé du vingt-quatrième mois",
        PMI,
        "Poids 11,8 kg, taille 86 cm. Marche à 13 mois. Associe deux mots, montre les images qu'on lui nomme.",
        "Vaccinations à jour. Vue et audition sans signe d'appel. Pas d'orientation nécessaire.",
    )
    chart.write(
        "2021-10-11",
        models.CHILD_VISIT,
        "Bilan de trois ans à l'école maternelle",
        PMI,
        (
            measures(on("2021-10-11"), (weight("14.6"), height("97"))),
            findings("Langage riche, dessin du bonhomme. Test de la vue réussi des deux yeux."),
            conclusion("Développement harmonieux. Signaler les otites répétées au médecin."),
        ),
    )


def _ears(chart: Chart) -> None:
    chart.visit(
        "2022-01-18",
        DR_MARTIN,
        "Consultation : otite",
        reason("Troisième otite de l'hiver. Fièvre depuis deux jours, douleur à droite."),
        measures(on("2022-01-18"), (weight("15.2"), temperature("38.9"))),
        findings("Tympan droit rouge et bombé. Gorge et poumons sans particularité."),
        plan("Antibiotique huit jours.", "Avis de l'oto-rhino-laryngologiste."),
    )
    start = on("2022-01-18")
    lines = (
        Line(AMOXICILLIN_CHILD, "1 dose-kilo matin et soir pendant 8 jours", start, on("2022-01-26"), boxes=2),
        Line(PARACETAMOL_CHILD, "1 dose-kilo toutes les 6 heures si fièvre", start, on("2022-01-23")),
    )
    chart.prescription("2022-01-18", DR_MARTIN, lines)
    chart.dispensation("2022-01-18", PHARM_LEROY, lines)
    chart.visit(
        "2022-03-03",
        ENT_SPECIALIST,
        "Courrier de l'oto-rhino-laryngologiste",
        letter(
            "Cher confrère, j'ai vu la petite Léa pour ses otites à répétition. Un liquide reste derrière "
            "les "
            "deux tympans ; l'audition est diminuée de 25 décibels."
        ),
        plan(
            "Contrôle dans trois mois, aérateurs si le liquide demeure.",
            "Pas d'eau sous pression dans les oreilles.",
        ),
        clock="11:30",
    )
    chart.visit(
        "2022-06-09",
        ENT_SPECIALIST,
        "Contrôle de l'audition",
        findings("Tympans clairs. Audition normale des deux côtés."),
        conclusion("Le liquide a disparu. Pas d'aérateurs. À revoir si nouvelles otites."),
        clock="11:00",
    )


def _school(chart: Chart) -> None:
    chart.scan(
        "2024-09-09",
        models.SPEECH_ORDER,
        "Ordonnance de bilan orthophonique",
        DR_MARTIN,
        "Bilan orthophonique avec rééducation si nécessaire : confusion de sons proches en début de lecture.",
    )
    chart.write(
        "2026-05-20",
        models.CHILD_VISIT,
        "Examen de l'enfant : 8 ans",
        DR_MARTIN,
        (
            measures(on("2026-05-20"), (weight("26.5"), height("128"))),
            findings("Bonne croissance. Lit avec plaisir. Dents : une carie à montrer."),
            conclusion("Examen normal. Prochains vaccins entre 11 et 13 ans."),
        ),
    )
    chart.scan(
        "2026-09-07",
        models.CERTIFICATE,
        "Certificat médical : gymnastique",
        DR_MARTIN,
        "Je soussigné certifie que l'état de santé de Léa LEMAIRE ne contre-indique pas la pratique de la "
        "gymnastique en club.",
    )
