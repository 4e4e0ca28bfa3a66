"""Ordinary lives: up to ten years of documents that fit together, drawn by chance."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from carnet.demo.chart import Chart
from carnet.demo.lives import routine
from carnet.demo.lives.courses import drawn
from carnet.demo.lives.growth import Body, years
from carnet.demo.lives.steps import Course
from carnet.demo.lives.teller import Teller
from carnet.demo.lives.writing import write
from carnet.demo.model import Document, Identity, Professional

__all__ = ["MOST", "life"]

MOST: Final = 60
_YEAR: Final = 365
_DECADE: Final = 3652
_MISPRINTS: Final = 1 / 5
# Documents that an ordinary life comes to at least, and how many an infant has for each month.
_WANTED: Final = (28, 42)
_OF_A_MONTH: Final = 1.3
_STATEMENTS: Final = 2


def life(identity: Identity, doctor: Professional, chance: Random, until: date) -> tuple[Document, ...]:
    """The documents of the last ten years, or since birth, the oldest first."""
    course = drawn(chance, identity.sex, years(identity.born, until))
    start = max(identity.born, until - timedelta(days=_DECADE))
    onset = until - timedelta(days=chance.randint(course.since[0] * _YEAR, course.since[1] * _YEAR))
    teller = Teller(
        Chart(identity),
        doctor,
        chance,
        Body.drawn(chance, identity.sex, identity.born, course.bmi),
        course,
        max(onset, start),
        until,
        misprint=chance.random() < _MISPRINTS,
    )
    _follow(teller, course)
    _live(teller, start)
    return tuple(sorted(teller.chart.documents, key=lambda document: (document.at, document.key)))


def _follow(teller: Teller, course: Course) -> None:
    for step in course.steps:
        first = (teller.onset - teller.until).days + step.day
        for before in range(first, 1, step.every or _DECADE * 2):
            write(step.happening, teller, teller.until + timedelta(days=before))


def _live(teller: Teller, start: date) -> None:
    most = MOST - _STATEMENTS
    routine.vaccinations(teller, start)
    routine.examinations(teller, start)
    routine.influenza(teller, start, most)
    routine.habits(teller, start, most)
    months = (teller.until - start).days / 30
    wanted = min(teller.chance.randint(*_WANTED), round(months * _OF_A_MONTH))
    routine.ailments(teller, start, min(wanted, most))
    for year in range(teller.until.year - _STATEMENTS, teller.until.year):
        routine.reimbursements(teller, year)
