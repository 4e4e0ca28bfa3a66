"""The body of a CDA document: a file (level 1) or sections of narrative (level 3), and files within."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from lxml import etree

from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import attribute, child, children, coded, path_of, text_of
from carnet.formats.cda.xml import HL7, Source, clinical_document, opened
from carnet.formats.entry import Coded

__all__ = [
    "Attachment",
    "Level1",
    "Level3",
    "Section",
    "attachments",
    "decode",
    "read_body",
    "read_file",
    "sniff_image",
    "the_body",
]

_BODIES: Final = ("structuredBody", "nonXMLBody")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]|=\s*[^=\s]")
_COPY_OF_DOCUMENT: Final = "55108-5"
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_EXTENSIONS: Final = {
    "application/pdf": ".pdf",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/xml": ".xml",
}
_UNSAFE_IN_NAME = re.compile(r'(?:[\x00-\x20\x7f/\\:*?"<>|]|\.{2,})+')
_MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Level1:
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Section:
    """`text` is the narrative as plain text, for search and summaries; `to_html` is what people read."""

    title: str
    code: Coded | None = None
    text: str = ""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Level3:
    sections: tuple[Section, ...]


class Attachment(NamedTuple):
    """`media_type` is what the bytes show for an image, what the document declares otherwise."""

    name: str
    media_type: str
    data: bytes


def read_body(source: Source) -> Level1 | Level3:
    """Raises `CdaError`: missing-, ambiguous-, external-, compressed- or empty-body, and bad-base64."""
    body = the_body(clinical_document(opened(source)))
    if body.tag == HL7 + "nonXMLBody":
        return _level1(body)
    return Level3(tuple(_section(each) for each in children(body, "component/section")))


def read_file(source: Source) -> Level1 | None:
    """The file of a level-1 document; None for one of level 3. Raises as `read_body` does."""
    body = the_body(clinical_document(opened(source)))
    return _level1(body) if body.tag == HL7 + "nonXMLBody" else None


def the_body(document: etree._Element) -> etree._Element:
    """The structuredBody or the nonXMLBody. With two bodies, what is read and what is shown could differ."""
    found = [each for name in _BODIES for each in children(document, f"component/{name}")]
    if len(found) != 1:
        raise CdaError(
            "ambiguous-body" if found else "missing-body",
            "Le document doit avoir exactement un corps : un structuredBody ou un nonXMLBody.",
            "/ClinicalDocument/component",
        )
    return found[0]


def _level1(body: etree._Element) -> Level1:
    text = child(body, "text")
    if text is None:
        raise CdaError("empty-body", "Le corps du document est vide : joignez-y le fichier.", path_of(body))
    if child(text, "reference") is not None:
        raise CdaError(
            "external-body",
            "Le corps du document renvoie à un autre fichier : incluez ce fichier dans le document.",
            path_of(text),
        )
    content = decode(text)
    if not content:
        raise CdaError("empty-body", "Le corps du document est vide : joignez-y le fichier.", path_of(text))
    return Level1(_media_type(text), content)


def decode(element: etree._Element) -> bytes:
    """The bytes of an ED value: base64, or text as UTF-8. Raises `bad-base64` or `compressed-body`."""
    if attribute(element, "compression"):
        raise CdaError(
            "compressed-body", "Le contenu est compressé, ce que le CI-SIS ne prévoit pas.", path_of(element)
        )
    text = element.text or ""
    representation = attribute(element, "representation").upper()
    # Producers forget the attribute, whose default is text: no PDF or image can be text.
    if representation != "B64" and (representation == "TXT" or _media_type(element).startswith("text/")):
        return text.strip().encode()
    if _NOT_BASE64.search(text) is None:
        try:
            return binascii.a2b_base64(text)
        except (binascii.Error, ValueError):
            pass
    raise CdaError(
        "bad-base64", "Le contenu joint n’est pas du base64 valide : encodez-le à nouveau.", path_of(element)
    )


def _media_type(element: etree._Element) -> str:
    return attribute(element, "mediaType").lower().partition(";")[0].strip() or "text/plain"


def _section(element: etree._Element) -> Section:
    return Section(
        title=text_of(child(element, "title")),
        code=coded(child(element, "code")),
        text=_plain(child(element, "text")),
        sections=tuple(_section(each) for each in children(element, "component/section")),
    )


def _plain(text: etree._Element | None) -> str:
    """Cells and paragraphs stay words apart, which joining their text would not do."""
    return "" if text is None else " ".join(" ".join(map(str, text.itertext())).split())


def attachments(source: Source) -> list[Attachment]:
    """Files inside a structured body, the copy of the whole document (section 55108-5) first.

    What cannot be decoded, or stands elsewhere, is left out.
    """
    document = clinical_document(opened(source))
    found: list[tuple[bool, str, Attachment]] = []
    for media in document.iter(HL7 + "observationMedia"):
        value = child(media, "value")
        content = None if value is None else _content(value)
        if value is not None and content:
            section = next(media.iterancestors(HL7 + "section"), None)
            is_copy = attribute(child(section, "code"), "code") == _COPY_OF_DOCUMENT
            kind = sniff_image(content) or _media_type(value)
            found.append((not is_copy, _stem(section, is_copy=is_copy), Attachment("", kind, content)))
    found.sort(key=lambda each: each[0])
    return _named([(stem, each) for _, stem, each in found])


def _content(value: etree._Element) -> bytes | None:
    try:
        return decode(value)
    except CdaError:
        return None


def _stem(section: etree._Element | None, *, is_copy: bool) -> str:
    if is_copy:
        return "Copie du document"
    name = text_of(child(section, "title")) or attribute(child(section, "code"), "displayName")
    return _UNSAFE_IN_NAME.sub(" ", name).strip(" .")[:_MAX_NAME] or "Pièce jointe"


def _named(files: list[tuple[str, Attachment]]) -> list[Attachment]:
    seen: dict[str, int] = {}
    named = []
    for stem, each in files:
        count = seen[stem] = seen.get(stem, 0) + 1
        name = f"{stem} {count}" if count > 1 else stem
        named.append(each._replace(name=name + _EXTENSIONS.get(each.media_type, "")))
    return named


def sniff_image(content: bytes) -> str | None:
    """PNG, JPEG or GIF by their first bytes, whatever was declared."""
    return next((kind for start, kind in _IMAGES if content.startswith(start)), None)
