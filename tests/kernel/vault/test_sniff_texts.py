"""Which texts, XML, RTF and FHIR come in, by their bytes."""

from __future__ import annotations

import pytest

from carnet.kernel import vault
from tests.kernel.vault import samples
from tests.kernel.vault.sniffing import LIMIT, refusal


def test_encodings() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"):
        data = "Réponse thérapeutique\tà six mois\r\n".encode(encoding)
        assert vault.check(data, "text/plain", limit=LIMIT) == "text/plain"


@pytest.mark.parametrize("data", [b"text\x00text", b"\x1b[2Jtext", b"\x81\x8d", b"a\x07"])
def test_control_characters_are_no_text(data: bytes) -> None:
    assert refusal(data, "text/plain") == "not-what-it-says"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_encodings(encoding: str) -> None:
    label = encoding.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{label}"?>\n<a>Été</a>'.encode(encoding)
    assert vault.check(data, "text/xml", limit=LIMIT) == "text/xml"


@pytest.mark.parametrize("data", [b"<a><b></a>", b"<a>", b"<a/><b/>", b'<?xml version="1.0" encoding="no"?><a/>'])
def test_broken_xml(data: bytes) -> None:
    assert refusal(data, "text/xml") == "broken"


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.test">%x;]><a/>',
        b'<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        b'<?xml version="1.0"?><!-- --><x:html xmlns:x="http://www.w3.org/1999/xhtml"/>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><HTML/>',
    ],
)
def test_active_xml(data: bytes) -> None:
    assert refusal(data, "text/xml") == "active-content"


def test_a_named_character_is_harmless() -> None:
    data = b'<!DOCTYPE a [<!ENTITY nbsp "&#160;">]><a>&nbsp;</a>'
    assert vault.check(data, "text/xml", limit=LIMIT) == "text/xml"


@pytest.mark.parametrize(
    "data",
    [
        rb"{\rtf1 {\object\objemb{\*\objdata 0105}}}",
        rb"{\rtf1 {\field{\*\fldinst DDEAUTO c:\\x}}}",
        rb"{\rtf1 {\*\template http://example.test/x}}",
    ],
)
def test_active_rtf(data: bytes) -> None:
    assert refusal(data, "text/rtf") == "active-content"


def test_cut_rtf() -> None:
    assert refusal(samples.RTF[:-1], "text/rtf") == "broken"


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"resourceType": 1}', b'{"resourceType": "Bundle"', b"{" * 3000])
def test_json_that_is_no_resource(data: bytes) -> None:
    assert refusal(data, "application/fhir+json") == "not-what-it-says"
