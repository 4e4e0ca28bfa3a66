"""Each answer of the decision by its rule, its article, in words. Pure; in French, since the law is: faces translate,
and say to whom it is about what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from carnet.consent.facts import As, Decision, Grant, Reason

_EDITIONS: Final = ((datetime(2026, 11, 1, tzinfo=UTC), "2026-11"),)
"""Of the rules as `consent.rules` states them, each since when. A line is due with the first release that may answer
something else on the same facts, or by another article: what changes between two releases is one edition, and how the
same is worded, or where it is asked, is no change."""
VERSION: Final = _EDITIONS[-1][1]
POLICY: Final = "urn:carnet:access-rules:"
"""Before a version, and before the rule of it: how software is told what decided."""


@dataclass(frozen=True, slots=True)
class Article:
    """`rule` is the capacity of a grant or the reason of a refusal."""

    rule: str
    article: str
    words: str
    version: str = VERSION


_GIVEN: Final = {
    As.HOLDER: ("L1111-19", "Ce carnet est le sien."),
    As.REPRESENTATIVE: ("R1111-50", "Représente la personne mineure, ou protégée par une décision de justice."),
    As.ATTENDING: ("L1111-16", "Médecin traitant : lit tout, y compris ce qui est masqué."),
    As.AUTHORISED: (
        "L1111-17, R1111-46",
        "Soignant autorisé : lit ce que sa profession permet, sauf ce qui est masqué.",
    ),
    As.COORDINATING: (
        "L1111-16",
        "Médecin coordonnateur de l'établissement, avec l'accord de la personne : lit tout, même masqué.",
    ),
    As.ADMINISTRATOR: (
        "L1111-19",
        "Nommé administrateur par la personne : lit ce que sa profession permet, même masqué.",
    ),
    As.TEAM: (
        "L1110-12, R1111-46",
        "Membre d'une équipe autorisée : lit ce que sa profession permet, sauf ce qui est masqué.",
    ),
    As.DEPUTY: ("R4127-65, R1111-46", "À la place d'un soignant qui a ce droit, pour la durée prévue."),
    As.EMERGENCY: (
        "L1111-17 I, R1111-48",
        "Accès en urgence, motivé et limité dans le temps ; la personne et son médecin traitant en sont avertis.",
    ),
    As.REGULATION: (
        "L1111-17 I, R1111-48",
        "Régulation médicale du centre 15 ; la personne et son médecin traitant en sont avertis.",
    ),
    As.CARER: (
        "L1111-13",
        "Aidant : lit ce que la personne lui a confié, sauf ce qui est masqué, secret ou pas encore annoncé.",
    ),
    As.INVITED: (
        "R1111-50",
        "Parent invité par l'autre : donne une preuve du lien, et ne lit rien avant qu'elle soit examinée.",
    ),
    As.AUTHOR: ("R1111-49", "Auteur : relit ce qu'il a déposé, et rien d'autre."),
    As.RECIPIENT: ("L1111-19", "La personne lui a remis un document : lit celui-là, et rien d'autre."),
    As.SOFTWARE: ("R1111-49", "Logiciel : relit ce qu'il a déposé, et rien d'autre."),
    As.DEPOSITOR: ("L1111-15", "Alimente le carnet : aucune autorisation n'est nécessaire pour déposer."),
    As.STEWARD: ("R1111-43", "Assistance : retire ce qui n'est pas de cette personne, sans le lire."),
    As.DECLARANT: (
        "R1111-46",
        "Peut dire que la personne consent, par oral ou par écrit ; la personne en est avertie.",
    ),
}

_REFUSED: Final = {
    Reason.NO_RECORD: ("R1111-28", "Il n'y a pas de carnet."),
    Reason.OPPOSED: ("R1111-28", "La personne s'est opposée à l'ouverture d'un carnet."),
    Reason.CLOSED: ("R1111-36", "Le carnet est fermé."),
    Reason.SUSPENDED: ("R1111-36", "Le carnet est suspendu : une vérification est en cours. On peut encore y déposer."),
    Reason.DECEASED: (
        "R1111-36, L1110-4 V",
        "La personne est décédée : le carnet est fermé, et gardé dix ans.",
    ),
    Reason.NOT_YOURS: ("L1111-18", "Ce carnet est celui de quelqu'un d'autre."),
    Reason.NO_LINK: ("L1111-17, R1111-46", "La personne n'a pas autorisé ce soignant."),
    Reason.BLOCKED: ("L1111-19", "Accès non autorisé."),
    Reason.NEVER: ("L1111-18", "L'accès est interdit dans cette position, même avec l'accord de la personne."),
    Reason.EXPRESS_CONSENT: (
        "L1111-17, L4624-8 du code du travail",
        "La médecine du travail et celle des sapeurs-pompiers n'accèdent au carnet qu'avec un accord exprès.",
    ),
    Reason.CHILDREN_ONLY: ("L1111-18", "La protection maternelle et infantile accède au carnet de l'enfant."),
    Reason.TEAM_ONLY: ("R1111-46", "Cette profession lit le carnet au sein d'une équipe de soins seulement."),
    Reason.GLASS: ("R1111-48", "Un accès en urgence commence par son motif."),
    Reason.EMERGENCY_REFUSED: ("L1111-17 I, R1111-48", "La personne a refusé d'avance l'accès en urgence."),
    Reason.PURPOSE: ("R1111-46", "Ce motif ne donne pas d'accès à cette personne."),
}


_TOLD: Final[dict[str, tuple[str, ...]]] = {
    **{each.value: told for each, told in _GIVEN.items()},
    **{each.value: told for each, told in _REFUSED.items()},
}


def version_at(instant: datetime) -> str:
    """By which edition it was decided then."""
    return next((version for since, version in reversed(_EDITIONS) if since <= instant), _EDITIONS[0][1])


def of_line(rule: str, instant: datetime) -> Article | None:
    """What a line of the trail was decided by: the capacity of what was done, or the reason of a refusal. None for what
    no rule of access decided."""
    told = _TOLD.get(rule)
    return replace(Article(rule, *told), version=version_at(instant)) if told else None


def of(decision: Decision) -> Article:
    if isinstance(decision, Grant):
        return Article(decision.capacity.value, *_GIVEN[decision.capacity])
    return Article(decision.reason.value, *_REFUSED[decision.reason])
