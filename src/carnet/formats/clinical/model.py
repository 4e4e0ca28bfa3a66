"""Clinical facts as one document states them: an `Entry` each, of one class per FHIR resource type.

Codes of state are those of FHIR R4 for the type. An absent thing is "", `NOTHING` or an empty tuple: it was not in
the source. A statement of absence ("no known allergy") is an entry of its own with `absence`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Moment, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier, Organisation

__all__ = [
    "UNKNOWN",
    "Allergy",
    "Component",
    "Device",
    "Dispensation",
    "Dosage",
    "Encounter",
    "Entry",
    "FamilyHistory",
    "Ingredient",
    "Kind",
    "Observation",
    "Prescription",
    "Problem",
    "Procedure",
    "Product",
    "Reaction",
    "RelativeCondition",
    "Timing",
    "Treatment",
    "Vaccination",
]


class Kind(StrEnum):
    """What a fact is to its reader: each is one section of the record. The first group are observations."""

    RESULT = "result"
    MEASURE = "measure"
    PREGNANCY = "pregnancy"
    BIRTH = "birth"
    FUNCTION = "function"
    SOCIAL = "social"
    PROBLEM = "problem"
    ALLERGY = "allergy"
    TREATMENT = "treatment"
    PRESCRIPTION = "prescription"
    DISPENSATION = "dispensation"
    VACCINATION = "vaccination"
    PROCEDURE = "procedure"
    REIMBURSED = "reimbursed"
    DEVICE = "device"
    ENCOUNTER = "encounter"
    FAMILY = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`code`: what it is about. `when`: when it held or was done, "" where the source has no date. `by`: who states or
    did it, where the entry says other than its document. `identifiers`: the source's own. `path`: where it stands in
    the document, for who looks into a fault."""

    kind: Kind
    code: Concept
    status: str = ""
    when: Span = NEVER
    recorded: Moment = ""
    by: Author | None = None
    identifiers: tuple[Identifier, ...] = ()
    note: str = ""
    absence: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of an observation that means nothing alone: systolic and diastolic pressure."""

    code: Concept
    value: Value | None = None
    absent: str = ""
    interpretations: tuple[Concept, ...] = ()
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Entry):
    """`status`: FHIR ObservationStatus. `absent`: why there is no value (data-absent-reason). `panels`: the chapter and
    the batteries that it stands in, outermost first. `isolate`: the organism whose susceptibility this is. `sampled`:
    when the specimen was taken. `laboratory`: who made the analysis. `about`: whose fact it is, when not the
    patient's own: the mother of a newborn, a parent whose trade is told."""

    value: Value | None = None
    absent: str = ""
    interpretations: tuple[Concept, ...] = ()
    ranges: tuple[Range, ...] = ()
    method: Concept = NOTHING
    body_site: Concept = NOTHING
    specimen: Concept = NOTHING
    sampled: Moment = ""
    laboratory: Organisation | None = None
    panels: tuple[Concept, ...] = ()
    isolate: Concept = NOTHING
    components: tuple[Component, ...] = ()
    about: Concept = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Entry):
    """`when` is from onset to abatement. `clinical` and `verification`: FHIR's codes; a problem that is denied is
    `refuted`. `category`: diagnosis, complaint, history … as coded by the source. `other_sites`: further places."""

    clinical: str = ""
    verification: str = ""
    category: Concept = NOTHING
    severity: Concept = NOTHING
    body_site: Concept = NOTHING
    other_sites: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    manifestations: tuple[Concept, ...] = ()
    severity: str = ""
    onset: Moment = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Entry):
    """`code` is the agent. `type`: allergy or intolerance; `categories`: food, medication, environment, biologic;
    `criticality`: low, high, unable-to-assess."""

    type: str = ""
    categories: tuple[str, ...] = ()
    criticality: str = ""
    clinical: str = ""
    verification: str = ""
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingredient:
    substance: Concept
    strength: Ratio | Quantity | None = None
    strength_text: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A medicine: `code` with CIS, CIP, ATC … as the source has them."""

    code: Concept
    form: Concept = NOTHING
    ingredients: tuple[Ingredient, ...] = ()
    lot: str = ""
    manufacturer: str = ""
    package: str = ""


UNKNOWN: Final = Product(NOTHING)


@dataclass(frozen=True, slots=True)
class Timing:
    """`frequency` times per `period` of `period_unit` (UCUM: h, d, wk, mo, a); `when`: FHIR EventTiming codes (MORN,
    NIGHT …) or times of day; `days`: mon … sun. `bounds`: how long this phase lasts. `offset`: minutes before or after
    `when`; `count`: how often in all."""

    frequency: int | None = None
    frequency_max: int | None = None
    period: Quantity | None = None
    when: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    duration: Quantity | None = None
    bounds: Span | Quantity | Range | None = None
    code: Concept = NOTHING
    period_max: Quantity | None = None
    count: int | None = None
    count_max: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Dosage:
    """One phase. `as_needed`: True, or the reason for which it is taken. `most` in a period, `most_at_once` a time."""

    text: str = ""
    sequence: int | None = None
    timing: Timing | None = None
    as_needed: bool | Concept = False
    site: Concept = NOTHING
    route: Concept = NOTHING
    method: Concept = NOTHING
    dose: Quantity | Range | None = None
    rate: Ratio | Range | Quantity | None = None
    most: Ratio | None = None
    instructions: str = ""
    most_at_once: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment(Entry):
    """A medicine that is or was taken (MedicationStatement)."""

    product: Product = UNKNOWN
    dosages: tuple[Dosage, ...] = ()
    reasons: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription(Entry):
    """One line of a prescription (MedicationRequest). `group`: the identifier of the whole prescription. `repeats`:
    renewals beyond the first. `substitution`: whether another product may be given, None where that is not said.
    `rendered`: the whole dosage in words, where the source says it beside its phases."""

    product: Product = UNKNOWN
    dosages: tuple[Dosage, ...] = ()
    reasons: tuple[Concept, ...] = ()
    group: Identifier | None = None
    intent: str = "order"
    quantity: Quantity | None = None
    repeats: int | None = None
    valid: Span = NEVER
    supply: Quantity | None = None
    substitution: bool | None = None
    substitution_reason: Concept = NOTHING
    categories: tuple[Concept, ...] = ()
    rendered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensation(Entry):
    """What a pharmacy gave (MedicationDispense). `prescription`: the identifier of the line that asked for it."""

    product: Product = UNKNOWN
    quantity: Quantity | None = None
    supply: Quantity | None = None
    dosages: tuple[Dosage, ...] = ()
    prescription: Identifier | None = None
    substituted: bool | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination(Entry):
    """`code` is the vaccine. `status`: completed or not-done, `reason` why not. `dose_number`: its rank, as printed.
    `targets`: the diseases it protects from, where the source names them. `series`: primary, booster …"""

    lot: str = ""
    expires: Moment = ""
    manufacturer: str = ""
    site: Concept = NOTHING
    route: Concept = NOTHING
    dose: Quantity | None = None
    dose_number: str = ""
    series: Concept = NOTHING
    targets: tuple[Concept, ...] = ()
    reason: Concept = NOTHING
    product: Product | None = None
    reactions: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Entry):
    """Also an act that was reimbursed (`Kind.REIMBURSED`), known by its code and date alone."""

    category: Concept = NOTHING
    body_sites: tuple[Concept, ...] = ()
    reasons: tuple[Concept, ...] = ()
    outcome: Concept = NOTHING
    location: str = ""
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Entry):
    """A device worn, implanted, used or prescribed. `unique`: its UDI or serial numbers."""

    unique: tuple[Identifier, ...] = ()
    body_site: Concept = NOTHING
    reasons: tuple[Concept, ...] = ()
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter(Entry):
    """`code`: the type of visit. `encounter_class`: AMB, IMP, EMER … of HL7's ActCode."""

    encounter_class: Coded | None = None
    reasons: tuple[Concept, ...] = ()
    provider: Organisation | None = None
    location: str = ""
    admitted_by: Concept = NOTHING
    discharged_to: Concept = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeCondition:
    """`onset`: a moment, or an age as a quantity, or words."""

    code: Concept
    onset: Quantity | Moment = ""
    outcome: Concept = NOTHING
    contributed_to_death: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyHistory(Entry):
    """One relative: `code` is the relationship (mother, brother …)."""

    name: str = ""
    sex: str = ""
    born: Moment = ""
    deceased: bool | Moment | Quantity | None = None
    conditions: tuple[RelativeCondition, ...] = ()
