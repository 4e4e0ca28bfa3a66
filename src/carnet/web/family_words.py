"""What proves a link, and on which grounds a representation arises or ends, in words. The keys are the codes of
`rights/data/grounds.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.consent.parents import Proof
from carnet.rights.grounds import GUARDIANSHIP_END, MEASURES, REFUSAL, RETURN, WITHDRAWAL, Grounds
from carnet.web.i18n import gettext
from carnet.web.words import marked

_PROOFS: Final = {
    Proof.BOOKLET: marked("Le livret de famille"),
    Proof.BIRTH: marked("L'acte de naissance de l'enfant"),
    Proof.JUDGEMENT: marked("Un jugement qui établit le lien"),
}
_REFUSALS: Final = {
    "unreadable": marked("La preuve ne se lit pas."),
    "other-person": marked("La preuve est au nom de quelqu'un d'autre."),
    "no-link": marked("La preuve ne montre pas le lien avec l'enfant."),
    "no-authority": marked("La preuve ne montre pas l'autorité parentale."),
}
_GROUNDS: Final = {
    "withdrawn": marked("Retrait de l'autorité parentale"),
    "suspended": marked("Suspension de l'exercice de l'autorité parentale"),
    "other-parent": marked("Exercice de l'autorité parentale confié à l'autre parent"),
    "delegated": marked("Délégation de l'autorité parentale"),
    "placement": marked("Enfant confié à l'aide sociale à l'enfance ou à un tiers"),
    "protection": marked("Ordonnance de protection"),
    "adopted": marked("Adoption plénière"),
    "emancipated": marked("Émancipation de la personne mineure"),
    "mistake": marked("Enregistré par erreur"),
    "lifted": marked("Mainlevée de la mesure"),
    "replaced": marked("Changement de la personne chargée de la mesure"),
    "given-back": marked("Restitution de l'autorité parentale"),
    "over": marked("Fin de la mesure"),
}
_MEASURES: Final = {
    "tutelle": marked("Tutelle, avec représentation pour la personne"),
    "habilitation": marked("Habilitation familiale, pour la personne"),
    "mandat": marked("Mandat de protection future, pour la personne"),
    "curatelle-person": marked("Curatelle, quand le juge a prévu la représentation pour la personne"),
}
KNOWN: Final = {
    "grounds": (_GROUNDS, (WITHDRAWAL, GUARDIANSHIP_END, RETURN)),
    "measures": (_MEASURES, (MEASURES,)),
    "refusals": (_REFUSALS, (REFUSAL,)),
}
"""Which words are for which data: a test looks that none is missing."""


def proofs() -> dict[str, str]:
    return {each.value: gettext(words) for each, words in _PROOFS.items()}


def proof(of: Proof) -> str:
    return gettext(_PROOFS[of])


def refusal(code: str) -> str:
    return gettext(_REFUSALS[code]) if code in _REFUSALS else ""


def refusals() -> dict[str, str]:
    return {code: gettext(_REFUSALS[code]) for code in REFUSAL}


def ground(code: str) -> str:
    return gettext(_GROUNDS[code]) if code in _GROUNDS else ""


def grounds(of: Grounds) -> dict[str, tuple[str, str]]:
    """Each with its article."""
    return {code: (gettext(_GROUNDS[code]), each.article) for code, each in of.items()}


def measure(code: str) -> str:
    return gettext(_MEASURES[code]) if code in _MEASURES else ""


def measures() -> Mapping[str, tuple[str, str]]:
    return {code: (gettext(_MEASURES[code]), each.article) for code, each in MEASURES.items()}
