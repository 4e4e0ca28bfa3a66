"""Every document of the stories is one that the house itself reads without a remark."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest
from lxml.etree import _Element, fromstring

from carnet.demo.cda import build, scan_pdf
from carnet.demo.identifiers import unique_id
from carnet.demo.model import Document, Picture, Scan
from carnet.demo.stories import documents
from carnet.demo.words import upper
from carnet.formats.cda import header, narrative
from carnet.formats.cda.body import Level1, Level3, read_body
from carnet.formats.terminology import document_types
from carnet.kernel import vault
from tests.formats.cda.schema import complaints

V3 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
LAB_OBSERVATION = "1.3.6.1.4.1.19376.1.3.1.6"
# What CI-SIS says of a structured document of a type for which it publishes no model.
OUTSIDE_MODELS = "Le modèle du document n’est pas un modèle connu du CI-SIS."

_BY_KEY = {document.key: document for document in documents()}


@cache
def built(key: str) -> bytes:
    return build(_BY_KEY[key])


every_document = pytest.mark.parametrize("document", documents(), ids=lambda document: document.key)


@every_document
def test_the_header_reads_as_it_was_meant(document: Document) -> None:
    entry = header.read(built(document.key))
    structured = not isinstance(document.body, Scan)
    outside = structured and not document.model.templates
    assert entry.warnings == ((OUTSIDE_MODELS,) if outside else ())
    assert entry.unique_id == unique_id(document.key)
    assert entry.type == document.model.type
    assert entry.title == document.title
    assert entry.created == document.at
    assert entry.patient.ins is not None
    assert entry.patient.ins.value == document.patient.ins
    assert entry.patient.birth_family == upper(document.patient.family)
    assert entry.patient.birth_place == document.patient.birth_place
    assert entry.confidentiality is not None
    assert entry.confidentiality.code == "N"
    assert entry.custodian is not None
    assert entry.custodian.name == document.organisation.name
    assert entry.period.start == (document.started or document.at)
    assert entry.facility == document.organisation.facility
    assert entry.setting == document.organisation.setting
    assert tuple(each.identifier.value for each in entry.references) == document.orders
    assert entry.replaces == ((unique_id(document.replaces),) if document.replaces else ())


@every_document
def test_the_author_is_who_wrote_it(document: Document) -> None:
    (author,) = header.read(built(document.key)).authors
    assert author.organisation is not None
    assert author.organisation.name == document.organisation.name
    if document.author is None:
        assert author.device
        assert author.profession is not None
        assert author.profession.code == "ALIM_AM"
    else:
        assert author.identifier is not None
        assert author.identifier.value == f"8{document.author.rpps}"
        assert author.profession == document.author.qualification


@every_document
def test_the_type_is_one_of_the_record(document: Document) -> None:
    known = document_types.by_code(document.model.type.code, document.model.type.system)
    assert known is not None
    assert known.display == document.model.type.display


@every_document
def test_the_body_can_be_read(document: Document) -> None:
    data = built(document.key)
    body = read_body(data)
    if isinstance(document.body, Scan):
        assert isinstance(body, Level1)
        assert body.media_type == "application/pdf"
        assert body.data == scan_pdf(document, document.body)
        assert vault.check(body.data, "application/pdf", limit=10**6) == "application/pdf"
    else:
        assert isinstance(body, Level3)
        assert not isinstance(document.body, Picture)
        assert [section.title for section in body.sections] == [section.title for section in document.body]
        assert "<h2>" in narrative.to_html(data)


@every_document
def test_the_schema_of_cda_is_kept(document: Document) -> None:
    assert complaints(fromstring(built(document.key))) == []


@every_document
def test_entries_point_into_their_own_narrative(document: Document) -> None:
    root = fromstring(built(document.key))
    marks = [node.get("ID") for node in root.iter() if node.get("ID")]
    assert len(set(marks)) == len(marks)
    for reference in root.iter(f"{V3}reference"):
        assert (reference.get("value") or "").removeprefix("#") in marks


@every_document
def test_no_value_of_the_entries_is_invented_beside_the_text(document: Document) -> None:
    """Whoever reads the narrative reads the same number, with a comma."""
    root = fromstring(built(document.key))
    text = " ".join("".join(map(str, node.itertext())) for node in root.iter(f"{V3}text"))
    for observation in root.iter(f"{V3}observation"):
        value = observation.find(f"{V3}value")
        if value is not None and value.get(XSI_TYPE) == "PQ":
            assert (value.get("value") or "").replace(".", ",") in text


def test_the_same_facts_give_the_same_bytes() -> None:
    twice = [[sha256(build(document)).hexdigest() for document in documents()] for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(set(twice[0])) == len(documents())


def test_unique_ids_differ() -> None:
    assert len({unique_id(document.key) for document in documents()}) == len(documents())


def _ranges(root: _Element) -> list[tuple[float, float | None, float | None, str]]:
    """Value, low, high, interpretation of each laboratory result."""
    found = []
    for observation in root.iter(f"{V3}observation"):
        roots = {template.get("root") for template in observation.findall(f"{V3}templateId")}
        value = observation.find(f"{V3}value")
        if LAB_OBSERVATION not in roots or value is None or value.get(XSI_TYPE) != "PQ":
            continue
        low, high = (observation.find(f".//{V3}observationRange/{V3}value/{V3}{end}") for end in ("low", "high"))
        interpretation = observation.find(f"{V3}interpretationCode")
        assert interpretation is not None
        found.append((_float(value) or 0.0, _float(low), _float(high), interpretation.get("code") or ""))
    return found


def _float(node: _Element | None) -> float | None:
    return None if node is None else float(node.get("value") or "nan")


def test_interpretations_follow_the_laboratory_range() -> None:
    seen = set()
    for document in documents():
        for value, low, high, interpretation in _ranges(fromstring(built(document.key))):
            below, above = low is not None and value < low, high is not None and value > high
            assert interpretation == ("L" if below else "H" if above else "N")
            seen.add(interpretation)
    assert seen == {"L", "N", "H"}
