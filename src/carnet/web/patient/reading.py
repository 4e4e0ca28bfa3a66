"""How a document is read on its page: its narrative, an image, a PDF to open, or a file to download. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from carnet.formats.cda.body import Level1, attachments, read_body
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.narrative import to_html


class Kind(StrEnum):
    NARRATIVE = "narrative"
    IMAGE = "image"
    PDF = "pdf"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file inside a document. `media_type` is what its bytes show or it declares."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """`html` has passed the narrative's allow-list (`formats.cda.sanitise`)."""

    kind: Kind
    html: Markup | None = None
    text: str = ""
    pieces: tuple[Piece, ...] = ()


CDA = frozenset({"text/xml", "application/xml", "application/xslt+xml"})

# What a browser shows by itself without running anything of it.
SHOWN = {
    "application/pdf": Kind.PDF,
    "image/jpeg": Kind.IMAGE,
    "image/png": Kind.IMAGE,
    "image/gif": Kind.IMAGE,
    "text/plain": Kind.TEXT,
}
_SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/fhir+json": ".json",
    **dict.fromkeys(CDA, ".xml"),
}


def needs_content(media_type: str) -> bool:
    """Whether the page itself must look into the bytes."""
    return media_type in CDA or media_type == "text/plain"


def of_bytes(media_type: str, data: bytes) -> Reading:
    if media_type in CDA:
        return _of_cda(data)
    if media_type == "text/plain":
        return Reading(Kind.TEXT, text=_text(data))
    return Reading(SHOWN.get(media_type, Kind.FILE))


def _of_cda(data: bytes) -> Reading:
    """A file that cannot be read as it should is still there to be downloaded."""
    try:
        body = read_body(data)
        if isinstance(body, Level1):
            return _of_file(body)
        pieces = tuple(Piece(*each) for each in attachments(data))
        html = Markup(to_html(data))  # noqa: S704  # it has passed the allow-list
    except CdaError:
        return Reading(Kind.FILE)
    return Reading(Kind.NARRATIVE, html=html, pieces=pieces)


def _of_file(body: Level1) -> Reading:
    kind = SHOWN.get(body.media_type, Kind.FILE)
    text = _text(body.data) if kind is Kind.TEXT else ""
    return Reading(kind, text=text, pieces=(Piece("", body.media_type, body.data),))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def file_name(title: str, media_type: str) -> str:
    """The title as a name that every system can store."""
    kept = "".join(" " if char in '/\\:*?"<>|' or not char.isprintable() else char for char in title)
    return (" ".join(kept.split()).strip(". ")[:80] or "document") + _SUFFIXES.get(media_type, "")
