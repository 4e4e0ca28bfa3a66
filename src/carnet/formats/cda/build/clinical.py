"""The clinical facts that sections are made of: analyses, medicines, vaccines, problems, measures, with codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carnet.formats.cda.build.codes import EDQM, SNOMED
from carnet.formats.entry import Coded

__all__ = [
    "Act",
    "Allergy",
    "Analyte",
    "Dose",
    "Drug",
    "Finding",
    "Line",
    "Measure",
    "Problem",
    "Result",
    "Vaccine",
]

ORAL = Coded("20053000", EDQM, "Voie orale")
INTRAMUSCULAR = Coded("20035000", EDQM, "Voie intramusculaire")
DRUG_ALLERGY = Coded("416098002", SNOMED, "allergie médicamenteuse")


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analysis as one laboratory makes it: its unit, its reference range (None = open on that side)."""

    code: str
    name: str
    unit: str
    ucum: str
    low: str | None
    high: str | None
    chapter: Coded
    method: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    analyte: Analyte
    value: str

    @property
    def interpretation(self) -> str:
        """L, N or H against the laboratory's own range."""
        value = float(self.value)
        if self.analyte.low is not None and value < float(self.analyte.low):
            return "L"
        if self.analyte.high is not None and value > float(self.analyte.high):
            return "H"
        return "N"


@dataclass(frozen=True, slots=True)
class Finding:
    """A result in words: `value` is a SNOMED CT code."""

    code: str
    name: str
    value: Coded
    chapter: Coded
    expected: str


@dataclass(frozen=True, slots=True)
class Drug:
    """`substance` is the ATC code of the active substance; `form` and `route` are of EDQM;
    `product` is the CIS code of a box, where one box is meant."""

    name: str
    substance: Coded
    form: Coded
    route: Coded = ORAL
    product: Coded | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a prescription, of a dispensation or of the present treatment."""

    drug: Drug
    dosage: str
    start: date
    end: date | None = None
    boxes: int = 1
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Vaccine:
    name: str
    atc: Coded
    protects: str
    route: Coded = INTRAMUSCULAR


@dataclass(frozen=True, slots=True)
class Dose:
    """`kind` is INITIMMUNIZ, BOOSTER or IMMUNIZ."""

    vaccine: Vaccine
    at: date
    lot: str
    rank: int
    kind: str = "INITIMMUNIZ"


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is of ICD-10; `end` is None while it lasts."""

    code: Coded
    since: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Allergy:
    """`agent` and its `kind`: an allergy to a medicine unless another SNOMED CT code says to what."""

    agent: Coded
    reaction: str
    since: date
    kind: Coded = DRUG_ALLERGY


@dataclass(frozen=True, slots=True)
class Act:
    """`code` is of CCAM."""

    code: Coded
    at: date


@dataclass(frozen=True, slots=True)
class Measure:
    """`code` is of LOINC, `ucum` its unit."""

    code: str
    name: str
    value: str
    unit: str
    ucum: str
