"""The words of adding a document: its types as people call them, and why a file is not taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings

from carnet.documents.drafts import MOST_PIECES
from carnet.web import i18n
from carnet.web.i18n import gettext
from carnet.web.uploads import Refusal
from carnet.web.words import marked

TYPES: Final = {
    "DOCPAT02": marked("Ordonnance ou document de soins"),
    "DOCPAT05": marked("Résultat d'analyses"),
    "DOCPAT04": marked("Radio, scanner, échographie"),
    "DOCPAT03": marked("Compte rendu ou courrier"),
    "DOCPAT06": marked("Vaccination ou dépistage"),
    "DOCPAT07": marked("Certificat"),
    "DOCPAT01": marked("Synthèse médicale"),
    "DOCPAT09": marked("Document administratif"),
    "EXPPAT_3": marked("Directives anticipées"),
    "EXPPAT_1": marked("Volontés : personne de confiance, don d'organes"),
    "EXPPAT_2": marked("Autre document"),
}
_BROKEN: Final = marked("« %(name)s » est incomplet ou abîmé. Envoyez-le de nouveau, ou choisissez-en un autre.")
_REFUSALS: Final = {
    "empty": marked("« %(name)s » est vide. Choisissez un autre fichier."),
    "too-large": marked("« %(name)s » pèse %(size)s. Choisissez un fichier de %(limit)s au plus."),
    "unsupported-type": marked(
        "« %(name)s » n'est pas d'un genre accepté. Choisissez un PDF, une photo (JPEG, PNG, TIFF) ou un texte."
    ),
    "heic": marked("« %(name)s » est une photo au format HEIC. Enregistrez-la en JPEG, puis envoyez-la."),
    "not-what-it-says": marked("« %(name)s » n'est pas ce que son nom annonce. Choisissez un autre fichier."),
    "active-content": marked(
        "« %(name)s » contient un programme, et pourrait agir sur l'appareil qui l'ouvre."
        " Imprimez-le en PDF, puis envoyez ce PDF."
    ),
    "polyglot": marked("« %(name)s » cache un autre fichier. Choisissez-en un autre, ou prenez le papier en photo."),
    "malware": marked("« %(name)s » contient un virus. Ne l'ouvrez pas, et demandez-le de nouveau à son expéditeur."),
    "encrypted": marked(
        "« %(name)s » est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis envoyez-le."
    ),
    "too-complex": marked("« %(name)s » est trop grand pour être affiché. Envoyez-en une image plus petite."),
    "one-file": marked("Un document est soit un seul fichier, soit des photos. Ajoutez les fichiers un par un."),
    "too-many-pictures": marked("Un document a %(pages)s pages au plus. Ajoutez les suivantes dans un autre document."),
    "too-many-waiting": marked("Beaucoup de fichiers arrivent en ce moment. Réessayez dans quelques minutes."),
    "busy": marked("« %(name)s » n'a pas pu être vérifié. Réessayez dans quelques minutes."),
    "interrupted": marked("L'envoi s'est interrompu. Ce qui était déjà reçu est gardé. Envoyez le reste de nouveau."),
    "too-much": marked("Cet envoi est trop lourd. Envoyez les photos une par une, %(limit)s au plus chacune."),
    "nothing": marked("Choisissez un fichier ou une photo"),
}


def limit() -> str:
    """As people count: 25 Mo."""
    return gettext("%(size)s Mo") % {"size": settings.CARNET.max_web_bytes // (1024 * 1024)}


def refusals(found: Iterable[Refusal]) -> list[str]:
    """One sentence for each different thing to say."""
    return list(dict.fromkeys(_sentence(each) for each in found))


def _sentence(refusal: Refusal) -> str:
    words = {
        "name": refusal.name or gettext("Ce fichier"),
        "size": i18n.file_size(refusal.size),
        "limit": limit(),
        "pages": MOST_PIECES,
    }
    return gettext(_REFUSALS.get(refusal.code, _BROKEN)) % words
