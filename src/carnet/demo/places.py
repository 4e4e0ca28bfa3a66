"""Organisations of the demonstration. Their FINESS numbers begin with 99: no real one does. Telephone
numbers are of the ranges kept for fiction (02 61 91, 06 39 98)."""

from __future__ import annotations

from carnet.demo.identifiers import numbered
from carnet.demo.model import Organisation
from carnet.demo.vocabulary import (
    AMBULATORY,
    COMPULSORY_INSURANCE,
    GROUP_PRACTICE,
    HOSPITAL,
    INSURER,
    LABORATORY,
    PHARMACY,
    PRIVATE_PRACTICE,
    PUBLIC_HOSPITAL,
    SOCIAL,
)
from carnet.formats.cda.build import Address
from carnet.formats.entry import Coded


def _place(
    number: int,
    key: str,
    name: str,
    address: Address,
    facility: Coded,
    *,
    setting: Coded = AMBULATORY,
) -> Organisation:
    finess = numbered(f"99000{number:03d}")
    return Organisation(key, name, finess, facility, setting, address, f"02619100{number:02d}")


def _angers(street: str) -> Address:
    return Address(street, "49000", "Angers")


SURGERY = _place(1, "cabinet-mail", "Cabinet médical du Mail", _angers("12 rue du Mail fleuri"), GROUP_PRACTICE)
CARDIOLOGY = _place(
    2,
    "cabinet-coeur",
    "Cabinet de cardiologie de la Doutre",
    _angers("4 place des Tilleuls"),
    PRIVATE_PRACTICE,
)
FAR_SURGERY = _place(
    3, "cabinet-brest", "Cabinet du Port", Address("31 quai des Goélands", "29200", "Brest"), PRIVATE_PRACTICE
)
DERMATOLOGY = _place(
    4, "cabinet-peau", "Cabinet de dermatologie du Jardin", _angers("9 rue des Hortensias"), PRIVATE_PRACTICE
)
HOSPITAL_SITE = _place(
    5,
    "hopital",
    "Centre hospitalier des Ponts",
    _angers("1 avenue des Trois-Ponts"),
    PUBLIC_HOSPITAL,
    setting=HOSPITAL,
)
EMERGENCY_CALLS = _place(
    6, "samu", "Samu 49 – centre 15", _angers("1 avenue des Trois-Ponts"), PUBLIC_HOSPITAL, setting=HOSPITAL
)
PHARMACY_SHOP = _place(7, "pharmacie", "Pharmacie du Mail", _angers("18 rue du Mail fleuri"), PHARMACY)
NURSES = _place(8, "infirmiers", "Cabinet infirmier des Lices", _angers("7 rue des Lices vertes"), GROUP_PRACTICE)
MIDWIVES = _place(
    9,
    "sages-femmes",
    "Cabinet de sages-femmes Graine de lune",
    _angers("22 rue des Cerisiers"),
    GROUP_PRACTICE,
)
DENTISTS = _place(
    10, "dentistes", "Cabinet dentaire Saint-Serge", _angers("5 boulevard des Marronniers"), GROUP_PRACTICE
)
WORK_HEALTH = _place(11, "sante-travail", "Santé au travail de Loire", _angers("40 rue des Ateliers"), SOCIAL)
CHILD_HEALTH = _place(
    12, "pmi", "Protection maternelle et infantile, Angers sud", _angers("3 rue de la Marelle"), SOCIAL
)
INSURANCE = _place(
    13,
    "assurance",
    "Assurance maladie de démonstration",
    _angers("60 rue de la Mutualité"),
    INSURER,
    setting=COMPULSORY_INSURANCE,
)
CITY_LABORATORY = _place(14, "labo", "Laboratoire Bio-Loire", _angers("15 rue du Mail fleuri"), LABORATORY)
HOSPITAL_LABORATORY = _place(
    15,
    "labo-hopital",
    "Centre hospitalier des Ponts – laboratoire",
    _angers("1 avenue des Trois-Ponts"),
    LABORATORY,
    setting=HOSPITAL,
)
RADIOLOGY = _place(
    16,
    "imagerie",
    "Centre hospitalier des Ponts – imagerie",
    _angers("1 avenue des Trois-Ponts"),
    PUBLIC_HOSPITAL,
    setting=HOSPITAL,
)
ORGANISATIONS = (
    SURGERY,
    CARDIOLOGY,
    FAR_SURGERY,
    DERMATOLOGY,
    HOSPITAL_SITE,
    EMERGENCY_CALLS,
    PHARMACY_SHOP,
    NURSES,
    MIDWIVES,
    DENTISTS,
    WORK_HEALTH,
    CHILD_HEALTH,
    INSURANCE,
    CITY_LABORATORY,
    HOSPITAL_LABORATORY,
    RADIOLOGY,
)
