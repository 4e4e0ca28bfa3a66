"""The words in which courses of life are told: what happens, on which day after it began."""

from __future__ import annotations

from dataclasses import dataclass, field

from carnet.demo.model import Model, Professional
from carnet.demo.vocabulary import CERTIFICATE, CONSULTATION
from carnet.formats.cda.build.clinical import Analyte, Drug
from carnet.formats.entry import Coded

__all__ = [
    "Blood",
    "Course",
    "Emergency",
    "Film",
    "Happening",
    "Letter",
    "Paper",
    "Photograph",
    "Planned",
    "Stay",
    "Step",
    "Summary",
    "Treatment",
    "Trend",
    "Visit",
    "yearly_treatment",
]


@dataclass(frozen=True, slots=True)
class Trend:
    """A value that goes from `first` to `last` while the course lasts, and never turns back."""

    analyte: Analyte
    first: float
    last: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Visit:
    """To the general practitioner unless `by` somebody else. `weighed` adds weight and blood pressure."""

    title: str
    reason: str
    found: str
    decided: tuple[str, ...]
    by: Professional | None = None
    weighed: bool = False
    model: Model = CONSULTATION


@dataclass(frozen=True, slots=True)
class Letter:
    """What a specialist writes to the general practitioner, after seeing the patient."""

    title: str
    by: Professional
    paragraphs: tuple[str, ...]
    concluded: str
    model: Model = CONSULTATION


@dataclass(frozen=True, slots=True)
class Blood:
    title: str
    trends: tuple[Trend, ...]
    hospital: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    drug: Drug
    dosage: str
    boxes: int = 1


@dataclass(frozen=True, slots=True)
class Treatment:
    """A prescription for `days`, renewed `repeats` times, and its first dispensation, that evening."""

    lines: tuple[Planned, ...]
    days: int
    repeats: int = 0
    by: Professional | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Film:
    title: str
    act: Coded
    reason: str
    technique: str
    found: tuple[str, ...]
    concluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay of some `nights`; the document is written when the patient leaves."""

    title: str
    model: Model
    by: Professional
    reason: str
    course: tuple[str, ...]
    decided: tuple[str, ...]
    nights: int = 0
    act: Coded | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    title: str
    reason: str
    found: str
    concluded: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A page in PDF."""

    title: str
    paragraphs: tuple[str, ...]
    model: Model = CERTIFICATE
    by: Professional | None = None


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture of `demo/pictures`, in JPEG."""

    title: str
    picture: str
    model: Model
    by: Professional


@dataclass(frozen=True, slots=True)
class Summary:
    """The general practitioner's synthesis of the course's problems, treatment and measures."""


Happening = Visit | Letter | Blood | Treatment | Film | Stay | Emergency | Paper | Photograph | Summary


@dataclass(frozen=True, slots=True)
class Step:
    """`day` after the beginning; again `every` so many days until the end of the story, or once."""

    day: int
    happening: Happening
    every: int = 0


def yearly_treatment(day: int, *lines: Planned) -> Step:
    """A prescription for a year, renewed every month, and again the year after."""
    return Step(day, Treatment(lines, days=364, repeats=11), every=364)


@dataclass(frozen=True, slots=True)
class Course:
    """What may befall whom. Ages are in years, that of today; `since`: years between the beginning and today.

    `lasting` is what the patient takes since the beginning, `problems` what the synthesis lists. `pressure` goes
    from one pair to the other as a `Trend` does. `avoided` names minor ailments that would not fit (`ailments`);
    for the first `absorbing` days nothing ordinary happens. `flu` asks for the yearly vaccine.
    """

    key: str
    weight: int
    ages: tuple[int, int]
    since: tuple[int, int]
    steps: tuple[Step, ...] = ()
    sexes: str = "FM"
    problems: tuple[Coded, ...] = ()
    lasting: tuple[Planned, ...] = ()
    pressure: tuple[tuple[int, int], tuple[int, int]] | None = None
    bmi: tuple[float, float] = (20.0, 27.5)
    avoided: frozenset[str] = field(default_factory=frozenset)
    flu: bool = False
    absorbing: int = 0

    def fits(self, sex: str, age: int) -> bool:
        return sex in self.sexes and self.ages[0] <= age <= self.ages[1]
