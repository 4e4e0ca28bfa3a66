"""A consent in plain values, on its way out and on its way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from carnet.formats import rpps
from carnet.formats.entry import Identifier
from carnet.formats.fhir.outcome import Issue
from carnet.formats.fhir.read_subject import Subject

__all__ = [
    "CHILD_ANSWER",
    "EXPRESS",
    "LAST_YEAR",
    "LOINC_CATEGORY",
    "PURPOSE_SYSTEM",
    "SCOPE",
    "Consent",
    "Declared",
    "Given",
    "Mode",
    "Party",
]

SCOPE: Final = ("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")
LOINC_CATEGORY: Final = ("http://loinc.org", "59284-0")
EXPRESS: Final = "urn:carnet:fhir:extension:express-consent"
"""True when the person consented in so many words for this professional, as occupational medicine needs."""
CHILD_ANSWER: Final = "urn:carnet:fhir:extension:child-answer"
"""What a child says of it who is old enough to be asked, as a parent tells it."""
LAST_YEAR: Final = 2999
"""An end after it is another way of saying that there is none."""
PURPOSE_SYSTEM: Final = "urn:carnet:purpose"
"""The purposes of X-Carnet-Purpose, for what HL7 has no code."""

Mode: TypeAlias = Literal["care", "emergency", "regulation"]


@dataclass(frozen=True, slots=True)
class Party:
    """Whom it is about; `type` is what a resource of theirs would be."""

    type: Literal["Practitioner", "Organization", "CareTeam"]
    name: str
    number: Identifier | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """`masked`: it holds for masked documents too. `since` None: the law says so until the person chooses. `secret`:
    the representatives of a minor do not know of it."""

    mode: Mode
    permitted: bool
    active: bool
    since: datetime | None
    until: datetime | None = None
    to: Party | None = None
    declared_by: Party | None = None
    express: bool = False
    masked: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """What a professional says that the person consents to. `until` is the first instant that is not meant any more;
    `actor` the number of whom it names, None when it names nobody."""

    subject: Subject
    until: datetime | None
    actor: Identifier | None
    express: bool
    secret: bool = False
    warnings: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a person permits to whom the number names, or that they keep that one out. `until` is the first instant that
    is not meant any more, None for no end; `child_answer` is "" for none."""

    subject: Subject
    permitted: bool
    actor: Identifier
    until: datetime | None
    express: bool = False
    secret: bool = False
    unmasked: bool = False
    child_answer: str = ""

    @property
    def to_organisation(self) -> bool:
        return self.actor.system == rpps.STRUCTURE_OID
