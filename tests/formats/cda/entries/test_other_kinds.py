"""Every observation of the corpus that is no laboratory line, against what plain lxml reads in the same element."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Span
from tests.corpus import needs_corpus
from tests.formats.cda.entries.independent import FILES, TYPE, V3, document, find, standing

pytestmark = needs_corpus

_LINE: Final = "1.3.6.1.4.1.19376.1.3.1.6"
_each = pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])


@cache
def _observed(path: Path) -> list[tuple[etree._Element, Observation]]:
    root = document(path)
    entries = (each for each in read(path.read_bytes()).entries if isinstance(each, Observation))
    return [
        (element, each)
        for each in entries
        if (element := standing(root, each)).tag.endswith("}observation")
        and not find(element, f"h:templateId[@root='{_LINE}']")
    ]


def _number(value: etree._Element) -> Quantity:
    unit = str(value.get("unit") or "")
    return Quantity(Decimal(str(value.get("value"))), unit, unit)


def _digits(found: object) -> str:
    assert isinstance(found, Span)
    assert not found.end
    return found.start.replace("-", "")


def _check(value: etree._Element, entry: Observation) -> str:
    kind, text, found = str(value.get(TYPE)), str(value.get("value")), entry.value
    if value.get("nullFlavor"):
        assert found is None or isinstance(found, Concept)
        assert entry.absent or found
    elif kind in {"PQ", "REAL"}:
        assert found == _number(value)
    elif kind == "INT":
        assert (found, type(found)) == (int(text), int)
    elif kind == "BL":
        assert found is (text == "true")
    elif kind in {"TS", "IVL_TS"}:
        assert _digits(found) == text
    elif kind in {"CD", "CE"}:
        assert isinstance(found, Concept)
        assert [each.code for each in found.codings[:1]] == list(filter(None, [value.get("code")]))
        assert [each.display for each in found.codings[:1]] == list(filter(None, [value.get("displayName")]))
        assert found.label
    else:
        assert kind in {"ST", "ED"}
        assert found == " ".join("".join(map(str, value.itertext())).split())
    return kind


@_each
def test_code_value_and_site(path: Path) -> None:
    for element, entry in _observed(path):
        code = str(element.xpath("string(h:code/@code)", namespaces=V3))
        assert entry.code.codings[0].code == code
        for value in find(element, "h:value"):
            _check(value, entry)
        sites = [each.get("code") for each in find(element, "h:targetSiteCode[@code]")]
        assert [each.code for each in entry.body_site.codings[:1]] == sites
        assert entry.absence == bool(element.xpath("boolean(@negationInd='true')"))
        assert len(entry.identifiers) == len(
            {(each.get("root"), each.get("extension")) for each in find(element, "h:id[@root]")}
        )


@_each
def test_whose_it_is(path: Path) -> None:
    """The nearest that names another person: the observation, what it stands in, its section."""
    for element, entry in _observed(path):
        named = find(element, "ancestor-or-self::*/h:subject/h:relatedSubject/h:code")
        assert entry.about.codings[:1] == () if not named else entry.about.codings[0].code == named[-1].get("code")


def test_parts_of_scores_and_of_genes() -> None:
    parts: Counter[str] = Counter()
    for path in FILES:
        for element, entry in _observed(path):
            inside = find(element, "h:entryRelationship[@typeCode='COMP' or @typeCode='SPRT']/h:observation[h:value]")
            said = [each for each in inside if find(each, "h:value[@*[local-name()!='type'] or normalize-space(.)]")]
            assert [each.code.codings[0].code for each in entry.components] == [
                str(each.xpath("string(h:code/@code)", namespaces=V3)) for each in said
            ]
            parts[entry.kind] += len(said)
    assert parts[Kind.FUNCTION] == 15, "the items of the NIHSS"
    assert parts[Kind.RESULT] > 15


def test_a_birth_weight_is_never_a_measure() -> None:
    weights = [
        (path.stem[:6], entry.kind, str(entry.value.value))
        for path in FILES
        for _, entry in _observed(path)
        if entry.code.codings[0].code in {"29463-7", "8339-4"}
        and isinstance(entry.value, Quantity)
        and entry.value.ucum == "g"
    ]
    assert sorted(weights) == [
        ("CSE-CS", Kind.BIRTH, "3900"),
        ("CSE-CS", Kind.MEASURE, "3900"),
        ("CSE-MD", Kind.MEASURE, "3900"),
        ("OBP-SA", Kind.PREGNANCY, "3200"),
        ("SDM-MR", Kind.BIRTH, "2500"),
        ("SDM-MR", Kind.BIRTH, "2850"),
    ]
