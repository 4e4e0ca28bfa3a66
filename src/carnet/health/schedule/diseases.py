"""The diseases that vaccines protect from, by name and code, and which vaccine protects from which."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from carnet.formats.clinical.values import Concept
from carnet.formats.terminology.systems import canonical
from carnet.formats.terminology.table import Table, read

__all__ = ["Disease", "Vaccine", "diseases", "protects", "vaccines"]

_SYSTEMS: Final = {
    "2.16.840.1.113883.6.73": "atc",
    "1.2.250.1.213.2.3.1": "cis",
    "2.16.840.1.113883.6.96": "snomed",
}
_NAME: Final = "name"


@dataclass(frozen=True, slots=True)
class Disease:
    key: str
    fr: str
    en: str
    snomed: str = ""


@dataclass(frozen=True, slots=True)
class Vaccine:
    """`tags`: which product it is, where the number of doses depends on it."""

    diseases: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


@cache
def diseases() -> Mapping[str, Disease]:
    return parse_diseases(read("diseases.json", __package__))


@cache
def vaccines() -> Mapping[tuple[str, str], Vaccine]:
    return parse_vaccines(read("vaccines.json", __package__))


def parse_diseases(table: Table) -> Mapping[str, Disease]:
    found: dict[str, Disease] = {}
    for row in table.rows("diseases"):
        key = row.required("key")
        if key in found:
            raise row.error(f"{key!r} is there twice")
        found[key] = Disease(key, row.required("fr"), row.required("en"), row.text("snomed", ""))
    return found


def parse_vaccines(table: Table) -> Mapping[tuple[str, str], Vaccine]:
    found: dict[tuple[str, str], Vaccine] = {}
    for row in table.rows("vaccines"):
        system = row.required("system")
        if system not in {*_SYSTEMS.values(), _NAME}:
            raise row.error(f"unknown system {system!r}")
        key = system, _plain(row.required("code")) if system == _NAME else row.required("code")
        protects_from = row.texts("diseases")
        if key in found or not protects_from or set(protects_from) - diseases().keys():
            raise row.error("is there twice, protects from nothing, or from what is no known disease")
        found[key] = Vaccine(frozenset(protects_from), frozenset(row.texts("tags") if "tags" in row.fields else ()))
    return found


def protects(concepts: Iterable[Concept], targets: Iterable[Concept] = ()) -> Vaccine:
    """What a vaccine protects from by the first of its codes that is known, else by its exact name, else by the
    diseases that the source itself names. Nothing where none tells: it is shown, and counts for nothing."""
    concepts = tuple(concepts)
    named = [found for each in concepts for found in _by_name(each)]
    coded = [found for each in concepts for found in _by_code(each)]
    told = Vaccine(frozenset(disease for each in targets for disease in _target(each)))
    found = next(iter((*coded, *named)), told)
    return Vaccine(found.diseases, frozenset(tag for each in (*coded[:1], *named[:1]) for tag in each.tags))


def _by_code(concept: Concept) -> list[Vaccine]:
    keys = [(_SYSTEMS.get(canonical(each.system), ""), each.code) for each in concept.codings]
    return [vaccines()[key] for key in keys if key in vaccines()]


def _by_name(concept: Concept) -> list[Vaccine]:
    names = {_plain(each) for each in (concept.text, *(coding.display for coding in concept.codings)) if each}
    return [vaccines()[_NAME, each] for each in sorted(names) if (_NAME, each) in vaccines()]


def _target(concept: Concept) -> list[str]:
    """By its code, or else by our own name of it: some have no code that we are sure of."""
    codes = {each.code for each in concept.codings if _SYSTEMS.get(canonical(each.system)) == "snomed"}
    coded = [each.key for each in diseases().values() if each.snomed and each.snomed in codes]
    return coded or [each.key for each in diseases().values() if _plain(each.fr) == _plain(concept.text)]


def _plain(name: str) -> str:
    """Without accents, case and repeated space."""
    apart = unicodedata.normalize("NFD", name.casefold())
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())
