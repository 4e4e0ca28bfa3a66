"""The narratives of FHIR documents, as a page shows them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir.narrative import to_html
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.cda.test_narrative import breaches


def document(*sections: dict[str, Any], **composition: Any) -> bytes:
    resource = {"resourceType": "Composition", "language": "fr-FR", "section": list(sections), **composition}
    patient = {"resourceType": "Patient", "text": {"div": "<div>not told again</div>"}}
    entries = [{"resource": resource}, {"resource": patient}]
    return json.dumps({"resourceType": "Bundle", "type": "document", "entry": entries}).encode()


def section(div: str, title: str = "Fer", **more: Any) -> dict[str, Any]:
    return {"title": title, "text": {"div": f'<div xmlns="http://www.w3.org/1999/xhtml">{div}</div>'}, **more}


def inner(div: str) -> str:
    written = to_html(document(section(div)))
    found = re.fullmatch(
        r'<div class="cn-narrative" lang="fr-FR"><section><section><h2>Fer</h2>'
        r"<div>(.*)</div></section></section></div>",
        written,
    )
    assert found, written
    return found[1]


@pytest.mark.parametrize(
    ("div", "written"),
    [
        ("<p>a <b>b</b> <i>c</i></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h1>T</h1><h4>U</h4>", "<h3>T</h3><h3>U</h3>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<div><p>a</p><p>b</p></div>"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li></ul>"),
        ("<a href='javascript:x()' onclick='y()'>a</a>", "a"),
        ("<p style='x' class='y' id='z'>a &amp; b &lt;c&gt;</p>", "<p>a &amp; b &lt;c&gt;</p>"),
        ("a<script>x()</script><svg onload='x()'/><style>b</style>", "a"),
        ("<p>a</p><img src='https://evil.example/x.png'/>", "<p>a</p>"),
    ],
)
def test_elements(div: str, written: str) -> None:
    assert inner(div) == written


def test_tables_scroll_in_regions_with_names() -> None:
    written = inner("<table><tr><th colspan='2' rowspan='x'>a</th></tr></table>")
    assert written == (
        '<div class="cn-scroll" tabindex="0" role="region" aria-label="Tableau 1 : Fer"><table>'
        '<tbody><tr><th colspan="2">a</th></tr></tbody></table></div>'
    )


def test_headings_follow_the_sections_and_empty_ones_are_left_out() -> None:
    nested = section("<p>a</p>", "Un", section=[section("<p>b</p>", "Deux"), section(" ", "Vide")])
    written = to_html(document(nested))
    assert re.findall(r"<h(\d)>(\w+)", written) == [("2", "Un"), ("3", "Deux")]
    assert "not told again" not in written


def test_without_a_composition_every_text_is_told() -> None:
    alone = {"resourceType": "Observation", "text": {"div": "<div>8,2 mmol/l</div>"}}
    assert ">8,2 mmol/l<" in to_html(json.dumps(alone).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"entry": 1}', b'{"text": {"div": "<div/>"}}', b"\xff"])
def test_what_tells_nothing_is_nothing(data: bytes) -> None:
    assert to_html(data) == ""


def test_endless_nesting_keeps_its_words() -> None:
    deep = document(section("<div>" * 2000 + "fond" + "</div>" * 2000))
    assert "fond" in to_html(deep)
    chain = section("<p>fond</p>")
    for _ in range(200):
        chain = {"title": "T", "section": [chain], "text": {"div": "<div>x</div>"}}
    assert to_html(document(chain)).count("<h6>") < 50


@needs_corpus
def test_every_summary_of_the_corpus_is_told_in_order() -> None:
    assert CORPUS
    told = 0
    for path in sorted((CORPUS / "fhir" / "ips").glob("Bundle*.json")):
        written = to_html(path.read_bytes())
        levels = [int(level) for level in re.findall(r"<h(\d)>", written)]
        assert all(after <= before + 1 for before, after in zip([1, *levels], levels, strict=False)), path.name
        assert not list(breaches(written))
        told += bool(levels)
    assert told


_EVIL = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=x()>", "<a href='data:text/html,x'>", "<p onclick=x()>a",
        "<svg><a xlink:href='javascript:x()'>", "<table><tr><td colspan=-1>", "</div></section>", "<h1>", "<!--", "]]>",
        "<iframe srcdoc='<p>'>", "<math><mtext><style><img src=x onerror=x()>", "&lt;b&gt;", "texte", "<base href=//x>",
    ]
)  # fmt: skip


@settings(max_examples=cases(200))
@given(st.lists(_EVIL, max_size=8), st.text(max_size=10))
def test_nothing_active_ever_comes_out(parts: list[str], title: str) -> None:
    assert not list(breaches(to_html(document(section("".join(parts), title)))))
