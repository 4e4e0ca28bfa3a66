"""The order told in `schema` is that of the real documents, and it is strict enough to notice what is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from carnet.formats.cda.xml import clinical_document, parse
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda.schema import ORDER, complaints

_FACTS = cda_facts()
_HL7 = "{urn:hl7-org:v3}"


def _path(element: etree._Element) -> str:
    name = etree.QName(element).localname
    parent = element.getparent()
    return f"{etree.QName(parent).localname}/{name}" if parent is not None else name


@needs_corpus
@pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])
def test_real_documents_keep_the_order(facts: dict[str, Any]) -> None:
    assert complaints(clinical_document(parse(cda_bytes(facts)))) == []


def _swaps(document: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for element in document.iter(f"{_HL7}*"):
        path = _path(element)
        key = path if path in ORDER else path.rpartition("/")[2]
        children = [child for child in element if child.tag.startswith(_HL7)]
        if key in ORDER:
            yield from (pair for pair in pairwise(children) if pair[0].tag != pair[1].tag)


@needs_corpus
def test_any_two_neighbours_exchanged_are_noticed() -> None:
    data = cda_bytes(next(each for each in _FACTS if "VSM_1.4" in each["file"]))
    document = clinical_document(parse(data))
    swaps = list(_swaps(document))
    assert len(swaps) > 200
    for first, second in swaps[::3]:
        second.addnext(first)
        assert complaints(document), _path(first)
        first.addnext(second)
    assert complaints(document) == []


@needs_corpus
@pytest.mark.parametrize("name", ["id", "code", "recordTarget", "custodian", "author"])
def test_what_must_stand_and_what_stands_once(name: str) -> None:
    document = clinical_document(parse(cda_bytes(_FACTS[0])))
    found = document.find(f"{_HL7}{name}")
    assert found is not None
    for each in document.findall(f"{_HL7}{name}"):
        document.remove(each)
    assert complaints(document) == [f"ClinicalDocument lacks {name}"]
