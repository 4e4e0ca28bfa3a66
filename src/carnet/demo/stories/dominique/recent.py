"""2024 to 2026: checks that come with age, and a breast examination still open."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import PATHOLOGIST
from carnet.demo.cast import DR_MARTIN, DR_NGUYEN, PHARM_LEROY
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import (
    FLU,
    LEVOTHYROXINE_75,
    City,
    bmi,
    icd,
    pressure,
    weight,
)
from carnet.demo.stories.dominique.gall_bladder import CHOLECYSTECTOMY
from carnet.demo.words import on
from carnet.formats.cda.build.clinical import Act, Allergy, Dose, Line, Problem, Result
from carnet.formats.cda.build.codes import ATC, CCAM
from carnet.formats.cda.build.sections import (
    allergies,
    conclusion,
    findings,
    letter,
    measures,
    past_history,
    plan,
    problems,
    procedures,
    reason,
    treatments,
)
from carnet.formats.entry import Coded


def write(chart: Chart) -> None:
    _prevention(chart)
    _corrected_report(chart)
    _insurance(chart)
    _summary(chart)
    _breast(chart)


def _prevention(chart: Chart) -> None:
    chart.city_results(
        "2024-09-16",
        [
            Result(City.TSH, "2.30"),
            Result(City.HBA1C, "6.0"),
            Result(City.GLUCOSE, "1.07"),
            Result(City.LDL, "1.35"),
            Result(City.HDL, "0.58"),
            Result(City.TRIGLYCERIDES, "1.42"),
            Result(City.FERRITIN, "61"),
        ],
    )
    chart.write(
        "2024-10-08",
        models.PREVENTION_PLAN,
        "Bilan de prévention : mon plan à 45 ans",
        DR_MARTIN,
        (
            reason("Bilan de prévention proposé entre 45 et 50 ans."),
            measures(on("2024-10-08"), (weight("71"), bmi("25.8"), *pressure("122", "76"))),
            plan(
                "Bouger : trente minutes de marche rapide cinq jours sur sept.",
                "Sucre : une HbA1c tous les six mois, à cause du diabète pendant la grossesse de Léa.",
                "Vaccins : le rappel de 45 ans est à faire (diphtérie, tétanos, poliomyélite).",
                "Seins : à surveiller ; dépistage organisé à partir de 50 ans.",
            ),
        ),
    )
    _yearly(chart, "2024-10-08", "2025-10-08")
    chart.visit(
        "2025-03-06",
        DR_NGUYEN,
        "Courrier du Dr Nguyen : contrôle à deux ans",
        letter(
            "Cher confrère, deux ans après, Madame PAT-TROIS n'a plus de palpitations et a repris la "
            "natation. "
            "Électrocardiogramme normal. Je ne la reverrai qu'à votre demande."
        ),
        measures(on("2025-03-06"), pressure("120", "74")),
        clock="14:40",
    )
    chart.vaccination(
        "2025-10-14", PHARM_LEROY, (Dose(FLU, on("2025-10-14"), "G25-118", 1, "IMMUNIZ"),), "Bien supporté."
    )
    _yearly(chart, "2025-10-09", "2026-06-09")


def _yearly(chart: Chart, start: str, end: str) -> None:
    line = Line(LEVOTHYROXINE_75, "1 comprimé le matin à jeun", on(start), on(end), boxes=1, repeats=11)
    chart.prescription(start, DR_MARTIN, (line,))


def _corrected_report(chart: Chart) -> None:
    sampled = "2025-04-08"
    others = [Result(City.TSH, "1.95"), Result(City.HBA1C, "6.1"), Result(City.CREATININE, "7.4")]
    wrong = chart.city_results(sampled, [*others, Result(City.POTASSIUM, "6.8")])
    chart.city_results(
        "2025-04-09",
        [*others, Result(City.POTASSIUM, "4.3")],
        title="Analyses de sang (rectificatif)",
        replaces=wrong,
        sampled=sampled,
    )


def _insurance(chart: Chart) -> None:
    chart.reimbursements(
        "2026-01-20",
        "2025",
        (
            ("06/03/2025", "Consultation de cardiologie", "Dr Linh Nguyen", "35,00 €"),
            ("08/04/2025", "Analyses de biologie", "Laboratoire Bio-Loire", "27,54 €"),
            ("22/05/2025", "Lévothyroxine 75 microgrammes, 3 boîtes", "Pharmacie du Mail", "5,61 €"),
            ("14/10/2025", "Vaccin contre la grippe", "Pharmacie du Mail", "11,06 €"),
        ),
    )
    chart.write(
        "2026-01-05",
        models.RIGHTS_STATEMENT,
        "Attestation de droits 2026",
        None,
        (
            reason("Droits à l'assurance maladie du 1er janvier au 31 décembre 2026."),
            conclusion("Médecin traitant déclaré : Dr Philippe Martin. Enfants rattachés : Hugo et Léa."),
        ),
        clock="06:10",
    )


def _summary(chart: Chart) -> None:
    chart.city_results(
        "2026-05-19",
        [
            Result(City.TSH, "2.10"),
            Result(City.HBA1C, "6.2"),
            Result(City.GLUCOSE, "1.09"),
            Result(City.LDL, "1.31"),
            Result(City.HDL, "0.60"),
            Result(City.CREATININE, "7.2"),
            Result(City.EGFR, "100"),
        ],
    )
    chart.write(
        "2026-06-02",
        models.SUMMARY,
        "Synthèse médicale",
        DR_MARTIN,
        (
            problems(
                (
                    Problem(icd("E06.3", "Thyroïdite auto-immune"), on("2016-11-21")),
                    Problem(icd("R73.0", "Glycémie à la limite supérieure"), on("2024-09-16")),
                )
            ),
            past_history(
                (
                    Problem(icd("O24.4", "Diabète gestationnel"), on("2018-02-05"), on("2018-05-14")),
                    Problem(icd("S83.2", "Fissure du ménisque interne droit"), on("2021-10-15"), on("2022-04-01")),
                    Problem(icd("K80.1", "Calculs de la vésicule biliaire"), on("2024-01-22"), on("2024-03-18")),
                )
            ),
            procedures((Act(CHOLECYSTECTOMY, on("2024-03-18")),)),
            allergies((Allergy(Coded("J01C", ATC, "Pénicillines"), "Urticaire", on("2009-06-01")),)),
            treatments((Line(LEVOTHYROXINE_75, "1 comprimé le matin à jeun", on("2023-02-20")),)),
            measures(on("2026-06-02"), (weight("70"), bmi("25.4"), *pressure("124", "76"))),
        ),
    )
    lines = (
        Line(
            LEVOTHYROXINE_75,
            "1 comprimé le matin à jeun",
            on("2026-06-02"),
            on("2026-12-02"),
            boxes=1,
            repeats=5,
        ),
    )
    chart.prescription("2026-06-02", DR_MARTIN, lines)
    chart.dispensation("2026-06-03", PHARM_LEROY, lines)


def _breast(chart: Chart) -> None:
    chart.visit(
        "2026-10-06",
        DR_MARTIN,
        "Consultation : sein gauche",
        reason("Petite boule sentie sous la douche, au sein gauche, depuis l'été."),
        findings("Nodule ferme de un centimètre, mobile, en haut et en dehors. Pas de ganglion."),
        plan("Mammographie et échographie dans les quinze jours.", "Nous nous revoyons avec les résultats."),
    )
    chart.imaging(
        "2026-10-20",
        "Mammographie et échographie des seins",
        act=Coded("QEQK001", CCAM, "Mammographie bilatérale"),
        reason="Nodule palpé du sein gauche.",
        technique="Deux incidences par sein, complément échographique.",
        found=(
            "Sein droit : sans anomalie, ACR 2.",
            "Sein gauche : opacité de 9 mm à une heure, avec quelques microcalcifications, ACR 4.",
            "Pas de ganglion suspect.",
        ),
        concluded=("Sein gauche ACR 4 : prélèvement conseillé. Expliqué à la patiente ce jour.",),
    )
    chart.imaging(
        "2026-11-03",
        "Prélèvement du sein gauche sous échographie",
        act=Coded("QEHJ001", CCAM, "Biopsie de la glande mammaire, avec guidage échographique"),
        reason="Image ACR 4 du sein gauche.",
        technique="Anesthésie locale, quatre prélèvements à l'aiguille, pose d'un clip.",
        found=("Geste bien toléré.", "Prélèvements adressés en anatomopathologie."),
        concluded=("Résultat donné en consultation par le Dr Martin.",),
    )
    chart.write(
        "2026-11-12",
        models.PATHOLOGY,
        "Anatomopathologie : sein gauche",
        PATHOLOGIST,
        (
            findings("Quatre carottes de 12 à 16 mm, dont deux portent des microcalcifications."),
            conclusion(
                "Carcinome canalaire in situ de bas grade, 5 mm, sans signe d'infiltration. "
                "Consultation d'annonce à organiser avant que la patiente lise ce compte rendu."
            ),
        ),
        clock="18:05",
        labels=frozenset({"INVISIBLE_PATIENT"}),
    )
