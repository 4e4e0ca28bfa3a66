"""Documents that are broken, absurd or huge: what can be read is read, the rest is said, and it ends soon."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda.entries import problems
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.xml import clinical_document, parse
from carnet.formats.clinical.model import Problem
from tests.cases import cases
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda.entries.rest import HEADER, MODULES, body, read, small

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4."
_SECRET: Final = "zzconfidentielzz"
_VALUES: Final = (
    "",
    _SECRET,
    "-1",
    "1e999999",
    "NaN",
    "9" * 400,
    "20231301",
    "00000000",
    "99991231235959+1400",
    "no-known-problems",
    "true",
    "#",
    "\u202e\U0001f480",
    "PIVL_TS",
)
# Rich in medicines, vaccinations, allergies, family, acts and stays.
_RICH: Final = (
    "IPS-FR_2024.01",
    "eP-MED-DM_2024",
    "eDISP-MED",
    "CNAM-HR",
    "VAC_2023",
    "01_Mod",
    "OBP-SAP",
    "SDM-MR_2022",
)
_SEEDS: Final = [each for each in cda_facts() if each["file"].rpartition("/")[2].startswith(_RICH)]
_SOON: Final = 4.0
_SMALL: Final = 400


def _damage(root: etree._Element, draws: list[tuple[int, int, str]]) -> None:
    """Empties, renames, doubles, moves or falsifies elements of the body."""
    for place, kind, value in draws:
        elements = list(root.iter("{urn:hl7-org:v3}*"))
        element = elements[place % len(elements)]
        parent = element.getparent()
        if parent is None:
            continue
        if kind == 0:
            parent.remove(element)
        elif kind == 1:
            element.attrib.clear()
        elif kind == 2:
            for name in element.attrib:
                element.set(name, value)
        elif kind == 3:
            if sum(1 for _ in element.iter()) < _SMALL:
                elements[(place * 7) % len(elements)].append(etree.fromstring(etree.tostring(element, with_tail=False)))
        elif kind == 4:
            element.set("nullFlavor", "UNK")
        else:
            element.set("{http://www.w3.org/2001/XMLSchema-instance}type", value or "CD")


_draw = st.tuples(st.integers(0, 10**6), st.integers(0, 5), st.sampled_from(_VALUES))
_draws = st.lists(_draw, min_size=1, max_size=25)


@needs_corpus
@given(st.data(), _draws)
@settings(max_examples=cases(40))
def test_damaged_documents_never_raise_and_their_faults_quote_nothing(
    data: st.DataObject, draws: list[tuple[int, int, str]]
) -> None:
    root = clinical_document(parse(cda_bytes(data.draw(st.sampled_from(_SEEDS)))))
    _damage(root, draws)
    context = Context(None, [])
    entries = list(HEADER(root, context))
    inside = body(root)
    if inside is not None:
        for module in MODULES:
            entries += module(inside, context)
    for each in entries:
        assert each.path.startswith("/")
        assert each.code or each.kind == "encounter"
    assert all(_SECRET not in each.path and _SECRET not in each.code for each in context.faults)


@pytest.mark.parametrize("module", MODULES, ids=[each.__module__.rpartition(".")[2] for each in MODULES])
def test_an_empty_body_has_no_entries(module: object) -> None:
    assert callable(module)
    context = Context(None, [])
    assert list(module(etree.fromstring('<structuredBody xmlns="urn:hl7-org:v3"/>'), context)) == []
    assert context.faults == []


def test_one_broken_piece_does_not_take_the_others() -> None:
    problem = f'<observation moodCode="EVN"><templateId root="{_PCC}5"/>{{}}</observation>'
    value = '<value code="I{}" codeSystem="2.16.840.1.113883.6.3"/>'
    inside = "</entry><entry>".join(
        problem.format(each)
        for each in (value.format(1), "", '<effectiveTime value="hier"/>' + value.format(2), value.format(3))
    )
    entries, faults = read(small(inside))
    assert [each.code.label for each in entries] == ["I1", "I2", "I3"]
    assert [(each.code, each.path.rpartition("section/")[2]) for each in faults] == [
        ("no-problem", "entry[2]/observation"),
        ("bad-time", "entry[3]/observation/effectiveTime"),
    ]


def test_a_reader_that_fails_is_a_fault_with_the_place_of_the_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> object:
        raise LookupError(_SECRET)

    monkeypatch.setattr(problems, "named", fail)
    entries, faults = read(small(f'<observation moodCode="EVN"><templateId root="{_PCC}5"/></observation>'))
    assert entries == []
    assert [each.code for each in faults] == ["unreadable-problem"]


def _timed(data: bytes) -> tuple[int, int]:
    start = time.process_time()
    entries, faults = read(data)
    assert time.process_time() - start < _SOON
    return len(entries), len(faults)


def test_thousands_of_entries_that_point_at_one_text() -> None:
    entry = (
        f'<observation moodCode="EVN"><templateId root="{_PCC}5"/><text><reference value="#t"/></text>'
        '<value><originalText><reference value="#t"/></originalText></value></observation>'
    )
    narrative = f'<content ID="t">{"long " * 3000}</content>'
    entries, faults = read(small("</entry><entry>".join([entry] * 8000), narrative))
    assert (len(entries), len(faults)) == (8000, 0)
    assert all(isinstance(each, Problem) for each in entries)
    assert len({id(each.code.text) for each in entries}) == 1


def test_thousands_of_faults() -> None:
    entry = f'<procedure moodCode="EVN"><templateId root="{_PCC}19"/></procedure>'
    found = _timed(small("</entry><entry>".join([entry] * 15_000)))
    assert found[0] == 0
    assert 0 < found[1] < 15_000


def test_thousands_of_relations_in_one_entry() -> None:
    relation = (
        '<entryRelationship typeCode="COMP"><substanceAdministration><effectiveTime type="x"><period/></effectiveTime>'
        '<text><reference value="#t"/></text></substanceAdministration></entryRelationship>'
        '<entryRelationship typeCode="SUBJ"><act><code code="PINSTRUCT"/><text><reference value="#t"/></text></act>'
        "</entryRelationship><precondition><criterion><text>si besoin</text></criterion></precondition>"
    )
    entry = (
        f'<substanceAdministration moodCode="INT"><templateId root="{_PCC}7"/><consumable><manufacturedProduct>'
        f"<manufacturedMaterial><name>fer</name></manufacturedMaterial></manufacturedProduct></consumable>"
        f"{relation * 5000}</substanceAdministration>"
    )
    assert _timed(small(entry, f'<content ID="t">{"mot " * 4000}</content>')) == (1, 0)


def test_entries_one_in_the_other() -> None:
    deep = 60
    opening = f'<substanceAdministration moodCode="EVN"><templateId root="{_PCC}7"/><code code="X" displayName="x"/>'
    entry = (
        f'{opening}<entryRelationship typeCode="COMP">' * deep
        + f"{opening}</substanceAdministration>"
        + "</entryRelationship></substanceAdministration>" * deep
    )
    assert _timed(small(entry))[0] == deep + 1


def test_a_narrative_with_the_same_mark_twice_is_read_by_the_first() -> None:
    entry = (
        f'<observation moodCode="EVN"><templateId root="{_PCC}5"/><value><originalText><reference value="t"/>'
        "</originalText></value></observation>"
    )
    (problem,), _ = read(small(entry, '<content ID="t">première</content><content ID="t">seconde</content>'))
    assert problem.code.text == "première"
