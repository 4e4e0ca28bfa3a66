from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from carnet.formats.cda import to_html
from carnet.formats.cda.sanitise import ATTRIBUTES, CLASSES, PREFIX, TAGS, sanitise
from carnet.formats.cda.xml import MAX_DEPTH
from tests.cases import cases
from tests.formats.cda.sample import cda, level3, section

_PNG = b"\x89PNG\r\n\x1a\n and so on"
_OPENING = re.compile(
    r'<div class="cn-narrative" lang="fr-FR"><section><h2>Résultats</h2>(.*)</section></div>', re.DOTALL
)


def _inner(narrative: str) -> str:
    found = _OPENING.fullmatch(to_html(level3(narrative)))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("narrative", "written"),
    [
        ("seul", "<p>seul</p>"),
        ("a<paragraph>b</paragraph>c", "<p>a</p><p>b</p><p>c</p>"),
        ("<br/><paragraph>b</paragraph> ", "<p>b</p>"),
        ("a<br/>b", "<p>a<br>b</p>"),
        ("<paragraph styleCode='Bold'>a</paragraph>", "<p><strong>a</strong></p>"),
        ("<content styleCode='Bold Italics'>a</content>", "<p><em><strong>a</strong></em></p>"),
        ("<content styleCode='Underline xUnknown'>a</content>", "<p><u>a</u></p>"),
        ("<content revised='delete'>a</content>", "<p><del>a</del></p>"),
        ("H<sub>2</sub>O m<sup>2</sup>", "<p>H<sub>2</sub>O m<sup>2</sup></p>"),
        ("<paragraph><caption>T</caption>a</paragraph>", "<p><strong>T</strong> a</p>"),
        ("<list><caption>T</caption><item>a</item></list>", '<p class="cn-caption">T</p><ul><li>a</li></ul>'),
        ("<list listType='ordered'><item>a</item><item>b</item></list>", "<ol><li>a</li><li>b</li></ol>"),
        (
            "<list><item>a<list><item>b</item></list></item></list>",
            "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>",
        ),
        ("<list/><table/><paragraph/>", ""),
        ("<paragraph>a<list><item>b</item></list></paragraph>", "<div><p>a</p><ul><li>b</li></ul></div>"),
        ("<unknown>a<b>c</b></unknown>", "<p>ac</p>"),
        ("a &lt;b&gt; &amp; c", "<p>a &lt;b&gt; &amp; c</p>"),
    ],
)
def test_narrative_elements(narrative: str, written: str) -> None:
    assert _inner(narrative) == written


def _table(rows: str) -> str:
    found = re.search(r"<table>(.*)</table>", _inner(f"<table>{rows}</table>"))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        (
            "<thead><tr><th>A</th><th/></tr></thead><tbody><tr><th>x</th><td>1</td></tr></tbody>",
            (
                '<thead><tr><th scope="col">A</th><td></td></tr></thead>'
                '<tbody><tr><th scope="row">x</th><td>1</td></tr></tbody>'
            ),
        ),
        (
            "<tbody><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></tbody>",
            '<tbody><tr><th scope="col">A</th><th scope="col">B</th></tr><tr><td>1</td><td>2</td></tr></tbody>',
        ),
        ("<tr><td>1</td></tr>", "<tbody><tr><td>1</td></tr></tbody>"),
        (
            "<tfoot><tr><td>f</td></tr></tfoot><tbody><tr><td colspan='2' rowspan='99999'>1</td></tr></tbody>",
            '<tbody><tr><td colspan="2">1</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot>',
        ),
        ("<tr><td colspan='5000' rowspan='-1'>1</td></tr>", '<tbody><tr><td colspan="1000">1</td></tr></tbody>'),
    ],
)
def test_tables(rows: str, written: str) -> None:
    assert _table(rows) == written


_HEAD = "<thead><tr><th>Date</th><th>Acte</th><th>Motif de l’intervention</th></tr></thead>"
_ROW = "<tr><td>12/08/1999</td><td>Appendicectomie par laparotomie en urgence</td><td/></tr>"


