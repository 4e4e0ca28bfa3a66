"""What a professional says of the document that they deposit: read, and every fault of it told at its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

import orjson

from carnet.documents.queries import Document
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.writing import TYPES, Written
from carnet.formats.entry import Coded
from carnet.formats.fhir.loose import as_list, as_object, as_text
from carnet.formats.terminology import practice
from carnet.formats.terminology.document_types import DocumentType
from carnet.web import words
from carnet.web.i18n import PARIS, gettext
from carnet.web.pro import dates, restrictions
from carnet.web.words import marked

LONGEST_TITLE: Final = 120
LABELS: Final = {"masque": "MASQUE_PS", "annonce": "INVISIBLE_PATIENT", "secret": "INVISIBLE_REPRESENTANTS_LEGAUX"}
_CODES: Final = frozenset(kind.code for kind in TYPES)
_EARLIEST: Final = 1900
_CCAM: Final = re.compile(r"([A-Z]{4}[0-9]{3})?", re.ASCII)
_CHANGED: Final = marked("Le document à remplacer a changé entre-temps. Ouvrez sa version actuelle, puis recommencez.")
_REFUSED: Final = {
    Fault.LABELS_EXCLUDE_EVERYONE: (
        "etiquettes",
        marked(
            "Choisissez l'un ou l'autre : masqué et non visible par le patient, plus personne ne le lirait que vous"
        ),
    ),
    Fault.ANNOUNCED: (
        "etiquettes",
        marked(
            "La personne a ce document sous les yeux : il ne se retire plus. Déposez à part ce qui reste à lui annoncer"
        ),
    ),
    Fault.TYPE_UNKNOWN: ("type", marked("Choisissez le type de document")),
    Fault.OTHER_CONTENT: ("fichier", marked("Ce document est déjà déposé : il est dans la liste")),
    Fault.ID_UNUSABLE: ("fichier", marked("Ce document est déjà déposé : il est dans la liste")),
    Fault.REPLACED_SUPERSEDED: ("fichier", _CHANGED),
    Fault.REPLACED_UNKNOWN: ("fichier", _CHANGED),
    Fault.URGENT_FEED: (
        "type",
        marked("La personne ne veut pas que les urgences déposent ici : remettez-lui ce document"),
    ),
    Fault.NOT_PERSONAL: ("auteur", marked("Choisissez pour qui vous déposez")),
}
_OTHERWISE: Final = (
    "fichier",
    marked("Ce fichier ne peut pas être déposé. Enregistrez-le en PDF, puis déposez ce PDF."),
)

Wrong = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form."""

    type_code: str = ""
    title: str = ""
    day: str = ""
    labels: frozenset[str] = frozenset()
    author: str = ""
    act: str = ""
    facility: str = ""
    setting: str = ""


def given(form: Mapping[str, str], labels: Sequence[str]) -> Fields:
    return Fields(
        type_code=form.get("type", ""),
        title=_line(form.get("titre", "")),
        day=_line(form.get("jour", ""))[:20],
        labels=frozenset(labels) & frozenset(LABELS),
        author=form.get("auteur", ""),
        act=_line(form.get("acte_ccam", "")).upper()[:20],
        facility=form.get("lieu", ""),
        setting=form.get("cadre", ""),
    )


def of(document: Document) -> Fields:
    """What is said of a document already, for its next version."""
    kind = as_object(orjson.loads(document.fhir)).get("type")
    coding = as_object(next(iter(as_list(as_object(kind).get("coding"))), None))
    code = as_text(coding.get("code"))
    began = document.service_start.astimezone(PARIS).date() if document.service_start else None
    context = as_object(as_object(orjson.loads(document.fhir)).get("context"))
    return Fields(
        type_code=code if code in _CODES else "",
        title=_line(document.title)[:LONGEST_TITLE],
        day=f"{began.day} {began.month} {began.year}" if began else "",
        labels=frozenset(name for name, label in LABELS.items() if label in document.labels),
        facility=_code(context.get("facilityType"), practice.facilities()),
        setting=_code(context.get("practiceSetting"), practice.settings()),
    )


def _code(concept: object, known: Mapping[str, Coded]) -> str:
    """The one of ours that it names."""
    coding = as_object(next(iter(as_list(as_object(concept).get("coding"))), None))
    code = as_text(coding.get("code"))
    return code if code in known else ""


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def read(
    fields: Fields, today: date, *, represented: bool, together: bool, principals: Sequence[UUID], signs: bool
) -> tuple[Written | None, list[Wrong]]:
    """`principals`: those for whom they may deposit; `signs`: they may do so for themselves."""
    day, day_fault = _day(fields.day, today)
    known = {str(each): each for each in principals}
    faults = [
        ("type", "" if fields.type_code in _CODES else gettext("Choisissez le type de document")),
        ("titre", _title_fault(fields.title)),
        ("jour", day_fault),
        ("auteur", "" if fields.author in known or (signs and not fields.author) else gettext(_REFUSED[_FOR_WHOM][1])),
        ("acte_ccam", "" if _CCAM.fullmatch(fields.act) else gettext("Écrivez un code de la CCAM : DEQP003")),
        ("lieu", "" if fields.facility in {"", *practice.facilities()} else gettext("Choisissez un lieu de la liste")),
        ("cadre", "" if fields.setting in {"", *practice.settings()} else gettext("Choisissez un cadre de la liste")),
        ("etiquettes", _labels_fault(fields.labels, represented=represented, together=together)),
    ]
    found = [(name, text) for name, text in faults if text]
    if found or day is None:
        return None, found
    labels = frozenset(LABELS[each] for each in fields.labels)
    about = (fields.act, fields.facility, fields.setting)
    return Written(fields.title, fields.type_code, day, labels, known.get(fields.author), *about), []


_FOR_WHOM: Final = Fault.NOT_PERSONAL


def _title_fault(title: str) -> str:
    if not title:
        return gettext("Saisissez un titre")
    if len(title) > LONGEST_TITLE:
        return gettext("Écrivez un titre de %(most)s caractères au plus") % {"most": LONGEST_TITLE}
    return ""


def _labels_fault(labels: frozenset[str], *, represented: bool, together: bool) -> str:
    if labels >= {"masque", "annonce"} and not together:
        return gettext(_REFUSED[Fault.LABELS_EXCLUDE_EVERYONE][1])
    return restrictions.secret_fault(labels, represented=represented)


def _day(text: str, today: date) -> tuple[date | None, str]:
    if not text:
        return None, gettext("Saisissez la date de l'acte")
    day = dates.day(text)
    if day is None or day.year < _EARLIEST:
        return None, gettext("Écrivez la date comme ceci : 12 3 2025")
    if day > today:
        return None, gettext("Écrivez une date passée : celle-ci n'est pas encore venue")
    return day, ""


def refused(found: DepositRefused) -> list[Wrong]:
    """Each fault at the field where it is mended, once."""
    told = [_REFUSED.get(each.fault, _OTHERWISE) for each in found.all]
    return [(field, gettext(sentence)) for field, sentence in dict.fromkeys(told)]


def types() -> list[tuple[str, list[DocumentType]]]:
    """The types that professionals write, by the shelf on which people find them."""
    by_shelf = sorted(TYPES, key=lambda kind: (words.category(kind.category_label), kind.display))
    groups = groupby(by_shelf, key=lambda kind: words.category(kind.category_label))
    return [(label, list(kinds)) for label, kinds in groups]
