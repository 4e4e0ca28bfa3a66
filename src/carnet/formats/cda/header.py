"""The header of a CDA document as an XDS DocumentEntry (interoperability reference, section d)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lxml import etree

from carnet.formats.cda.act import read_acts
from carnet.formats.cda.body import the_body
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.format_code import read_format
from carnet.formats.cda.nodes import (
    attribute,
    child,
    children,
    coded,
    document_id,
    path_of,
    text_of,
    timestamp,
)
from carnet.formats.cda.people import read_authenticator, read_authors, read_custodian, read_patient, read_referrers
from carnet.formats.cda.xml import Source, clinical_document, is_self_presenting, opened
from carnet.formats.entry import Author, Coded, DocumentEntry

__all__ = ["LABELS", "read"]

_VISIBILITY_SYSTEM: Final = "1.2.250.1.213.1.1.4.13"
_BASE: Final = frozenset({"N", "R", "V"})
# Every spelling of a visibility label, and the label it means (TRE_A07; HL7 v2 cuts at 20 characters; J421).
LABELS: Final = {
    "MASQUE_PS": "MASQUE_PS",
    "INVISIBLE_PATIENT": "INVISIBLE_PATIENT",
    "NOPAT": "INVISIBLE_PATIENT",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "INVISIBLE_REPRESENTANTS_LEGAUX",
    "INVISIBLE_REP_LEGAUX": "INVISIBLE_REPRESENTANTS_LEGAUX",
}


def read(source: Source) -> DocumentEntry:
    """Metadata of one document; `category` is left to the terminology, hash and size to who keeps the bytes.

    What a producer gets wrong without harm is in `warnings`, a French sentence each; everything else raises
    `CdaError`.
    """
    root = opened(source)
    document = clinical_document(root)
    warnings: list[str] = []
    the_body(document)
    type_ = _type(document, warnings)
    base, labels = _confidentiality(document, warnings)
    acts = read_acts(document, warnings)
    return DocumentEntry(
        unique_id=_unique_id(document),
        type=type_,
        title=_title(document, type_, warnings),
        created=_created(document),
        media_type="application/xslt+xml" if is_self_presenting(root) else "text/xml",
        patient=read_patient(document, warnings),
        format=read_format(document, warnings),
        language=_language(document, warnings),
        confidentiality=base,
        labels=labels,
        authors=_authors(document, warnings),
        authenticator=read_authenticator(document, warnings),
        custodian=read_custodian(document),
        events=acts.events,
        period=acts.period,
        facility=acts.facility,
        setting=acts.setting,
        references=acts.references,
        encounter=acts.encounter,
        referrers=read_referrers(document),
        set_id=document_id(child(document, "setId")) or "",
        version=attribute(child(document, "versionNumber"), "value"),
        replaces=_replaces(document, warnings),
        warnings=tuple(warnings),
    )


def _unique_id(document: etree._Element) -> str:
    ids = list(children(document, "id"))
    found = document_id(ids[0]) if len(ids) == 1 else None
    if found is None:
        raise CdaError(
            "bad-document-id",
            "L’identifiant du document manque, est double ou n’est ni un OID ni un UUID : donnez-en un, "
            "unique et durable, dans id/@root.",
            "/ClinicalDocument/id",
        )
    return found


def _type(document: etree._Element, warnings: list[str]) -> Coded:
    found = coded(child(document, "code"))
    if found is None:
        raise CdaError(
            "missing-type",
            "Le type du document manque : donnez dans code/@code un code du jeu de valeurs des types.",
            "/ClinicalDocument/code",
        )
    if not found.system:
        warnings.append("Le type du document est donné sans son système de codes (codeSystem).")
    return found


def _title(document: etree._Element, type_: Coded, warnings: list[str]) -> str:
    title = text_of(child(document, "title"))
    if not title:
        warnings.append("Le titre du document manque : le libellé de son type le remplace.")
    return title or type_.display or type_.code


def _created(document: etree._Element) -> datetime:
    found = timestamp(child(document, "effectiveTime"))
    if found is None:
        raise CdaError(
            "missing-creation-time",
            "La date de création du document manque : donnez-la dans effectiveTime/@value (AAAAMMJJhhmmss±zzzz).",
            "/ClinicalDocument/effectiveTime",
        )
    return found


def _language(document: etree._Element, warnings: list[str]) -> str:
    found = attribute(child(document, "languageCode"), "code")
    if not found:
        warnings.append("La langue du document manque : le français (fr-FR) est supposé.")
    return found or "fr-FR"


def _authors(document: etree._Element, warnings: list[str]) -> tuple[Author, ...]:
    found = read_authors(document, warnings)
    if not found:
        warnings.append("L’auteur du document manque.")
    return found


def _confidentiality(document: etree._Element, warnings: list[str]) -> tuple[Coded | None, frozenset[str]]:
    base: Coded | None = None
    labels: set[str] = set()
    for element in children(document, "confidentialityCode"):
        for code in filter(None, map(coded, (element, *children(element, "translation")))):
            if code.code in LABELS:
                labels.add(LABELS[code.code])
            elif code.system == _VISIBILITY_SYSTEM or code.code not in _BASE:
                # Dropping a restriction nobody here understands would show what was meant to be hidden.
                raise _unknown_confidentiality(element)
            else:
                base = base or code
    if base is None:
        warnings.append("Le niveau de confidentialité de base (N, R ou V) manque.")
    return base, frozenset(labels)


def _unknown_confidentiality(element: etree._Element) -> CdaError:
    return CdaError(
        "unknown-confidentiality",
        "Ce code de confidentialité n’est pas connu : utilisez N, R ou V (2.16.840.1.113883.5.25), et "
        "MASQUE_PS, INVISIBLE_PATIENT ou INVISIBLE_REPRESENTANTS_LEGAUX (1.2.250.1.213.1.1.4.13).",
        path_of(element),
    )


def _replaces(document: etree._Element, warnings: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for related in children(document, "relatedDocument"):
        if related.get("typeCode") != "RPLC":
            warnings.append("Un lien du document vers un autre, qui n’est pas un remplacement, est ignoré.")
            continue
        ids = [document_id(each) for each in children(related, "parentDocument/id")]
        if not ids or None in ids:
            warnings.append("L’identifiant d’un document remplacé manque ou n’est ni un OID ni un UUID : lien ignoré.")
        found += [each for each in ids if each]
    return tuple(found)
