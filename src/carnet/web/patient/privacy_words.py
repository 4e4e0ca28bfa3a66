"""What a reader sees of the record, in the holder's words. Pure: decisions and previews in, sentences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from carnet.consent import articles
from carnet.consent.facts import MASQUE_PS, As, Grant, Reason
from carnet.consent.queries import Given
from carnet.consent.seeing import Profile
from carnet.consent.seers import BESIDE_ATTENDING
from carnet.documents.preview import Preview, Why
from carnet.web.about import about
from carnet.web.i18n import PARIS, day, gettext, ngettext
from carnet.web.represented import represented
from carnet.web.words import marked

_REFUSED = {
    Reason.NO_LINK: marked("Vous n'avez pas autorisé ce soignant : rien ne lui est montré."),
    Reason.BLOCKED: marked("Vous avez bloqué ce soignant : rien ne lui est montré."),
    Reason.NEVER: marked("La loi lui interdit d'ouvrir votre carnet, même si vous êtes d'accord."),
    Reason.EXPRESS_CONSENT: marked(
        "La médecine du travail et celle des sapeurs-pompiers n'ouvrent votre carnet qu'avec votre accord exprès."
    ),
    Reason.CHILDREN_ONLY: marked("La protection maternelle et infantile n'ouvre que le carnet d'un enfant."),
    Reason.TEAM_ONLY: marked("Sa profession ne lit un carnet qu'au sein d'une équipe de soins que vous autorisez."),
    Reason.GLASS: marked("Un accès en urgence commence par son motif : rien n'est montré avant."),
    Reason.EMERGENCY_REFUSED: marked("Vous avez refusé d'avance cet accès en urgence."),
    Reason.PURPOSE: marked("Cette personne n'a pas accès à vos documents."),
    Reason.NOT_YOURS: marked("Cette personne ne vous représente pas, ou plus : rien ne lui est montré."),
}
_NOTHING = marked("Rien ne lui est montré.")

_RIGHTS = {
    As.ATTENDING: marked("C'est votre médecin traitant."),
    As.AUTHORISED: marked("Avec une autorisation : ce que sa profession permet, sauf ce qui est masqué."),
    As.COORDINATING: marked("Médecin coordonnateur de votre établissement : lit tout, avec votre accord."),
    As.ADMINISTRATOR: marked("Nommé administrateur par vous : ce que sa profession permet, même masqué."),
    As.TEAM: marked("Membre d'une équipe ou d'un établissement que vous avez autorisé, dans les mêmes limites."),
    As.DEPUTY: marked("À la place d'un soignant qui a accès, dans les mêmes limites."),
    As.EMERGENCY: marked("En urgence, après avoir écrit pourquoi, et pour quelques heures."),
    As.REGULATION: marked("Quand vous ou un proche appelez le 15, après avoir écrit pourquoi."),
    As.REPRESENTATIVE: marked("Vous représente."),
    As.CARER: marked("Ce que vous lui avez confié, sauf ce qui est masqué ou secret."),
    As.AUTHOR: marked("Relit ses propres dépôts, et rien d'autre."),
    As.RECIPIENT: marked("Lit ce que vous lui avez remis et ses propres dépôts, et rien d'autre."),
}

# What would make the answer another, where that is in somebody's hands.
_CHANGES: Mapping[As | Reason, str] = {
    As.ATTENDING: marked("Cela change si vous changez de médecin traitant auprès de l'Assurance Maladie."),
    As.AUTHORISED: marked("Cela change si vous retirez l'autorisation, ou quand elle prend fin."),
    As.COORDINATING: marked("Cela change si vous retirez cet accord."),
    As.ADMINISTRATOR: marked("Cela change si vous retirez cette autorisation, ou en donnez une autre à sa place."),
    As.TEAM: marked("Cela change si vous retirez l'autorisation donnée à tous, ou quand ce soignant les quitte."),
    As.DEPUTY: marked("Cela change quand le remplacement prend fin, ou le droit de la personne remplacée."),
    As.EMERGENCY: marked("Cela change si vous refusez cet accès dans vos choix pour l'urgence."),
    As.REGULATION: marked("Cela change si vous refusez cet accès dans vos choix pour l'urgence."),
    As.CARER: marked("Cela change si vous y mettez fin, ou quand le terme passe."),
    As.RECIPIENT: marked("Cela change si vous reprenez ce document, ou quand le terme passe."),
    Reason.NO_LINK: marked("Cela change si vous autorisez ce soignant, ou lui dites votre accord en consultation."),
    Reason.BLOCKED: marked("Cela change si vous débloquez ce soignant."),
    Reason.EXPRESS_CONSENT: marked("Cela change si vous donnez un accord exprès ; refuser est sans conséquence."),
    Reason.TEAM_ONLY: marked("Cela change si vous autorisez son équipe de soins."),
    Reason.EMERGENCY_REFUSED: marked("Cela change si vous acceptez cet accès dans vos choix pour l'urgence."),
}

_WHY = {
    Why.MASKED: marked("Masqué par vous"),
    Why.SECRET: marked("Caché à vos parents"),
    Why.PROFESSION: marked("Sa profession ne donne pas accès à ce type de document"),
    Why.NOTHING: marked("Rien ne lui est montré"),
    Why.IN_HANDS: marked("Remis par vous à d'autres soignants"),
}

# Where facts come from that are not told.
_UNTOLD = {
    Why.MASKED: marked("documents masqués par vous"),
    Why.SECRET: marked("documents cachés à vos parents"),
    Why.PROFESSION: marked("types de documents que sa profession ne lit pas"),
    Why.NOTHING: marked("documents que rien ne lui ouvre"),
    Why.IN_HANDS: marked("documents remis par vous à d'autres soignants"),
}
_SAID = marked("ce qui est dit sans document")

PROFILES = {
    Profile.DOCTOR: marked("Un médecin que j'autoriserais"),
    Profile.PHARMACIST: marked("Un pharmacien que j'autoriserais"),
    Profile.NURSE: marked("Une infirmière que j'autoriserais"),
    Profile.EMERGENCY: marked("Les urgences"),
    Profile.REGULATION: marked("Le Samu (15)"),
    Profile.STRANGER: marked("Un soignant sans autorisation"),
    Profile.CARER: marked("Un proche qui m'aide"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Why the answer is what it is, the article that says so, and what would make it another."""

    words: str
    article: str
    version: str
    change: str = ""


