"""The home's quiet word of vaccines: those that are late, and in a child's record those that are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.health.vaccinations import Card
from carnet.kernel.actor import Purpose
from carnet.web.i18n import gettext, ngettext
from carnet.web.patient import vaccination_words as words
from carnet.web.patient.task import Task
from carnet.web.patient.vaccinations import Step, coming, steps_of
from carnet.web.patient.visit import Visit

HREF: Final = "/sante/vaccinations"
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """`task`: at most one, however many vaccines it is about. `to_do`: how many the page lists, late or due; `soonest`:
    where there are none, the day from which the next one is planned."""

    task: tuple[Task, ...] = ()
    to_do: int = 0
    soonest: date | None = None


def ahead(visit: Visit, found: Card) -> Ahead:
    """Where no dose is known an adult is told of nothing: most were given, and are only not written here. The page says
    what is asked at their age."""
    child = visit.purpose is Purpose.REPRESENTATIVE and visit.cover is not None and not visit.cover.guarded
    steps = steps_of(found)
    if not (found.given or child):
        return Ahead()
    if not steps:
        return Ahead(soonest=next((day for day, _ in coming(found)), None))
    if not found.given:
        more = gettext("Aucun n'est connu dans ce carnet, et le calendrier en prévoit à cet âge.")
        return Ahead((Task(gettext("Vérifier ses vaccins"), more, HREF, "vaccine", "warning"),), len(steps))
    return Ahead(tuple(_planned([step for step in steps if step.late or child])), len(steps))


def _planned(steps: list[Step]) -> Iterator[Task]:
    if steps:
        text = ngettext("Prévoir un vaccin", "Prévoir %(count)s vaccins", len(steps)) % {"count": len(steps)}
        yield Task(text, _which(steps), HREF, "vaccine", "warning")


def _which(steps: list[Step]) -> str:
    """« Rappel de 45 ans : diphtérie, tétanos, poliomyélite. Prévu dès le 28 mars 2024, en retard depuis le 28 mars
    2025. »"""
    if len(steps) == 1:
        (step,) = steps
        against = gettext("%(who)s : %(what)s") % {"who": step.title, "what": words.small(step.names)}
        return f"{against if step.names else step.title}. {step.when}"
    named = words.in_a_row([step.title for step in steps[:_NAMED]])
    return f"{named}…" if len(steps) > _NAMED else f"{named}."
