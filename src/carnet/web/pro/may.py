"""What a professional may do in a record, and why, in words said to them. Pure: a standing in, lines out.

The rule and its article come from `consent.articles`; what is said here is how it is told to whom it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnet.consent.facts import As, Decision, Grant, Reason
from carnet.consent.standing import May, Standing
from carnet.kernel.actor import Purpose
from carnet.web.i18n import gettext
from carnet.web.words import marked

GIVEN: Final = {
    As.ATTENDING: marked("Vous êtes le médecin traitant : vous lisez tout, y compris ce qui est masqué aux autres."),
    As.AUTHORISED: marked(
        "Vous êtes autorisé : vous lisez les types de documents ouverts à votre profession,"
        " sauf ce que la personne masque."
    ),
    As.COORDINATING: marked(
        "Vous coordonnez les soins de l'établissement, avec l'accord de la personne : vous lisez tout, même ce qui est"
        " masqué aux autres."
    ),
    As.ADMINISTRATOR: marked(
        "La personne vous a nommé administrateur : vous lisez les types de documents ouverts à votre profession, même"
        " masqués."
    ),
    As.TEAM: marked(
        "Votre équipe ou votre établissement est autorisé : vous lisez les types de documents ouverts"
        " à votre profession, sauf ce que la personne masque."
    ),
    As.DEPUTY: marked("Vous agissez pour un soignant qui a ce droit, pour la durée prévue."),
    As.EMERGENCY: marked(
        "Si la personne est en danger et ne peut pas dire son accord. Vous dites pourquoi ; elle et son médecin"
        " traitant en sont avertis."
    ),
    As.REGULATION: marked(
        "Au titre de la régulation du centre 15. Vous dites pourquoi ; la personne et son médecin traitant en sont"
        " avertis."
    ),
    As.AUTHOR: marked("Vous relisez ce que vous avez déposé, et rien d'autre."),
    As.RECIPIENT: marked("La personne vous a remis un document : vous lisez celui-là, et rien d'autre."),
    As.DEPOSITOR: marked("Aucune autorisation n'est nécessaire pour déposer."),
    As.DECLARANT: marked("La personne, informée, vous dit son accord lors de la consultation. Elle en est avertie."),
}
REFUSED: Final = {
    Reason.CLOSED: marked("Ce carnet est fermé : on n'y lit et on n'y dépose plus rien."),
    Reason.DECEASED: marked(
        "Ce carnet est fermé depuis le décès de la personne : on n'y lit et on n'y dépose plus rien."
    ),
    Reason.SUSPENDED: marked("Ce carnet est suspendu le temps d'une vérification : on peut encore y déposer."),
    Reason.NO_LINK: marked("La personne ne vous a pas autorisé."),
    Reason.NEVER: marked("Votre fonction ne le permet pas, même avec l'accord de la personne."),
    Reason.EXPRESS_CONSENT: marked(
        "La médecine du travail et celle des sapeurs-pompiers n'accèdent au carnet qu'avec un accord exprès de la"
        " personne."
    ),
    Reason.CHILDREN_ONLY: marked("La protection maternelle et infantile accède au carnet d'un enfant."),
    Reason.TEAM_ONLY: marked("Votre profession lit le carnet au sein d'une équipe de soins autorisée."),
    Reason.GLASS: marked("Un accès en urgence commence par son motif."),
    Reason.EMERGENCY_REFUSED: marked("La personne a refusé d'avance l'accès en urgence."),
    Reason.PURPOSE: marked("Votre fonction ne le permet pas."),
}
CHANGES: Final = {
    Reason.CLOSED: marked("La personne rouvre son carnet."),
    Reason.DECEASED: marked("Rien, sauf si le décès a été enregistré par erreur."),
    Reason.SUSPENDED: marked("L'équipe de Carnet termine la vérification."),
    Reason.NO_LINK: marked("La personne vous autorise, ou vous dit son accord lors de la consultation."),
    Reason.EXPRESS_CONSENT: marked(
        "La personne vous donne un accord exprès ; son refus est sans conséquence pour elle."
    ),
    Reason.NEVER: marked("Rien, tant que vous exercez cette fonction : la loi ne le permet pas."),
    Reason.CHILDREN_ONLY: marked("Rien : la personne est majeure."),
    Reason.TEAM_ONLY: marked("La personne autorise votre équipe de soins."),
    Reason.GLASS: marked("Vous dites pourquoi vous ouvrez ce carnet."),
    Reason.EMERGENCY_REFUSED: marked("La personne change ce choix dans ses réglages."),
}
"""For who is refused, the same for who is blocked as for who was never given anything."""


@dataclass(frozen=True, slots=True)
class Line:
    """`version` is that of the rules; `change`: what would make the answer another, if that is for the reader to
    know."""

    act: str
    yes: bool
    why: str
    article: str
    version: str
    change: str = ""


def lines(standing: Standing, mode: Purpose = Purpose.CARE) -> list[Line]:
    """What was not asked for, and is not to be had, is left aside: a regulating doctor has a way of their own, and who
    reads needs no other."""
    if mode is not Purpose.CARE:
        behind_the_glass = standing.in_regulation if mode is Purpose.REGULATION else standing.in_emergency
        return [
            reading(behind_the_glass),
            _line(gettext("Déposer un document"), standing.deposit),
        ]
    found = [reading(standing.read)]
    if limited(standing) and standing.declare.granted:
        found.append(_line(gettext("Déclarer l'accord de la personne"), standing.declare))
    urgent = urgency(standing)
    if limited(standing) and urgent and (urgent.granted or _reason(urgent.decision) is Reason.EMERGENCY_REFUSED):
        regulates = urgent is standing.regulation
        found.append(_line(gettext("Ouvrir pour la régulation") if regulates else gettext("Ouvrir en urgence"), urgent))
    return [*found, _line(gettext("Déposer un document"), standing.deposit)]


def limited(standing: Standing) -> bool:
    """They read nothing, or nothing but their own."""
    return not standing.read.granted or _capacity(standing.read.decision) in {As.AUTHOR, As.RECIPIENT}


def reading(read: May) -> Line:
    return _line(gettext("Lire les documents"), read)


def openable(read: May) -> bool:
    """Whether the holder could let them in."""
    return _reason(read.decision) in {Reason.NO_LINK, Reason.EXPRESS_CONSENT, Reason.TEAM_ONLY}


def urgency(standing: Standing) -> May | None:
    """The one way to break the glass that is this professional's: the centre 15 has its own. None for who has none."""
    for may in (standing.regulation, standing.emergency):
        if _reason(may.decision) not in {Reason.NEVER, Reason.PURPOSE}:
            return may
    return None


def _line(act: str, may: May) -> Line:
    reason, rule = _reason(may.decision), may.article
    if reason is None:
        capacity = _capacity(may.decision)
        why = gettext(GIVEN[capacity]) if capacity else ""
        return Line(act, yes=True, why=why, article=rule.article, version=rule.version)
    change = gettext(CHANGES[reason]) if reason in CHANGES else ""
    why = gettext(REFUSED.get(reason, REFUSED[Reason.PURPOSE]))
    return Line(act, yes=False, why=why, article=rule.article, version=rule.version, change=change)


def _capacity(decision: Decision) -> As | None:
    return decision.capacity if isinstance(decision, Grant) else None


def _reason(decision: Decision) -> Reason | None:
    return None if isinstance(decision, Grant) else decision.reason
