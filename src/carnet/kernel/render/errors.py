"""Why a page cannot be shown. Messages are French, for people, and hold nothing of the document."""

from __future__ import annotations

_MESSAGES = {
    "broken": "Ce fichier est incomplet ou abîmé : il ne peut pas être affiché. Vous pouvez le télécharger.",
    "encrypted": "Ce PDF est protégé par un mot de passe : il ne peut pas être affiché ici. "
    "Téléchargez-le pour l’ouvrir avec son mot de passe.",
    "no-such-page": "Cette page n’existe pas dans le document.",
    "too-complex": "Cette page est trop complexe pour être affichée ici. Téléchargez le document pour le lire.",
    "too-large": "Cette image a trop de points pour être affichée ici. Téléchargez le document pour la voir.",
    "unsupported": "Ce genre de fichier ne peut pas être affiché en image.",
    "heic": "Les photos au format HEIC ne sont pas acceptées : enregistrez ou envoyez la photo en JPEG.",
    "too-many-pictures": "Il y a trop de photos pour un seul document : faites-en plusieurs documents.",
    "too-many-pages": "Ce document a trop de pages pour être imprimé avec d’autres : ouvrez-le seul pour l’imprimer.",
    "no-pictures": "Choisissez au moins une photo.",
}
_BUSY = "L’affichage est très demandé pour le moment. Réessayez dans quelques instants."


class RenderError(Exception):
    """`message` is French, for people; `code` is stable, for software."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Unreadable(RenderError):
    """This file, or this page of it, will never be shown."""

    def __init__(self, code: str) -> None:
        known = code if code in _MESSAGES else "broken"
        super().__init__(known, _MESSAGES[known])


class Busy(RenderError):
    """The same may succeed a moment later."""

    def __init__(self) -> None:
        super().__init__("busy", _BUSY)
