"""Who can see a document, in words: the rules of `consent.decide` as its holder should read them."""

from __future__ import annotations

from dataclasses import dataclass

from carnet.documents.queries import DocumentLine
from carnet.web.i18n import gettext


@dataclass(frozen=True, slots=True)
class Reader:
    who: str
    why: str
    icon: str


def readers(document: DocumentLine) -> list[Reader]:
    masked = "MASQUE_PS" in document.labels
    found = [
        Reader(
            gettext("Votre médecin traitant"),
            gettext("Même quand un document est masqué") if masked else gettext("Il voit tous vos documents"),
            "stethoscope",
        ),
    ]
    if not document.mine:
        author = document.author_label or gettext("L'auteur du document")
        found.append(Reader(author, gettext("Son auteur continue de le voir"), "user"))
    if masked:
        found.append(
            Reader(gettext("Les autres soignants ne le voient pas"), gettext("Ce document est masqué"), "eye-off")
        )
    else:
        found.append(
            Reader(
                gettext("Les soignants que vous avez autorisés"),
                gettext("Si leur métier donne accès à ce type de document"),
                "users",
            )
        )
    if "INVISIBLE_REPRESENTANTS_LEGAUX" in document.labels:
        found.append(Reader(gettext("Vos parents ne le voient pas"), gettext("Vous l'avez gardé secret"), "eye-off"))
    return found
