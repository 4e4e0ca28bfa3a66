"""What the project's own builder writes of drawn facts is read back equal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from carnet.formats.cda.build import Section, level1, level3
from carnet.formats.cda.build import sections as make
from carnet.formats.cda.build.clinical import Act, Allergy, Dose, Drug, Line, Problem, Vaccine
from carnet.formats.cda.build.codes import ATC, CCAM, EDQM, ICD10, SNOMED
from carnet.formats.clinical import model
from carnet.formats.clinical.model import Entry, Kind, Product
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from tests.cases import cases
from tests.formats.cda.build.strategy import details, entries, texts
from tests.formats.cda.build.test_document import DOCTOR, ENTRY
from tests.formats.cda.entries.rest import read

_many = settings(max_examples=cases(15))
_days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_CIS: Final = "1.2.250.1.213.2.3.1"
# A text that is an answer or a sign is the name of nothing: the reader leaves it out, and has tests of its own for it.
_names = texts().map(lambda text: f"{text} 2a")


def _codes(system: str) -> st.SearchStrategy[Coded]:
    return st.builds(Coded, st.text("ABC0123456789", min_size=1, max_size=7), st.just(system), _names)


_drugs = st.builds(Drug, _names, _codes(ATC), _codes(EDQM), _codes(EDQM), st.none() | _codes(_CIS))
_lines = st.builds(Line, _drugs, _names, _days, _days | st.none(), boxes=st.integers(1, 9), repeats=st.integers(0, 11))
_vaccines = st.builds(Vaccine, _names, _codes(ATC), texts(), _codes(EDQM))
_kinds = st.sampled_from(("INITIMMUNIZ", "BOOSTER", "IMMUNIZ"))
_doses = st.builds(Dose, _vaccines, _days, _names, st.integers(1, 6), _kinds)
_problems = st.builds(Problem, _codes(ICD10), _days, _days | st.none())
_allergies = st.builds(Allergy, _codes(ATC), texts(), _days, _codes(SNOMED))
_acts = st.builds(Act, _codes(CCAM), _days)


def _read(sections: Sequence[Section], kind: Kind) -> list[Entry]:
    entries, faults = read(level3(ENTRY, sections))
    assert faults == []
    found = [each for each in entries if each.path.startswith("/ClinicalDocument/component/")]
    assert {each.kind for each in found} <= {kind}
    for each in found:
        assert each.identifiers[0].value.startswith("urn:uuid:")
        assert each.by is None
        assert not each.absence
    return found


def _span(start: date, end: date | None = None) -> Span:
    return Span(start.isoformat(), end.isoformat() if end else "")


def _product(drug: Drug) -> Product:
    own = (drug.product,) if drug.product else ()
    return Product(Concept(drug.name, (*own, drug.substance)), form=Concept("", (drug.form,)))


def _check_line(entry: model.Treatment | model.Prescription, line: Line) -> None:
    assert entry.code == entry.product.code
    assert entry.product == _product(line.drug)
    assert entry.when == _span(line.start, line.end)
    (dosage,) = entry.dosages
    # Who writes the name of a product as its dosage has written none.
    assert dosage.text in {line.dosage, ""}
    assert dosage.text or line.dosage == line.drug.name
    assert dosage.route == Concept("", (line.drug.route,))


@given(st.lists(_lines, max_size=4))
@_many
def test_prescriptions(lines: list[Line]) -> None:
    entries = _read(make.prescription(lines), Kind.PRESCRIPTION)
    for entry, line in zip(entries, lines, strict=True):
        assert isinstance(entry, model.Prescription)
        _check_line(entry, line)
        assert entry.intent == "order"
        assert entry.repeats == line.repeats
        assert entry.quantity == Quantity(Decimal(line.boxes), "30009000")
        assert entry.group is not None


@given(st.lists(_lines, max_size=4))
@_many
def test_treatments(lines: list[Line]) -> None:
    entries = _read([make.treatments(lines)], Kind.TREATMENT)
    for entry, line in zip(entries, lines, strict=True):
        assert isinstance(entry, model.Treatment)
        _check_line(entry, line)
        assert entry.status == "unknown"


@given(st.lists(_lines, max_size=4))
@_many
def test_dispensations(lines: list[Line]) -> None:
    entries = _read(make.dispensation(lines), Kind.DISPENSATION)
    for entry, line in zip(entries, lines, strict=True):
        assert isinstance(entry, model.Dispensation)
        assert entry.product == _product(line.drug)
        assert entry.when == _span(line.start)
        assert entry.quantity == Quantity(Decimal(line.boxes), "30009000")
        assert entry.status == "completed"


@given(st.lists(_doses, max_size=4))
@_many
def test_vaccinations(doses: list[Dose]) -> None:
    entries, faults = read(level3(ENTRY, make.vaccination(doses, DOCTOR)))
    assert faults == []
    found = [each for each in entries if isinstance(each, model.Vaccination)]
    for entry, dose in zip(found, doses, strict=True):
        vaccine = dose.vaccine
        assert entry.code == Concept(vaccine.name, (vaccine.atc,))
        assert (entry.lot, entry.dose_number, entry.status) == (dose.lot, str(dose.rank), "completed")
        assert entry.when == _span(dose.at)
        assert entry.series.codings[0].code == dose.kind
        assert entry.route == Concept("", (vaccine.route,))
        assert entry.by is None or entry.by.family == DOCTOR.family


@given(st.lists(_problems, max_size=4))
@_many
def test_problems(facts: list[Problem]) -> None:
    for section in (make.problems(facts), make.past_history(facts)):
        entries = _read([section], Kind.PROBLEM)
        for entry, fact in zip(entries, facts, strict=True):
            assert isinstance(entry, model.Problem)
            assert entry.code == Concept(fact.code.display, (fact.code,))
            assert entry.when == _span(fact.since, fact.end)
            assert entry.clinical == ("resolved" if fact.end else "active")
            assert entry.verification == ""


_ODD: Final = Coded("0", ATC, ", 2a")


@given(st.lists(_allergies, max_size=4))
@example([Allergy(_ODD, "0", date(2000, 1, 1), Coded("0", SNOMED, "0 2a"))])
@_many
def test_allergies(facts: list[Allergy]) -> None:
    entries = _read([make.allergies(facts)], Kind.ALLERGY)
    for entry, fact in zip(entries, facts, strict=True):
        assert isinstance(entry, model.Allergy)
        assert entry.code == Concept(fact.agent.display, (fact.agent,))
        assert entry.when == _span(fact.since)
        assert entry.clinical == "active"


@given(st.lists(_acts, max_size=4))
@_many
def test_procedures(acts: list[Act]) -> None:
    entries = _read([make.procedures(acts)], Kind.PROCEDURE)
    for entry, act in zip(entries, acts, strict=True):
        assert isinstance(entry, model.Procedure)
        assert entry.code == Concept("", (act.code,))
        assert entry.when == _span(act.at)
        assert entry.status == "completed"


def _instant(stated: str) -> datetime | None:
    return datetime.fromisoformat(stated) if stated else None


@given(st.data())
@settings(max_examples=cases(10))
def test_the_visit_or_stay_of_a_header(data: st.DataObject) -> None:
    document = data.draw(entries())
    more = data.draw(details(document))
    found, faults = read(level1(document, b"%PDF-", "application/pdf", more))
    assert faults == []
    if not (document.encounter or more.encounter or document.period.start or document.period.end):
        assert found == []
        return
    (visit,) = found
    assert isinstance(visit, model.Encounter)
    assert visit.identifiers == ((document.encounter,) if document.encounter else ())
    assert [each.code for each in visit.code.codings] == ([more.encounter.code] if more.encounter else [])
    assert _instant(visit.when.start) == document.period.start
    assert _instant(visit.when.end) == document.period.end
    place = more.place or document.custodian
    if place and place.identifier:
        assert visit.provider is not None
        assert visit.provider.identifier == place.identifier
    if place:
        assert visit.location == place.name
