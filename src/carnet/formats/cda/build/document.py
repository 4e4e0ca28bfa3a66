"""Whole CDA R2 documents in the manner of the CI-SIS. The same facts always give the same bytes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from lxml.etree import _Element, tostring

from carnet.formats.cda.build.details import Details, Template
from carnet.formats.cda.build.elements import clinical_document, el
from carnet.formats.cda.build.header import header
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.text import Section, component
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.format_code import template_of
from carnet.formats.entry import DocumentEntry

__all__ = ["MEDIA_TYPES", "level1", "level3"]

# Those of ASS_A12, and the PNG of telephones, for which it has no format code.
MEDIA_TYPES: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff", "text/plain", "text/rtf"})
_SCANNED: Final = (Template("1.3.6.1.4.1.19376.1.2.20"),)
_NO_DETAILS: Final = Details()


def level1(entry: DocumentEntry, content: bytes, media_type: str, details: Details = _NO_DETAILS) -> bytes:
    """The document around a file. Its format is that of the file, whatever `entry.format` and `details` say.

    Raises `CdaError`: `unsupported-media-type`, `empty-body`, and those of a header: `bad-document-id`, `bad-ins`,
    `bad-version`, `missing-type`, `study-without-modality`, `system-without-oid`, `unknown-confidentiality`,
    `unwritable-character`.
    """
    if media_type not in MEDIA_TYPES:
        raise CdaError(
            "unsupported-media-type",
            "Ce type de fichier ne peut pas être le corps d’un document CDA : convertissez-le en PDF ou en JPEG.",
            "/ClinicalDocument/component/nonXMLBody/text/@mediaType",
        )
    if not content:
        raise CdaError("empty-body", "Le fichier à joindre est vide.", "/ClinicalDocument/component/nonXMLBody/text")
    text = el("text", b64encode(content).decode(), mediaType=media_type, representation="B64")
    return _written(entry, _SCANNED, details, el("nonXMLBody", text))


def level3(entry: DocumentEntry, sections: Sequence[Section], details: Details = _NO_DETAILS) -> bytes:
    """The document with a structured body. Raises `CdaError`: `empty-body`, and those of a header (see `level1`)."""
    if not sections:
        raise CdaError("empty-body", "Le document n’a aucune section.", "/ClinicalDocument/component/structuredBody")
    scope = Scope(entry.unique_id, details)
    body = el("structuredBody", *[component(section, scope) for section in sections])
    return _written(entry, details.templates or _model(entry), details, body)


def _model(entry: DocumentEntry) -> tuple[Template, ...]:
    root = template_of(entry.format) if entry.format else None
    return (Template(root),) if root else ()


def _written(entry: DocumentEntry, templates: tuple[Template, ...], details: Details, body: _Element) -> bytes:
    root = clinical_document([*header(entry, templates, details), el("component", body)])
    data: bytes = tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data
