"""How children grow and what adults weigh. Medians of the growth standards of the WHO, rounded."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

__all__ = ["ADULT", "Body", "months", "years"]

ADULT: Final = 18
_MONTH: Final = 30.4375
# Age in months: weight in kg and height in cm of boys, then of girls.
_MEDIANS: Final = (
    (0, 3.3, 49.9, 3.2, 49.1), (1, 4.5, 54.7, 4.2, 53.7), (2, 5.6, 58.4, 5.1, 57.1), (3, 6.4, 61.4, 5.8, 59.8),
    (4, 7.0, 63.9, 6.4, 62.1), (5, 7.5, 65.9, 6.9, 64.0), (6, 7.9, 67.6, 7.3, 65.7), (9, 8.9, 72.0, 8.2, 70.1),
    (12, 9.6, 75.7, 8.9, 74.0), (16, 10.5, 80.2, 9.8, 78.6), (24, 12.2, 87.1, 11.5, 85.7),
    (36, 14.3, 96.1, 13.9, 95.1), (48, 16.3, 103.3, 16.1, 102.7), (60, 18.3, 110.0, 18.2, 109.4),
    (72, 20.5, 116.0, 20.2, 115.1), (84, 22.9, 121.7, 22.4, 120.8), (96, 25.4, 127.3, 25.0, 126.6),
    (108, 28.1, 132.6, 28.2, 132.5), (120, 31.2, 137.8, 31.9, 138.6), (132, 35.3, 143.1, 36.0, 145.0),
    (144, 39.9, 149.1, 41.5, 151.2), (156, 45.0, 156.0, 46.0, 156.4), (168, 50.8, 163.2, 50.3, 159.8),
    (180, 56.0, 169.0, 52.7, 161.7), (192, 60.8, 172.9, 54.4, 162.5), (204, 64.4, 175.2, 55.7, 162.9),
    (216, 66.9, 176.1, 56.7, 163.1),
)  # fmt: skip
_HEADS: Final = ((0, 34.5), (1, 37.0), (3, 40.3), (6, 43.0), (12, 45.8), (24, 48.0), (36, 49.2))
_AGES: Final = tuple(row[0] for row in _MEDIANS)
_FULLY_GROWN: Final = 216


def months(born: date, day: date) -> float:
    return (day - born).days / _MONTH


def years(born: date, day: date) -> int:
    """Birthdays gone by."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Body:
    """One person's measures: `tall` and `heavy` are parts of the median of their age and sex, kept for life."""

    sex: str
    born: date
    tall: float
    heavy: float
    adult_bmi: float

    @classmethod
    def drawn(cls, chance: Random, sex: str, born: date, bmi: tuple[float, float]) -> Body:
        return cls(sex, born, chance.uniform(0.95, 1.05), chance.uniform(0.90, 1.12), chance.uniform(*bmi))

    def centimetres(self, day: date) -> float:
        return self._median(day, 2 if self.sex == "M" else 4) * self.tall

    def kilos(self, day: date) -> float:
        """A grown person keeps a body-mass index, which moves by a few tenths with the year."""
        if months(self.born, day) < _FULLY_GROWN:
            return self._median(day, 1 if self.sex == "M" else 3) * self.heavy
        return (self.adult_bmi + (day.year * 7 % 5) / 10) * (self.centimetres(day) / 100) ** 2

    def head(self, day: date) -> float:
        age = months(self.born, day)
        after = next((place for place, (month, _) in enumerate(_HEADS) if month > age), len(_HEADS) - 1)
        (low, first), (high, last) = _HEADS[after - 1], _HEADS[after]
        return (first + (last - first) * min((age - low) / (high - low), 1)) * (0.5 + self.tall / 2)

    def _median(self, day: date, column: int) -> float:
        age = months(self.born, day)
        after = min(bisect_right(_AGES, age), len(_AGES) - 1)
        before, next_ = _MEDIANS[after - 1], _MEDIANS[after]
        part = min(max((age - before[0]) / (next_[0] - before[0]), 0), 1)
        return before[column] + (next_[column] - before[column]) * part
