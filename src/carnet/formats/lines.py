"""Files of lines that others send: CSV with a header, in UTF-8, read one line at a time in constant memory.

A line that is wrong is told and passed over; what is wrong with the header is wrong with the whole file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

__all__ = ["FileRefused", "Kind", "Line", "LineRefused", "read"]

LONGEST: Final = 4000
_KIND: Final = "kind"
_PARIS: Final = ZoneInfo("Europe/Paris")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200


class FileRefused(ValueError):
    """Nothing of the file can be read; the text is French."""


class LineRefused(ValueError):
    """`rule` names what the line breaks; the message is French, tells how to mend it, and repeats no value."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Kind:
    """The columns that a kind of line must fill, and those that it may."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """An empty value counts as none given."""

    kind: str
    values: Mapping[str, str]

    def text(self, column: str, longest: int = 200) -> str:
        value = self.values.get(column, "")
        if len(value) > longest:
            raise LineRefused("too-long", f"« {column} » a {longest} caractères au plus : raccourcissez-le.")
        return value

    def one_of(self, column: str, words: tuple[str, ...], default: str = "") -> str:
        value = self.values.get(column, "") or default
        if value not in words:
            raise LineRefused("unknown-word", f"« {column} » est l'un de ces mots : {', '.join(words)}.")
        return value

    def day(self, column: str) -> datetime:
        """Its first instant in France."""
        value = self.values.get(column, "")
        try:
            found = date.fromisoformat(value) if _DAY.fullmatch(value) else date.min
        except ValueError:
            found = date.min
        if not _FIRST_YEAR <= found.year < _LAST_YEAR:
            raise LineRefused("day", f"« {column} » est un jour du calendrier : écrivez-le AAAA-MM-JJ.")
        return datetime(found.year, found.month, found.day, tzinfo=_PARIS)

    def span(self) -> tuple[datetime, datetime | None]:
        """From `since` on, up to `until`, the first day on which it no longer holds."""
        since = self.day("since")
        until = self.day("until") if self.values.get("until") else None
        if until is not None and until <= since:
            raise LineRefused("until-before-since", "« until » vient après « since » : vérifiez les deux jours.")
        return since, until


def read(file: BinaryIO, kinds: Mapping[str, Kind]) -> Iterator[tuple[int, Line | LineRefused]]:
    """Each line below the header with its number, the header's being 1. Raises `FileRefused` before the first."""
    number, columns, separator = 1, *_header(file, kinds)
    while raw := file.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            _skip(file)
            yield number, LineRefused("too-long", f"La ligne a {LONGEST} octets au plus : un guillemet est-il ouvert ?")
        elif raw.strip():
            yield number, _one(raw, columns, separator, kinds)


def _one(raw: bytes, columns: list[str], separator: str, kinds: Mapping[str, Kind]) -> Line | LineRefused:
    try:
        return _line(raw, columns, separator, kinds)
    except LineRefused as refused:
        return refused


def _skip(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _header(file: BinaryIO, kinds: Mapping[str, Kind]) -> tuple[list[str], str]:
    known = {_KIND}.union(*(kind.needs | kind.may for kind in kinds.values()))
    try:
        first = file.readline(LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("La première ligne n'est pas en UTF-8 : enregistrez le fichier en « CSV UTF-8 ».") from None
    separator = ";" if ";" in first else ","
    columns = [column.strip().lower() for column in first.strip().split(separator)]
    unknown = [column for column in columns if column not in known]
    if _KIND not in columns or unknown:
        raise FileRefused(
            "La première ligne nomme les colonnes, dont « kind » ; celles que ce fichier peut avoir : "
            f"{', '.join(sorted(known))}."
        )
    if len(set(columns)) != len(columns):
        raise FileRefused("La première ligne nomme une colonne deux fois.")
    return columns, separator


def _line(raw: bytes, columns: list[str], separator: str, kinds: Mapping[str, Kind]) -> Line:
    values = dict(zip(columns, _values(raw, len(columns), separator), strict=True))
    name = values.pop(_KIND)
    kind = kinds.get(name)
    if kind is None:
        raise LineRefused("unknown-kind", f"« kind » est l'un de ces mots : {', '.join(kinds)}.")
    given = {column for column, value in values.items() if value}
    if missing := sorted(kind.needs - given):
        raise LineRefused("missing", f"Une ligne « {name} » a besoin de : {', '.join(missing)}.")
    if extra := sorted(given - kind.needs - kind.may):
        raise LineRefused("not-for-this-kind", f"Une ligne « {name} » n'a pas de : {', '.join(extra)}. Laissez vide.")
    return Line(name, values)


def _values(raw: bytes, wanted: int, separator: str) -> list[str]:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise LineRefused(
            "encoding", "La ligne n'est pas en UTF-8 : enregistrez le fichier en « CSV UTF-8 »."
        ) from None
    if any(ord(each) < ord(" ") and each != "\t" for each in text):
        raise LineRefused("characters", "La ligne contient un caractère invisible : ôtez-le.")
    try:
        (found,) = csv.reader([text], delimiter=separator, strict=True)
    except (csv.Error, ValueError):
        raise LineRefused("quotes", "Un guillemet n'est pas fermé : une valeur tient sur une ligne.") from None
    if len(found) != wanted:
        raise LineRefused(
            "columns", f"La ligne a {len(found)} valeurs pour {wanted} colonnes : vérifiez le séparateur."
        )
    return [value.strip() for value in found]
