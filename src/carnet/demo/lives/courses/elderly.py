"""Many diseases at once, late in life: heart failure, atrial fibrillation, falls, and nurses at home."""

from __future__ import annotations

from typing import Final

from carnet.demo.authors import GERIATRICIAN
from carnet.demo.cast import DR_NGUYEN, INF_PETIT
from carnet.demo.lives.steps import (
    Blood,
    Course,
    Emergency,
    Letter,
    Paper,
    Photograph,
    Planned,
    Stay,
    Step,
    Summary,
    Treatment,
    Trend,
    Visit,
    yearly_treatment,
)
from carnet.demo.pharmacopoeia import APIXABAN, BISOPROLOL, FUROSEMIDE, RAMIPRIL, City, Hospital, icd
from carnet.demo.vocabulary import DIAGNOSTIC_ACT, DISCHARGE_LETTER, NURSING_FOLLOW_UP, NURSING_ORDER

_LASTING: Final = (
    Planned(RAMIPRIL, "1 comprimé le matin"),
    Planned(BISOPROLOL, "1 comprimé le matin"),
    Planned(FUROSEMIDE, "1 comprimé le matin"),
    Planned(APIXABAN, "1 comprimé matin et soir", boxes=2),
)

POLYPATHOLOGY: Final = Course(
    key="polypathology",
    absorbing=20,
    weight=22,
    ages=(76, 105),
    since=(3, 5),
    problems=(
        icd("I50.0", "Insuffisance cardiaque"),
        icd("I48.2", "Fibrillation atriale permanente"),
        icd("M17.9", "Arthrose du genou"),
    ),
    lasting=_LASTING,
    pressure=((152, 80), (134, 72)),
    avoided=frozenset({"ibuprofen", "cortisone"}),
    flu=True,
    steps=(
        Step(
            0,
            Visit(
                "Consultation : essoufflement",
                "Essoufflement en montant un étage, chevilles gonflées le soir, trois oreillers pour dormir.",
                "Pouls irrégulier à 104 par minute. Crépitants des deux bases, œdèmes des chevilles.",
                ("Électrocardiogramme et avis cardiologique rapides.", "Prise de sang."),
                weighed=True,
            ),
        ),
        Step(1, Photograph("Électrocardiogramme", "ecg_fibrillation", DIAGNOSTIC_ACT, DR_NGUYEN)),
        Step(
            2,
            Emergency(
                "Compte rendu de passage aux urgences : essoufflement",
                "Essoufflement devenu permanent dans la nuit.",
                "Saturation à 90 % en air ambiant. Fibrillation atriale à 118 par minute. Râles crépitants.",
                "Poussée d'insuffisance cardiaque sur fibrillation atriale. Diurétique par voie veineuse. "
                "Hospitalisation.",
            ),
        ),
        Step(
            2,
            Blood(
                "Analyses faites aux urgences",
                (
                    Trend(Hospital.CREATININE, 92, 92, 0),
                    Trend(Hospital.POTASSIUM, 4.1, 4.1, 1),
                    Trend(Hospital.TROPONIN, 13, 13, 0),
                    Trend(Hospital.HAEMOGLOBIN, 12.4, 12.4, 1),
                ),
                hospital=True,
            ),
        ),
        Step(
            2,
            Stay(
                "Lettre de liaison : sortie de gériatrie",
                DISCHARGE_LETTER,
                GERIATRICIAN,
                "Poussée d'insuffisance cardiaque, fibrillation atriale découverte.",
                (
                    "Perte de 5 kg sous diurétique, disparition des œdèmes. Fréquence ralentie par le bisoprolol.",
                    "Échographie : fraction d'éjection à 48 %. Fonctions cognitives conservées.",
                ),
                (
                    "Ramipril, bisoprolol, furosémide et apixaban.",
                    "Se peser chaque matin : appeler si plus de 2 kg en trois jours.",
                    "Créatinine et potassium dans dix jours.",
                    "Infirmier à domicile pour le pilulier.",
                ),
                nights=9,
            ),
        ),
        Step(13, Treatment(_LASTING, days=90, repeats=2)),
        Step(
            13,
            Paper(
                "Ordonnance de soins infirmiers",
                (
                    (
                        "Faire pratiquer à domicile par un infirmier, une fois par semaine pendant six mois : "
                        "préparation du pilulier, surveillance du poids, de la tension et des chevilles."
                    ),
                ),
                model=NURSING_ORDER,
            ),
        ),
        Step(
            24,
            Blood(
                "Surveillance du traitement",
                (
                    Trend(City.CREATININE, 10.4, 12.6, 1),
                    Trend(City.EGFR, 56, 44, 0),
                    Trend(City.POTASSIUM, 4.2, 4.8, 1),
                    Trend(City.BNP, 2450, 880, 0),
                ),
            ),
            every=182,
        ),
        Step(
            60,
            Paper(
                "Suivi infirmier",
                (
                    "Poids stable. Pilulier bien pris. Peau en bon état. Marche dans la maison avec une canne.",
                    "Tapis du couloir retiré avec l'accord de la famille, à cause du risque de chute.",
                ),
                model=NURSING_FOLLOW_UP,
                by=INF_PETIT,
            ),
            every=364,
        ),
        yearly_treatment(104, *_LASTING),
        Step(
            104,
            Visit(
                "Consultation de suivi",
                "Suivi du cœur et des genoux. Sort chaque jour, fait ses courses avec aide.",
                "Pas d'œdème, poumons clairs. Genoux raides sans épanchement.",
                ("Même traitement.", "Paracétamol plutôt qu'anti-inflammatoire pour les genoux."),
                weighed=True,
            ),
            every=182,
        ),
        Step(
            380,
            Letter(
                "Courrier de la cardiologue",
                DR_NGUYEN,
                (
                    "Un an après l'hospitalisation, votre {patient} est stable, essoufflé{e} au deuxième étage.",
                    "Fibrillation atriale permanente à 72 par minute. Fraction d'éjection à 52 %.",
                ),
                "Poursuite du traitement. Surveiller la créatinine, à cause de l'apixaban.",
            ),
            every=728,
        ),
        Step(420, Summary()),
    ),
)
