"""One life while it is told: whose it is, which days are taken, what is measured on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from carnet.demo.chart import Chart
from carnet.demo.lives.calendar import working_day
from carnet.demo.lives.growth import ADULT, Body, years
from carnet.demo.lives.steps import Course, Planned, Trend
from carnet.demo.model import Model, Professional
from carnet.demo.pharmacopoeia import bmi, head, height, pressure, weight
from carnet.formats.cda.build.clinical import Line, Measure, Result

__all__ = ["Teller"]

_DAY = timedelta(days=1)
_INFANT = 3


@dataclass(slots=True)
class Teller:
    """`onset` is the day on which the course began; `misprint` is up when the next results shall need a correction."""

    chart: Chart
    doctor: Professional
    chance: Random
    body: Body
    course: Course
    onset: date
    until: date
    misprint: bool = False
    _taken: set[tuple[date, str]] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.chart.documents)

    def age(self, day: date) -> int:
        return years(self.body.born, day)

    def absorbed(self, day: date) -> bool:
        """Whether the course leaves no room for ordinary life on that day."""
        return 0 <= (day - self.onset).days < self.course.absorbing

    def free(self, day: date, model: Model) -> str | None:
        """The next working day that has no document of that model yet; None after the end of the story."""
        day = working_day(day)
        while (day, model.type.code) in self._taken:
            day = working_day(day + _DAY)
        return self.claimed(day, model)

    def claimed(self, day: date, model: Model) -> str | None:
        if not self.body.born <= day <= self.until or (day, model.type.code) in self._taken:
            return None
        self._taken.add((day, model.type.code))
        return day.isoformat()

    def measured(self, day: date) -> tuple[Measure, ...]:
        """Weight and height of a child, weight and blood pressure of a grown person."""
        kilos, centimetres = self.body.kilos(day), self.body.centimetres(day)
        if self.age(day) >= ADULT:
            index = kilos / (centimetres / 100) ** 2
            return (weight(f"{kilos:.1f}"), bmi(f"{index:.1f}"), *pressure(*self._pressure(day)))
        around = (head(f"{self.body.head(day):.1f}"),) if self.age(day) < _INFANT else ()
        return (weight(f"{kilos:.1f}"), height(f"{centimetres:.0f}"), *around)

    def _pressure(self, day: date) -> tuple[str, str]:
        if self.course.pressure is None or day < self.onset:
            usual = Random(f"carnet/{self.chart.patient.key}/pressure")  # noqa: S311 - repeatable on purpose
            systolic = usual.randint(108, 130) + day.toordinal() % 5
            return str(systolic), str(systolic * 3 // 5 + usual.randint(-3, 3))
        (high, low), (later_high, later_low) = self.course.pressure
        part = self._part(day)
        return str(round(high + (later_high - high) * part)), str(round(low + (later_low - low) * part))

    def _part(self, day: date) -> float:
        """How far the course has come: quick at first, as treatments are, and never back."""
        gone = min(max((day - self.onset).days / max((self.until - self.onset).days, 1), 0), 1)
        return 1 - (1 - gone) ** 3

    def say(self, text: str, day: date) -> str:
        woman = self.body.sex == "F"
        kilos = f"{self.body.kilos(day):.0f}"
        return text.format(kilos=kilos, patient="patiente" if woman else "patient", e="e" if woman else "")

    def result(self, trend: Trend, day: date) -> Result:
        """Everybody has their own level, which they keep."""
        name = f"carnet/{self.chart.patient.key}/{trend.analyte.code}"
        level = Random(name).uniform(0.96, 1.04)  # noqa: S311 - repeatable on purpose
        value = (trend.first + (trend.last - trend.first) * self._part(day)) * level
        return Result(trend.analyte, f"{value:.{trend.decimals}f}")

    def line(self, planned: Planned, start: date, end: date | None, repeats: int = 0) -> Line:
        return Line(planned.drug, self.say(planned.dosage, start), start, end, planned.boxes, repeats)