def test_a_plain_table_of_three_columns_can_be_stacked() -> None:
    written = _inner(f"<table>{_HEAD}<tbody>{_ROW}<tr><td colspan='3'>Fin</td></tr></tbody></table>")
    assert '<table class="cn-stacked" role="table"><thead role="rowgroup"><tr role="row"><th scope="col"' in written
    cells = html.fragment_fromstring(written, create_parent="div").xpath("//td")
    assert [(cell.get("data-label"), cell.get("class"), cell.get("role")) for cell in cells] == [
        ("Date", None, "cell"),
        ("Acte", "cn-wide", "cell"),
        ("Motif de l’intervention", None, "cell"),
        (None, None, "cell"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>",
        f"{_HEAD}<tbody><tr><td rowspan='2'>1</td><td>2</td><td>3</td></tr></tbody>",
        f"{_HEAD}<tbody><tr><td>1</td><td colspan='2'>2</td></tr></tbody>",
        f"{_HEAD}<tbody><tr><td>1</td><td>2</td></tr></tbody>",
        f"{_HEAD}<tfoot>{_ROW}</tfoot><tbody>{_ROW}</tbody>",
        f"<thead><tr><th colspan='3'>T</th></tr><tr><th>A</th><th>B</th><th>C</th></tr></thead><tbody>{_ROW}</tbody>",
        f"<thead><tr><th>A</th><th/><th>C</th></tr></thead><tbody>{_ROW}</tbody>",
        f"<tbody>{_ROW}</tbody>",
        (
            "<thead><tr><th>Mesure</th><th>Droit</th><th>Gauche</th></tr></thead>"
            "<tbody><tr><td>Axe</td><td>15</td><td>20</td></tr></tbody>"
        ),
    ],
)
def test_a_table_whose_cells_need_their_neighbours_stays_one(rows: str) -> None:
    written = _table(rows)
    assert "data-label" not in written
    assert "role" not in written


def test_tables_scroll_in_regions_named_apart() -> None:
    table = "<table>{}<tr><td>1</td></tr></table>"
    written = _inner(table.format("<caption>Fer</caption>") + table.format(""))
    assert re.findall(r"<div ([^>]*)>", written) == [
        'class="cn-scroll" tabindex="0" role="region" aria-label="Tableau 1 : Fer"',
        'class="cn-scroll" tabindex="0" role="region" aria-label="Tableau 2 : Résultats"',
    ]
    assert "<caption>Fer</caption>" in written


def test_headings_follow_titles_and_skip_no_level() -> None:
    def nested(depth: int) -> str:
        inner = f"<component><section>{nested(depth - 1)}</section></component>" if depth else ""
        title = "" if depth == 5 else f"<title>{depth}</title>"
        return f"{title}<text>t</text>{inner}"

    written = to_html(cda(f"<structuredBody><component><section>{nested(7)}</section></component></structuredBody>"))
    assert re.findall(r"<h(\d)>(\d)", written) == [
        ("2", "7"), ("3", "6"), ("4", "4"), ("5", "3"), ("6", "2"), ("6", "1"), ("6", "0"),
    ]  # fmt: skip


def test_a_missing_title_is_the_label_of_the_section_or_nothing() -> None:
    labelled = to_html(cda(section("<code code='1' displayName='Fer'/><text>a</text>", title="")))
    assert "<h2>Fer</h2>" in labelled
    assert "<h" not in to_html(cda(section("<text>a</text>", title="<title/>")))


def test_identifiers_are_ours_unique_and_anchors_find_them() -> None:
    written = _inner(
        "<content ID='main'>a</content><content ID='main'>b</content><content ID='x y&quot;'>c</content>"
        "<linkHtml href='#main'>vers a</linkHtml><linkHtml href='#nowhere'>nulle part</linkHtml>"
    )
    ids = re.findall(r' id="([^"]*)"', written)
    assert len(ids) == len(set(ids)) == 2
    assert all(each.startswith(PREFIX) for each in ids)
    assert f'<a href="#{ids[0]}" rel="noopener noreferrer">vers a</a>nulle part' in written


@pytest.mark.parametrize(
    ("href", "written"),
    [
        (
            "https://example.org/a?b=1&amp;c=2",
            '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer">t</a>',
        ),
        ("HTTPS://example.org/", '<a href="https://example.org/" rel="noopener noreferrer">t</a>'),
        ("http://example.org/", "t (http://example.org/)"),
        ("javascript:alert(1)", "t"),
        ("//example.org/", "t"),
        ("data:text/html,x", "t"),
        ("annexe.pdf", "t"),
    ],
)
def test_links(href: str, written: str) -> None:
    assert _inner(f"<linkHtml href='{href}'>t</linkHtml>") == f"<p>{written}</p>"


def test_a_link_without_text_shows_its_address() -> None:
    assert _inner("<linkHtml href='annexe.pdf'/>") == "<p>annexe.pdf</p>"


def test_footnotes_are_numbered_called_and_answered() -> None:
    written = _inner(
        "a<footnote ID='n'>premi<sub>è</sub>re</footnote> b<footnote>seconde</footnote><footnoteRef IDREF='n'/>"
    )
    body, notes = written.split('<ol class="cn-notes">')
    assert re.findall(r'href="#(cda-note-\d)"[^>]*>\[(\d)\]', body) == [
        ("cda-note-1", "1"), ("cda-note-2", "2"), ("cda-note-1", "1"),
    ]  # fmt: skip
    assert re.findall(r'<li value="(\d)" id="(cda-note-\d)"|<li id="(cda-note-\d)" value="(\d)"', notes)
    assert "premi<sub>è</sub>re" in notes
    for target in re.findall(r'href="#([^"]+)"', written):
        assert f'id="{target}"' in written


