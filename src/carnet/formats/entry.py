"""What is known of a document, whatever format brought it: the XDS DocumentEntry in plain Python.

`formats.cda` and `formats.fhir` read into it, the record stores it, `formats.fhir` writes it.
Systems are OIDs without prefix ("2.16.840.1.113883.6.1") or absolute URIs, as the source gave them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

__all__ = [
    "Author",
    "Coded",
    "DocumentEntry",
    "Identifier",
    "Organisation",
    "Patient",
    "Period",
    "Reference",
    "replace",
]


@dataclass(frozen=True, slots=True)
class Coded:
    code: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str = ""
    identifier: Identifier | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A person (national id: "8" + RPPS under 1.2.250.1.71.4.2.1 …), a device, or an organisation alone.

    `prefix` is the civility ("M", "MME"), `suffix` the title ("DR", "PR"), as CI-SIS places them. `relation`: what they
    are to the patient ("parent", "guardian", "carer"), of who adds something for them; their whole name is `family`."""

    identifier: Identifier | None = None
    family: str = ""
    given: str = ""
    prefix: str = ""
    suffix: str = ""
    device: str = ""
    profession: Coded | None = None
    role: str = ""
    organisation: Organisation | None = None
    at: datetime | None = None
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """Identity traits as the document states them; `birth_date` is a FHIR date, perhaps partial."""

    ins: Identifier | None = None
    local: Identifier | None = None
    birth_family: str = ""
    birth_given: str = ""
    birth_givens: str = ""
    used_family: str = ""
    used_given: str = ""
    sex: str = ""
    birth_date: str = ""
    birth_place: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the referenceIdList: an order, an accession or a study."""

    kind: str
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """`unique_id` in XDS form: an OID, `oid^extension` or a lower-case UUID, without a `urn:` prefix.

    `encounter` is the visit or stay that the document comes from; `referrers` those who asked for the act."""

    unique_id: str
    type: Coded
    title: str
    created: datetime
    media_type: str
    patient: Patient
    category: Coded | None = None
    format: Coded | None = None
    language: str = "fr-FR"
    confidentiality: Coded | None = None
    labels: frozenset[str] = frozenset()
    authors: tuple[Author, ...] = ()
    authenticator: Author | None = None
    custodian: Organisation | None = None
    events: tuple[Coded, ...] = ()
    period: Period = field(default_factory=Period)
    facility: Coded | None = None
    setting: Coded | None = None
    references: tuple[Reference, ...] = ()
    encounter: Identifier | None = None
    referrers: tuple[Identifier, ...] = ()
    set_id: str = ""
    version: str = ""
    replaces: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def act(self) -> Period:
        """The period as it is kept and told (FHIR per-1). One without a start began no later than its document was
        made: only where it ended before, its end is its start. An end before its start, as headers of CDA have it,
        tells nothing."""
        start, end = self.period.start, self.period.end
        if start is None and end is not None and end < self.created:
            start = end
        return Period(start, None if start and end and end < start else end)
