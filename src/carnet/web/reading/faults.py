"""Why a page cannot be shown, in the words of the pages; by the codes of `kernel.render`."""

from __future__ import annotations

import textwrap

from markupsafe import escape

from carnet.web.i18n import gettext
from carnet.web.words import marked

_OTHER = marked("Ce fichier est incomplet ou abîmé : il ne peut pas être affiché. Vous pouvez le télécharger.")
_SENTENCES = {
    "encrypted": marked(
        "Ce PDF est protégé par un mot de passe : il ne peut pas être affiché ici. "
        "Téléchargez-le pour l'ouvrir avec son mot de passe."
    ),
    "too-complex": marked("Cette page est trop complexe pour être affichée ici. Téléchargez le document pour le lire."),
    "too-large": marked("Cette image est trop grande pour être affichée ici. Téléchargez le document pour la voir."),
    "unsupported": marked("Ce genre de fichier ne peut pas être affiché ici. Téléchargez-le pour l'ouvrir."),
}
_LINE, _HEIGHT = 44, 40


def sentence(code: str) -> str:
    return gettext(_SENTENCES.get(code, _OTHER))


def drawn(code: str) -> str:
    """The sentence as an image (SVG), where the image of a page was asked for."""
    lines = textwrap.wrap(sentence(code), _LINE)
    text = "".join(
        f'<tspan x="40" y="{_HEIGHT * (number + 2)}">{escape(line)}</tspan>' for number, line in enumerate(lines)
    )
    size = f'viewBox="0 0 800 {_HEIGHT * (len(lines) + 3)}"'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    words = f'<text font-family="sans-serif" font-size="28" fill="#1b2b30">{text}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{background}{words}</svg>'
