"""Where professionals practise, as the metadata of a document name it, and what a profession and the name of a place
suggest: `data/practice.json`. A proposal, never more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from carnet.formats.entry import Coded
from carnet.formats.folding.fold import fold
from carnet.formats.terminology import document_types, professions, systems
from carnet.formats.terminology.table import Row, Table, read

__all__ = ["Place", "facilities", "parse", "place", "settings", "type_of"]

_FILE: Final = "practice.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Codes of a facility and of a setting, "" for what nothing suggests."""

    facility: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class _All:
    facilities: Mapping[str, Coded]
    settings: Mapping[str, Coded]
    names: tuple[tuple[re.Pattern[str], Place], ...]
    places: Mapping[tuple[str, str], Place]
    types: Mapping[tuple[str, str], str]


def parse(table: Table) -> _All:
    facilities = {row.required("code"): _coded(row, systems.FACILITY) for row in table.rows("facilities")}
    settings = {row.required("code"): _coded(row, systems.SETTING) for row in table.rows("settings")}

    def placed(row: Row) -> Place:
        found = Place(row.required("facility"), row.required("setting"))
        if found.facility not in facilities or found.setting not in settings:
            raise row.error("names an unknown facility or setting")
        return found

    places: dict[tuple[str, str], Place] = {}
    types: dict[tuple[str, str], str] = {}
    for row in table.rows("professions"):
        key = systems.canonical(row.required("system")), row.required("code")
        if not professions.known(*key) or document_types.by_code(row.required("type")) is None:
            raise row.error("is of an unknown profession, or names an unknown type")
        places[key], types[key] = placed(row), row.required("type")
    names = tuple((_pattern(row.required("words")), placed(row)) for row in table.rows("names"))
    return _All(facilities, settings, names, places, types)


def _coded(row: Row, system: str) -> Coded:
    return Coded(row.required("code"), system, row.required("display"))


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words.split(", "))) + r")(?!\w)")


@cache
def _all() -> _All:
    return parse(read(_FILE))


def facilities() -> Mapping[str, Coded]:
    return _all().facilities


def settings() -> Mapping[str, Coded]:
    return _all().settings


def place(profession_system: str, profession_code: str, organisation: str) -> Place:
    """By the name of where they practise, else by the profession."""
    folded = fold(organisation)
    named = next((where for pattern, where in _all().names if pattern.search(folded)), None)
    return named or _all().places.get(_key(profession_system, profession_code), Place())


def type_of(profession_system: str, profession_code: str) -> str:
    """The type of document that the profession writes most, "" for who is in no row."""
    return _all().types.get(_key(profession_system, profession_code), "")


def _key(system: str, code: str) -> tuple[str, str]:
    profession, _ = professions.split(code, system)
    return systems.canonical(profession.system), profession.code
