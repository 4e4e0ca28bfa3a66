"""The courses that a life may take: data, in the words of `steps`."""

from __future__ import annotations

from random import Random
from typing import Final

from carnet.demo.lives.courses.asthma import ASTHMA
from carnet.demo.lives.courses.cancer import BREAST_CANCER, PROSTATE_CANCER
from carnet.demo.lives.courses.diabetes import DIABETES
from carnet.demo.lives.courses.elderly import POLYPATHOLOGY
from carnet.demo.lives.courses.hypertension import HYPERTENSION
from carnet.demo.lives.courses.injury import SPORT_INJURY
from carnet.demo.lives.courses.pregnancy import PREGNANCY
from carnet.demo.lives.steps import Course

__all__ = ["COURSES", "HEALTHY", "drawn"]

HEALTHY: Final = Course(key="healthy", weight=10, ages=(0, 130), since=(0, 0))
COURSES: Final = (
    HEALTHY,
    DIABETES,
    HYPERTENSION,
    ASTHMA,
    PREGNANCY,
    POLYPATHOLOGY,
    SPORT_INJURY,
    BREAST_CANCER,
    PROSTATE_CANCER,
)


def drawn(chance: Random, sex: str, age: int) -> Course:
    fitting = [course for course in COURSES if course.fits(sex, age)]
    return chance.choices(fitting, [course.weight for course in fitting])[0]
