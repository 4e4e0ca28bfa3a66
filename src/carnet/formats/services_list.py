"""Services of organisations and who practises in them, in a file of our own beside the national extract, in its manner:
the reference gives that extract no column for services. One line for each professional of a service, or for the
service alone (`barred`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO, Final, NamedTuple

from carnet.formats import annuaire, barred, rpps
from carnet.formats.barred import Refused, Wrong
from carnet.formats.lines import FileRefused

__all__ = ["COLUMNS", "FileRefused", "Refused", "Service", "read"]

STRUCTURE, SERVICE, NAME = "Identifiant de la structure", "Identifiant du service", "Libellé du service"
KIND, NUMBER, ROLE, END = annuaire.KIND, annuaire.NUMBER, annuaire.ROLE_WORDS, "Date de fin"
_NEEDED: Final = (STRUCTURE, SERVICE, NAME)
COLUMNS: Final = (*_NEEDED, KIND, NUMBER, ROLE, END)
_SHAPE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_LONGEST_IDENTIFIER: Final = 40
_LONGEST_NAME: Final = 200
_LONGEST_ROLE: Final = 100


class Service(NamedTuple):
    """`service` is the identifier of the whole, a stroke and its own; `who` as in the extract, "" for the service
    alone. Who has `ended` is of it no more."""

    structure: str
    service: str
    name: str
    who: str
    role: str
    ended: bool


def read(file: BinaryIO, today: date) -> Iterator[tuple[int, Service | Refused]]:
    """Each line below the header with its number, the header's being 1. Raises `FileRefused` before the first."""
    for number, values in barred.read(file, COLUMNS, _NEEDED, "d'un fichier de services"):
        yield number, values if isinstance(values, Refused) else _line(values, today)


def _line(values: Mapping[str, str], today: date) -> Service | Refused:
    who = ""
    try:
        who = annuaire.who(values) if values.get(KIND) or values.get(NUMBER) else ""
        barred.legible(values)
        return _service(who, values, today)
    except Wrong as wrong:
        return wrong.refused(who)


def _service(who: str, values: Mapping[str, str], today: date) -> Service:
    structure = _structure(values[STRUCTURE])
    if not _SHAPE.fullmatch(values[SERVICE]):
        raise Wrong(SERVICE, "service", "Un service a un nom de 40 minuscules, chiffres et tirets : corrigez-le.")
    service = f"{structure}/{values[SERVICE]}"
    if len(service) > _LONGEST_IDENTIFIER:
        raise Wrong(SERVICE, "too-long", "Structure et service ont 39 caractères ensemble au plus : raccourcissez.")
    if not values[NAME] or len(values[NAME]) > _LONGEST_NAME:
        raise Wrong(NAME, "missing", f"Le libellé du service a 1 à {_LONGEST_NAME} caractères : corrigez-le.")
    role = values.get(ROLE, "")[:_LONGEST_ROLE]
    return Service(structure, service, values[NAME], who, role, annuaire.ended(values, END, today))


def _structure(text: str) -> str:
    try:
        return rpps.structure(text).value
    except rpps.RppsError as error:
        raise Wrong(STRUCTURE, "structure", error.message_fr) from None
