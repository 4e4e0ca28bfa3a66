"""The values of clinical facts: concepts, quantities, ranges, moments. Nothing is added to what the source says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from carnet.formats.entry import Coded

__all__ = ["NEVER", "NOTHING", "Concept", "Moment", "Quantity", "Range", "Ratio", "Span", "Value"]

Moment = str
"""A FHIR dateTime, as precise as the source: `1975`, `2023-04`, `2023-04-05T08:00:00+02:00`; "" when it has none."""


@dataclass(frozen=True, slots=True)
class Concept:
    """`codings`: the source's own code first, then its translations. `text`: the source's own words."""

    text: str = ""
    codings: tuple[Coded, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.codings)

    @property
    def label(self) -> str:
        """What people read: the source's words, else the first name of a code, else a code."""
        named = next((each.display for each in self.codings if each.display), "")
        return self.text or named or (self.codings[0].code if self.codings else "")

    def code_of(self, system: str) -> str:
        """The code in that system ("" when there is none); systems are OIDs, or URIs where FHIR has no OID."""
        return next((each.code for each in self.codings if each.system == system), "")


NOTHING: Final = Concept()


@dataclass(frozen=True, slots=True)
class Quantity:
    """`unit` as the source prints it, `ucum` its UCUM code, "" when the source has none. `comparator`: <, <=, >, >=
    `other`: the unit in another system (a tablet of EDQM)."""

    value: Decimal
    unit: str = ""
    ucum: str = ""
    comparator: str = ""
    other: Coded | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """None is open on that side; `text` is the source's words; `applies_to` for whom it holds (pregnancy, an age)."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str = ""
    applies_to: Concept = NOTHING


@dataclass(frozen=True, slots=True)
class Ratio:
    numerator: Quantity
    denominator: Quantity


@dataclass(frozen=True, slots=True)
class Span:
    """A moment alone has no end; `open_end` tells that it goes on, where the source says so."""

    start: Moment = ""
    end: Moment = ""
    open_end: bool = False

    def __bool__(self) -> bool:
        return bool(self.start or self.end)


NEVER: Final = Span()

Value = Quantity | Concept | Range | Ratio | Span | str | bool | int
"""What an observation found; a `Span` is a moment or a period. None stands for no value, never for a normal one."""
