"""Clinical facts of every class with every field, as documents could state them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Device,
    Dispensation,
    Dosage,
    Encounter,
    Entry,
    FamilyHistory,
    Ingredient,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    Reaction,
    RelativeCondition,
    Timing,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Quantity, Range, Ratio, Span
from carnet.formats.entry import Coded, Identifier
from carnet.formats.fhir import r4_table
from carnet.formats.terminology import systems
from tests.formats.fhir import entries as documents
from tests.formats.fhir.entries import moments as instants
from tests.formats.fhir.entries import numbers, oids, optional, organisations, words

T = TypeVar("T")


def listed(strategy: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def codes(kind: str, element: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(r4_table.types()[kind].elements[element].codes or ()))


texts = st.just("") | words
days = st.dates().filter(lambda day: 1000 <= day.year < 9999).map(str)
partial = days | days.map(lambda day: day[:7]) | days.map(lambda day: day[:4])
whole = instants.map(lambda moment: moment.isoformat())
some_moments = partial | whole
moments = st.just("") | some_moments
spans = (
    st.just(NEVER)
    | st.builds(Span, some_moments)
    | st.builds(Span, some_moments, open_end=st.sampled_from([True]))
    | st.builds(Span, st.just(""), some_moments)
    | st.tuples(days, days).map(lambda pair: Span(min(pair), max(pair)))
)
uris = st.sampled_from(["http://hl7.org/fhir/sid/cvx", "https://example.org/codes", ""])
known_systems = st.sampled_from([systems.LOINC, "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.73"])
coded = st.builds(Coded, words, known_systems | oids | uris, texts)
some_concepts = st.builds(Concept, words, listed(coded)) | st.builds(Concept, texts, st.tuples(coded))
concepts = st.just(NOTHING) | some_concepts
decimals = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal(-1_000_000), max_value=Decimal(1_000_000), places=3
) | st.builds(Decimal, st.sampled_from(["7.10", "0", "0.0", "1E+3", "12", "0.000000001", "3.140"]))
positive = st.integers(1, 900).map(Decimal) | st.sampled_from([Decimal("0.50"), Decimal("2.5")])
others = optional(st.builds(Coded, words, st.just("0.4.0.127.0.16.1.1.2.1"), texts))
comparators = st.sampled_from(["", "<", "<=", ">=", ">"])
quantities = st.builds(
    Quantity, decimals, texts, st.sampled_from(["", "mg", "g/L", "mm[Hg]", "%"]), comparators, others
)
spoken_times = st.builds(Quantity, positive, st.sampled_from(["jours", ""]), st.sampled_from(["d", ""]), comparators)
plain_times = st.builds(
    lambda value, unit: Quantity(value, unit, unit), positive, st.sampled_from(["h", "d", "wk", "mo", "a"])
)
lengths = plain_times | spoken_times
ages = st.builds(Quantity, positive, st.sampled_from(["ans", "a"]), st.sampled_from(["a", "mo", ""]), comparators)
some_ranges = st.builds(Range, optional(quantities), optional(quantities), words, concepts) | st.builds(
    Range, quantities, optional(quantities), texts, concepts
)
ratios = st.builds(Ratio, quantities, quantities)
values = (
    quantities
    | some_concepts
    | some_ranges
    | ratios
    | spans.filter(bool)
    | words
    | st.booleans()
    | st.integers(-1000, 2**31 - 1)
)
found = st.tuples(values, st.just("")) | st.tuples(st.none(), st.sampled_from(["", "unknown", "masked", "error"]))
authors = st.builds(
    replace,
    documents.persons.filter(lambda each: bool(each.organisation or each.profession or each.role or each.family))
    | documents.devices
    | documents.alone
    | documents.themselves,
    at=optional(instants.map(lambda moment: moment.replace(microsecond=0))),
)

common = {
    "code": some_concepts,
    "when": spans,
    "recorded": moments,
    "by": optional(authors),
    "identifiers": listed(numbers | st.builds(Identifier, st.just("xxx"), words)),
    "note": texts,
    "absence": st.booleans(),
}


def statuses(kind: str) -> st.SearchStrategy[str]:
    return st.just("") | codes(kind, "status")


components = st.builds(
    lambda code, pair, interpretations, ranges: Component(
        code=code, value=pair[0], absent=pair[1], interpretations=interpretations, ranges=ranges
    ),
    some_concepts,
    found,
    listed(some_concepts),
    listed(some_ranges),
)
observations = st.builds(
    lambda pair, **fields: Observation(value=pair[0], absent=pair[1], **fields),
    found,
    kind=st.sampled_from([Kind.RESULT, Kind.MEASURE, Kind.PREGNANCY, Kind.BIRTH, Kind.FUNCTION, Kind.SOCIAL]),
    status=statuses("Observation"),
    interpretations=listed(some_concepts),
    ranges=listed(some_ranges),
    method=concepts,
    body_site=concepts,
    specimen=concepts,
    sampled=moments,
    laboratory=optional(organisations),
    panels=listed(some_concepts),
    isolate=concepts,
    components=listed(components),
    about=concepts,
    **common,
)
problems = st.builds(
    Problem,
    kind=st.just(Kind.PROBLEM),
    status=texts,
    clinical=st.sampled_from(["", "active", "recurrence", "inactive", "remission", "resolved"]),
    verification=st.sampled_from(["", "confirmed", "provisional", "refuted", "entered-in-error"]),
    category=concepts,
    severity=concepts,
    body_site=concepts,
    other_sites=listed(some_concepts),
    **common,
).filter(lambda each: bool(each.body_site or not each.other_sites))
reactions = st.builds(
    Reaction,
    manifestations=listed(some_concepts),
    severity=st.sampled_from(["", "mild", "moderate", "severe"]),
    onset=moments,
    note=texts,
).filter(lambda each: each != Reaction())
allergies = st.builds(
    Allergy,
    kind=st.just(Kind.ALLERGY),
    status=texts,
    type=st.sampled_from(["", "allergy", "intolerance"]),
    categories=listed(codes("AllergyIntolerance", "category")),
    criticality=st.just("") | codes("AllergyIntolerance", "criticality"),
    clinical=st.sampled_from(["", "active", "inactive", "resolved"]),
    verification=st.sampled_from(["", "unconfirmed", "confirmed", "refuted", "entered-in-error"]),
    reactions=listed(reactions),
    **common,
)
ingredients = st.builds(Ingredient, some_concepts, optional(ratios | quantities), texts)
products = st.builds(Product, concepts) | st.builds(
    Product, concepts, concepts, listed(ingredients), texts, texts, texts
)
timings = st.builds(
    Timing,
    frequency=optional(st.integers(1, 99)),
    frequency_max=optional(st.integers(1, 99)),
    period=optional(lengths),
    when=listed(codes("Timing.repeat", "when") | st.just("XYZ")),
    times=listed(st.sampled_from(["08:00:00", "21:30:00"])),
    days=listed(codes("Timing.repeat", "dayOfWeek")),
    duration=optional(lengths),
    bounds=optional(spans.filter(bool) | lengths | some_ranges),
    code=concepts,
    period_max=optional(lengths),
    count=optional(st.integers(1, 99)),
    count_max=optional(st.integers(1, 99)),
    offset=optional(st.integers(0, 99)),
).filter(lambda each: each != Timing())
dosages = st.builds(
    Dosage,
    text=texts,
    sequence=optional(st.integers(0, 9)),
    timing=optional(timings),
    as_needed=st.booleans() | some_concepts,
    site=concepts,
    route=concepts,
    method=concepts,
    dose=optional(quantities | some_ranges),
    rate=optional(quantities | some_ranges | ratios),
    most=optional(ratios),
    instructions=texts,
    most_at_once=optional(quantities),
).filter(lambda each: each != Dosage())
medicines = {"code": concepts, "product": products, "dosages": listed(dosages)}
treatments = st.builds(
    Treatment,
    kind=st.just(Kind.TREATMENT),
    status=statuses("MedicationStatement"),
    reasons=listed(some_concepts),
    **common | medicines,
).filter(lambda each: bool(each.code or each.product.code))
prescriptions = st.builds(
    Prescription,
    kind=st.just(Kind.PRESCRIPTION),
    status=statuses("MedicationRequest"),
    reasons=listed(some_concepts),
    group=optional(numbers),
    intent=codes("MedicationRequest", "intent"),
    quantity=optional(quantities),
    repeats=optional(st.integers(1, 12)),
    valid=spans,
    supply=optional(plain_times),
    substitution=optional(st.booleans()),
    substitution_reason=concepts,
    categories=listed(some_concepts),
    rendered=texts,
    **common | medicines,
).filter(lambda each: bool(each.code or each.product.code))
dispensations = st.builds(
    Dispensation,
    kind=st.just(Kind.DISPENSATION),
    status=statuses("MedicationDispense"),
    quantity=optional(quantities),
    supply=optional(plain_times),
    prescription=optional(numbers),
    substituted=optional(st.booleans()),
    rank=optional(st.integers(0, 9)),
    **common | medicines,
).filter(lambda each: bool(each.code or each.product.code))
vaccinations = st.builds(
    Vaccination,
    kind=st.just(Kind.VACCINATION),
    status=statuses("Immunization"),
    lot=texts,
    expires=moments,
    manufacturer=texts,
    site=concepts,
    route=concepts,
    dose=optional(quantities),
    dose_number=st.sampled_from(["", "1", "2", "01", "première", "0"]),
    series=concepts,
    targets=listed(some_concepts),
    reason=concepts,
    product=optional(products),
    reactions=listed(some_concepts),
    **common,
)
procedures = st.builds(
    Procedure,
    kind=st.sampled_from([Kind.PROCEDURE, Kind.REIMBURSED]),
    status=statuses("Procedure"),
    category=concepts,
    body_sites=listed(some_concepts),
    reasons=listed(some_concepts),
    outcome=concepts,
    location=texts,
    quantity=optional(quantities),
    **common,
)
devices = st.builds(
    Device,
    kind=st.just(Kind.DEVICE),
    status=statuses("DeviceUseStatement"),
    unique=listed(numbers),
    body_site=concepts,
    reasons=listed(some_concepts),
    quantity=optional(quantities),
    **common,
)
encounters = st.builds(
    Encounter,
    kind=st.just(Kind.ENCOUNTER),
    status=statuses("Encounter"),
    encounter_class=optional(coded),
    reasons=listed(some_concepts),
    provider=optional(organisations),
    location=texts,
    admitted_by=concepts,
    discharged_to=concepts,
    **common,
)
conditions = st.builds(
    RelativeCondition,
    code=some_concepts,
    onset=moments | ages | words,
    outcome=concepts,
    contributed_to_death=optional(st.booleans()),
    note=texts,
)
histories = st.builds(
    FamilyHistory,
    kind=st.just(Kind.FAMILY),
    status=statuses("FamilyMemberHistory"),
    name=texts,
    sex=st.sampled_from(["", "male", "female", "UN"]),
    born=moments,
    deceased=optional(st.booleans() | some_moments | ages),
    conditions=listed(conditions),
    **common,
)
BY_CLASS: dict[type[Entry], st.SearchStrategy[Entry]] = {
    Observation: observations,
    Problem: problems,
    Allergy: allergies,
    Treatment: treatments,
    Prescription: prescriptions,
    Dispensation: dispensations,
    Vaccination: vaccinations,
    Procedure: procedures,
    Device: devices,
    Encounter: encounters,
    FamilyHistory: histories,
}
