"""Units and analyses as real documents have them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.entry import Coded
from carnet.formats.terminology import analytes, units
from tests.corpus import cda_bytes, cda_facts, needs_corpus

NS = {"v3": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
# EDQM's codes of units of presentation, in the place of a UCUM code: no unit at all.
NOT_UCUM = {"30009000", "30015500", "30067000"}


def _documents(start: str = "") -> Iterator[tuple[str, etree._Element]]:
    for facts in cda_facts():
        if start in facts["file"]:
            yield facts["file"], etree.fromstring(cda_bytes(facts))


def _codings(code: etree._Element) -> tuple[Coded, ...]:
    every = [code, *code.findall("v3:translation", NS)]
    return tuple(Coded(each.get("code", ""), each.get("codeSystem", "")) for each in every)


@needs_corpus
def test_every_unit_of_the_corpus_is_known() -> None:
    written = {unit for _, root in _documents() for each in root.iter() if (unit := each.get("unit"))}
    assert len(written) > 30
    assert {unit for unit in written if not units.recognised(unit)} == NOT_UCUM


@needs_corpus
def test_every_amount_of_a_laboratory_report_is_of_an_analyte_and_comes_to_its_unit() -> None:
    seen = 0
    for name, root in _documents("BIO-CR"):
        for observation in root.iterfind(".//v3:observation", NS):
            value, code = observation.find("v3:value", NS), observation.find("v3:code", NS)
            if value is None or code is None or value.get("value") is None or not value.get("unit"):
                continue
            analyte = analytes.of(Concept("", _codings(code)))
            assert analyte is not None, (name, code.get("code"), code.get("displayName"))
            amount = Quantity(Decimal(value.get("value", "")), "", value.get("unit", ""))
            if analytes.shown(analyte, amount) is None:
                # A share of platelets' spread, and no volume: analysers print both under one code.
                assert (analyte.key, amount.ucum) == ("pdw", "%"), (name, analyte.key, amount)
            seen += 1
    assert seen > 40
