"""Entries drawn from few words, codes and days, so that two of them often meet; and what may be worded otherwise."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

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
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    RelativeCondition,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import NOTHING, Concept, Quantity, Span
from carnet.formats.entry import Author, Coded, Identifier, Organisation

LOINC, ATC, ICD, CIS, LOCAL, ROLE = (
    "2.16.840.1.113883.6.1",
    "2.16.840.1.113883.6.73",
    "2.16.840.1.113883.6.3",
    "1.2.250.1.213.2.3.1",
    "1.2.250.9.9",
    "2.16.840.1.113883.5.111",
)
CODES = {
    LOINC: ("2345-7", "14749-6"),
    ATC: ("J07BX03", "J07", "C10AA05"),
    ICD: ("I10", "E11"),
    CIS: ("60001", "60002"),
    LOCAL: ("GLU", "HB"),
    ROLE: ("MTH", "BRO"),
}
SYSTEMS = st.sampled_from([LOINC, ATC, ICD, CIS, LOCAL, ROLE, "http://loinc.org", ""])
WORDS = st.sampled_from(["", "Glucose", "glucose", "Glycémie  à jeun", "HTA"])
DAYS = st.sampled_from(
    [
        "",
        "2023",
        "2023-04",
        "2023-04-05",
        "2023-04-06",
        "2023-04-05T08:00:00+02:00",
        "2023-04-05T06:00:00Z",
        "2023-04-05T08:00:00Z",
    ]
)
AUTHORS = st.sampled_from(
    [
        None,
        Author(identifier=Identifier("1.2.250.1.71.4.2.1", "899700245667"), family="MARTIN"),
        Author(identifier=Identifier("1.2.250.1.71.4.2.1", "899700245667"), family="Martin", given="Anne"),
        Author(family="Durand", given="Luc"),
        Author(family="DURAND", given="LUC"),
        Author(device="Logiciel"),
    ]
)
IDENTIFIERS = st.lists(
    st.sampled_from([Identifier("1.2.3", "a"), Identifier("1.2.3", "b"), Identifier("1.2.4", "a")]), max_size=1
).map(tuple)
QUANTITIES = st.builds(
    Quantity,
    st.sampled_from([Decimal("1.0"), Decimal("1.00"), Decimal(100), Decimal(2)]),
    st.sampled_from(["", "g/L"]),
    st.sampled_from(["", "g/L", "mg/dL", "mmol/L", "nonsense"]),
    st.sampled_from(["", "<"]),
)


@st.composite
def codings(draw: st.DrawFn) -> Coded:
    system = draw(SYSTEMS)
    known = CODES[LOINC] if system == "http://loinc.org" else CODES.get(system, ("x",))
    return Coded(draw(st.sampled_from(known)), system, draw(WORDS))


CONCEPTS = st.builds(Concept, WORDS, st.lists(codings(), max_size=2).map(tuple))
SOMETIMES = st.one_of(st.just(NOTHING), CONCEPTS)
SPANS = st.builds(Span, DAYS, DAYS)
VALUES = st.one_of(st.none(), QUANTITIES, CONCEPTS, st.sampled_from(["positif", "Positif", True, 1]))
STATUS = st.sampled_from(["", "final", "active", "completed", "entered-in-error", "not-done"])
CLINICAL = st.sampled_from(["", "active", "recurrence", "resolved"])
VERIFICATION = st.sampled_from(["", "confirmed", "refuted"])
PRODUCTS = st.builds(Product, CONCEPTS)
DOSAGES = st.lists(st.builds(Dosage, st.sampled_from(["", "1 le matin", "1 LE MATIN"])), max_size=1).map(tuple)
COMPONENTS = st.lists(st.builds(Component, code=CONCEPTS, value=VALUES), max_size=2).map(tuple)
CONDITIONS = st.lists(st.builds(RelativeCondition, code=CONCEPTS, onset=DAYS), max_size=1).map(tuple)
PLACES = st.sampled_from(
    [None, Organisation("CHU"), Organisation("chu"), Organisation("CHU", Identifier("1.2.250.1.71.4.2.2", "1750"))]
)
CLASSES = st.sampled_from([None, Coded("AMB", "2.16.840.1.113883.5.4"), Coded("IMP", "2.16.840.1.113883.5.4")])
OBSERVED = [Kind.RESULT, Kind.MEASURE, Kind.PREGNANCY, Kind.BIRTH, Kind.FUNCTION, Kind.SOCIAL]


def _entry(of: type[Entry], kinds: list[Kind], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Entry]:
    common: dict[str, st.SearchStrategy[Any]] = {
        "kind": st.sampled_from(kinds),
        "code": CONCEPTS,
        "status": STATUS,
        "when": SPANS,
        "by": AUTHORS,
        "identifiers": IDENTIFIERS,
        "absence": st.booleans(),
    }
    return st.builds(of, **(common | more))


ENTRIES_BY_TYPE = [
    _entry(
        Observation,
        OBSERVED,
        value=VALUES,
        sampled=DAYS,
        specimen=SOMETIMES,
        isolate=SOMETIMES,
        body_site=SOMETIMES,
        components=COMPONENTS,
    ),
    _entry(Problem, [Kind.PROBLEM], clinical=CLINICAL, verification=VERIFICATION, body_site=SOMETIMES),
    _entry(Allergy, [Kind.ALLERGY], clinical=CLINICAL, verification=VERIFICATION),
    _entry(Treatment, [Kind.TREATMENT], product=PRODUCTS, dosages=DOSAGES),
    _entry(Prescription, [Kind.PRESCRIPTION], product=PRODUCTS, dosages=DOSAGES, quantity=st.none() | QUANTITIES),
    _entry(Dispensation, [Kind.DISPENSATION], product=PRODUCTS, quantity=st.none() | QUANTITIES),
    _entry(Vaccination, [Kind.VACCINATION], lot=st.sampled_from(["", "A1", "B2"])),
    _entry(
        Procedure,
        [Kind.PROCEDURE, Kind.REIMBURSED],
        body_sites=st.lists(CONCEPTS, max_size=1).map(tuple),
        quantity=st.none() | QUANTITIES,
    ),
    _entry(Device, [Kind.DEVICE], unique=IDENTIFIERS),
    _entry(Encounter, [Kind.ENCOUNTER], encounter_class=CLASSES, provider=PLACES),
    _entry(FamilyHistory, [Kind.FAMILY], name=st.sampled_from(["", "Jeanne", "JEANNE"]), conditions=CONDITIONS),
]
ENTRIES = st.one_of(ENTRIES_BY_TYPE)


def reworded(entry: Entry) -> Entry:
    """The same statement in other words: labels of codes, notes, paths, the printed unit of a quantity with a code.
    What an allergy or a problem is called is part of it."""
    kept = {"code"} if entry.kind in {Kind.ALLERGY, Kind.PROBLEM} else set()
    other = {each.name: _reworded(getattr(entry, each.name)) for each in fields(entry) if each.name not in kept}
    return replace(entry, **(other | {"note": "autrement dit", "path": "/ailleurs"}))


def _reworded(value: Any) -> Any:
    match value:
        case Concept() if any(each.system and each.code for each in value.codings):
            return Concept("d'autres mots", tuple(replace(each, display="autre libellé") for each in value.codings))
        case Quantity() if value.ucum:
            return replace(value, unit="autrement imprimé")
        case Product():
            return replace(value, code=_reworded(value.code))
        case tuple() if value and isinstance(value[0], Concept):
            return tuple(map(_reworded, value))
        case _:
            return value
