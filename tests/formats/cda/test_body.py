from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.cda import CdaError, Level1, Level3, attachments, read_body, to_html
from carnet.formats.entry import Coded
from tests.cases import cases
from tests.formats.cda.sample import PDF, cda, level1, level3, section

_PNG = b"\x89PNG\r\n\x1a\n and so on"


@settings(max_examples=cases(50))
@given(st.binary(min_size=1, max_size=500))
def test_a_joined_file_comes_out_byte_for_byte(data: bytes) -> None:
    assert read_body(level1(data)) == Level1("application/pdf", data)


def test_text_is_a_file_too() -> None:
    assert read_body(cda("<nonXMLBody><text>Élément &lt; 5</text></nonXMLBody>")) == Level1(
        "text/plain", "Élément < 5".encode()
    )


def test_a_forgotten_representation_is_base64_for_what_cannot_be_text() -> None:
    assert read_body(level1().replace(b' representation="B64"', b"")) == Level1("application/pdf", PDF)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<nonXMLBody/>", "empty-body"),
        ("<nonXMLBody><text/></nonXMLBody>", "empty-body"),
        ('<nonXMLBody><text><reference value="a.pdf"/></text></nonXMLBody>', "external-body"),
        ('<nonXMLBody><text representation="B64">é!</text></nonXMLBody>', "bad-base64"),
        ('<nonXMLBody><text representation="B64">QUJD=QUJD</text></nonXMLBody>', "bad-base64"),
        ('<nonXMLBody><text representation="B64">QUJDR</text></nonXMLBody>', "bad-base64"),
        ('<nonXMLBody><text compression="GZ" representation="B64">QUJD</text></nonXMLBody>', "compressed-body"),
    ],
)
def test_bodies_that_cannot_be_read(body: str, code: str) -> None:
    with pytest.raises(CdaError) as caught:
        read_body(cda(body))
    assert caught.value.code == code
    assert caught.value.where.startswith("/ClinicalDocument/component/nonXMLBody")


def test_sections_as_plain_text() -> None:
    inner = "<component><section><text><paragraph>a</paragraph><paragraph>b</paragraph></text></section></component>"
    body = read_body(cda(section('<code code="18719-5"/>' + inner)))
    assert isinstance(body, Level3)
    assert body.sections[0].title == "Résultats"
    assert body.sections[0].code == Coded("18719-5")
    assert body.sections[0].sections[0].text == "a b"


def test_a_joined_file_has_no_narrative() -> None:
    with pytest.raises(CdaError) as caught:
        to_html(level1())
    assert caught.value.code == "not-structured"


def _with_files(*values: str) -> bytes:
    def one(title: str, code: str, value: str) -> str:
        media = f"<entry><observationMedia ID='M'>{value}</observationMedia></entry>"
        return f"<component><section><code code='{code}'/><title>{title}</title>{media}</section></component>"

    plain = "".join(one("Documents : ../joints/", "55107-7", each) for each in values[1:])
    return cda(f"<structuredBody>{plain}{one('Copie', '55108-5', values[0])}</structuredBody>")


def _value(data: bytes, media_type: str) -> str:
    content = base64.b64encode(data).decode("ascii")
    return f'<value mediaType="{media_type}" representation="B64">{content}</value>'


def test_attachments_the_copy_first_with_safe_names_and_true_types() -> None:
    files = attachments(
        _with_files(
            _value(PDF, "application/pdf"),
            _value(_PNG, "image/jpeg"),
            _value(b"x", "application/pdf"),
            '<value representation="B64">!</value>',
            "",
        )
    )
    assert files == [
        ("Copie du document.pdf", "application/pdf", PDF),
        ("Documents joints.png", "image/png", _PNG),
        ("Documents joints 2.pdf", "application/pdf", b"x"),
    ]


def test_no_attachment() -> None:
    assert attachments(level3("rien")) == []
    assert attachments(level1()) == []
