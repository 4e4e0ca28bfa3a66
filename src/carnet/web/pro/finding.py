"""Finding a person by their number or by their strict traits: what was typed, read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats import ins, ins_datamatrix
from carnet.formats.ins import Ins, InsError, Kind
from carnet.formats.ins_datamatrix import DatamatrixError, InsTraits
from carnet.records.rules import Identity, Traits, strict
from carnet.web.i18n import gettext
from carnet.web.words import marked

_PARTS: Final = re.compile(r"[\s./-]+")
_LENGTHS: Final = (1, 2, 3)
_PLACE: Final = re.compile(r"(?:\d\d|2[AB])\d{3}")
_EARLIEST: Final = 1880
# A datamatrix as it is scanned into the field.
_LONGEST: Final = 400
_NUMBER_FAULTS: Final = {
    "characters": marked("Écrivez des chiffres seulement (et A ou B pour la Corse)"),
    "length": marked("Écrivez les 13 caractères du matricule, ou les 15 avec la clé"),
    "start": marked("Vérifiez le premier chiffre du matricule"),
    "shape": marked("Vérifiez le mois et le département dans le matricule"),
}
_SCAN_FAULTS: Final = {
    "header": marked("Scannez un datamatrix INS, ou saisissez le matricule"),
    "field": marked("Ce datamatrix est incomplet ou abîmé : scannez-le de nouveau, ou saisissez le matricule"),
    "missing": marked("Ce datamatrix est incomplet ou abîmé : scannez-le de nouveau, ou saisissez le matricule"),
    "date": marked("La date de naissance de ce datamatrix n'existe pas : saisissez le matricule"),
    "number": marked("Le matricule de ce datamatrix n'est pas possible : vérifiez le document"),
}
_OTHER_KIND: Final = marked("Ce datamatrix est d'une personne de test ou de démonstration")
_KEY_FAULT: Final = marked("La clé (les 2 derniers chiffres) ne va pas avec ce matricule : vérifiez le numéro")

Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form."""

    ins: str = ""
    family: str = ""
    given: str = ""
    birth: str = ""
    sex: str = ""
    place: str = ""
    anything: str = ""


def given(form: Mapping[str, str]) -> Fields:
    def line(name: str) -> str:
        return " ".join(form.get(name, "").split())[:100]

    return Fields(
        form.get("ins", "").strip()[:_LONGEST],
        line("nom"),
        line("prenom"),
        line("naissance"),
        line("sexe"),
        line("lieu").upper(),
        form.get("patient", "").strip()[:_LONGEST],
    )


def numbers(text: str, *, demonstration: bool) -> tuple[list[Ins], list[Fault]]:
    """The identities that a matricule may be, one for each system that is in use; or what to mend."""
    if not text:
        return [], [("ins", gettext("Saisissez le matricule INS"))]
    kinds = set(Kind) if demonstration else {Kind.NIR, Kind.NIA}
    if ins_datamatrix.is_one(text):
        return _scanned(text, kinds)
    read: list[Ins] = []
    fault = "shape"
    for oid in sorted(ins.OIDS):
        if ins.kind_of(oid) not in kinds:
            continue
        try:
            read.append(ins.parse(text, oid))
        except InsError as error:
            fault = error.code
    if not read:
        return [], [("ins", gettext(_NUMBER_FAULTS.get(fault, _NUMBER_FAULTS["shape"])))]
    if not read[0].key_ok:
        return [], [("ins", gettext(_KEY_FAULT))]
    return read, []


def is_number(text: str) -> bool:
    """Whether it means to be a matricule or the text of a datamatrix, rather than a name."""
    bare = _PARTS.sub("", text)
    return ins_datamatrix.is_one(text) or sum(char.isdigit() for char in bare) >= _DIGITS


def printed_traits(text: str) -> InsTraits | None:
    """Those of a datamatrix, which says more than a number; None for what is none."""
    try:
        return ins_datamatrix.read(text) if ins_datamatrix.is_one(text) else None
    except DatamatrixError:
        return None


