"""What can be seen of a file before it is a document: a small picture of its first page, and what it may be."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from carnet.documents.drafts import PICTURES, Draft, Piece
from carnet.documents.proposal import propose
from carnet.formats import text
from carnet.formats.text import TextError
from carnet.kernel import render
from carnet.kernel.vault import passing
from carnet.web import i18n
from carnet.web.patient import adding_form
from carnet.web.patient.adding_form import Fields

_WIDTH: Final = 320
_PDF: Final = "application/pdf"
SEEN: Final = PICTURES | {_PDF, "image/tiff"}


def of(piece: Piece) -> bytes | None:
    """WebP, or None for what has no picture. Raises `vault.ContentFault`."""
    if piece.media_type not in SEEN:
        return None
    data = passing.read(piece.content_id)
    with suppress(render.RenderError):
        if piece.media_type == _PDF:
            return render.page_image(data, 1, _WIDTH).data
        return render.picture(data, piece.media_type, _WIDTH).data
    return None


def proposed(draft: Draft, folder: str = "") -> Fields:
    """From the first file's name, what another application called it, and the words of a file that has some; `folder`
    is where the document stood that it replaces."""
    first = draft.pieces[0]
    proposal = propose(f"{draft.title} {first.name}".strip(), words(first), i18n.today())
    return adding_form.proposed(proposal, draft.title, folder)


def words(piece: Piece) -> str:
    """Of a file that has some, read apart; "" for a picture, and for what cannot be read."""
    if piece.is_picture or piece.media_type == "image/tiff":
        return ""
    data = passing.read(piece.content_id)
    with suppress(render.RenderError, TextError):
        return render.text(data) if piece.media_type == _PDF else text.extract(data, piece.media_type)
    return ""
