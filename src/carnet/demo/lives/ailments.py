"""Small troubles of ordinary lives: why they came, what was found, what was decided, what was prescribed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnet.demo.lives.steps import Planned
from carnet.demo.pharmacopoeia import (
    AMOXICILLIN,
    AMOXICILLIN_CHILD,
    CETIRIZINE,
    FOSFOMYCIN,
    HYDROCORTISONE,
    IBUPROFEN,
    ORAL_REHYDRATION,
    PANTOPRAZOLE,
    PARACETAMOL,
    PARACETAMOL_CHILD,
)

__all__ = ["AILMENTS", "Ailment"]


@dataclass(frozen=True, slots=True)
class Ailment:
    """`ages` in years, the last included; `needs` names what other illnesses rule out (`Course.avoided`);
    `days` of treatment. In texts `{kilos}` is the weight on that day."""

    title: str
    reason: str
    found: str
    decided: tuple[str, ...]
    lines: tuple[Planned, ...] = ()
    days: int = 7
    ages: tuple[int, int] = (18, 120)
    sexes: str = "FM"
    needs: str = ""


_CHILD_FEVER: Final = Planned(
    PARACETAMOL_CHILD, "1 dose-kilo (enfant de {kilos} kg) toutes les 6 heures si fièvre, 4 fois par jour au plus"
)
_ADULT_PAIN: Final = Planned(PARACETAMOL, "1 comprimé jusqu'à 3 fois par jour si douleur")

AILMENTS: Final = (
    Ailment(
        "Consultation : rhinopharyngite",
        "Nez qui coule et fièvre à 38,5 °C depuis la veille.",
        "Gorge rouge, tympans clairs, poumons clairs.",
        ("Lavages de nez.", "Faire boire.", "Revoir si fièvre à 48 h."),
        (_CHILD_FEVER,),
        days=4,
        ages=(0, 9),
    ),
    Ailment(
        "Consultation : otite",
        "Mal à l'oreille droite et fièvre depuis la nuit.",
        "Tympan droit rouge et bombé.",
        ("Antibiotique huit jours.", "Revoir si pas d'amélioration à 48 h."),
        (Planned(AMOXICILLIN_CHILD, "40 mg/kg matin et soir (enfant de {kilos} kg)"), _CHILD_FEVER),
        days=8,
        ages=(1, 6),
    ),
    Ailment(
        "Consultation : gastro-entérite",
        "Vomissements puis diarrhée depuis hier.",
        "Ventre souple. Pas de signe de déshydratation.",
        ("Réhydratation par petites gorgées.", "Peser chaque jour."),
        (Planned(ORAL_REHYDRATION, "1 sachet dans 200 mL d'eau, à volonté par petites quantités"),),
        days=3,
        ages=(0, 6),
    ),
    Ailment(
        "Consultation : toux la nuit",
        "Tousse la nuit depuis cinq jours, mange bien.",
        "Quelques ronflements, pas de sifflement.",
        ("Lavages de nez.", "Revoir si gêne pour respirer."),
        ages=(1, 10),
        needs="wheeze",
    ),
    Ailment(
        "Consultation : eczéma",
        "Plaques rouges des plis des coudes, qui démangent.",
        "Plaques sèches, un peu suintantes à gauche.",
        ("Crème sur les plaques, émollient chaque jour.",),
        (Planned(HYDROCORTISONE, "1 application le soir sur les plaques"),),
        days=10,
        ages=(1, 14),
    ),
    Ailment(
        "Consultation : angine",
        "Mal de gorge et fièvre à 39 °C.",
        "Amygdales rouges, test rapide du streptocoque négatif.",
        ("Pas d'antibiotique.", "Paracétamol, boire frais."),
        (_CHILD_FEVER,),
        days=4,
        ages=(3, 11),
    ),
    Ailment(
        "Consultation : entorse de la cheville",
        "Torsion de la cheville au sport, hier.",
        "Gonflement externe, pas de douleur osseuse : pas de radiographie.",
        ("Glace, attelle souple dix jours.",),
        (_ADULT_PAIN,),
        days=7,
        ages=(15, 59),
    ),
    Ailment(
        "Consultation : allergie au pollen",
        "Éternuements et yeux rouges chaque printemps.",
        "Muqueuse nasale pâle. Poumons clairs.",
        ("Antihistaminique le soir pendant la saison.",),
        (Planned(CETIRIZINE, "1 comprimé le soir"),),
        days=60,
        ages=(12, 65),
    ),
    Ailment(
        "Consultation : mal de dos",
        "Mal de dos après un déménagement.",
        "Muscles tendus, pas de signe neurologique.",
        ("Bouger dès que possible.", "Chaleur locale."),
        (Planned(IBUPROFEN, "1 comprimé matin et soir au milieu du repas"), _ADULT_PAIN),
        days=5,
        ages=(18, 64),
        needs="ibuprofen",
    ),
    Ailment(
        "Consultation : angine",
        "Mal de gorge et fièvre depuis deux jours.",
        "Amygdales rouges, test rapide du streptocoque positif.",
        ("Antibiotique six jours.",),
        (Planned(AMOXICILLIN, "1 comprimé matin et soir"), _ADULT_PAIN),
        days=6,
        ages=(15, 45),
    ),
    Ailment(
        "Consultation : cystite",
        "Brûlures en urinant depuis la veille, sans fièvre.",
        "Bandelette positive. Pas de douleur lombaire.",
        ("Antibiotique en une prise.", "Boire davantage."),
        (Planned(FOSFOMYCIN, "1 sachet en une seule prise"),),
        days=1,
        ages=(18, 80),
        sexes="F",
    ),
    Ailment(
        "Consultation : brûlures d'estomac",
        "Brûlures après les repas, plus fortes la nuit.",
        "Ventre souple, pas d'amaigrissement.",
        ("Traitement quatre semaines.", "Dîner plus tôt et plus léger."),
        (Planned(PANTOPRAZOLE, "1 comprimé le matin, avant le petit-déjeuner"),),
        days=28,
        ages=(25, 90),
    ),
    Ailment(
        "Consultation : épaule douloureuse",
        "Douleur de l'épaule droite en levant le bras.",
        "Arc douloureux, force conservée.",
        ("Kinésithérapie, dix séances.", "Éviter de porter bras tendu."),
        (_ADULT_PAIN,),
        days=15,
        ages=(40, 85),
    ),
    Ailment(
        "Consultation : rhume qui dure",
        "Rhume depuis dix jours, toux grasse.",
        "Poumons clairs, pas de douleur des sinus.",
        ("Lavages de nez, patience.", "Pas d'antibiotique."),
    ),
    Ailment(
        "Consultation : fatigue",
        "Fatigue depuis un mois, sommeil court.",
        "Examen normal.",
        ("Se coucher plus tôt, marcher chaque jour.", "Revoir dans deux mois si elle dure."),
        ages=(18, 75),
    ),
    Ailment(
        "Consultation : grain de beauté",
        "Grain de beauté du dos, à faire contrôler.",
        "Lésion régulière de 4 mm, d'une seule couleur.",
        ("Pas d'avis nécessaire.", "Photographie chaque année."),
    ),
    Ailment(
        "Consultation : vertige en se levant",
        "Tête qui tourne en se levant, surtout le matin.",
        "Tension un peu plus basse debout, sans malaise.",
        ("Boire davantage, se lever en deux temps.",),
        ages=(60, 120),
    ),
    Ailment(
        "Consultation : bouchons de cérumen",
        "Entend moins bien de l'oreille gauche.",
        "Bouchon de cérumen retiré par lavage. Tympan normal.",
        ("Pas de coton-tige.",),
        ages=(50, 120),
    ),
)