def differ(printed: InsTraits, who: Identity) -> bool:
    """Whether a datamatrix is about somebody else than the record of its number: a paper may be another's."""
    givens = strict(printed.givens)
    same_givens = givens == strict(who.birth_givens) if who.birth_givens else _begins(givens, strict(who.birth_given))
    return not (
        same_givens
        and strict(printed.family) == strict(who.birth_family)
        and printed.birth_date.isoformat() == who.birth_date
        and who.sex in {printed.sex, "U"}
        and printed.birth_place in {"", who.birth_place}
    )


def _begins(givens: str, given: str) -> bool:
    return givens == given or givens.startswith(given + " ")


def either(text: str, today: date) -> tuple[list[Traits], list[Fault]]:
    """« MOREAU Camille 12/03/1981 » as the strict traits that it may mean: where the family name ends, and which comes
    first, is not said."""
    found = _DAY.search(text)
    names = (text[: found.start()] + " " + text[found.end() :]).replace(",", " ").split() if found else []
    birth, fault = _birth(found[0], today) if found else ("", "")
    if fault:
        return [], [("patient", fault)]
    if not birth or not 1 < len(names) <= _MOST_NAMES:
        return [], [("patient", gettext(_EITHER))]
    splits = [(" ".join(names[:at]), " ".join(names[at:])) for at in range(1, len(names))]
    pairs = dict.fromkeys([*splits, *((last, first) for first, last in splits)])
    return [Traits(family, given, birth) for family, given in pairs if strict(family) and strict(given)], []


_DAY: Final = re.compile(r"\b\d{1,2}[\s./-]+\d{1,2}[\s./-]+\d{4}\b", re.ASCII)
_DIGITS: Final = 12
_MOST_NAMES: Final = 6
_EITHER: Final = marked(
    "Saisissez un matricule INS, un datamatrix, ou le nom, le premier prénom et la date de naissance : "
    "MOREAU Camille 12 3 1981"
)


def _scanned(text: str, kinds: set[Kind]) -> tuple[list[Ins], list[Fault]]:
    try:
        found = ins_datamatrix.read(text).ins
    except DatamatrixError as error:
        return [], [("ins", gettext(_SCAN_FAULTS[error.code]))]
    return ([found], []) if found.kind in kinds else ([], [("ins", gettext(_OTHER_KIND))])


def traits(fields: Fields, today: date) -> tuple[Traits | None, list[Fault]]:
    """Family name, first given name and birth date, all three: fewer would list people."""
    birth, birth_fault = _birth(fields.birth, today)
    faults = [
        ("nom", "" if strict(fields.family) else gettext("Saisissez le nom de naissance")),
        ("prenom", "" if strict(fields.given) else gettext("Saisissez le premier prénom de naissance")),
        ("naissance", birth_fault),
        ("sexe", "" if fields.sex in {"", "F", "M"} else gettext("Choisissez le sexe dans la liste")),
        ("lieu", "" if not fields.place or _PLACE.fullmatch(fields.place) else gettext(_PLACE_FAULT)),
    ]
    found = [(name, text) for name, text in faults if text]
    return (None, found) if found else (Traits(fields.family, fields.given, birth, fields.sex, fields.place), [])


_PLACE_FAULT: Final = marked("Écrivez le code INSEE du lieu de naissance, par exemple 49007")


def _birth(text: str, today: date) -> tuple[str, str]:
    """As identities write it; a date of which the day or the month is unknown stays so."""
    if not text:
        return "", gettext("Saisissez la date de naissance")
    parts = [part for part in _PARTS.split(text.strip()) if part]
    wrong = gettext("Écrivez la date comme ceci : 28 3 1979")
    if len(parts) not in _LENGTHS or not all(part.isascii() and part.isdigit() for part in parts):
        return "", wrong
    year, month, of_month = ([int(part) for part in reversed(parts)] + [1, 1])[:3]
    try:
        day = date(year, month, of_month)
    except (ValueError, OverflowError):
        return "", wrong
    if not year >= _EARLIEST or day > today:
        return "", wrong
    return "-".join((f"{year:04d}", f"{month:02d}", f"{of_month:02d}")[: len(parts)]), ""
