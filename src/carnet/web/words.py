"""Fixed words of the domain, as people read them. The keys are the house's own codes and labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

import orjson

from carnet.documents.authors import added_by
from carnet.web.i18n import FRENCH, LOCALE_FOLDER, gettext, language, typography


def marked(message: str) -> str:
    """Puts a sentence into the catalogue where it is written; it is translated where it is shown."""
    return message


# The categories of documents (`documents`: `category_label`), each with its icon.
_CATEGORIES = {
    marked("Ma santé en résumé"): "heart-rate-monitor",
    marked("Ordonnances et soins"): "pill",
    marked("Radio, scanner, échographie"): "photo-scan",
    marked("Résultats de biologie"): "test-pipe",
    marked("Comptes rendus"): "report-medical",
    marked("Prévention et dépistages"): "stethoscope",
    marked("Certificats médicaux"): "file-certificate",
    marked("Autres documents"): "file-text",
    marked("Pièces administratives"): "id",
    marked("Synthèse du profil médical"): "heart-rate-monitor",
    marked("Directives anticipées"): "mail",
    marked("Carnet de vaccination"): "vaccine",
    marked("Volontés du patient"): "mail",
    marked("Remboursements"): "receipt",
    marked("Questionnaire de santé (âges clés)"): "report-medical",
}

_MEDIA = {
    "text/xml": marked("Document structuré (CDA)"),
    "application/xml": marked("Document structuré (CDA)"),
    "application/xslt+xml": marked("Document structuré (CDA)"),
    "application/pdf": marked("PDF"),
    "image/jpeg": marked("Image JPEG"),
    "image/png": marked("Image PNG"),
    "image/tiff": marked("Image TIFF"),
    "text/rtf": marked("Texte RTF"),
    "application/rtf": marked("Texte RTF"),
    "text/plain": marked("Texte"),
    "application/fhir+json": marked("Données structurées (FHIR)"),
}


def category(label: str) -> str:
    return gettext(label) if label in _CATEGORIES else label


def category_icon(label: str) -> str:
    return _CATEGORIES.get(label, "file-text")


def media(media_type: str) -> str:
    return gettext(_MEDIA[media_type]) if media_type in _MEDIA else media_type


def document_type(label: str) -> str:
    """The nomenclature's French label, its abbreviation written out; or in English."""
    english = _in_english("types", label)
    return english or typography("Compte rendu" + label[2:] if label.startswith("CR ") else label)


_RELATIONS: Final = {
    "parent": marked("parent"),
    "guardian": marked("représentant légal"),
    "carer": marked("personne aidante"),
}


def author(label: str) -> str:
    """As a list names who a document is from; of who added it for the patient, with what they are to them."""
    found = added_by(label)
    return f"{found[0]}, {relation(found[1])}" if found else label


def added(label: str) -> str:
    """« Ajouté par Paul Durand, parent », or the author as any other."""
    said = author(label)
    return gettext("Ajouté par %(who)s") % {"who": said} if said != label else label


def relation(name: str) -> str:
    return gettext(_RELATIONS[name]) if name in _RELATIONS else ""


def profession(label: str) -> str:
    """The nomenclature's French label, without what tells how a speciality was acquired: « Cardiologie (SM) »; or in
    English."""
    plain = re.sub(r" \((?:SM|C|CEX)\)$", "", label)
    speciality = plain.removeprefix("Médecin - ")
    return _in_english("professions", plain) or _in_english("professions", speciality) or typography(plain)


@cache
def _labels(chosen: str) -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = orjson.loads((LOCALE_FOLDER / chosen / "labels.json").read_bytes())
    return found


def _in_english(kind: Literal["types", "professions"], label: str) -> str:
    """Where the reader's language is not French and the label is one of the nomenclature's; else ""."""
    return "" if language() == FRENCH else _labels(language())[kind].get(label, "")


_UNITS = {"pas/jour": marked("pas/jour")}
_INTERNATIONAL = re.compile(r"\b([mkµ]?)UI\b")


def unit(shown: str) -> str:
    """A unit as the reader's language writes it: mUI/L and 1,73 m² are French."""
    if shown in _UNITS:
        return gettext(_UNITS[shown])
    if language() == FRENCH:
        return shown
    return re.sub(r"(?<=\d),(?=\d)", ".", _INTERNATIONAL.sub(r"\1IU", shown))


def first_name(name: str) -> str:
    """Of a person known as « Dominique PAT-TROIS »."""
    given = [word for word in name.split() if not word.isupper()]
    return " ".join(given) or name
