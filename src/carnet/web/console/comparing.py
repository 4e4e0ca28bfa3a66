"""What a provider attests of somebody beside whose record it would open, trait by trait, differences in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnet.people.identity_cases import Case
from carnet.people.pivot import Match, Trait, compared, somebody_else
from carnet.records.rules import Identity
from carnet.web.i18n import gettext
from carnet.web.words import marked

_SEXES: Final = {"F": marked("Femme"), "M": marked("Homme")}
_TRAITS: Final = {
    Trait.FAMILY: marked("Nom de naissance"),
    Trait.GIVENS: marked("Prénoms"),
    Trait.SEX: marked("Sexe"),
    Trait.BIRTH: marked("Naissance"),
    Trait.PLACE: marked("Lieu de naissance (code INSEE)"),
}
_MATCHES: Final = {
    Match.SAME: marked("Identique"),
    Match.OTHER: marked("Différent"),
    Match.UNKNOWN: marked("À vérifier : l'un des deux est incomplet"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`theirs` as attested, `ours` as the record has it."""

    trait: str
    theirs: str
    ours: str
    match: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`doubted`: a reader would take them for two people."""

    rows: tuple[Row, ...]
    doubted: bool


def comparison(case: Case, holder: Identity) -> Comparison:
    theirs = {
        Trait.FAMILY: case.family,
        Trait.GIVENS: case.givens,
        Trait.SEX: sex(case.sex),
        Trait.BIRTH: day(case.birth_date),
        Trait.PLACE: case.birth_place,
    }
    ours = {
        Trait.FAMILY: holder.birth_family,
        Trait.GIVENS: holder.birth_givens or holder.birth_given,
        Trait.SEX: sex(holder.sex),
        Trait.BIRTH: day(holder.birth_date),
        Trait.PLACE: holder.birth_place,
    }
    found = compared(case.pivot, holder)
    rows = (
        Row(gettext(words), theirs[each], ours[each], gettext(_MATCHES[found[each]]), found[each] is Match.OTHER)
        for each, words in _TRAITS.items()
    )
    return Comparison(tuple(rows), somebody_else(case.pivot, holder))


def sex(code: str) -> str:
    return gettext(_SEXES[code]) if code in _SEXES else ""


def day(text: str) -> str:
    return "/".join(reversed(text.split("-")))
