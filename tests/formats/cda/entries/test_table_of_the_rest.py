"""Every corpus file: entries per kind against XPath counts, and each difference in words."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, cast

import pytest
from lxml import etree

from carnet.formats.cda.entries import read as read_all
from carnet.formats.cda.nodes import path_of
from carnet.formats.cda.xml import clinical_document, parse
from carnet.formats.clinical.model import Kind
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda.entries.rest import NS, read

pytestmark = needs_corpus

_FACTS = cda_facts()
_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4"
_REIMBURSED: Final = "ancestor::h:ClinicalDocument/h:templateId/@root='1.2.250.1.213.1.1.1.36'"


def _with(name: str, template: str, *more: str) -> str:
    return f"//h:structuredBody//h:{name}[h:templateId/@root='{template}']" + "".join(f"[{each}]" for each in more)


# The paths of section (e) of the interoperability notes; the header's visit is one that has a number, a kind or a date.
_PATHS: Final = {
    Kind.TREATMENT: _with("substanceAdministration", f"{_PCC}.7", "@moodCode='EVN'"),
    Kind.PRESCRIPTION: _with("substanceAdministration", f"{_PCC}.7", "@moodCode='INT'"),
    Kind.DISPENSATION: _with("supply", f"{_PCC}.7.3", "@moodCode='EVN'"),
    Kind.VACCINATION: _with("substanceAdministration", f"{_PCC}.12"),
    Kind.ALLERGY: _with("observation", f"{_PCC}.6"),
    Kind.PROBLEM: _with(
        "observation",
        f"{_PCC}.5",
        f"not(h:templateId/@root='{_PCC}.6')",
        "not(parent::h:entryRelationship/@typeCode='MFST' or parent::h:entryRelationship/@typeCode='CAUS')",
    ),
    Kind.PROCEDURE: _with("procedure", f"{_PCC}.19", f"not({_REIMBURSED})"),
    Kind.REIMBURSED: _with("procedure", f"{_PCC}.19", _REIMBURSED),
    Kind.DEVICE: _with("supply", "1.2.250.1.213.1.1.3.20"),
    Kind.ENCOUNTER: _with("encounter", f"{_PCC}.14")
    + "|//h:encompassingEncounter[h:id[@root] or h:code[@code] or h:effectiveTime/descendant-or-self::*[@value]]",
    Kind.FAMILY: _with("organizer", f"{_PCC}.15"),
}

# What is not read as its path counts it: how many less or more, the fault that says so ("" when none), and why.
_DIFFERENCES: Final[dict[str, dict[Kind, tuple[int, str, str]]]] = {
    "CANCER-FRCP_2022.01_Appareil.xml": {
        Kind.PROBLEM: (-1, "no-problem", "its value is null and its words point at a mark that the narrative lacks"),
    },
    "CNAM-HR_2021.01.xml": {
        Kind.TREATMENT: (-3, "", "reimbursed medicines were delivered, not said to be taken: they are dispensations"),
    },
    "DLU-EHPAD-FLUDT_2022.01.xml": {
        Kind.TREATMENT: (-1, "no-product", "its product is null and named by no word"),
        Kind.PROCEDURE: (-1, "no-act", "its code is null, its words point nowhere"),
    },
    "IMG_CR_IMG_2024.01.xml": {
        Kind.TREATMENT: (6, "", "contrast media and radiopharmaceuticals, which have templates of DICOM and CI-SIS"),
        Kind.PROCEDURE: (3, "", "the acts of imaging, which have a template of DICOM"),
    },
    "LDL-SES_2022.01.xml": {
        Kind.ALLERGY: (-1, "no-agent", "it has neither agent nor value, its words point nowhere (its mark is NO-ALL)"),
    },
    "OBP-SAP_2024.01.xml": {
        Kind.TREATMENT: (-1, "about-another", "given to the child: the record is the mother's"),
        Kind.PROBLEM: (-3, "about-another", "those of the child that is expected: the record is the mother's"),
    },
    "SDM-MR_2022.01.xml": {
        Kind.TREATMENT: (1, "", "the present treatment of a rare disease, which has a template of CI-SIS alone"),
        Kind.PROCEDURE: (-1, "no-act", "its code is null, its words point nowhere"),
        Kind.FAMILY: (-1, "no-condition", "a dash stands for the relative's disease"),
    },
    "eDISP-MED_2024.01.xml": {
        Kind.PRESCRIPTION: (-1, "", "the dosage that the pharmacy writes is part of its dispensation"),
    },
}
_TOTALS: Final = {
    Kind.PROBLEM: 112,
    Kind.ALLERGY: 14,
    Kind.TREATMENT: 36,
    Kind.PRESCRIPTION: 9,
    Kind.DISPENSATION: 8,
    Kind.VACCINATION: 39,
    Kind.PROCEDURE: 69,
    Kind.REIMBURSED: 15,
    Kind.DEVICE: 26,
    Kind.ENCOUNTER: 68,
    Kind.FAMILY: 9,
}


def _paths(data: bytes) -> dict[Kind, set[str]]:
    root = etree.ElementTree(clinical_document(parse(data)))
    return {
        kind: {path_of(each) for each in cast("list[etree._Element]", root.xpath(path, namespaces=NS))}
        for kind, path in _PATHS.items()
    }


@pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])
def test_the_entries_of_a_file_are_those_that_stand_at_these_paths(facts: dict[str, Any]) -> None:
    data = cda_bytes(facts)
    entries, faults = read(data)
    explained = _DIFFERENCES.get(facts["file"].rpartition("/")[2], {})
    for kind, expected in _paths(data).items():
        got = [each.path for each in entries if each.kind == kind]
        assert len(got) == len(set(got))
        less_or_more, fault, _ = explained.get(kind, (0, "", ""))
        left_out, added = expected - set(got), set(got) - expected
        assert (len(left_out), len(added)) == (max(-less_or_more, 0), max(less_or_more, 0)), (kind, left_out, added)
        if fault:
            assert any(each.code == fault and each.path.startswith(path) for each in faults for path in left_out)
    assert {each.code for each in faults} == {fault for _, fault, _ in explained.values() if fault}


def test_the_whole_corpus() -> None:
    read_ = [each for facts in _FACTS for each in read(cda_bytes(facts))[0]]
    assert Counter(each.kind for each in read_) == _TOTALS
    vaccinations = [each for each in read_ if each.kind == Kind.VACCINATION]
    assert len(vaccinations) == 39
    assert sum(not each.when for each in vaccinations) == 30
    assert sum(each.when.start == "1975" for each in vaccinations) == 1
    assert Counter(each.kind for each in read_ if each.absence) == {
        Kind.TREATMENT: 2,
        Kind.ALLERGY: 2,
        Kind.PROBLEM: 4,
        Kind.PROCEDURE: 1,
        Kind.DEVICE: 1,
        Kind.ENCOUNTER: 1,
        Kind.FAMILY: 2,
    }


def test_one_call_reads_them_all_and_no_piece_twice() -> None:
    for facts in _FACTS:
        data = cda_bytes(facts)
        entries = read_all(data).entries
        assert {each.path for each in read(data)[0]} <= {each.path for each in entries}
        assert len({(each.kind, each.path) for each in entries}) == len(entries)
        twice = [path for path, times in Counter(each.path for each in entries).items() if times > 1]
        assert twice == []
