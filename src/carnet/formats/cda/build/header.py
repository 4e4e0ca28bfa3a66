"""The header of a CI-SIS document from its DocumentEntry: `formats.cda.header.read` gives the entry back."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.act import encounter, orders, referrers, service_events
from carnet.formats.cda.build.details import Details, Template
from carnet.formats.cda.build.elements import el
from carnet.formats.cda.build.people import author, custodian, legal_authenticator, record_target
from carnet.formats.cda.build.values import coded, document_identifier, stamp
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Author, DocumentEntry
from carnet.formats.terminology import labels

__all__ = ["header"]

# Conformance to HL7 France and to the minimal structure of the CI-SIS.
_MINIMAL: Final = (Template("2.16.840.1.113883.2.8.2.1"), Template("1.2.250.1.213.1.1.1.1"))


def header(entry: DocumentEntry, templates: tuple[Template, ...], details: Details) -> list[_Element]:
    """Everything before `component`, in the order of the CDA R2 schema."""
    _check(entry)
    elements = [
        el("realmCode", code="FR"),
        el("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
        *[el("templateId", root=each.root, extension=each.version or None) for each in (*_MINIMAL, *templates)],
        document_identifier("id", entry.unique_id),
        coded("code", entry.type),
        el("title", entry.title),
        el("effectiveTime", value=stamp(entry.created)),
        _confidentiality(entry),
        el("languageCode", code=entry.language),
        document_identifier("setId", entry.set_id) if entry.set_id else None,
        el("versionNumber", value=entry.version) if entry.version else None,
        record_target(entry.patient, details),
        *[author(each, details) for each in entry.authors or (Author(),)],
        custodian(entry, details),
        legal_authenticator(entry.authenticator, details) if entry.authenticator else None,
        *referrers(entry),
        *orders(entry),
        *service_events(entry, details),
        *[_replaced(each) for each in entry.replaces],
        encounter(entry, details),
    ]
    return [each for each in elements if each is not None]


def _check(entry: DocumentEntry) -> None:
    if not entry.type.code:
        raise CdaError(
            "missing-type",
            "Le type du document manque : donnez un code du jeu de valeurs des types.",
            "/ClinicalDocument/code",
        )
    if entry.version and not (entry.version.isascii() and entry.version.isdigit()):
        raise CdaError(
            "bad-version",
            "Le numéro de version du document n’est pas un nombre entier : corrigez-le.",
            "/ClinicalDocument/versionNumber",
        )
    base = entry.confidentiality
    if not all(map(labels.is_visibility, entry.labels)) or (base and not labels.is_base(base.code)):
        raise CdaError(
            "unknown-confidentiality",
            "Ce code de confidentialité n’est pas connu : utilisez N, R ou V, et les étiquettes de visibilité du DMP.",
            "/ClinicalDocument/confidentialityCode",
        )


def _confidentiality(entry: DocumentEntry) -> _Element:
    """The schema has one confidentialityCode: visibility labels are its translations."""
    translations = [coded("translation", labels.coded(each)) for each in sorted(entry.labels)]
    return coded("confidentialityCode", entry.confidentiality, *translations)


def _replaced(unique_id: str) -> _Element:
    parent = el("parentDocument", document_identifier("id", unique_id))
    return el("relatedDocument", parent, typeCode="RPLC")
