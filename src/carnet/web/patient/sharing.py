"""Who can see a document, in words: what `consent.seers` decided, as its holder should read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carnet.consent.rules import As
from carnet.consent.seers import Seer
from carnet.documents.mask_models import MaskKind
from carnet.documents.queries import DocumentLine
from carnet.web import words
from carnet.web.about import about
from carnet.web.i18n import gettext
from carnet.web.patient import mask_words
from carnet.web.represented import represented
from carnet.web.words import profession

_UNMASKED = frozenset({As.COORDINATING, As.ADMINISTRATOR})
_BY_CONSENT = frozenset({As.AUTHORISED, As.TEAM, As.DEPUTY}) | _UNMASKED
_IN_EMERGENCY = frozenset({As.EMERGENCY, As.REGULATION})


@dataclass(frozen=True, slots=True)
class Reader:
    who: str
    why: str
    icon: str


def readers(document: DocumentLine, seers: Iterable[Seer]) -> list[Reader]:
    """Those who see it, then those from whom it is kept."""
    seen_by = list(seers)
    masked = "MASQUE_PS" in document.labels
    if MaskKind.HANDED in document.masked_by:
        return _in_hands(seen_by)
    found = [_attending(each, masked=masked) for each in seen_by if each.capacity is As.ATTENDING]
    if not document.mine:
        found.append(_author(document))
    found += [
        Reader(each.name, about("Votre représentant"), "users")
        for each in seen_by
        if each.capacity is As.REPRESENTATIVE
    ]
    found += [Reader(each.name, about("Votre aidant"), "users") for each in seen_by if each.capacity is As.CARER]
    found += [_group(each) if each.group else _authorised(each) for each in seen_by if each.capacity in _BY_CONSENT]
    found += [_in_emergency(each) for each in seen_by if each.capacity in _IN_EMERGENCY]
    if masked:
        hidden = gettext("Les autres soignants ne le voient pas")
        why = " ".join(mask_words.by(document.masked_by)) or gettext("Ce document est masqué")
        found.append(Reader(hidden, why, "eye-off"))
    elif not any(each.capacity in _BY_CONSENT for each in seen_by):
        nobody = gettext("Aucun autre soignant")
        found.append(Reader(nobody, gettext("Vous n'en avez autorisé aucun à lire ce type de document"), "users"))
    if "INVISIBLE_REPRESENTANTS_LEGAUX" in document.labels:
        found.append(
            Reader(represented("Vos parents ne le voient pas"), gettext("Vous l'avez gardé secret"), "eye-off")
        )
    return found


def _in_hands(seen_by: Iterable[Seer]) -> list[Reader]:
    why = gettext("Vous le lui avez remis")
    found = [
        Reader(each.name, _parts(profession(each.profession), each.organisation, why), "stethoscope")
        for each in seen_by
    ]
    alone = gettext("Aucun autre soignant ne le voit")
    how = gettext("On reprend ce document à la page « Ma synthèse »")
    return [*found, Reader(alone if found else gettext("Aucun soignant ne le voit"), how, "eye-off")]


def _attending(seer: Seer, *, masked: bool) -> Reader:
    why = gettext("Votre médecin traitant, même si le document est masqué")
    return Reader(seer.name, why if masked else gettext("Votre médecin traitant"), "stethoscope")


def _author(document: DocumentLine) -> Reader:
    who = words.author(document.author_label) or document.organisation_label or gettext("L'auteur du document")
    return Reader(who, gettext("L'auteur du document, même si vous le masquez"), "user")


def _authorised(seer: Seer) -> Reader:
    why = _parts(profession(seer.profession), seer.organisation)
    if seer.capacity is As.DEPUTY:
        why = gettext("%(who)s, à la place d'un soignant autorisé") % {"who": why}
    if seer.capacity in _UNMASKED:
        why = gettext("%(who)s, avec votre accord, même si le document est masqué") % {"who": why}
    return Reader(seer.name, why, "stethoscope")


def _group(seer: Seer) -> Reader:
    """As such: each of its members reads within what their profession allows."""
    if seer.group == "team":
        return Reader(
            seer.name, gettext("Équipe autorisée : ceux dont la profession donne accès à ce document"), "users"
        )
    why = gettext("Établissement autorisé : ceux dont la profession donne accès à ce document")
    if seer.group == "service":
        why = gettext("Service autorisé : ceux dont la profession donne accès à ce document")
    return Reader(seer.name, why, "building-hospital")


def _in_emergency(seer: Seer) -> Reader:
    why = gettext("En ce moment, pour une urgence")
    return Reader(seer.name, _parts(profession(seer.profession), seer.organisation, why), "ambulance")


def _parts(*parts: str) -> str:
    return ", ".join(filter(None, parts))
