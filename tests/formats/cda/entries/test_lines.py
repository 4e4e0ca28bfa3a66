"""Every laboratory line of the corpus, against what plain lxml reads in the same element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

import pytest
from lxml import etree

from carnet.formats.cda.entries import read
from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Value
from tests.corpus import needs_corpus
from tests.formats.cda.entries.independent import COUNTS, FILES, TYPE, V3, document, find, standing

pytestmark = needs_corpus

_each = pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])
_LEAST: Final = Decimal("0.98")

Line = tuple[etree._Element, Observation]


def _lines(name: str) -> Iterator[Line]:
    """The lines that an XPath of the reference finds, each with its entry."""
    path = next(each for each in FILES if each.name == name)
    root = document(path)
    entries = [each for each in read(path.read_bytes()).entries if isinstance(each, Observation)]
    of_element = {standing(root, each): each for each in entries if each.kind is Kind.RESULT}
    for element in find(root, COUNTS["result"]):
        yield element, of_element[element]


@cache
def _all_lines() -> list[Line]:
    return [line for path in FILES for line in _lines(path.name)]


def _text(element: etree._Element, path: str) -> str:
    return str(element.xpath(f"string({path})", namespaces=V3))


def _said(root: etree._Element, element: etree._Element) -> str:
    """The words of an element, or those that it points to in the narrative."""
    own = " ".join("".join(map(str, element.itertext())).split())
    mark = _text(element, "h:reference/@value").lstrip("#")
    if own or not mark:
        return own
    found = root.getroottree().xpath("//*[@ID=$mark]", mark=mark)
    assert isinstance(found, list)
    return "".join(
        " ".join(str(each.xpath("string()")).split()) for each in found[:1] if isinstance(each, etree._Element)
    )


def _kind(element: etree._Element) -> str:
    return (element.get(TYPE) or "").split(":")[-1]


def test_the_code() -> None:
    for element, entry in _all_lines():
        own = _text(element, "h:code/@code")
        translations = [str(each.get("code")) for each in find(element, "h:code/h:translation")]
        assert [each.code for each in entry.code.codings] == list(filter(None, [own, *translations]))
        assert entry.code.codings[0].system == _text(element, "h:code/@codeSystem|h:code/h:translation[1]/@codeSystem")
        for words in find(element, "h:code/h:originalText"):
            assert entry.code.text in {_said(element, words), ""}
        assert entry.code.label


def _check_value(element: etree._Element, found: Value | None) -> None:
    kind = _kind(element)
    if kind in {"PQ", "REAL"}:
        assert isinstance(found, Quantity)
        assert (found.value, found.ucum, found.comparator) == (
            Decimal(str(element.get("value"))),
            element.get("unit", ""),
            "",
        )
        assert str(found.value) == element.get("value"), "as precise as it was stated"
    elif kind == "IVL_PQ":
        assert isinstance(found, Quantity)
        (bound,) = element.iterchildren("{*}*")
        sign = {"low": ">", "high": "<"}[etree.QName(bound).localname]
        assert found.comparator == (sign if bound.get("inclusive") == "false" else f"{sign}=")
        assert (found.value, found.ucum) == (Decimal(str(bound.get("value"))), bound.get("unit", ""))
    elif kind in {"CD", "CE"}:
        assert isinstance(found, Concept)
        assert found.codings[0].code == element.get("code") if element.get("code") else not found.codings
        assert found.text == "".join(_said(element, each) for each in find(element, "h:originalText"))
    else:
        assert kind in {"ST", "ED"}
        assert found == _said(element, element)


def test_the_value() -> None:
    seen = set()
    for element, entry in _all_lines():
        (value,) = find(element, "h:value")
        seen.add(_kind(value))
        _check_value(value, entry.value)
        assert entry.absent == ""
    assert seen == {"PQ", "REAL", "IVL_PQ", "CD", "CE", "ST", "ED"}


def _bounds(found: Range) -> list[tuple[str, str]]:
    return [("", "") if each is None else (str(each.value), each.ucum) for each in (found.low, found.high)]


def test_the_ranges() -> None:
    number = 0
    for element, entry in _all_lines():
        stated = find(element, "h:referenceRange/h:observationRange")
        with_bounds = [each for each in stated if find(each, "h:value/h:low[@value]|h:value/h:high[@value]")]
        assert len(entry.ranges) == len(with_bounds)
        for source, found in zip(with_bounds, entry.ranges, strict=True):
            ends = [
                (_text(source, f"h:value/h:{end}/@value"), _text(source, f"h:value/h:{end}/@unit")) for end in _ENDS
            ]
            assert _bounds(found) == ends
            number += 1
    assert number > 30


_ENDS: Final = ("low", "high")


def _is_same_time(found: str, stated: str) -> bool:
    """Digit by digit, and the same instant."""
    digits, zone = re.fullmatch(r"(\d+)([+-]\d{4})?", stated).groups()  # type: ignore[union-attr]
    read_digits = re.sub(r"\D", "", found.split("+", maxsplit=1)[0])
    if zone is None:
        return read_digits == digits
    at = datetime.fromisoformat(found)
    offset = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    return read_digits == digits.ljust(14, "0") and at.utcoffset() == offset


def test_the_time_the_interpretation_and_the_state() -> None:
    for element, entry in _all_lines():
        time = _text(element, "h:effectiveTime/@value")
        assert _is_same_time(entry.when.start, time) if time else bool(find(element, "ancestor::h:organizer"))
        codes = [str(each.get("code")) for each in find(element, "h:interpretationCode")]
        assert [each.codings[0].code for each in entry.interpretations] == codes
        assert (_text(element, "h:statusCode/@code"), entry.status) == ("completed", "final")
        words = [_said(element, each) for each in find(element, "h:methodCode/h:originalText")]
        assert entry.method.text == "".join(words)
        assert [each.code for each in entry.method.codings] == [
            each.get("code") for each in find(element, "h:methodCode[@code]")
        ]


def _is_whole(line: Line) -> bool:
    """Value, unit and range where the source has them."""
    element, entry = line
    unit = _text(element, "h:value/@unit|h:value/h:low/@unit|h:value/h:high/@unit")
    has_range = bool(find(element, "h:referenceRange//h:value/*[@value]"))
    has_unit = isinstance(entry.value, Quantity) and entry.value.ucum == unit
    return entry.value is not None and (has_unit or not unit) and bool(entry.ranges) >= has_range


def test_at_least_98_percent_of_the_coded_lines_have_value_unit_and_range() -> None:
    coded = [line for line in _all_lines() if find(line[0], "h:code[@code]|h:code/h:translation[@code]")]
    whole = sum(map(_is_whole, coded))
    assert Decimal(whole) / len(coded) >= _LEAST
    assert (whole, len(coded)) == (115, 115), "what was reached"


def test_microbiology_is_read_as_what_it_is() -> None:
    lines = list(_lines("BIO-CR-BIO_2024.01_Microbiologie_V2.xml"))
    for element, entry in lines:
        organism = find(element, "ancestor::h:organizer[@classCode='CLUSTER']//h:specimenPlayingEntity/h:code")
        assert [each.get("code") for each in organism] == [each.code for each in entry.isolate.codings[:1]]
        assert entry.specimen.code_of("2.16.840.1.113883.18.311") == "UR"
        assert entry.sampled == "2024-01-04T07:35:00+01:00"
        assert entry.panels[0].code_of("2.16.840.1.113883.6.1") == "18725-2"
    tested = [entry for _, entry in lines if "18769-0" in {each.codings[0].code for each in entry.panels}]
    found = [(each.isolate.label, each.code.label, each.interpretations[0].codings[0].code) for each in tested]
    assert found == [
        ("Escherichia coli", "Amoxicilline", "R"),
        ("Escherichia coli", "Ampicilline", "I"),
        ("Escherichia coli", "Gentamicine", "S"),
        ("Streptococcus D.", "Amoxicilline", "S"),
        ("Streptococcus D.", "Ampicilline", "S"),
        ("Streptococcus D.", "Gentamicine", "S"),
    ]


def test_electrophoresis_names_its_method_and_the_laboratory_that_made_it() -> None:
    entries = [entry for _, entry in _lines("BIO-CR-BIO_2024.01_Electrophorese.xml")]
    fractions = [each for each in entries if each.panels[0].code_of("2.16.840.1.113883.6.1") == "14340-4"]
    assert len(fractions) == 12
    for each in fractions:
        assert each.laboratory is not None
        assert (each.laboratory.name, each.method.label) == ("LABORATOIRE SOUS-TRAITANT", "Electrophorèse")
        assert each.by is not None
        assert (each.by.family, each.specimen.label) == ("DE SANTS", "Sang")


def test_what_a_laboratory_says_of_a_whole_battery_is_a_result_in_words() -> None:
    path = next(each for each in FILES if "Electrophorese" in each.name)
    entries = [each for each in read(path.read_bytes()).entries if isinstance(each, Observation)]
    remarks = [each for each in entries if each.code.codings[0].code == "48767-8"]
    assert [(each.panels[-1].label, each.value) for each in remarks] == [
        ("Electrophorèse des protéines", "Bisalbuminémie"),
        ("Hémogramme complet sur automate", "Interprétation : Anisocytose"),
        ("Microbiologie", "Traitement immédiat"),
    ]


def test_earlier_results_are_no_new_ones() -> None:
    path = next(each for each in FILES if "Electrophorese" in each.name)
    earlier = find(document(path), "//h:entryRelationship[@typeCode='REFR']/h:observation")
    assert len(earlier) == 20
    urea = [entry for _, entry in _lines(path.name) if entry.code.codings[0].code == "22664-7"]
    assert [str(each.value.value) for each in urea if isinstance(each.value, Quantity)] == ["10.02"]
    assert not urea[0].components


def test_a_rapid_test_is_a_result_with_its_comment() -> None:
    entries = [entry for _, entry in _lines("BIO-TROD_2024.01_COVID-19_Grippe-A_Grippe-B.xml")]
    values = [each.value.codings[0].code for each in entries if isinstance(each.value, Concept)]
    assert values == ["260385009", "10828004", "260385009"]
    assert all(each.note for each in entries)
