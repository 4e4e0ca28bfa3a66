"""What the person says of a document: read, and every fault of it told at its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.documents.adding import DEFAULT_TYPE, About
from carnet.documents.proposal import Proposal
from carnet.documents.shelf_rules import LONGEST_FOLDER
from carnet.web.i18n import gettext
from carnet.web.patient.adding_words import TYPES

LONGEST_TITLE: Final = 120
VISIBLE, MASKED = "visible", "masque"
_DAY: Final = re.compile(r"\s*(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})\s*", re.ASCII)
_EARLIEST: Final = 1900


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form."""

    title: str = ""
    type_code: str = DEFAULT_TYPE
    day: str = ""
    who: str = VISIBLE
    folder: str = ""


def proposed(proposal: Proposal, title: str, folder: str = "") -> Fields:
    """`title` is what another application called it; `folder` where the document stood that it replaces."""
    named = proposal.title or ("" if proposal.type_code == DEFAULT_TYPE else gettext(TYPES[proposal.type_code]))
    day = f"{proposal.day:%d/%m/%Y}" if proposal.day else ""
    return Fields((title or named)[:LONGEST_TITLE], proposal.type_code, day, folder=folder)


def given(form: Mapping[str, str]) -> Fields:
    return Fields(
        title=_line(form.get("titre", "")),
        type_code=form.get("type", ""),
        day=_line(form.get("jour", "")),
        who=form.get("qui", ""),
        folder=_line(form.get("classeur", "")),
    )


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def read(fields: Fields, today: date) -> tuple[About | None, list[tuple[str, str]]]:
    """What is said, or None with pairs of a field's id and what to mend there."""
    day, day_fault = _day(fields.day, today)
    faults = [
        ("titre", _title_fault(fields.title)),
        ("type", "" if fields.type_code in TYPES else gettext("Choisissez le type de document")),
        ("jour", day_fault),
        ("classeur", _folder_fault(fields.folder)),
        ("qui", "" if fields.who in {VISIBLE, MASKED} else gettext("Choisissez qui verra ce document")),
    ]
    found = [(name, text) for name, text in faults if text]
    if found or day is None:
        return None, found
    return About(fields.title, fields.type_code, day, masked=fields.who == MASKED, folder=fields.folder), []


def _title_fault(title: str) -> str:
    if not title:
        return gettext("Saisissez un titre")
    if len(title) > LONGEST_TITLE:
        return gettext("Écrivez un titre de %(most)s caractères au plus") % {"most": LONGEST_TITLE}
    return ""


def _folder_fault(name: str) -> str:
    if len(name) > LONGEST_FOLDER:
        return gettext("Choisissez un nom de %(folder)s caractères au plus") % {"folder": LONGEST_FOLDER}
    return ""


def _day(text: str, today: date) -> tuple[date | None, str]:
    if not text:
        return None, gettext("Saisissez la date du document")
    day = as_day(text)
    if day is None or day.year < _EARLIEST:
        return None, gettext("Écrivez la date comme ceci : 12 3 2025")
    if day > today:
        return None, gettext("Écrivez une date passée : celle-ci n'est pas encore venue")
    return day, ""


def as_day(text: str) -> date | None:
    """« 12 3 2025 », as people write it; None for what is no day."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
