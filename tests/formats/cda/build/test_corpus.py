"""The headers of the real documents, read, built anew around another body, and read again: nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from carnet.formats.cda import read
from carnet.formats.cda.build import level1, level3
from carnet.formats.cda.build.sections import conclusion
from carnet.formats.entry import Coded
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.formats.cda.schema import complaints

pytestmark = needs_corpus

_FACTS = cda_facts()
_PDF = Coded("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3")
_each = pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])


@_each
def test_a_real_header_survives_a_rebuilding(facts: dict[str, Any]) -> None:
    entry = replace(read(cda_bytes(facts)), media_type="text/xml", warnings=())
    built = level1(entry, b"%PDF-1.7", "application/pdf")
    assert replace(read(built), warnings=()) == replace(entry, format=_PDF)
    assert complaints(etree.fromstring(built)) == []


@_each
def test_the_model_of_a_real_document_is_found_from_its_format(facts: dict[str, Any]) -> None:
    entry = read(cda_bytes(facts))
    if facts["body"]["kind"] == "structuredBody":
        assert read(level3(entry, [conclusion("Bien.")])).format == entry.format
    else:
        assert entry.format == _PDF
