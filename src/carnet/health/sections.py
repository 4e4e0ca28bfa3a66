"""The sections of « Ma santé »: which kinds each holds, what may be answered instead of an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from carnet.formats.clinical.model import Kind

__all__ = ["ADDED_TO", "ANSWERED", "DEFAULT", "KINDS", "Section", "arranged", "section_of"]


class Section(StrEnum):
    PROBLEMS = "problemes"
    TREATMENTS = "traitements"
    ALLERGIES = "allergies"
    STAYS = "sejours"
    NEEDS = "besoins"
    FAMILY = "famille"
    LIFE = "vie"
    PROFESSIONALS = "soignants"
    ENTOURAGE = "entourage"
    WISHES = "volontes"


DEFAULT: Final = tuple(Section)
KINDS: Final[Mapping[Section, tuple[Kind, ...]]] = MappingProxyType(
    {
        Section.PROBLEMS: (Kind.PROBLEM, Kind.PREGNANCY),
        Section.TREATMENTS: (Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION),
        Section.ALLERGIES: (Kind.ALLERGY,),
        Section.STAYS: (Kind.ENCOUNTER, Kind.PROCEDURE),
        Section.NEEDS: (Kind.FUNCTION, Kind.DEVICE),
        Section.FAMILY: (Kind.FAMILY,),
        Section.LIFE: (Kind.SOCIAL,),
    }
)
ADDED_TO: Final = tuple(KINDS)
"""Those whose lines are entries, which a person adds to."""
ANSWERED: Final = frozenset(ADDED_TO) - {Section.LIFE}
"""Where « je n'en ai pas » and « je ne sais pas » are answers."""

_BY_KIND: Final = {kind: section for section, kinds in KINDS.items() for kind in kinds}


def section_of(kind: Kind) -> Section | None:
    return _BY_KIND.get(kind)


def arranged(order: Sequence[str], pinned: Sequence[str]) -> tuple[Section, ...]:
    """Each section once: the pinned first, then the person's order, then those that neither names."""
    known = {each.value: each for each in Section}
    asked = [known[name] for name in (*_in(order, pinned), *order) if name in known]
    return tuple(dict.fromkeys((*asked, *DEFAULT)))


def _in(order: Sequence[str], pinned: Sequence[str]) -> list[str]:
    """The pinned ones, among themselves as the order has them."""
    rank = {name: place for place, name in enumerate((*order, *DEFAULT))}
    return sorted(dict.fromkeys(pinned), key=lambda name: rank.get(name, len(rank)))
