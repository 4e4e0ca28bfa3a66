"""Vaccinations: what is due by the national schedule, from what this reader may see, and what was given last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.clinical.model import Kind
from carnet.formats.folding.fold import fold
from carnet.health import situations, vaccinations
from carnet.health.screen import Screen
from carnet.health.vaccinations import Given
from carnet.records.queries import Holder
from carnet.web.i18n import gettext
from carnet.web.patient.vaccinations import Step, in_situations, moment, steps_of
from carnet.web.pro.screen.items import Item, address

__all__ = ["Shots", "of"]

_FEW: Final = 3
_UNDATED: Final = date.min


@dataclass(frozen=True, slots=True)
class Shots:
    """`asked`: vaccines that depend on a situation of which nobody told, with it. `edition`: of the
    schedule. `reckoned`: the birth date is whole, so that it could be asked."""

    due: tuple[Item, ...]
    asked: tuple[Item, ...]
    given: tuple[Item, ...]
    edition: str
    reckoned: bool


def of(screen: Screen, holder: Holder, base: str, today: date) -> Shots:
    who = holder.identity
    told = screen.of(Kind.VACCINATION, situations.KIND)
    card = vaccinations.of(told, vaccinations.Holder("", who.birth_date or "", who.sex or ""), today)
    done = sorted((each for each in card.given.values() if each.done), key=lambda e: e.last or _UNDATED, reverse=True)
    return Shots(
        due=tuple(map(_due, steps_of(card))),
        asked=tuple(Item(names, whom) for names, whom in in_situations(card)),
        given=tuple(_given(each, base) for each in done[:_FEW]),
        edition=card.edition.version,
        reckoned=bool(card.answers),
    )


def _due(step: Step) -> Item:
    names = step.names if fold(step.names) not in fold(step.title) else ""
    return Item(
        title=step.title,
        more=". ".join(filter(None, (names, step.never.rstrip(".")))),
        end="",
        source=step.when,
        tag=gettext("En retard") if step.late else gettext("À faire"),
        kind="warning",
        icon="alert-triangle" if step.late else "",
    )


def _given(each: Given, base: str) -> Item:
    href = address(base, each.sources[0]) if each.sources else ""
    source = "" if each.sources else gettext("Dit par la personne") if not each.confirmed else ""
    lot = gettext("lot %(lot)s") % {"lot": each.lot} if each.lot else ""
    return Item(each.name, lot, moment(each), href, source, french=True)