def _media(data: bytes, mention: str) -> str:
    value = base64.b64encode(data).decode("ascii")
    media = f"<observationMedia ID='M'><value representation='B64' mediaType='x/y'>{value}</value></observationMedia>"
    return to_html(cda(section(f"<text>{mention}</text><entry>{media}</entry>")))


def test_images_are_inside_the_page_once_with_a_text() -> None:
    written = _media(_PNG, "<renderMultiMedia referencedObject='M'/>" * 3)
    encoded = base64.b64encode(_PNG).decode("ascii")
    assert written.count(f'src="data:image/png;base64,{encoded}"') == 1
    assert 'alt="Image : Résultats"' in written
    assert written.count('href="#cda-image-1"') == 2


@pytest.mark.parametrize("data", [b"<svg onload='x()'/>", b"%PDF-1.4", b"BM bitmap"])
def test_what_is_no_safe_image_is_only_mentioned(data: bytes) -> None:
    written = _media(data, "<renderMultiMedia referencedObject='M absent'/>")
    assert "<img" not in written
    assert "Fichier joint au document" in written
    assert "Image absente du document" in written


def test_languages() -> None:
    assert '<span lang="en">x</span>' in _inner("<content language='en'>x</content>")
    assert "onclick" not in _inner("<content language='en\" onclick=\"x'>x</content>")


def test_the_deepest_narrative_is_written_within_the_stack() -> None:
    depth = MAX_DEPTH - 10
    assert ">fond<" in to_html(level3("<content>" * depth + "fond" + "</content>" * depth)).replace("</p", "<")
    assert "fond" in to_html(level3("<list><item>" * (depth // 2) + "fond" + "</item></list>" * (depth // 2)))


_EVIL = st.sampled_from(
    ["javascript:alert(1)", "<script>alert(1)</script>", '"><img src=x onerror=x()>', "' onclick='x()", "#a", "a",
     "data:text/html;base64,PHNjcmlwdD4=", 'https://x/" onload="x()', "&lt;b&gt;", "expression(x)", "]]>", "--><!--"],
)  # fmt: skip
_TEXTS = st.one_of(_EVIL, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
_KNOWN = "content paragraph list item table thead tbody tfoot tr th td caption br sub sup linkHtml footnote footnoteRef"
_FOREIGN = "renderMultiMedia script style iframe svg a img form input base meta math noscript"
_STATED = "ID IDREF href src style styleCode onclick onload language colspan rowspan scope referencedObject listType"
_NAMES = st.sampled_from(f"{_KNOWN} {_FOREIGN}".split())
_ATTRIBUTES = st.sampled_from(f"{_STATED} srcdoc revised name class".split())


def _element(name: str, attributes: dict[str, str], parts: list[etree._Element | str]) -> etree._Element:
    element = etree.Element(f"{{urn:hl7-org:v3}}{name}")
    for key, value in attributes.items():
        element.set(key, value)
    for part in parts:
        if not isinstance(part, str):
            element.append(part)
        elif len(element):
            element[-1].tail = part
        else:
            element.text = part
    return element


_TREES = st.recursive(
    _TEXTS,
    lambda inner: st.builds(
        _element, _NAMES, st.dictionaries(_ATTRIBUTES, _TEXTS, max_size=4), st.lists(inner, max_size=4)
    ),
    max_leaves=30,
)


def breaches(written: str) -> Iterator[str]:
    """Whatever a browser would find in the fragment that the allow-list does not name."""
    for element in html.fragment_fromstring(written, create_parent="div").iterdescendants():
        if element.tag not in TAGS:
            yield f"element {element.tag}"
        for name, value in element.attrib.items():
            allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(element.tag, set()) | ({"rel"} if element.tag == "a" else set())
            if name not in allowed:
                yield f"attribute {name}"
            if name == "href" and not value.startswith(("#cda-", "https://")):
                yield f"address {value}"
            if name == "src" and not value.startswith("data:image/"):
                yield f"source {value}"
            if name == "id" and not value.startswith(PREFIX):
                yield f"id {value}"
            if name == "class" and value not in CLASSES:
                yield f"class {value}"


@settings(max_examples=cases(100))
@given(st.lists(_TREES, min_size=1, max_size=4))
def test_nothing_active_ever_comes_out(parts: list[etree._Element | str]) -> None:
    text = etree.tostring(_element("text", {}, parts), encoding="unicode")
    assert not list(breaches(to_html(cda(section(text)))))


@settings(max_examples=cases(100))
@given(st.lists(st.one_of(_TEXTS, st.builds("<{} {}='{}'>".format, _NAMES, _ATTRIBUTES, _EVIL)), max_size=8))
def test_the_last_gate_holds_alone(parts: list[str]) -> None:
    assert not list(breaches(sanitise("<div>" + "".join(parts) + "</div>")))
