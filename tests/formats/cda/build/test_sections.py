"""Sections made of drawn facts: people read every fact, software finds the same, the schema is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from carnet.formats.cda import Level3, read_body, to_html
from carnet.formats.cda.build import Block, Items, Paragraph, Section, Table, level3
from carnet.formats.cda.build import sections as make
from carnet.formats.cda.build.clinical import (
    Act,
    Allergy,
    Analyte,
    Dose,
    Drug,
    Finding,
    Line,
    Measure,
    Problem,
    Result,
    Vaccine,
)
from carnet.formats.cda.build.codes import ATC, CCAM, EDQM, ICD10, SNOMED, loinc
from carnet.formats.entry import Coded
from tests.cases import cases
from tests.formats.cda.build.strategy import texts
from tests.formats.cda.build.test_document import DOCTOR, ENTRY
from tests.formats.cda.schema import complaints

V3: Final = "{urn:hl7-org:v3}"
XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_AT: Final = datetime(2026, 2, 3, 8, 10, tzinfo=UTC)
_CHAPTERS: Final = (loinc("18719-5", "Biochimie"), loinc("18723-7", "Hématologie"))

_days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_numbers = st.decimals(0, 10_000, places=2).map(lambda number: f"{number:.2f}")


def _codes(system: str) -> st.SearchStrategy[Coded]:
    return st.builds(Coded, st.text("ABC0123456789", min_size=1, max_size=7), st.just(system), texts())


@st.composite
def _analytes(draw: st.DrawFn) -> Analyte:
    low, high = sorted((draw(_numbers), draw(_numbers)), key=float)
    bounds = draw(st.sampled_from(((low, high), (low, None), (None, high), (None, None))))
    return Analyte("2823-3", draw(texts()), draw(texts(8)), "mmol/L", *bounds, draw(st.sampled_from(_CHAPTERS)))


_results = st.builds(Result, _analytes(), _numbers)
_findings = st.builds(Finding, st.just("600-7"), texts(), _codes(SNOMED), st.sampled_from(_CHAPTERS), texts())
_drugs = st.builds(Drug, texts(), _codes(ATC), _codes(EDQM), _codes(EDQM), st.none() | _codes("1.2.250.1.213.2.3.1"))
_lines = st.builds(Line, _drugs, texts(), _days, _days | st.none(), boxes=st.integers(1, 9), repeats=st.integers(0, 11))
_vaccines = st.builds(Vaccine, texts(), _codes(ATC), texts(), _codes(EDQM))
_doses = st.builds(
    Dose, _vaccines, _days, texts(12), st.integers(1, 6), st.sampled_from(("INITIMMUNIZ", "BOOSTER", "IMMUNIZ"))
)
_problems = st.builds(Problem, _codes(ICD10), _days, _days | st.none())
_allergies = st.builds(Allergy, _codes(ATC), texts(), _days, _codes(SNOMED))
_acts = st.builds(Act, _codes(CCAM), _days)
_measures = st.builds(Measure, st.just("29463-7"), texts(), _numbers, texts(6), st.just("kg"))


def _built(sections: Sequence[Section]) -> etree._Element:
    root = etree.fromstring(level3(ENTRY, sections))
    assert complaints(root) == []
    marks = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(marks)) == len(marks)
    for reference in root.iter(f"{V3}reference"):
        assert (reference.get("value") or "")[1:] in marks
    ids = [each.get("root") for each in root.iterfind(f".//{V3}structuredBody//{V3}id") if not each.get("extension")]
    assert len(set(ids)) == len(ids)
    return root


def _shown(sections: Sequence[Section]) -> str:
    """The text of the page that people read, blanks gathered."""
    fragment = html.fragment_fromstring(to_html(level3(ENTRY, sections)))
    return " ".join(" ".join(map(str, fragment.itertext())).split())


def _printed(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


_many = settings(max_examples=cases(40))


@given(st.lists(_results | _findings, min_size=1, max_size=6))
@_many
def test_laboratory_results(results: list[Result | Finding]) -> None:
    sections = make.laboratory(_AT, results)
    shown, root = _shown(sections), _built(sections)
    observations = list(root.iter(f"{V3}observation"))
    assert len(observations) == len(results)
    for result, observation in zip(results, observations, strict=True):
        value = observation.find(f"{V3}value")
        assert value is not None
        if isinstance(result, Finding):
            assert result.name in shown
            assert result.value.display in shown
            assert result.expected in shown
            assert value.get("code") == result.value.code
            continue
        analyte = result.analyte
        assert analyte.name in shown
        assert f"{result.value.replace('.', ',')} {analyte.unit}" in shown
        assert (value.get(XSI_TYPE), value.get("value"), value.get("unit")) == ("PQ", result.value, "mmol/L")
        bounds = [observation.find(f".//{V3}observationRange/{V3}value/{V3}{end}") for end in ("low", "high")]
        assert [None if each is None else each.get("value") for each in bounds] == [analyte.low, analyte.high]
        below = analyte.low is not None and float(result.value) < float(analyte.low)
        above = analyte.high is not None and float(result.value) > float(analyte.high)
        interpretation = observation.find(f"{V3}interpretationCode")
        assert interpretation is not None
        assert interpretation.get("code") == ("L" if below else "H" if above else "N")
        for bound in filter(None, (analyte.low, analyte.high)):
            assert bound.replace(".", ",") in shown


@given(st.lists(_lines, max_size=4), texts())
@_many
def test_medicines(lines: list[Line], note: str) -> None:
    prescribed, delivered = make.prescription(lines, note), make.dispensation(lines, note)
    everything = [*prescribed, *delivered, make.treatments(lines)]
    root = _built(everything)
    for section in everything:
        shown = _shown([section])
        for line in lines:
            assert line.drug.name in shown
            assert line.dosage in shown
            assert _printed(line.start) in shown
    assert note in _shown(prescribed)
    assert note in _shown(delivered)
    administrations = list(root.iter(f"{V3}substanceAdministration"))
    assert [each.get("moodCode") for each in administrations] == ["INT"] * len(lines) + ["EVN"] * len(lines)
    for line, administration in zip(lines, administrations, strict=False):
        supply = administration.find(f".//{V3}supply/{V3}quantity")
        repeats, route = administration.find(f"{V3}repeatNumber"), administration.find(f"{V3}routeCode")
        material = administration.find(f".//{V3}manufacturedMaterial/{V3}code")
        assert supply is not None
        assert repeats is not None
        assert route is not None
        assert material is not None
        assert (supply.get("value"), repeats.get("value")) == (str(line.boxes), str(line.repeats))
        assert route.get("code") == line.drug.route.code
        assert material.get("code") == (line.drug.product.code if line.drug.product else None)


@given(st.lists(_doses, min_size=1, max_size=4))
@_many
def test_vaccinations(doses: list[Dose]) -> None:
    sections = make.vaccination(doses, DOCTOR)
    shown, root = _shown(sections), _built(sections)
    assert "Dr Philippe MARTIN" in shown
    for dose, found in zip(doses, root.iter(f"{V3}substanceAdministration"), strict=True):
        for text in (dose.vaccine.name, dose.vaccine.protects, dose.lot, _printed(dose.at)):
            assert text in shown
        rank, lot = found.find(f".//{V3}observation/{V3}value"), found.find(f".//{V3}lotNumberText")
        assert rank is not None
        assert lot is not None
        assert (rank.get("value"), lot.text) == (str(dose.rank), dose.lot)


@given(
    st.lists(_problems, max_size=3),
    st.lists(_allergies, max_size=3),
    st.lists(_acts, max_size=3),
    st.lists(_measures, min_size=1, max_size=3),
)
@_many
def test_history(problems: list[Problem], allergies: list[Allergy], acts: list[Act], measures: list[Measure]) -> None:
    sections = [
        make.problems(problems),
        make.past_history(problems),
        make.allergies(allergies),
        make.procedures(acts),
        make.measures(_AT.date(), measures),
    ]
    shown, root = _shown(sections), _built(sections)
    for coded, since in [(each.code, each.since) for each in problems] + [(each.code, each.at) for each in acts]:
        assert coded.display in shown
        assert _printed(since) in shown
    for allergy in allergies:
        assert allergy.agent.display in shown
        assert allergy.reaction in shown
    for measure in measures:
        assert measure.name in shown
        assert f"{measure.value.replace('.', ',')} {measure.unit}" in shown
    states = [each.get("code") for each in root.iterfind(f".//{V3}entry/{V3}act/{V3}statusCode")]
    assert states == ["completed" if each.end else "active" for each in problems] * 2 + ["active"] * len(allergies)
    assert len(list(root.iter(f"{V3}procedure"))) == len(acts)


def test_what_is_absent_is_said() -> None:
    shown = _shown([make.problems(()), make.past_history(()), make.allergies(()), make.procedures(()),
                    make.treatments(())])  # fmt: skip
    for words in ("Aucun problème", "Aucun antécédent", "Aucune allergie", "Aucun acte", "Aucun traitement"):
        assert words in shown


_rows = st.lists(st.tuples(texts(), texts()), max_size=3).map(tuple)
_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, texts(200)),
    st.builds(Items, st.lists(texts(), max_size=4).map(tuple)),
    st.builds(Table, st.tuples(texts(), texts()), _rows),
)
_leaves = st.builds(
    Section, st.just(loinc("51847-2", "Evaluation")), texts(), blocks=st.lists(_blocks, max_size=3).map(tuple)
)
_sections = st.builds(
    Section,
    st.just(loinc("51847-2", "Evaluation")),
    texts(),
    blocks=st.lists(_blocks, max_size=2).map(tuple),
    parts=st.lists(_leaves, max_size=2).map(tuple),
)


def _texts_of(section: Section) -> list[str]:
    found = [section.title]
    for block in section.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        elif isinstance(block, Items):
            found += block.items
        elif block.rows:
            found += [*block.head, *(str(cell) for row in block.rows for cell in row)]
    return found + [text for part in section.parts for text in _texts_of(part)]


@given(st.lists(_sections, min_size=1, max_size=3))
@_many
def test_prose_lists_and_tables_are_shown_whole(sections: list[Section]) -> None:
    shown, root = _shown(sections), _built(sections)
    for section in sections:
        for text in _texts_of(section):
            assert text in shown
    body = read_body(etree.tostring(root))
    assert isinstance(body, Level3)
    assert [each.title for each in body.sections] == [each.title for each in sections]


def test_two_sections_of_one_kind_keep_their_marks_apart() -> None:
    measure = Measure("29463-7", "Poids", "70", "kg", "kg")
    root = _built([make.measures(date(2026, 1, 1), [measure]), make.measures(date(2026, 2, 1), [measure])])
    assert len({each.get("value") for each in root.iter(f"{V3}reference")}) == 2
