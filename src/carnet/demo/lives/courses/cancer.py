"""Two cancers found by screening or a blood test, treated, and followed for years."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import ONCOLOGIST, PATHOLOGIST, SURGEON, UROLOGIST
from carnet.demo.lives.steps import (
    Blood,
    Course,
    Film,
    Letter,
    Paper,
    Planned,
    Stay,
    Step,
    Summary,
    Trend,
    Visit,
    yearly_treatment,
)
from carnet.demo.pharmacopoeia import ANASTROZOLE, City, icd
from carnet.demo.vocabulary import CARE_PROTOCOL, OPERATION, PATHOLOGY
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.entry import Coded

_MAMMOGRAPHY: Final = Coded("QEQK001", CCAM, "Mammographie bilatérale")
_PROSTATE_MRI: Final = Coded("ZCQN002", CCAM, "IRM du petit bassin")
_ANASTROZOLE: Final = Planned(ANASTROZOLE, "1 comprimé par jour, à heure fixe")


def _pathology(of: str, *found: str) -> Paper:
    return Paper(f"Anatomopathologie : {of}", found, model=PATHOLOGY, by=PATHOLOGIST)


def _care_protocol(of: str) -> Paper:
    said = f"Tumeur maligne {of}. Soins en rapport pris en charge à 100 %."
    return Paper("Protocole de soins : affection de longue durée n° 30", (said,), model=CARE_PROTOCOL)


BREAST_CANCER: Final = Course(
    key="breast_cancer",
    absorbing=150,
    weight=4,
    ages=(56, 76),
    since=(3, 5),
    sexes="F",
    problems=(icd("C50.4", "Cancer du sein gauche, quadrant supéro-externe, en surveillance"),),
    lasting=(_ANASTROZOLE,),
    steps=(
        Step(
            0,
            Film(
                "Mammographie de dépistage",
                _MAMMOGRAPHY,
                "Dépistage organisé.",
                "Deux incidences par sein, complément échographique.",
                ("Sein droit : sans anomalie, ACR 1.", "Sein gauche : opacité spiculée de 11 mm, ACR 5."),
                ("Sein gauche ACR 5 : prélèvement nécessaire. Expliqué à la patiente ce jour.",),
            ),
        ),
        Step(
            4,
            Visit(
                "Consultation : résultat du dépistage",
                "Mammographie anormale du sein gauche.",
                "Nodule de 1 cm du quadrant supéro-externe gauche, à peine palpable. Pas de ganglion.",
                ("Biopsie cette semaine.", "Nous nous revoyons pour le résultat, accompagnée si vous le souhaitez."),
            ),
        ),
        Step(
            16,
            _pathology(
                "biopsie du sein gauche",
                "Quatre carottes. Carcinome infiltrant de type non spécifique, grade II.",
                "Récepteurs hormonaux positifs, HER2 négatif, Ki67 à 12 %.",
            ),
        ),
        Step(
            20,
            Letter(
                "Consultation d'annonce",
                ONCOLOGIST,
                (
                    "La patiente, venue avec un proche, a reçu l'annonce d'un cancer du sein gauche de petite taille.",
                    (
                        "Dossier discuté en réunion de concertation : chirurgie conservatrice, puis radiothérapie et "
                        "hormonothérapie."
                    ),
                ),
                "Chances de guérison très bonnes. Infirmière coordinatrice présentée.",
            ),
        ),
        Step(26, _care_protocol("du sein")),
        Step(
            40,
            Stay(
                "Compte rendu opératoire : sein gauche",
                OPERATION,
                SURGEON,
                "Carcinome infiltrant du sein gauche, 11 mm.",
                ("Tumorectomie après repérage, ganglion sentinelle. Suites simples.",),
                ("Retour à la maison le soir.", "Consultation dans quinze jours avec le résultat."),
                act=Coded("QEFA004", CCAM, "Tumorectomie du sein"),
            ),
        ),
        Step(
            52,
            _pathology(
                "pièce opératoire du sein gauche",
                "Carcinome infiltrant de 12 mm, grade II, marges saines. Ganglion sentinelle indemne : pT1c pN0.",
            ),
        ),
        Step(
            135,
            Letter(
                "Fin de radiothérapie",
                ONCOLOGIST,
                ("Vingt-cinq séances sur le sein gauche, bien supportées. Rougeur modérée de la peau.",),
                "Anastrozole pour cinq ans. Mammographie chaque année. Vitamine D et activité physique.",
            ),
        ),
        yearly_treatment(140, _ANASTROZOLE),
        Step(
            150,
            Blood(
                "Analyses de surveillance",
                (
                    Trend(City.CA_15_3, 24, 15, 0),
                    Trend(City.HAEMOGLOBIN, 12.3, 13.2, 1),
                    Trend(City.LEUCOCYTES, 4.6, 6.1, 1),
                    Trend(City.VITAMIN_D, 21, 38, 0),
                ),
            ),
            every=364,
        ),
        Step(
            365,
            Film(
                "Mammographie de surveillance",
                _MAMMOGRAPHY,
                "Surveillance annuelle après cancer du sein gauche.",
                "Deux incidences par sein, complément échographique.",
                ("Sein droit : ACR 1.", "Sein gauche : cicatrice sans anomalie, ACR 2."),
                ("Pas de signe de récidive.",),
            ),
            every=364,
        ),
        Step(
            380,
            Letter(
                "Courrier de l'oncologue : surveillance",
                ONCOLOGIST,
                (
                    "État général excellent. Raideurs le matin sous anastrozole, supportables.",
                    "Seins et ganglions sans anomalie à la palpation.",
                ),
                "Rémission complète. Prochaine consultation dans un an.",
            ),
            every=364,
        ),
        Step(430, Summary()),
    ),
)

PROSTATE_CANCER: Final = Course(
    key="prostate_cancer",
    absorbing=150,
    weight=4,
    ages=(58, 78),
    since=(3, 6),
    sexes="M",
    problems=(icd("C61", "Cancer de la prostate opéré, en surveillance"),),
    steps=(
        Step(
            0,
            Visit(
                "Consultation : se lève la nuit",
                "Se lève trois fois la nuit, jet plus faible. Un frère opéré de la prostate.",
                "Prostate augmentée, ferme à droite au toucher rectal.",
                ("Dosage du PSA.", "Avis de l'urologue."),
            ),
        ),
        Step(5, Blood("Dosage du PSA", (Trend(City.PSA, 9.20, 9.20, 2), Trend(City.CREATININE, 9.1, 9.1, 1)))),
        Step(
            24,
            Film(
                "IRM de la prostate",
                _PROSTATE_MRI,
                "PSA élevé.",
                "Séquences en T2, en diffusion et après injection.",
                ("Prostate de 46 mL.", "Lésion de 12 mm de la zone périphérique droite, PI-RADS 4."),
                ("Lésion suspecte : biopsies ciblées conseillées.",),
            ),
        ),
        Step(
            44,
            _pathology(
                "biopsies de la prostate",
                "Quatorze carottes, dont quatre portent un adénocarcinome, score de Gleason 7 (3 + 4).",
            ),
        ),
        Step(
            52,
            Letter(
                "Consultation d'annonce",
                UROLOGIST,
                (
                    "Annonce d'un cancer de la prostate de risque intermédiaire, localisé.",
                    "Chirurgie et radiothérapie expliquées. Le patient choisit la chirurgie après réflexion.",
                ),
                "Prostatectomie par cœlioscopie dans six semaines.",
            ),
        ),
        Step(60, _care_protocol("de la prostate")),
        Step(
            98,
            Stay(
                "Compte rendu opératoire : prostate",
                OPERATION,
                UROLOGIST,
                "Adénocarcinome de la prostate localisé.",
                ("Prostatectomie par cœlioscopie, sans incident. Pertes 250 mL. Sonde laissée une semaine.",),
                ("Sortie au troisième jour.", "Ablation de la sonde au septième jour.", "PSA à six semaines."),
                nights=3,
                act=Coded("JGFC001", CCAM, "Vésiculoprostatectomie totale, par cœlioscopie"),
            ),
        ),
        Step(
            112,
            _pathology(
                "pièce de prostatectomie",
                "Adénocarcinome de 14 mm, Gleason 7 (3 + 4), marges saines : pT2.",
            ),
        ),
        Step(145, Blood("PSA de surveillance", (Trend(City.PSA, 0.03, 0.02, 2),)), every=182),
        Step(
            160,
            Letter(
                "Courrier de l'urologue : surveillance",
                UROLOGIST,
                ("Continence retrouvée. PSA indosable.",),
                "Rémission. PSA tous les six mois, consultation une fois par an.",
            ),
            every=364,
        ),
        Step(400, Summary()),
    ),
)
