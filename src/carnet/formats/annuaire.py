"""The extract of the national directory (Annuaire Santé, « Personne activité »): text in UTF-8, values separated by `|`
under a header, one line for each activity of a professional (`barred`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import BinaryIO, Final, NamedTuple

from carnet.formats import barred
from carnet.formats.barred import LONGEST, Refused
from carnet.formats.barred import Wrong as _Wrong
from carnet.formats.lines import FileRefused
from carnet.formats.rpps import rpps_ok
from carnet.formats.terminology import professions, systems
from carnet.formats.terminology.table import read as read_table

__all__ = ["COLUMNS", "LONGEST", "Activity", "FileRefused", "Refused", "ended", "read", "who"]

_LONGEST_NAME: Final = 100
_LONGEST_PLACE: Final = 200
_LONGEST_IDENTIFIER: Final = 40

KIND, NUMBER = "Type d'identifiant PP", "Identifiant PP"
FAMILY, GIVEN = "Nom d'exercice", "Prénom d'exercice"
TITLE, CIVILITY = "Code civilité d'exercice", "Code civilité"
PROFESSION, CATEGORY, SPECIALITY = "Code profession", "Code catégorie professionnelle", "Code savoir-faire"
MODE, ROLE, ROLE_WORDS = "Libellé mode exercice", "Code rôle", "Libellé rôle"
SIRET, SIREN, FINESS = "Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site"
TECHNICAL, PLACE, SIGN = "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site"
SECTOR, END = "Code secteur d'activité", "Date de fin activité"

_NEEDED: Final = (KIND, NUMBER, FAMILY, GIVEN, PROFESSION)
_READ: Final = (
    *_NEEDED,
    *(TITLE, CIVILITY, CATEGORY, SPECIALITY, MODE, ROLE, ROLE_WORDS, SIRET, SIREN, FINESS, TECHNICAL, PLACE, SIGN),
    *(SECTOR, END),
)

# As the public file « PS_LibreAccess_Personne_activite » writes them, in its order.
COLUMNS: Final = (
    *(KIND, NUMBER, "Identification nationale PP", TITLE, "Libellé civilité d'exercice", CIVILITY, "Libellé civilité"),
    *(FAMILY, GIVEN, PROFESSION, "Libellé profession", CATEGORY, "Libellé catégorie professionnelle"),
    *("Code type savoir-faire", "Libellé type savoir-faire", SPECIALITY, "Libellé savoir-faire"),
    *(
        "Code mode exercice",
        MODE,
        SIRET,
        SIREN,
        FINESS,
        "Numéro FINESS établissement juridique",
        TECHNICAL,
        PLACE,
        SIGN,
    ),
    *("Complément destinataire (coord. structure)", "Complément point géographique (coord. structure)"),
    *("Numéro Voie (coord. structure)", "Indice répétition voie (coord. structure)"),
    *("Code type de voie (coord. structure)", "Libellé type de voie (coord. structure)"),
    *("Libellé Voie (coord. structure)", "Mention distribution (coord. structure)"),
    *("Bureau cedex (coord. structure)", "Code postal (coord. structure)", "Code commune (coord. structure)"),
    *("Libellé commune (coord. structure)", "Code pays (coord. structure)", "Libellé pays (coord. structure)"),
    *("Téléphone (coord. structure)", "Téléphone 2 (coord. structure)", "Télécopie (coord. structure)"),
    *("Adresse e-mail (coord. structure)", "Code Département (structure)", "Libellé Département (structure)"),
    *("Ancien identifiant de la structure", "Autorité d'enregistrement", SECTOR, "Libellé secteur d'activité"),
    *("Code section tableau pharmaciens", "Libellé section tableau pharmaciens", ROLE, ROLE_WORDS),
    *("Code genre activité", "Libellé genre activité"),
)

_RPPS, _ADELI = "8", "0"
_STUDENT: Final = "E"
_BY_ROLE: Final = "99"
_TITLES: Final = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme", "MLLE": "Mme"}
_ADELI_SHAPE: Final = re.compile(r"(?:\d\d|2[AB])[0-9A-Z]{7}", re.ASCII)
_SPECIALITY_SHAPE: Final = re.compile(r"S[A-Z]{1,2}\d+", re.ASCII)
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z/._\-]*", re.ASCII)
_DAY: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})|(\d{4})-(\d\d)-(\d\d)", re.ASCII)


class Activity(NamedTuple):
    """One activity of a professional. `who` is an RPPS number, or a key made of another number; `structure` is the
    national identifier, "" for none; `role` is in French words. What has `ended` has no place any more."""

    who: str
    family: str
    given: str
    title: str
    profession_system: str
    profession: str
    speciality: str
    capacity: str
    structure: str
    place: str
    role: str
    ended: bool


def read(file: BinaryIO, today: date) -> Iterator[tuple[int, Activity | Refused]]:
    """Each line below the header with its number, the header's being 1. Raises `FileRefused` before the first."""
    for number, values in barred.read(file, _READ, _NEEDED, "de l'extraction « Personne activité »"):
        yield number, values if isinstance(values, Refused) else _line(values, today)


def _line(values: Mapping[str, str], today: date) -> Activity | Refused:
    number = ""
    try:
        number = who(values)
        barred.legible(values)
        return _activity(number, values, today)
    except _Wrong as wrong:
        return wrong.refused(number)


