"""How a document is read on its page: its narrative, its pages as images, its text, or a file to download. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from carnet.formats import folding
from carnet.formats import text as texts
from carnet.formats.cda.body import Level1, attachments, read_body, sniff_image
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.narrative import to_html
from carnet.formats.fhir import narrative as fhir_narrative
from carnet.formats.folding import Term
from carnet.formats.text import plain

FIRST_HIT = "passage-1"


class Kind(StrEnum):
    NARRATIVE = "narrative"
    SHEETS = "sheets"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file inside a document, or the document itself. `media_type` is what its bytes show or it declares."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """`html` has passed the narrative's allow-list (`formats.cda.sanitise`). `file` is what has pages to be shown, or
    the one file that a level-1 CDA carries. `hits` in the narrative or text; `cut`: there is more than is shown."""

    kind: Kind
    html: Markup | None = None
    paragraphs: tuple[tuple[folding.Piece, ...], ...] = ()
    hits: int = 0
    cut: bool = False
    file: Piece | None = None
    pieces: tuple[Piece, ...] = ()


CDA = frozenset({"text/xml", "application/xml", "application/xslt+xml"})
FHIR = "application/fhir+json"
PDF = "application/pdf"
SHEETS = frozenset({PDF, "image/jpeg", "image/png", "image/tiff"})
TEXTS = frozenset({"text/plain", "text/rtf", "application/rtf"})

# What a browser may open by itself: it runs nothing of it.
OPENED = frozenset({PDF, "image/jpeg", "image/png", "image/gif", "text/plain"})
_MOST_TEXT = 300_000
_SUFFIXES = {
    PDF: ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    FHIR: ".json",
    **dict.fromkeys(CDA, ".xml"),
}


def of_bytes(media_type: str, data: bytes, terms: Sequence[Term] = ()) -> Reading:
    """A file that cannot be read as it should is still there to be downloaded."""
    if media_type in CDA:
        return _of_cda(data, terms)
    if media_type == FHIR:
        return _of_narrative(fhir_narrative.to_html(data), (), terms)
    return _of_file(Piece("", media_type, data), terms)


def file_of(media_type: str, data: bytes) -> Piece | None:
    """The file whose pages are shown, without reading more than that."""
    if media_type not in CDA:
        return Piece("", media_type, data) if media_type in SHEETS else None
    try:
        body = read_body(data)
    except CdaError:
        return None
    inside = _inside(body) if isinstance(body, Level1) else None
    return inside if inside and inside.media_type in SHEETS else None


def _of_cda(data: bytes, terms: Sequence[Term]) -> Reading:
    try:
        body = read_body(data)
        if isinstance(body, Level1):
            return _of_file(_inside(body), terms)
        return _of_narrative(to_html(data), tuple(Piece(*each) for each in attachments(data)), terms)
    except CdaError:
        return Reading(Kind.FILE)


def _inside(body: Level1) -> Piece:
    """Producers are careless with the type that they declare."""
    return Piece("", sniff_image(body.data) or body.media_type, body.data)


def _of_narrative(html: str, pieces: tuple[Piece, ...], terms: Sequence[Term]) -> Reading:
    if not html and not pieces:
        return Reading(Kind.FILE)
    marked = folding.mark(html, terms, FIRST_HIT)
    return Reading(Kind.NARRATIVE, Markup(marked.html), hits=marked.hits, pieces=pieces)  # noqa: S704  # it has passed


def _of_file(file: Piece, terms: Sequence[Term]) -> Reading:
    if file.media_type in SHEETS:
        return Reading(Kind.SHEETS, file=file)
    if file.media_type not in TEXTS:
        return Reading(Kind.FILE, file=file)
    try:
        written = _written(file)
    except texts.TextError:
        return Reading(Kind.FILE, file=file)
    paragraphs = tuple(tuple(folding.highlight(each, terms)) for each in _paragraphs(written[:_MOST_TEXT]))
    hits = sum(piece.hit for each in paragraphs for piece in each)
    return Reading(Kind.TEXT, paragraphs=paragraphs, hits=hits, cut=len(written) > _MOST_TEXT, file=file)


def _written(file: Piece) -> str:
    """Of a text file its own lines and blanks, of which tables are made; without what shows nothing or turns the
    direction of letters."""
    if file.media_type != "text/plain":
        return texts.extract(file.data, file.media_type).replace("\n", "\n\n")
    return visible("\n".join(plain.read(file.data)[: 2 * _MOST_TEXT].splitlines()))


def visible(text: str) -> str:
    """Without controls, lone surrogates, and what hides or turns letters; lines and tabs stay."""
    if text.isprintable():
        return text
    return text.translate({ord(c): None for c in set(text) if unicodedata.category(c)[0] == "C" and c not in "\n\t"})


def _paragraphs(text: str) -> Iterator[str]:
    return filter(None, (each.strip("\n") for each in re.split(r"\n[ \t]*\n", text)))


def file_name(title: str, media_type: str) -> str:
    """The title as a name that every system can store."""
    kept = "".join(" " if char in '/\\:*?"<>|' or not char.isprintable() else char for char in title)
    return (" ".join(kept.split()).strip(". ")[:80] or "document") + _SUFFIXES.get(media_type, "")
