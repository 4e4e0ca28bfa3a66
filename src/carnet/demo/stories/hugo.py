"""Hugo, sixteen: ordinary years, and one visit he keeps to himself.

The visit is labelled; the result that the laboratory sends a week later is not: it is for the house to see
that it belongs to the same secret, by the order that both name.
"""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.cast import DENT_ROUX, DR_MARTIN, DR_URGENCE, HUGO, INF_PETIT
from carnet.demo.chart import Chart
from carnet.demo.model import Document
from carnet.demo.pharmacopoeia import (
    DTCAP_POLIO,
    HPV,
    IBUPROFEN,
    MENINGOCOCCAL_ACWY,
    MICROBIOLOGY,
    SALBUTAMOL,
    SEROLOGY,
    height,
    weight,
)
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Dose, Finding, Line
from carnet.formats.cda.build.codes import CCAM, SNOMED
from carnet.formats.cda.build.sections import conclusion, findings, measures, plan, reason
from carnet.formats.entry import Coded

_NOT_DETECTED = Coded("260415000", SNOMED, "non détecté")
_NEGATIVE = Coded("260385009", SNOMED, "négatif")
_SCREENING = "depistage-2026-10-14"


def documents() -> tuple[Document, ...]:
    chart = Chart(HUGO.identity)
    _childhood(chart)
    _sport(chart)
    _kept_to_himself(chart)
    return chart.documents


def _childhood(chart: Chart) -> None:
    chart.visit(
        "2019-01-22",
        DR_MARTIN,
        "Consultation : asthme à l'effort",
        reason("Toux et sifflements en courant, surtout l'hiver."),
        findings("Auscultation claire au repos. Souffle : 92 % de la valeur attendue."),
        plan("Salbutamol avant le sport.", "Revoir au printemps."),
    )
    chart.prescription(
        "2019-01-22",
        DR_MARTIN,
        (
            Line(
                SALBUTAMOL,
                "2 bouffées un quart d'heure avant le sport, avec une chambre d'inhalation",
                on("2019-01-22"),
                on("2019-07-22"),
                repeats=2,
            ),
        ),
    )
    chart.vaccination("2021-09-15", DR_MARTIN, (Dose(DTCAP_POLIO, on("2021-09-15"), "DC21-90", 5, "BOOSTER"),))
    chart.vaccination("2021-11-17", DR_MARTIN, (Dose(HPV, on("2021-11-17"), "HPV21-31", 1),))
    chart.vaccination("2022-05-18", DR_MARTIN, (Dose(HPV, on("2022-05-18"), "HPV22-12", 2),))
    chart.vaccination("2025-11-12", INF_PETIT, (Dose(MENINGOCOCCAL_ACWY, on("2025-11-12"), "MW25-44", 1, "IMMUNIZ"),))
    chart.write(
        "2023-04-19",
        models.DENTAL_CHECK,
        "Bilan bucco-dentaire des 12 ans",
        DENT_ROUX,
        (
            findings("Pas de carie. Léger encombrement en bas."),
            plan("Avis d'orthodontie.", "Contrôle dans un an."),
        ),
    )


def _sport(chart: Chart) -> None:
    chart.write(
        "2024-03-16",
        models.EMERGENCY,
        "Compte rendu de passage aux urgences : cheville",
        DR_URGENCE,
        (
            reason("Entorse de la cheville gauche au basket."),
            findings("Œdème externe, appui douloureux mais possible."),
            conclusion("Entorse bénigne. Attelle dix jours, reprise du sport dans trois semaines."),
        ),
        clock="19:40",
    )
    chart.imaging(
        "2024-03-16",
        "Radiographie de la cheville gauche",
        act=Coded("NGQK001", CCAM, "Radiographie de la cheville"),
        reason="Entorse, appui douloureux.",
        technique="Face et profil.",
        found=("Pas de fracture.", "Gonflement des parties molles en dehors."),
        concluded=("Radiographie sans lésion osseuse.",),
    )
    chart.prescription(
        "2024-03-18",
        DR_MARTIN,
        (Line(IBUPROFEN, "1 comprimé matin et soir au milieu du repas", on("2024-03-18"), on("2024-03-22")),),
    )
    chart.scan(
        "2026-09-02",
        models.CERTIFICATE,
        "Certificat médical : basket",
        DR_MARTIN,
        "Je soussigné certifie que l'état de santé de Hugo LEMAIRE, 16 ans, ne contre-indique pas la "
        "pratique du "
        "basket en compétition. Asthme d'effort guéri, sans traitement depuis 2022.",
    )
    chart.visit(
        "2026-09-02",
        DR_MARTIN,
        "Consultation : visite de rentrée",
        measures(on("2026-09-02"), (weight("62"), height("176"))),
        conclusion("Bonne santé. Vaccins à jour."),
        clock="17:10",
    )


def _kept_to_himself(chart: Chart) -> None:
    chart.visit(
        "2026-10-14",
        DR_MARTIN,
        "Consultation confidentielle",
        reason("Vient seul, après le lycée. Demande un dépistage après un rapport sans préservatif."),
        findings("Pas de plainte. Examen normal."),
        plan(
            "Dépistage complet au laboratoire, sans frais.",
            "Préservatifs et numéros utiles remis.",
            "Il ne souhaite pas que ses parents le sachent ; une grande personne de confiance est au courant.",
        ),
        clock="17:45",
        labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}),
        orders=(_SCREENING,),
    )
    chart.city_results(
        "2026-10-21",
        [
            Finding(
                "21613-5",
                "Chlamydia trachomatis, ADN (recherche par amplification)",
                _NOT_DETECTED,
                MICROBIOLOGY,
                "non détecté",
            ),
            Finding(
                "24111-7",
                "Neisseria gonorrhoeae, ADN (recherche par amplification)",
                _NOT_DETECTED,
                MICROBIOLOGY,
                "non détecté",
            ),
            Finding("56888-1", "VIH 1 et 2, antigène et anticorps", _NEGATIVE, SEROLOGY, "négatif"),
        ],
        title="Analyses : dépistage",
        orders=(_SCREENING,),
    )
