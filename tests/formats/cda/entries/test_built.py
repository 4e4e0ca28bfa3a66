"""What the project's own builder writes is read back equal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.cda.build import Section, level3
from carnet.formats.cda.build import sections as make
from carnet.formats.cda.build.clinical import Analyte, Finding, Measure, Result
from carnet.formats.cda.build.codes import INTERPRETATION, LOINC, SNOMED, loinc
from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Coded
from tests.cases import cases
from tests.formats.cda.build.strategy import instants, texts
from tests.formats.cda.build.test_document import ENTRY

_INTERPRETATIONS: Final = {"N": "Normal", "L": "Bas", "H": "Élevé"}
_CHAPTERS: Final = (loinc("18719-5", "Biochimie"), loinc("18723-7", "Hématologie"), loinc("18725-2", "Microbiologie"))

_numbers = st.decimals(0, 10_000, places=2).map(lambda number: f"{number:.2f}") | st.integers(0, 10**9).map(str)
_units = st.sampled_from(("g/L", "mmol/L", "10*9/L", "m[IU]/L", "%", "/mL", "{ratio}", "Cel"))
_loinc = st.from_regex(r"\d{3,5}-\d", fullmatch=True)
_days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@st.composite
def _results(draw: st.DrawFn) -> Result:
    low, high = sorted((draw(_numbers), draw(_numbers)), key=Decimal)
    bounds = draw(st.sampled_from(((low, high), (low, None), (None, high), (None, None))))
    method = draw(texts(12) | st.just(""))
    analyte = Analyte(
        draw(_loinc), draw(texts()), "unité", draw(_units), *bounds, draw(st.sampled_from(_CHAPTERS)), method
    )
    return Result(analyte, draw(_numbers))


_found = st.builds(Coded, st.text("0123456789", min_size=6, max_size=9), st.just(SNOMED), texts())
_findings = st.builds(Finding, _loinc, texts(), _found, st.sampled_from(_CHAPTERS), texts())
_measures = st.builds(Measure, _loinc, texts(), _numbers, st.just("unité"), _units)
_many = settings(max_examples=cases(30))


def _read(sections: list[Section]) -> list[Observation]:
    given_back = read(level3(ENTRY, sections))
    assert given_back.faults == ()
    return [each for each in given_back.entries if isinstance(each, Observation)]


def _quantity(value: str | None, unit: str) -> Quantity | None:
    return None if value is None else Quantity(Decimal(value), unit, unit)


def _name(result: Result | Finding) -> str:
    """As it stands in the narrative, where the entry points to; nothing where it only says the value again."""
    if isinstance(result, Finding):
        return "" if result.name == result.value.display else result.name
    analyte = result.analyte
    printed = f"{analyte.name} ({analyte.method})" if analyte.method else analyte.name
    return "" if printed == result.value else printed


def _code(result: Result | Finding) -> Coded:
    return (
        loinc(result.code, result.name)
        if isinstance(result, Finding)
        else loinc(result.analyte.code, result.analyte.name)
    )


@given(st.lists(_results() | _findings, min_size=1, max_size=6), instants.filter(lambda at: at.year >= 1000))
@_many
def test_results(results: list[Result | Finding], sampled: datetime) -> None:
    entries = _read(list(make.laboratory(sampled, results)))
    assert len(entries) == len(results)
    for result, entry in zip(results, entries, strict=True):
        assert (entry.kind, entry.status, entry.when) == (Kind.RESULT, "final", Span(sampled.isoformat()))
        assert entry.code == Concept(_name(result), (_code(result),))
        chapter = result.chapter if isinstance(result, Finding) else result.analyte.chapter
        assert entry.panels == (Concept("", (chapter,)),)
        if isinstance(result, Finding):
            assert (entry.value, entry.ranges) == (Concept("", (result.value,)), ())
            continue
        unit = result.analyte.ucum
        low, high = _quantity(result.analyte.low, unit), _quantity(result.analyte.high, unit)
        assert entry.value == _quantity(result.value, unit)
        assert entry.ranges == ((Range(low, high),) if low or high else ())
        lecture = result.interpretation
        assert entry.interpretations == (Concept("", (Coded(lecture, INTERPRETATION, _INTERPRETATIONS[lecture]),)),)


@given(st.lists(_measures, min_size=1, max_size=6), _days)
@_many
def test_measures(measures: list[Measure], at: date) -> None:
    entries = _read([make.measures(at, measures)])
    assert len(entries) == len(measures)
    for measure, entry in zip(measures, entries, strict=True):
        assert (entry.kind, entry.status, entry.when) == (Kind.MEASURE, "final", Span(at.isoformat()))
        assert entry.code == Concept("", (Coded(measure.code, LOINC, measure.name),))
        assert entry.value == _quantity(measure.value, measure.ucum)
        assert len(entry.identifiers) == 1


@given(st.lists(_results() | _findings, max_size=4), st.lists(_measures, max_size=4), _days, instants)
@_many
def test_a_second_reading_gives_the_same(
    results: list[Result | Finding], measures: list[Measure], at: date, sampled: datetime
) -> None:
    data = level3(ENTRY, [*make.laboratory(sampled, results), make.measures(at, measures)])
    first = read(data)
    assert first == read(data)
    paths = [each.path for each in first.entries]
    assert len(set(paths)) == len(paths) == len(results) + len(measures) + 1, "the visit of the header too"