def who(values: Mapping[str, str]) -> str:
    """An RPPS number, or the key of who has another one. Raises `Wrong`."""
    kind, number = values[KIND], values[NUMBER]
    if kind == _RPPS:
        if not rpps_ok(number):
            raise _Wrong(NUMBER, "rpps", "Un RPPS a 11 chiffres, le dernier découle des autres : corrigez le numéro.")
        return number
    if kind == _ADELI:
        if not _ADELI_SHAPE.fullmatch(number):
            raise _Wrong(NUMBER, "adeli", "Un numéro ADELI a 9 caractères, le département d'abord : corrigez-le.")
        return f"adeli-{number.lower()}"
    raise _Wrong(KIND, "kind", "Le type d'identifiant est 8 (RPPS) ou 0 (ADELI).")


def _activity(number: str, values: Mapping[str, str], today: date) -> Activity:
    system, profession = _profession(values)
    speciality = _speciality(values)
    structure = _structure(values)
    return Activity(
        who=number,
        family=_name(values, FAMILY),
        given=_name(values, GIVEN),
        title=_TITLES.get(values.get(TITLE, ""), "") or _TITLES.get(values.get(CIVILITY, ""), ""),
        profession_system=system,
        profession=profession,
        speciality=speciality,
        capacity=_capacity(values, speciality),
        structure=structure,
        place=_place(values, structure),
        role=(values.get(ROLE_WORDS, "") or values.get(MODE, ""))[:_LONGEST_NAME],
        ended=ended(values, END, today),
    )


def _name(values: Mapping[str, str], column: str) -> str:
    value = values[column]
    if not value:
        raise _Wrong(column, "missing", "Le nom et le prénom d'exercice sont nécessaires : remplissez la colonne.")
    if len(value) > _LONGEST_NAME - (column == FAMILY) * 6:
        raise _Wrong(column, "too-long", f"Un nom a {_LONGEST_NAME - 6} caractères au plus : raccourcissez-le.")
    return value


def _profession(values: Mapping[str, str]) -> tuple[str, str]:
    code = values[PROFESSION]
    if code == _BY_ROLE and values.get(ROLE):
        found = _system(values[ROLE], ("R85",))
        if not found:
            raise _Wrong(ROLE, "role", "Ce rôle n'est pas dans la table TRE_R85 chargée : mettez-la à jour.")
        return found, values[ROLE]
    student = values.get(CATEGORY) == _STUDENT
    found = _system(code, ("G16",) if student else ("G15", "R95", "R94", "R291"))
    if not found:
        raise _Wrong(
            PROFESSION, "profession", "Cette profession n'est pas dans les tables chargées (TRE_G15, R95, R94, G16)."
        )
    return found, code


@cache
def _system(code: str, short: Sequence[str]) -> str:
    """The first of these systems that knows the code; "" for none."""
    named = (systems.canonical(each) for each in short)
    return next((each for each in named if professions.known(each, code)), "")


def _speciality(values: Mapping[str, str]) -> str:
    """Kinds of skill that are no speciality (a capacity, a diploma) say nothing here."""
    code = values.get(SPECIALITY, "")
    if not _SPECIALITY_SHAPE.fullmatch(code):
        return ""
    if not professions.known(systems.R38, code):
        raise _Wrong(SPECIALITY, "speciality", "Ce savoir-faire n'est pas dans la table TRE_R38 chargée.")
    return code


def _structure(values: Mapping[str, str]) -> str:
    numbered = (("1", FINESS), ("3", SIRET), ("2", SIREN), ("", TECHNICAL))
    prefix, column = next(((prefix, name) for prefix, name in numbered if values.get(name)), ("", ""))
    if not column:
        return ""
    found = prefix + values[column]
    if len(found) > _LONGEST_IDENTIFIER or not _IDENTIFIER.fullmatch(found):
        raise _Wrong(column, "structure", "Cet identifiant de structure n'a pas une forme possible : corrigez-le.")
    return found


def _place(values: Mapping[str, str], structure: str) -> str:
    name = values.get(PLACE, "") or values.get(SIGN, "") or (f"Structure {structure}" if structure else "")
    return name[:_LONGEST_PLACE]


def _capacity(values: Mapping[str, str], speciality: str) -> str:
    known = _capacities()
    asked = (("sectors", values.get(SECTOR, "")), ("roles", values.get(ROLE, "")), ("specialities", speciality))
    return next((known[each] for each in asked if each in known), "care")


@cache
def _capacities() -> dict[tuple[str, str], str]:
    table = read_table("directory_sectors.json")
    return {
        (name, row.required("code")): row.required("capacity")
        for name in ("sectors", "specialities", "roles")
        for row in table.rows(name)
    }


def ended(values: Mapping[str, str], column: str, today: date) -> bool:
    """Raises `Wrong`."""
    text = values.get(column, "")
    if not text:
        return False
    found = _DAY.fullmatch(text)
    wrong = _Wrong(column, "day", "La date de fin s'écrit JJ/MM/AAAA : corrigez-la.")
    if found is None:
        raise wrong
    day, month, year = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day)) <= today
    except ValueError:
        raise wrong from None
