"""A knee twisted on a sports field: from the emergency ward to the return to the field."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import ANAESTHETIST, ORTHOPAEDIST
from carnet.demo.lives.steps import Course, Emergency, Film, Letter, Paper, Planned, Stay, Step, Treatment, Visit
from carnet.demo.pharmacopoeia import ENOXAPARIN, PARACETAMOL
from carnet.demo.vocabulary import ANAESTHESIA_VISIT, CERTIFICATE, OPERATION, PHYSIOTHERAPY_ORDER
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.entry import Coded

_LIGAMENT: Final = Coded("NFMC003", CCAM, "Reconstruction du ligament croisé antérieur du genou, par arthroscopie")

SPORT_INJURY: Final = Course(
    key="sport_injury",
    absorbing=100,
    weight=5,
    ages=(22, 45),
    since=(1, 3),
    steps=(
        Step(
            0,
            Emergency(
                "Compte rendu de passage aux urgences : genou droit",
                "Torsion du genou droit au football, avec craquement. Appui douloureux.",
                "Épanchement du genou droit. Laxité antérieure. Pas de trouble vasculaire ni nerveux. "
                "Radiographie sans fracture.",
                "Entorse grave probable. Attelle, cannes, glace, IRM à faire.",
            ),
        ),
        Step(
            3,
            Visit(
                "Consultation : genou droit",
                "Suites du passage aux urgences.",
                "Épanchement en diminution. Tiroir antérieur positif.",
                ("IRM du genou droit.", "Attelle dix jours, marche avec cannes.", "Arrêt de travail de dix jours."),
            ),
        ),
        Step(
            3,
            Treatment(
                (
                    Planned(PARACETAMOL, "1 comprimé jusqu'à 3 fois par jour", boxes=2),
                    Planned(ENOXAPARIN, "1 injection par jour pendant dix jours, par un infirmier"),
                ),
                days=10,
            ),
        ),
        Step(
            16,
            Film(
                "IRM du genou droit",
                Coded("NZQN001", CCAM, "IRM d'un segment du membre inférieur"),
                "Torsion avec craquement. Rupture du ligament croisé ?",
                "Séquences en T1 et en densité de protons dans les trois plans, sans injection.",
                (
                    "Rupture complète du ligament croisé antérieur.",
                    "Ménisques continus.",
                    "Contusion osseuse latérale.",
                ),
                ("Rupture du ligament croisé antérieur, sans lésion des ménisques.",),
            ),
        ),
        Step(
            28,
            Letter(
                "Courrier du chirurgien orthopédiste",
                ORTHOPAEDIST,
                (
                    "Merci de m'avoir adressé votre {patient}, qui souhaite reprendre le football.",
                    "Genou sec, mobilité complète, laxité antérieure nette.",
                ),
                "Reconstruction du ligament proposée et acceptée, dans deux mois, après rééducation.",
            ),
        ),
        Step(
            80,
            Paper(
                "Consultation d'anesthésie",
                (
                    "Opération prévue : reconstruction du ligament croisé antérieur.",
                    "Pas d'allergie connue. Pas de traitement. Risque anesthésique : ASA 1.",
                ),
                model=ANAESTHESIA_VISIT,
                by=ANAESTHETIST,
            ),
        ),
        Step(
            94,
            Stay(
                "Compte rendu opératoire : genou droit",
                OPERATION,
                ORTHOPAEDIST,
                "Rupture du ligament croisé antérieur du genou droit.",
                ("Arthroscopie. Greffe aux ischio-jambiers. Fixation solide, pas de conflit. Durée 70 minutes.",),
                ("Appui permis avec attelle.", "Rééducation dès le lendemain.", "Contrôle à six semaines."),
                act=_LIGAMENT,
            ),
        ),
        Step(
            96,
            Paper(
                "Ordonnance de kinésithérapie : genou droit",
                (
                    (
                        "Faire pratiquer trente séances de rééducation du genou droit, après reconstruction du "
                        "ligament croisé antérieur : mobilité, quadriceps, équilibre."
                    ),
                ),
                model=PHYSIOTHERAPY_ORDER,
            ),
        ),
        Step(
            140,
            Letter(
                "Courrier du chirurgien : contrôle à six semaines",
                ORTHOPAEDIST,
                ("Cicatrices propres. Genou sec, flexion à 120°. Marche sans canne.",),
                "Suites simples. Course à pied permise à quatre mois.",
            ),
        ),
        Step(
            370,
            Visit(
                "Consultation : reprise du sport",
                "Un an après l'opération.",
                "Genou stable, force égale des deux côtés. Saut sur un pied sans appréhension.",
                ("Reprise du football permise, avec échauffement.",),
                weighed=True,
            ),
        ),
        Step(
            370,
            Paper(
                "Certificat médical : reprise du football",
                (
                    (
                        "Je soussigné certifie n'avoir pas constaté ce jour de signe contre-indiquant la reprise du "
                        "football en compétition."
                    ),
                ),
                model=CERTIFICATE,
            ),
        ),
    ),
)
