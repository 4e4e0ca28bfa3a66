"""When two documents state one fact: examples, and the rule stated a second time, pair by pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Dosage,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.sameness import fact, names, question, same, same_question, statements
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Author, Coded, Identifier
from carnet.formats.terminology import units
from tests.formats.clinical.statements import ATC, CIS, ENTRIES, ENTRIES_BY_TYPE, ICD, LOCAL, LOINC, ROLE, reworded

MORNING = "2023-04-05T08:00:00+02:00"
DOCTOR = Author(identifier=Identifier("1.2.250.1.71.4.2.1", "899700245667"))


def coded(code: str, system: str, *more: Coded, text: str = "") -> Concept:
    return Concept(text, (Coded(code, system), *more))


def result(**changes: Any) -> Observation:
    given_: dict[str, Any] = {
        "kind": Kind.RESULT,
        "code": coded("2345-7", LOINC),
        "sampled": MORNING,
        "value": Quantity(Decimal("1.05"), "g/L", "g/L"),
    }
    return Observation(**(given_ | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"value": Quantity(Decimal("105.0"), "mg/dl", "mg/dL")},
        {"value": Quantity(Decimal("1.050"), "g/l", "")},
        {"sampled": "2023-04-05T06:00:00Z"},
        {"sampled": "", "when": Span(MORNING)},
        {"code": coded("2345-7", "http://loinc.org", text="Glycémie à jeun")},
        {"code": coded("GLU", LOCAL, Coded("2345-7", LOINC))},
        {
            "note": "contrôlé",
            "path": "/x",
            "status": "final",
            "interpretations": (coded("H", "2.16.840.1.113883.5.83"),),
        },
    ],
    ids=["unit", "unit as printed", "zone", "when", "uri", "translation", "what each says"],
)
def test_one_result_in_two_documents(changes: dict[str, Any]) -> None:
    assert same(result(), result(**changes))
    assert fact(result()) == fact(result(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"value": Quantity(Decimal("1.06"), "g/L", "g/L")},
        {"value": Quantity(Decimal("1.05"), "g/L", "g/L", "<")},
        {"value": None, "absent": "unknown"},
        {"status": "entered-in-error"},
    ],
    ids=["value", "comparator", "none", "error"],
)
def test_a_corrected_result_is_the_question_with_another_answer(changes: dict[str, Any]) -> None:
    assert same_question(result(), result(**changes))
    assert not same(result(), result(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"sampled": "2023-04-05"},
        {"sampled": "2023-04-06T08:00:00+02:00"},
        {"code": coded("14749-6", LOINC)},
        {"code": coded("GLU", LOCAL)},
        {"specimen": coded("119297000", "2.16.840.1.113883.6.96")},
        {"isolate": coded("112283007", "2.16.840.1.113883.6.96")},
        {"kind": Kind.MEASURE},
    ],
    ids=["precision", "day", "property", "local code alone", "specimen", "isolate", "kind"],
)
def test_another_question(changes: dict[str, Any]) -> None:
    assert not same_question(result(), result(**changes))


@pytest.mark.parametrize(
    "entry",
    [
        result(sampled="2023-04"),
        result(sampled=""),
        result(code=Concept("Glycémie")),
        result(code=coded("GLU", "")),
        result(code=coded("X", LOCAL, Coded("2345-7", LOINC), Coded("2339-0", LOINC))),
        Vaccination(kind=Kind.VACCINATION, code=coded("J07BX03", ATC), when=Span("2023")),
        Vaccination(kind=Kind.VACCINATION, code=coded("J07BX03", ATC)),
        Treatment(kind=Kind.TREATMENT, code=Concept(), product=Product(coded("60001", CIS)), when=Span("2023-04-05")),
        Procedure(kind=Kind.REIMBURSED, code=coded("AMI", LOCAL), when=Span("2023-04-05")),
        FamilyHistory(kind=Kind.FAMILY, code=coded("BRO", ROLE)),
    ],
    ids=lambda entry: f"{entry.kind} {entry.when.start} {entry.code.label}",
)
def test_what_cannot_be_told_from_another_stays_alone(entry: Entry) -> None:
    assert question(entry) == fact(entry) == ""
    assert not same(entry, entry)
    named = replace(entry, identifiers=(Identifier("1.2.3", "7"),))
    assert same(named, named)


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "2023-13-45T99", "2023-04-05T08:00:00"])
@pytest.mark.parametrize("value", ["NaN", "1E+999999", "123456789012345678901234567890123456789"])
def test_no_moment_or_number_is_too_odd_to_be_told(at: str, value: str) -> None:
    odd = result(sampled=at, value=Quantity(Decimal(value), "g/L", "g/L"))
    assert fact(odd) == fact(replace(odd, note="again"))
    assert fact(odd) != fact(replace(odd, value=Quantity(Decimal(123456789012345678901234567890123456780), "", "g/L")))


def test_each_isolate_has_its_own_susceptibility() -> None:
    snomed = "2.16.840.1.113883.6.96"
    coli = result(code=coded("18906-8", LOINC), value=coded("R", "x"), isolate=coded("112283007", snomed))
    other = replace(coli, isolate=coded("56415008", snomed))
    assert not same_question(coli, other)


def test_components_are_compared_each_by_its_code() -> None:
    high, low = (
        Component(code=coded(code, LOINC), value=Quantity(Decimal(mm), "", "mm[Hg]"))
        for code, mm in (("8480-6", 135), ("8462-4", 85))
    )
    pressure = result(kind=Kind.MEASURE, code=coded("85354-9", LOINC), value=None, components=(high, low))
    assert same(pressure, replace(pressure, components=(low, high)))
    assert not same(pressure, replace(pressure, components=(high,)))


def test_a_dose_of_vaccine_is_one_by_its_atc_code_and_day() -> None:
    dose = Vaccination(
        kind=Kind.VACCINATION,
        code=coded("60001", CIS, Coded("J07BX03", ATC)),
        when=Span("2023-04-05"),
        status="completed",
    )
    assert same(dose, replace(dose, code=coded("J07BX03", ATC, text="vaccin"), when=Span(MORNING), lot="A1"))
    assert not same(dose, replace(dose, when=Span("2023-04-06")))
    assert not same(dose, replace(dose, status="not-done"))
    assert not same(dose, replace(dose, code=coded("J07", ATC)))


def test_an_allergy_is_one_by_its_agent_in_any_wording() -> None:
    allergy = Allergy(kind=Kind.ALLERGY, code=Concept("Pénicilline"), clinical="active")
    assert same(allergy, replace(allergy, code=Concept("  PENICILLINE "), note="urticaire"))
    assert not same(allergy, replace(allergy, code=Concept("Amoxicilline")))
    assert not same(allergy, replace(allergy, absence=True))
    assert not same(allergy, replace(allergy, verification="refuted"))
    assert same_question(allergy, replace(allergy, clinical="resolved"))
    # Both coded "allergy to a drug", which is no agent: two allergies.
    drug = "http://snomed.info/sct"
    agents = [replace(allergy, code=coded("416098002", drug, text=text)) for text in ("Amoxicilline", "Iode")]
    assert not same_question(*agents)
    assert not same_question(*(replace(each, identifiers=(Identifier("1.2.3", "7"),)) for each in agents))
    assert same(agents[0], replace(agents[0], code=coded("416098002", drug, text=" amoxicilline")))


def test_a_problem_is_one_by_its_code_and_its_onset() -> None:
    problem = Problem(kind=Kind.PROBLEM, code=coded("I10", ICD), when=Span("2019"), clinical="active")
    assert same(problem, replace(problem, code=coded("38341003", "http://snomed.info/sct", Coded("I10", ICD))))
    assert same(replace(problem, when=Span()), replace(problem, when=Span(), clinical="recurrence"))
    assert not same_question(problem, replace(problem, when=Span("2019-03")))
    assert not same(problem, replace(problem, verification="refuted"))
    hips = [replace(problem, code=coded("M16.1", ICD, text=f"Coxarthrose {side}")) for side in ("droite", "gauche")]
    assert not same_question(*hips)
    assert same(hips[0], replace(hips[0], code=coded("M16.1", ICD, text="COXARTHROSE  DROITE")))


def test_a_prescription_is_one_with_the_same_dosage() -> None:
    line = Prescription(
        kind=Kind.PRESCRIPTION,
        code=Concept(),
        product=Product(coded("60001", CIS)),
        when=Span("2023-04-05"),
        by=DOCTOR,
        dosages=(Dosage("1 le matin"),),
    )
    assert same(line, replace(line, dosages=(Dosage("1 LE  MATIN"),)))
    assert same_question(line, replace(line, dosages=(Dosage("2 le matin"),)))
    assert not same(line, replace(line, dosages=(Dosage("2 le matin"),)))
    assert not same_question(line, replace(line, by=Author(family="Durand", given="Luc")))


def test_an_identifier_joins_what_the_content_alone_would_not_but_never_two_answers() -> None:
    own = (Identifier("1.2.3", "7"),)
    one = result(identifiers=own, specimen=coded("119297000", "2.16.840.1.113883.6.96"))
    other = result(identifiers=own)
    assert same(one, other)
    assert same_question(one, replace(other, value=Quantity(Decimal(2), "", "g/L")))
    assert not same(one, replace(other, value=Quantity(Decimal(2), "", "g/L")))
    assert not same_question(one, replace(other, code=coded("718-7", LOINC)))
    assert not same_question(one, replace(other, sampled="2023-04-06"))
    assert not same_question(one, replace(other, identifiers=(Identifier("1.2.4", "7"),), kind=Kind.MEASURE))


# --- The rule a second time: no keys, each pair looked at.


def _codes(concept: Concept) -> list[tuple[str, str]]:
    systems = {"http://loinc.org": LOINC}
    return [(systems.get(c.system, c.system), c.code) for c in concept.codings if c.system and c.code]


def _code(concept: Concept, wanted: str) -> tuple[str, str] | None:
    codes = _codes(concept)
    if not codes:
        return None
    of_wanted = {pair for pair in codes if pair[0] == wanted}
    if codes[0] in of_wanted:
        return codes[0]
    if len(of_wanted) > 1:
        return None
    return of_wanted.pop() if of_wanted else codes[0]


def _folded(text: str) -> str:
    return " ".join(text.replace("é", "e").replace("à", "a").lower().split())


def _alike(one: Concept, other: Concept, wanted: str = "") -> bool:
    if _code(one, wanted) or _code(other, wanted):
        return _code(one, wanted) == _code(other, wanted)
    return _folded(one.label) == _folded(other.label)


def _called_alike(one: Entry, other: Entry) -> bool:
    said = [
        _folded(each.code.text or next((c.display for c in each.code.codings if c.display), ""))
        for each in (one, other)
    ]
    return said[0] == said[1]


def _one_moment(one: str, other: str) -> bool:
    if "T" in one and "T" in other:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    return one == other


def _one_value(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, Quantity):
        if one.comparator != other.comparator:
            return False
        (here, there) = (each.ucum or each.unit for each in (one, other))
        if "nonsense" in (here, there) or not here or not there:
            return here == there and one.value == other.value
        moved = units.convert(one, there)
        return moved is not None and moved.value == other.value
    if isinstance(one, Concept):
        return _alike(one, other)
    return bool(_folded(one) == _folded(other) if isinstance(one, str) else one == other)


def _one_author(one: Author | None, other: Author | None) -> bool:
    if one is None or other is None:
        return False
    if one.identifier or other.identifier:
        return one.identifier == other.identifier
    return bool(one.given) and (_folded(one.family), _folded(one.given)) == (
        _folded(other.family),
        _folded(other.given),
    )


def _start(entry: Entry) -> str:
    return (entry.sampled if isinstance(entry, Observation) else "") or entry.when.start


def _wanted(entry: Entry) -> str:
    if isinstance(entry, Observation):
        return LOINC
    return ICD if isinstance(entry, Problem) else ""


def _subject(entry: Entry) -> Concept:
    product = getattr(entry, "product", None)
    return product.code if product and entry.kind is not Kind.VACCINATION and product.code else entry.code


def _one_question(one: Any, other: Any) -> bool:  # noqa: C901 -- one case a kind, as the rule is told
    subject = _code(_subject(one), _wanted(one))
    same_code = subject is not None and subject == _code(_subject(other), _wanted(other))
    one_day = len(_start(one)) >= 10 and _start(one)[:10] == _start(other)[:10]
    one_start = _one_moment(_start(one), _start(other))
    match one.kind:
        case Kind.RESULT | Kind.MEASURE:
            dated = len(_start(one)) >= 10
            places = all(
                _alike(getattr(one, name), getattr(other, name)) for name in ("specimen", "isolate", "body_site")
            )
            return same_code and dated and one_start and places
        case Kind.PREGNANCY | Kind.BIRTH | Kind.FUNCTION | Kind.SOCIAL:
            places = all(
                _alike(getattr(one, name), getattr(other, name)) for name in ("specimen", "isolate", "body_site")
            )
            return same_code and bool(_start(one)) and one_start and places
        case Kind.VACCINATION:
            whole = [ATC if len(each.code.code_of(ATC)) == 7 else "" for each in (one, other)]
            vaccines = [_code(each.code, way) for each, way in zip((one, other), whole, strict=True)]
            return vaccines[0] is not None and vaccines[0] == vaccines[1] and one_day
        case Kind.ALLERGY:
            named = bool(_codes(one.code) or _folded(one.code.label))
            return bool(one.code) and _alike(one.code, other.code) and named and _called_alike(one, other)
        case Kind.PROBLEM:
            return same_code and one_start and _alike(one.body_site, other.body_site) and _called_alike(one, other)
        case Kind.TREATMENT | Kind.PRESCRIPTION | Kind.DISPENSATION:
            return same_code and one_day and _one_author(one.by, other.by)
        case Kind.PROCEDURE | Kind.REIMBURSED:
            sites = len(one.body_sites) == len(other.body_sites) and all(map(_alike, one.body_sites, other.body_sites))
            act = one.kind is Kind.PROCEDURE or (
                bool(one.quantity and other.quantity) and _one_author(one.by, other.by)
            )
            return same_code and len(_start(one)) >= 10 and one_start and sites and act
        case Kind.DEVICE:
            return same_code and bool(one.unique) and one.unique == other.unique
        case Kind.ENCOUNTER:
            here, there = one.provider, other.provider
            if here is None or there is None or len(_start(one)) < 10 or not one_start:
                return False
            place = (
                here.identifier == there.identifier
                if here.identifier or there.identifier
                else _folded(here.name) == _folded(there.name)
            )
            codes = _code(one.code, ""), _code(other.code, "")
            return (
                place
                and codes[0] == codes[1]
                and one.encounter_class == other.encounter_class
                and bool(codes[0] or one.encounter_class)
            )
        case Kind.FAMILY:
            alone = one.code.code_of(ROLE) == "MTH" or one.name
            other_alone = other.code.code_of(ROLE) == "MTH" or other.name
            return same_code and bool(alone) and bool(other_alone) and _folded(one.name) == _folded(other.name)
    raise AssertionError(one.kind)


_GROUPS = {"recurrence": "active"}


def _one_answer(one: Any, other: Any) -> bool:
    void = {"entered-in-error", "not-done"}
    if one.absence != other.absence or (one.status != other.status and {one.status, other.status} & void):
        return False
    same_end = _one_moment(one.when.end, other.when.end)
    match one.kind:
        case Kind.VACCINATION:
            return True
        case Kind.ALLERGY | Kind.PROBLEM:
            states = [
                "denied" if e.verification == "refuted" else _GROUPS.get(e.clinical, e.clinical) for e in (one, other)
            ]
            return states[0] == states[1] and (one.kind is Kind.ALLERGY or same_end)
        case Kind.TREATMENT | Kind.PRESCRIPTION:
            dosages = [[_folded(dosage.text) for dosage in each.dosages] for each in (one, other)]
            more = same_end if one.kind is Kind.TREATMENT else _one_value(one.quantity, other.quantity)
            return one.status == other.status and dosages[0] == dosages[1] and more
        case Kind.DISPENSATION:
            return one.status == other.status and _one_value(one.quantity, other.quantity)
        case Kind.PROCEDURE | Kind.REIMBURSED:
            return same_end and _one_value(one.quantity, other.quantity)
        case Kind.DEVICE:
            return one.status == other.status and same_end and _one_moment(one.when.start, other.when.start)
        case Kind.ENCOUNTER:
            return same_end
        case Kind.FAMILY:
            return len(one.conditions) == len(other.conditions) and all(
                _alike(a.code, b.code) and _one_moment(a.onset, b.onset)
                for a, b in zip(one.conditions, other.conditions, strict=True)
            )
    return _one_value(one.value, other.value) and _one_parts(one.components, other.components)


def _one_parts(one: tuple[Component, ...], other: tuple[Component, ...]) -> bool:
    left = list(other)
    for part in one:
        match = next(
            (each for each in left if _alike(part.code, each.code, LOINC) and _one_value(part.value, each.value)), None
        )
        if match is None:
            return False
        left.remove(match)
    return not left


def _shared_identifier(one: Entry, other: Entry) -> bool:
    here, there = _start(one), _start(other)
    one_day = here[:10] == there[:10] if len(here) >= 10 and len(there) >= 10 else here == there
    subjects = _subject(one), _subject(other)
    named = all(_code(each, _wanted(one)) or _folded(each.label) for each in subjects)
    called = one.kind not in {Kind.ALLERGY, Kind.PROBLEM} or _called_alike(one, other)
    shared = bool(set(one.identifiers) & set(other.identifiers))
    return shared and named and called and _alike(*subjects, _wanted(one)) and one_day


def rule(one: Entry, other: Entry) -> tuple[bool, bool]:
    """(one question, one fact)."""
    if one.kind is not other.kind:
        return False, False
    asked = _one_question(one, other) or _shared_identifier(one, other)
    return asked, asked and _one_answer(one, other)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Entry, Entry]:
    """Two entries of one type, most of whose fields are the same."""
    of_type = draw(st.sampled_from(ENTRIES_BY_TYPE))
    one, other = draw(of_type), draw(of_type)
    taken = [name for name in one.__dataclass_fields__ if not draw(st.integers(0, 4))]
    return one, replace(one, **{name: getattr(other, name) for name in taken})


@settings(max_examples=250)
@given(pair=pairs())
def test_the_rule_told_twice_is_one_rule(pair: tuple[Entry, Entry]) -> None:
    asked, told = rule(*pair)
    assert same_question(*pair) == asked
    assert same(*pair) == told


@given(pair=pairs())
def test_sameness_is_mutual_and_stays_in_one_kind_and_one_day(pair: tuple[Entry, Entry]) -> None:
    one, other = pair
    assert same(one, other) == same(other, one)
    if same(one, other):
        assert one.kind is other.kind
        assert same_question(one, other)
        days = {_start(each)[:10] for each in pair if len(_start(each)) >= 10}
        assert len(days) < 2 or one.kind in {Kind.ALLERGY, Kind.FAMILY, Kind.DEVICE} or "T" in _start(one)


@given(entry=ENTRIES)
def test_other_words_are_the_same_statement(entry: Entry) -> None:
    other = reworded(entry)
    assert question(other) == question(entry)
    assert fact(other) == fact(entry)
    assert names(other) == names(entry)
    assert bool(statements(entry)) == same(entry, other)


@settings(max_examples=30)
@given(entries=st.lists(ENTRIES, min_size=4, max_size=6))
def test_no_two_kinds_share_a_key(entries: list[Entry]) -> None:
    seen: dict[str, Kind] = {}
    for entry in entries:
        for each in (*filter(None, [question(entry), fact(entry)]), *statements(entry), *names(entry)):
            assert seen.setdefault(each, entry.kind) is entry.kind
