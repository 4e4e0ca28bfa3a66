"""2024: stones are found, and the gall bladder goes."""

from __future__ import annotations

from carnet.demo import vocabulary as models
from carnet.demo.authors import ANAESTHETIST, PATHOLOGIST, SURGEON
from carnet.demo.cast import DR_MARTIN
from carnet.demo.chart import Chart
from carnet.demo.pharmacopoeia import (
    LEVOTHYROXINE_75,
    PARACETAMOL,
    Hospital,
)
from carnet.demo.words import moment, on
from carnet.formats.cda.build.clinical import Act, Allergy, Line, Result
from carnet.formats.cda.build.codes import ATC, CCAM
from carnet.formats.cda.build.sections import (
    allergies,
    conclusion,
    course,
    findings,
    letter,
    plan,
    procedures,
    reason,
    treatments,
)
from carnet.formats.entry import Coded

CHOLECYSTECTOMY = Coded("HMFC004", CCAM, "Cholécystectomie, par cœlioscopie")


def write(chart: Chart) -> None:
    _stones(chart)
    _gall_bladder(chart)


def _stones(chart: Chart) -> None:
    chart.visit(
        "2024-01-15",
        DR_MARTIN,
        "Consultation : douleurs sous les côtes",
        reason("Trois crises de douleur sous les côtes à droite depuis Noël, après des repas copieux, sans fièvre."),
        findings("Ventre souple, signe de Murphy négatif. Pas de jaunisse. Poids 72 kg."),
        plan("Échographie de l'abdomen.", "Repas légers.", "Paracétamol en cas de crise ; urgences si fièvre."),
    )
    chart.imaging(
        "2024-01-22",
        "Échographie de l'abdomen",
        act=Coded("ZCQM008", CCAM, "Échographie transcutanée de l'abdomen"),
        reason="Douleurs de l'hypocondre droit après les repas.",
        technique="Examen à jeun.",
        found=(
            "Vésicule contenant trois calculs mobiles, le plus gros de 14 mm. Paroi fine.",
            "Voies biliaires non dilatées.",
            "Foie, pancréas, rate et reins d'aspect normal.",
        ),
        concluded=("Lithiase de la vésicule, sans complication.",),
    )
    chart.visit(
        "2024-02-06",
        SURGEON,
        "Courrier du chirurgien : vésicule",
        letter(
            "Cher confrère, merci de m'avoir adressé Madame PAT-TROIS pour des coliques hépatiques répétées.",
            "L'ablation de la vésicule par cœlioscopie lui a été proposée et expliquée ; elle l'accepte.",
        ),
        conclusion("Opération prévue le 18 mars. Allergie aux pénicillines notée."),
        clock="14:00",
    )


def _gall_bladder(chart: Chart) -> None:
    chart.hospital_results(
        "2024-03-11",
        [
            Result(Hospital.CRP, "3.1"),
            Result(Hospital.BILIRUBIN, "17"),
            Result(Hospital.ALT, "36"),
            Result(Hospital.LEUCOCYTES, "7.4"),
            Result(Hospital.HAEMOGLOBIN, "13.1"),
        ],
        title="Analyses avant opération",
    )
    chart.scan(
        "2024-03-11",
        models.ANAESTHESIA_VISIT,
        "Consultation d'anesthésie",
        ANAESTHETIST,
        "Opération prévue : ablation de la vésicule biliaire par cœlioscopie, le 18 mars 2024.",
        "Allergie : pénicillines (urticaire en 2009). Antibioprophylaxie à adapter.",
        "Traitement habituel : lévothyroxine 75 microgrammes, à prendre le matin de l'opération.",
        "Risque anesthésique : ASA 2. Ouverture de bouche normale. Anesthésie générale acceptée après information.",
    )
    chart.write(
        "2024-03-18",
        models.OPERATION,
        "Compte rendu opératoire : vésicule biliaire",
        SURGEON,
        (
            reason("Coliques hépatiques répétées, calculs à l'échographie."),
            course(
                "Cœlioscopie, quatre orifices. Vésicule à paroi épaissie, peu adhérente. Canal et artère "
                "cystiques "
                "liés après repérage. Pas de fuite. Durée 50 minutes, pertes négligeables."
            ),
            procedures((Act(CHOLECYSTECTOMY, on("2024-03-18")),)),
            conclusion("Cholécystectomie sans incident. Pièce adressée en anatomopathologie."),
        ),
        clock="12:30",
        acts=(CHOLECYSTECTOMY,),
        started=moment("2024-03-18", "09:10"),
        ended=moment("2024-03-18", "10:00"),
    )
    chart.write(
        "2024-03-19",
        models.DISCHARGE_LETTER,
        "Lettre de liaison : sortie de chirurgie",
        SURGEON,
        (
            reason("Ablation programmée de la vésicule biliaire."),
            course("Opération le 18 mars, suites simples. Alimentation reprise le soir. Douleur 2 sur 10."),
            treatments(
                (
                    Line(LEVOTHYROXINE_75, "1 comprimé le matin à jeun", on("2023-02-20")),
                    Line(
                        PARACETAMOL,
                        "1 comprimé jusqu'à 3 fois par jour si douleur",
                        on("2024-03-19"),
                        on("2024-03-26"),
                    ),
                )
            ),
            plan(
                "Ablation des fils par un infirmier le 28 mars.",
                "Pas de charge lourde pendant trois semaines.",
                "Consulter en cas de fièvre ou de jaunisse.",
            ),
            allergies((Allergy(Coded("J01C", ATC, "Pénicillines"), "Urticaire", on("2009-06-01")),)),
        ),
        clock="11:15",
        started=moment("2024-03-18", "07:00"),
        ended=moment("2024-03-19", "11:15"),
    )
    chart.scan(
        "2024-03-27",
        models.PATHOLOGY,
        "Anatomopathologie : vésicule biliaire",
        PATHOLOGIST,
        "Vésicule de 8 cm contenant trois calculs jaunes. Paroi épaissie.",
        "Au microscope : inflammation chronique de la muqueuse. Pas de cellule anormale.",
        "Conclusion : cholécystite chronique lithiasique, bénigne.",
    )
