"""What a carer was given, in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from carnet.consent.caring import Right
from carnet.web.i18n import gettext
from carnet.web.words import marked

RIGHTS: Final = {
    Right.DOCUMENTS: marked("Tous les documents"),
    Right.TREATMENTS: marked("Les traitements"),
    Right.APPOINTMENTS: marked("Les rendez-vous"),
    Right.MESSAGES: marked("Les messages"),
    Right.MEASURES: marked("Les mesures"),
}
HINTS: Final = {
    Right.DOCUMENTS: marked("Sauf ce qui est masqué ou secret, les directives et les volontés."),
    Right.TREATMENTS: marked("Traitements, ordonnances, médicaments délivrés, vaccinations."),
    Right.APPOINTMENTS: marked("Les notifications de rendez-vous que les soignants déposent. Carnet n'a pas d'agenda."),
    Right.MESSAGES: marked("Pour plus tard : Carnet n'a pas encore de messages."),
    Right.MEASURES: marked("Poids, tension et les autres, et les relevés de mesures."),
}
ADDED: Final = {
    Right.DOCUMENTS: marked(
        "Tous les documents : ajouter des documents, et noter dans votre santé (allergies, maladies, traitements,"
        " mesures, vaccinations)."
    ),
    Right.TREATMENTS: marked("Les traitements : noter ce que vous prenez."),
    Right.MEASURES: marked("Les mesures : noter une mesure."),
}
"""What somebody who may act adds, by each right with which they may."""


def rights(given: Collection[str]) -> str:
    """« les traitements, les rendez-vous »."""
    names = [gettext(words) for right, words in RIGHTS.items() if right in given]
    return ", ".join(name[:1].lower() + name[1:] for name in names)


def said(given: Collection[str], *, acts: bool) -> str:
    adds = acts and not ADDED.keys().isdisjoint(given)
    mode = gettext("Vous pouvez lire et ajouter.") if adds else gettext("Vous pouvez lire.")
    return gettext("Vous l'aidez pour : %(rights)s.") % {"rights": rights(given)} + f" {mode}" if given else ""
