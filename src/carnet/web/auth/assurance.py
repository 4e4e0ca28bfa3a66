"""How surely, and how lately, somebody must have proven who they are for each sensitive act: a table (data), which an
installation may replace by its own. Levels are those of eIDAS, under the names that providers give them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings

from carnet.people.rules import LEVELS
from carnet.web.auth.provider import Provider

_LONGEST: Final = 12 * 60


class Deed(StrEnum):
    """What a proof is asked for."""

    CLOSE = "fermer"
    ERASE = "effacer"
    COPY = "export"
    CARER = "aidant"
    ADMINISTRATOR = "administrateur"
    UNBLOCK = "debloquer"
    CONTACT = "coordonnees"
    COUNTER = "guichet"


class BadTable(ValueError):
    """The table of the installation does not say what is needed; the text tells an operator what to mend."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`rank` of the level that is needed, in `LEVELS`; `minutes` since the proof, at most."""

    rank: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Table:
    ranks: dict[str, int]
    rules: dict[Deed, Rule]

    def rank(self, acr: str) -> int:
        """-1 for a level of which nothing is known: it is enough for nothing."""
        return self.ranks.get(acr, -1)


def rule(deed: Deed) -> Rule:
    """With the minutes of the settings, where the table lets more pass."""
    found = table().rules[deed]
    return Rule(found.rank, min(found.minutes, int(settings.CARNET.confirm_after)))


def rank(acr: str) -> int:
    return table().rank(acr)


def named(acr: str) -> str:
    """The name by which the house knows a level; as it came, for an unknown one."""
    found = rank(acr)
    return LEVELS[found] if found >= 0 else acr


def enough(chosen: Provider, deed: Deed) -> tuple[str, ...]:
    """Those of the provider's accepted levels that will do, in the order in which they are asked for."""
    least = rule(deed).rank
    return tuple(level for level in chosen.levels if rank(level) >= least)


def offered(chosen: Provider, levels: tuple[str, ...], published: Collection[str]) -> tuple[str, ...]:
    """Without those that the provider, which says what it can prove, does not name. What it says in other words than
    the ones by which it is accepted here says nothing about them."""
    speaks = set(chosen.levels) & set(published)
    return tuple(level for level in levels if level in speaks) if speaks else levels


def table() -> Table:
    return _read(settings.CARNET.assurance_file)


@cache
def _read(path: Path | None) -> Table:
    """Once a process: another table holds from the next start."""
    try:
        text = path.read_bytes() if path else (files(__package__) / "data" / "assurance.json").read_bytes()
        return parsed(orjson.loads(text))
    except (OSError, orjson.JSONDecodeError) as error:
        raise BadTable(f"{path} ne se lit pas ({type(error).__name__})") from error


def parsed(found: Any) -> Table:
    """Raises `BadTable`: a table that forgets an act, or knows another one, is none."""
    try:
        names, deeds = found["levels"], found["deeds"]
        ranks = {str(acr): LEVELS.index(level) for level, several in names.items() for acr in several}
        rules = {Deed(deed): Rule(LEVELS.index(told["level"]), told["minutes"]) for deed, told in deeds.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadTable(f"acte ou niveau inconnu, ou forme inattendue : {error}") from error
    if missing := sorted(set(Deed) - rules.keys()):
        raise BadTable(f"il manque : {', '.join(missing)}")
    if any(type(each.minutes) is not int or not 1 <= each.minutes <= _LONGEST for each in rules.values()):
        raise BadTable(f"les minutes vont de 1 à {_LONGEST}")
    return Table(ranks, rules)
