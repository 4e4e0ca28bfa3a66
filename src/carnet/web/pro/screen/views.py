"""What a profession sees first, which cards and which documents, and in which order: `views.json`, whole and sound or
not at all. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from carnet.formats.clinical.model import Kind
from carnet.formats.terminology import analytes, document_types, measures, professions, systems
from carnet.formats.terminology.document_types import DocumentType

__all__ = ["CARDS", "EMERGENCY", "GENERAL", "BadViews", "View", "Views", "every", "parse"]

CARDS: Final[Mapping[str, frozenset[Kind]]] = {
    "vigilance": frozenset({Kind.ALLERGY, Kind.PREGNANCY, Kind.DEVICE}),
    "nouveau": frozenset(),
    "traitements": frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION}),
    "problemes": frozenset({Kind.PROBLEM}),
    "antecedents": frozenset({Kind.PROBLEM, Kind.PROCEDURE, Kind.FAMILY, Kind.SOCIAL}),
    "grossesse": frozenset({Kind.PREGNANCY, Kind.BIRTH}),
    "autonomie": frozenset({Kind.FUNCTION}),
    "biologie": frozenset(),
    "mesures": frozenset(),
    # With what is said of a situation on which vaccines depend.
    "vaccins": frozenset({Kind.VACCINATION, Kind.SOCIAL}),
    "sejours": frozenset({Kind.ENCOUNTER}),
    "documents": frozenset(),
    "entourage": frozenset(),
    "urgences": frozenset(),
}
"""Every card, and the facts that it is made of."""

EMERGENCY: Final = "urgence"
GENERAL: Final = "general"
_MUST: Final = "vigilance"
_COLUMNS: Final = 3
_WIDE: Final = frozenset({"biologie", "documents"})
_NAMES: Final = frozenset({"key", "fr", "en", "for", "cards", "analytes", "measures", "documents", "months", "weights"})


class BadViews(ValueError):
    """The file says what cannot be shown."""


@dataclass(frozen=True, slots=True)
class View:
    """`professions` by system, code and speciality, "" for whoever has no view of their speciality; `documents` name a
    category or a type by its code; `months`: how far back a list of documents goes at first."""

    key: str
    fr: str
    en: str
    professions: tuple[tuple[str, str, str], ...]
    columns: tuple[tuple[str, ...], ...]
    analytes: tuple[str, ...]
    measures: tuple[str, ...]
    documents: tuple[str, ...]
    months: int
    weights: Mapping[Kind, int]
    paper_weights: Mapping[str, int]
    outside: int

    @property
    def cards(self) -> tuple[str, ...]:
        return tuple(card for column in self.columns for card in column)

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(kind for card in self.cards for kind in CARDS[card])

    def puts_first(self, kind: DocumentType | None) -> bool:
        return _named(kind, self.documents)


@dataclass(frozen=True, slots=True)
class Views:
    """`years`: how far back a first view looks for results and documents. `fold`: categories and types told by a count
    alone."""

    views: tuple[View, ...]
    years: int
    fold: frozenset[str]
    blood_group: tuple[str, ...]

    def by_key(self, key: str) -> View | None:
        return next((each for each in self.views if each.key == key), None)

    def of(self, profession: tuple[str, str] | None, speciality: str = "", *, emergency: bool = False) -> View:
        """`profession`: the system and code of the directory; `speciality`: its code of R38, "" for none."""
        if emergency:
            return self.emergency()
        system, code = profession or ("", "")
        named = systems.canonical(system), code
        return self._for(*named, speciality) or self._for(*named, "") or self._known(GENERAL)

    def _for(self, *named: str) -> View | None:
        return next((each for each in self.views if named in each.professions), None)

    def emergency(self) -> View:
        return self._known(EMERGENCY)

    def folds(self, kind: DocumentType | None) -> bool:
        return _named(kind, self.fold)

    def _known(self, key: str) -> View:
        return next(each for each in self.views if each.key == key)


@cache
def every() -> Views:
    return parse(orjson.loads((files(__package__) / "views.json").read_bytes()))


def parse(told: Mapping[str, Any]) -> Views:
    for name in ("version", "source", "basis", "notes"):
        if not told.get(name):
            raise BadViews(f"« {name} » is missing")
    views = tuple(map(_view, told["views"]))
    keys = [each.key for each in views]
    taken = [each for view in views for each in view.professions]
    _once("a view", keys)
    _once("a profession", taken)
    if not {EMERGENCY, GENERAL} <= set(keys):
        raise BadViews(f"the views « {EMERGENCY} » and « {GENERAL} » are missing")
    if not 1 <= told["years"] <= 20:  # noqa: PLR2004
        raise BadViews("« years » is not between 1 and 20")
    _known("a category", told["fold"], _categories() | _types())
    return Views(views, told["years"], frozenset(told["fold"]), tuple(told["blood_group"]))


def _view(told: Mapping[str, Any]) -> View:
    where = str(told.get("key", "?"))
    if set(told) != _NAMES:
        raise BadViews(f"{where}: {sorted(set(told) ^ _NAMES)} is missing, or of no use")
    columns = tuple(map(tuple, told["cards"]))
    cards = [card for column in columns for card in column]
    weights = told["weights"]
    if len(columns) != _COLUMNS or not all(columns) or cards[0] != _MUST:
        raise BadViews(f"{where}: three columns, of which the first begins with « {_MUST} »")
    if not _WIDE & set(cards) <= set(columns[1]):
        raise BadViews(f"{where}: a table stands in the middle column")
    _known(f"{where}: a card", cards, CARDS)
    _once(f"{where}: a card", cards)
    _known(f"{where}: an analyte", told["analytes"], {each.key for each in analytes.every()})
    _known(f"{where}: a measure", told["measures"], {each.key for each in measures.every()})
    _known(f"{where}: a document", [*told["documents"], *weights["documents"]], _categories() | _types())
    _known(f"{where}: a kind", weights["facts"], set(Kind))
    if not 1 <= told["months"] <= 240:  # noqa: PLR2004
        raise BadViews(f"{where}: « months » is not between 1 and 240")
    for name in ("analytes", "measures", "documents"):
        _once(f"{where}: {name}", told[name])
    return View(
        key=told["key"],
        fr=told["fr"],
        en=told["en"],
        professions=tuple(_profession(where, *each) for each in told["for"]),
        columns=columns,
        analytes=tuple(told["analytes"]),
        measures=tuple(told["measures"]),
        documents=tuple(told["documents"]),
        months=told["months"],
        weights={Kind(kind): weight for kind, weight in weights["facts"].items()},
        paper_weights=dict(weights["documents"]),
        outside=weights["outside"],
    )


def _profession(where: str, system: str, code: str, speciality: str = "") -> tuple[str, str, str]:
    if not professions.known(system, code):
        raise BadViews(f"{where}: the profession {system} {code} is unknown")
    if speciality and not professions.known(systems.R38, speciality):
        raise BadViews(f"{where}: the speciality {speciality} is unknown")
    return systems.canonical(system), code, speciality


def _named(kind: DocumentType | None, codes: Collection[str]) -> bool:
    return kind is not None and (kind.code in codes or kind.category in codes)


def _categories() -> set[str]:
    return {each.category for each in document_types.all_types()}


def _types() -> set[str]:
    return {each.code for each in document_types.all_types()}


def _known(what: str, named: Any, known: Any) -> None:
    unknown = [each for each in named if each not in known]
    if unknown:
        raise BadViews(f"{what} is unknown: {', '.join(map(str, unknown))}")


def _once(what: str, named: Any) -> None:
    every_one = list(named)
    if len(every_one) != len(set(every_one)):
        raise BadViews(f"{what} stands twice")
