"""The text of CDA documents: of one by hand, and of the 50 real ones, with the files within them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from carnet.formats.cda import Level1, Section, read_body
from carnet.formats.folding import words
from carnet.formats.text import TextError, extract
from carnet.kernel import render
from tests.corpus import cda_bytes, cda_facts, needs_corpus

_FACTS = cda_facts()
_SCANS = {"cda/BIO-CR-BIO_2021.01_CDA-R2-Niveau-1.xml", "cda/DOC_NON_STRUCTURE_CDA-R2-N1.xml"}
"""Level 1 of which the PDF is a picture: it holds no letter."""


def _document(body: str) -> bytes:
    return f'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Compte rendu</title>{body}</ClinicalDocument>'.encode()


def _structured(*sections: str) -> bytes:
    inner = "".join(f"<component><section>{each}</section></component>" for each in sections)
    return _document(f"<component><structuredBody>{inner}</structuredBody></component>")


def test_titles_paragraphs_lists_and_rows() -> None:
    below = "<component><section><title>Dessous</title><text>loin</text></section></component>"
    narrative = (
        "<paragraph>Un <content styleCode='Bold'>deux</content></paragraph>"
        "<list><item>a</item><item>b<br/>c</item></list>"
        "<table><caption>Bilan</caption><thead><tr><th>TSH</th><th/></tr></thead>"
        "<tbody><tr><td><paragraph>2,5</paragraph><paragraph>mUI</paragraph></td><td>haut</td></tr></tbody></table>"
    )
    found = extract(_structured(f"<title>Dessus</title><text>{narrative}</text>{below}"), "text/xml")
    expected = ["Compte rendu", "Dessus", "Un deux", "a", "b", "c", "Bilan", "TSH", "2,5 mUI ; haut", "Dessous", "loin"]
    assert found.split("\n") == expected


def test_a_section_without_title_has_that_of_its_code() -> None:
    found = extract(_structured('<code code="1" displayName="Examen"/><text>normal</text>'), "text/xml")
    assert found == "Compte rendu\nExamen\nnormal"


def test_of_a_file_in_an_envelope_only_the_title() -> None:
    file = '<text mediaType="application/pdf" representation="B64">JVBERi0=</text>'
    document = _document(f"<component><nonXMLBody>{file}</nonXMLBody></component>")
    assert extract(document, "text/xml") == "Compte rendu"


@pytest.mark.parametrize(("data", "code"), [(b"<a", "malformed-xml"), (b"<a/>", "not-cda"), (b"", "not-xml")])
def test_what_cannot_be_read_is_said(data: bytes, code: str) -> None:
    with pytest.raises(TextError) as refusal:
        extract(data, "text/xml")
    assert refusal.value.code == code


@needs_corpus
@pytest.mark.parametrize("facts", _FACTS, ids=[each["file"] for each in _FACTS])
def test_text_of_each_real_document(facts: dict[str, Any]) -> None:
    data = cda_bytes(facts)
    found = extract(data, "text/xml")
    lines = found.split("\n")
    assert lines[0] == " ".join(facts["title"].split())
    body = read_body(data)
    if isinstance(body, Level1):
        letters = render.text(body.data)
        assert (letters == "") == (facts["file"] in _SCANS)
        assert facts["file"] in _SCANS or len(letters) > 300
        return
    for section in facts["sections"]["codes"]:
        title = " ".join((section.get("title") or "").split())
        assert any(line.startswith(title) for line in lines)
    narrative = " ".join(_narratives(body.sections))
    assert {word.folded for word in words(narrative)} <= {word.folded for word in words(found)}


def _narratives(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield section.text
        yield from _narratives(section.sections)


@needs_corpus
def test_the_words_of_a_level_1_document() -> None:
    (facts,) = [each for each in _FACTS if each["file"] == "cda/IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml"]
    body = read_body(cda_bytes(facts))
    assert isinstance(body, Level1)
    found = {word.folded for word in words(render.text(body.data))}
    family = facts["patient"]["name"]["family"][0]["value"]
    assert {word.folded for word in words(f"{family} imagerie scanner")} - {"scanner"} <= found
