"""The structured narrative of a level-3 CDA as an HTML fragment that anyone can read, on any screen.

Headings in order from h2, tables in a region that scrolls, notes at the end of their section, images inside
the page. Nothing of the document's own identifiers, styles or addresses reaches it unchecked: see `sanitise`.
"""

from __future__ import annotations

from lxml import etree

from carnet.formats.cda.blocks import Page, escape, flow, identity, notes
from carnet.formats.cda.body import the_body
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import attribute, child, children, text_of
from carnet.formats.cda.sanitise import sanitise
from carnet.formats.cda.xml import HL7, clinical_document, parse

__all__ = ["to_html"]

_FIRST_HEADING = 2
_LAST_HEADING = 6


def to_html(data: bytes) -> str:
    """One `<div class="cn-narrative" lang="…">`. `CdaError` `not-structured` when the body is a file."""
    document = clinical_document(parse(data))
    body = the_body(document)
    if body.tag != HL7 + "structuredBody":
        raise CdaError(
            "not-structured",
            "Le corps de ce document est un fichier joint : il n’a pas de texte structuré à afficher.",
            "/ClinicalDocument/component/nonXMLBody",
        )
    page = Page(body)
    language = attribute(child(document, "languageCode"), "code") or "fr-FR"
    sections = "".join(_section(page, each, _FIRST_HEADING) for each in children(body, "component/section"))
    return sanitise(f'<div class="cn-narrative" lang="{escape(language)}">{sections}</div>')


def _section(page: Page, section: etree._Element, level: int) -> str:
    code = child(section, "code")
    title = text_of(child(section, "title")) or attribute(code, "displayName")
    heading = f"<h{level}>{escape(title)}</h{level}>" if title else ""
    page.title = title.rstrip(" :")
    text = child(section, "text")
    body = "" if text is None else _text(page, text)
    # A section without a title opens no level: headings must not skip one.
    below = min(level + 1, _LAST_HEADING) if title else level
    inner = "".join(_section(page, each, below) for each in children(section, "component/section"))
    language = attribute(child(section, "languageCode"), "code")
    return f"<section{identity(page, section, language)}>{heading}{body}{inner}</section>"


def _text(page: Page, text: etree._Element) -> str:
    written = flow(page, text, wrap=True)
    if attributes := identity(page, text):
        written = f"<div{attributes}>{written}</div>"
    return written + notes(page)
