"""Of what a person may be told by e-mail, and in which words: neutral ones, that name no health datum, no speciality
and no establishment (dmp_rules 7.7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Names of facts that rooms tell (`kernel.happened`)."""

    EMERGENCY = "emergency"
    RIGHTS = "rights"
    DOCUMENT = "document"
    CORRECTION = "correction"


DEFAULT: Final = frozenset({Kind.EMERGENCY, Kind.RIGHTS})


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


_SIGNED: Final = """

Pour le lire, connectez-vous à votre carnet : {address}

Ce message ne contient aucune donnée de santé. N'y répondez pas.
Pour choisir ce dont vous êtes averti : {choices}

--
Carnet
"""
_WORDS: Final = {
    Kind.EMERGENCY: Words(
        "Votre carnet a été ouvert en urgence",
        "Bonjour,\n\nUn professionnel a ouvert un carnet que vous suivez, en urgence. Il a dit pourquoi."
        " Si vous ne reconnaissez pas cet accès, vous pouvez le signaler depuis votre carnet.",
    ),
    Kind.RIGHTS: Words(
        "Un droit d'accès à votre carnet a changé",
        "Bonjour,\n\nUn droit d'accès a changé dans un carnet que vous suivez. Vous pouvez y revenir à tout moment.",
    ),
    Kind.DOCUMENT: Words(
        "Du nouveau dans votre carnet", "Bonjour,\n\nIl y a quelque chose de nouveau dans un carnet que vous suivez."
    ),
    Kind.CORRECTION: Words(
        "Une correction dans votre carnet",
        "Bonjour,\n\nQuelque chose a été corrigé dans un carnet que vous suivez.",
    ),
}
_CONFIRMATION: Final = Words(
    "Confirmez votre adresse",
    "Bonjour,\n\nQuelqu'un, vous sans doute, a demandé que Carnet écrive à cette adresse. Pour le confirmer, ouvrez ce"
    " lien dans les deux jours, sur l'appareil où vous êtes connecté à votre carnet :\n\n{link}\n\nSi ce n'est pas"
    " vous, ne faites rien : nous n'écrirons plus.\n\n--\nCarnet\n",
)


def words(kind: Kind, public_url: str) -> Words:
    said = _WORDS[kind]
    signed = _SIGNED.format(address=f"{public_url}/accueil", choices=f"{public_url}/confidentialite/avertissements")
    return Words(said.subject, said.text + signed)


def confirmation(link: str) -> Words:
    return Words(_CONFIRMATION.subject, _CONFIRMATION.text.format(link=link))


def is_address(text: str) -> bool:
    """Enough to be sent to; whether somebody reads it is found out by asking them. No line breaks, one @."""
    name, _, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and " " not in text and not set(text) & set('<>,;:\\"()[]')
    return plain and 0 < len(name) <= _LONGEST_NAME and "." in domain.strip(".") and "@" not in domain and _fits(text)


_LONGEST_NAME: Final = 64
_LONGEST: Final = 254


def _fits(text: str) -> bool:
    return len(text) <= _LONGEST and ".." not in text and not text.endswith(".")