_SEE_MASKED = frozenset({As.ATTENDING}) | BESIDE_ATTENDING


def sees(preview: Preview) -> str:
    """How much of the record, in one sentence."""
    decision = preview.decision
    if not isinstance(decision, Grant):
        return refused(decision.reason)
    if not preview.withheld:
        # Of a carer or a representative, what is masked is no matter.
        whole = decision.capacity in _SEE_MASKED and not decision.hidden & MASQUE_PS
        return gettext("Voit tout, y compris les documents masqués.") if whole else gettext("Voit tout.")
    if not preview.shown:
        return gettext("Ne voit aucun document pour l'instant.")
    masked = preview.count(Why.MASKED)
    if masked == len(preview.withheld):
        words = ngettext(
            "Voit tout sauf %(count)s document masqué.", "Voit tout sauf %(count)s documents masqués.", masked
        )
        return words % {"count": masked}
    words = ngettext("Voit %(seen)s document sur %(count)s.", "Voit %(seen)s documents sur %(count)s.", preview.seen)
    return words % {"seen": preview.seen, "count": preview.total}


def rule(preview: Preview) -> Rule:
    decision, article = preview.decision, articles.of(preview.decision)
    if isinstance(decision, Grant):
        words = about(_RIGHTS[decision.capacity]) if decision.capacity in _RIGHTS else ""
        change = _CHANGES.get(decision.capacity, "")
    else:
        words, change = refused(decision.reason), _CHANGES.get(decision.reason, "")
    return Rule(words, article.article, article.version, about(change) if change else "")


def refused(reason: Reason) -> str:
    """What the decision said no by."""
    return about(_REFUSED.get(reason, _NOTHING))


def why(reason: Why, *, carer: bool = False) -> str:
    if carer and reason is Why.PROFESSION:
        return gettext("Vous ne lui avez pas confié ce type de document")
    return represented(_WHY[reason]) if reason is Why.SECRET else about(_WHY[reason])


def untold(reason: Why | None, *, carer: bool = False) -> str:
    """From where a fact comes that is not told; None: from no document of the list."""
    if reason is None:
        return gettext(_SAID)
    if carer and reason is Why.PROFESSION:
        return gettext("types de documents que vous ne lui avez pas confiés")
    return represented(_UNTOLD[reason]) if reason is Why.SECRET else about(_UNTOLD[reason])


def group(kind: str, *, service: bool) -> str:
    """What somebody is given access as, who is no single professional."""
    if kind == "team":
        return gettext("Équipe de soins")
    return gettext("Service") if service else gettext("Établissement")


def sentences(*parts: str) -> str:
    """« Cardiologue » and « Voit tout. » as « Cardiologue. Voit tout. »."""
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def unblocked(at: datetime | None) -> str:
    """Of the médecin traitant whom the person had blocked before; "" for one whom they had not."""
    if at is None:
        return ""
    said = gettext("Vous l'aviez bloqué : ce blocage a pris fin le %(day)s, la loi lui donne accès.")
    return said % {"day": day(at)}


def lasts(given: Iterable[Given]) -> str:
    """Until when what was given to one grantee lasts, and who said so; "" for what the holder gave without end."""
    known = tuple(given)
    until = longest(known)
    parts = [gettext("Jusqu'au %(day)s") % {"day": last_day(until)}] if until else []
    if known and all(each.declared for each in known):
        since = min(each.since for each in known)
        parts.append(gettext("Accord déclaré par le soignant le %(day)s") % {"day": day(since)})
    return sentences(*parts)


def began(given: Iterable[Given]) -> str:
    """Since when the holder's own authorisation holds; "" where there is none."""
    since = min((each.since for each in given if not each.declared), default=None)
    return gettext("Autorisation donnée le %(day)s.") % {"day": day(since)} if since else ""


def longest(given: Iterable[Given]) -> datetime | None:
    """When the last of them ends; None when one has no end."""
    ends = [each.until for each in given]
    return max((end for end in ends if end), default=None) if None not in ends else None


def last_day(until: datetime) -> str:
    """What ends at midnight lasts until the day before."""
    return day(until - timedelta(seconds=1))


def as_typed(until: datetime) -> str:
    """The same as a form has it: « 12 3 2027 »."""
    last = (until - timedelta(seconds=1)).astimezone(PARIS)
    return f"{last.day} {last.month} {last.year}"
