"""What the parameters read so far ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from carnet.formats.fhir.search.dates import Interval, PeriodTest
from carnet.formats.fhir.search.results import Words
from carnet.formats.fhir.search.tokens import Token

__all__ = ["Wanted"]


@dataclass(slots=True)
class Wanted:
    """Grows into a `results.Search`; `known_statuses` are those of the resource."""

    known_statuses: tuple[str, ...]
    now: datetime
    patient_ids: set[str] = field(default_factory=set)
    patient_identifiers: set[Token] = field(default_factory=set)
    identifiers: tuple[Token, ...] = ()
    among: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: list[tuple[int, ...]] = field(default_factory=list)
    without: list[tuple[int, ...]] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    instants: dict[str, tuple[tuple[Interval, ...], ...]] = field(default_factory=dict)
    periods: list[tuple[PeriodTest, ...]] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    provenance: bool = False

    @property
    def one_patient(self) -> bool:
        """Whether the patient is named in one way, or by one id and one identifier."""
        return len(self.patient_ids) <= 1 and len(self.patient_identifiers) <= 1

    def narrow(self, name: str, values: tuple[str, ...]) -> None:
        """One of the values; repetitions must hold together."""
        earlier = self.among.get(name)
        self.among[name] = tuple(dict.fromkeys(each for each in values if earlier is None or each in earlier))

    def codes(self, group: tuple[int, ...], *, absent: bool) -> None:
        (self.without if absent else self.tokens).append(group)

    def fields(self) -> dict[str, Any]:
        return {
            "patient_ids": tuple(self.patient_ids),
            "patient_identifiers": tuple(self.patient_identifiers),
            "ids": self.among.get("_id", ()),
            "statuses": self.among.get("status", ()),
            "impossible": not all(self.among.values()),
            "identifiers": self.identifiers,
            "tokens": tuple(self.tokens),
            "without": tuple(self.without),
            "names": tuple(self.names),
            "instants": MappingProxyType(self.instants),
            "periods": tuple(self.periods),
            "words": tuple(self.words),
        }
