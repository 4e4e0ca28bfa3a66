"""Builds CDA R2 documents in the manner of the CI-SIS. The same facts always give the same bytes."""

from __future__ import annotations

from base64 import b64encode
from functools import partial

from lxml.etree import _Element, tostring

from carnet.demo.header import coded, header
from carnet.demo.identifiers import uuid_of
from carnet.demo.model import Document, Numbering, Scan, Section
from carnet.demo.narrative import narrative
from carnet.demo.pdf import write
from carnet.demo.xml import el, template


def build(document: Document) -> bytes:
    root = el("ClinicalDocument", *header(document), el("component", _body(document)))
    data: bytes = tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def scan_pdf(document: Document, scan: Scan) -> bytes:
    """The page that a scanner or a word processor would have made: letterhead, patient, text, signature."""
    organisation, patient, author = document.organisation, document.patient, document.author
    address = organisation.address
    head = (
        f"{address.street}, {address.postal_code} {address.city}",
        f"Le {document.at:%d/%m/%Y}",
        f"{patient.name}, {patient.age_words} – INS {patient.ins}",
    )
    foot = (author.name,) if author else ()
    return write(letterhead=organisation.name, title=document.title, head=head, paragraphs=scan.paragraphs, foot=foot)


def _body(document: Document) -> _Element:
    if isinstance(document.body, Scan):
        content = b64encode(scan_pdf(document, document.body)).decode()
        return el("nonXMLBody", el("text", content, mediaType="application/pdf", representation="B64"))
    numbering = Numbering(partial(_entry_id, document.key))
    return el("structuredBody", *[_component(section, numbering) for section in document.body])


def _component(section: Section, numbering: Numbering) -> _Element:
    return el(
        "component",
        el(
            "section",
            *template(*section.templates),
            el("id", root=numbering.id()),
            coded("code", section.code),
            el("title", section.title),
            narrative(section.blocks) if section.blocks else None,
            *[entry(numbering) for entry in section.entries],
            *[_component(part, numbering) for part in section.parts],
        ),
    )


def _entry_id(document_key: str, number: str) -> str:
    return str(uuid_of("entry", document_key, number)).upper()
