"""Marks in a page's text, whatever the text and whatever is asked."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser

from carnet.formats.cda.sanitise import sanitise
from carnet.formats.folding import highlight, mark, query
from tests.cases import cases


def test_words_are_marked_and_the_first_can_be_jumped_to() -> None:
    written = mark("<p>Œdème du pied. Un œdème &lt;léger&gt;.</p>", query("oedeme leger"), "ici")
    assert written.html == (
        '<p><mark id="ici">Œdème</mark> du pied. Un <mark>œdème</mark> &lt;<mark>léger</mark>&gt;.</p>'
    )
    assert written.hits == 3


def test_tags_and_attributes_are_left_alone() -> None:
    fragment = '<div lang="fr" aria-label="p > &quot;strong&quot;"><strong>p</strong></div>'
    written = mark(fragment, query("strong lang div"), "ici")
    assert written == (fragment, 0)
    assert mark("<p>un</p>", query(""), "ici") == ("<p>un</p>", 0)


_TEXTS = st.text(st.sampled_from("aé œ<>&\"'=;x"), max_size=12)
_FRAGMENTS = st.lists(
    st.one_of(
        _TEXTS.map(html.escape),
        st.builds('<th scope="col" lang="{}">'.format, _TEXTS.map(html.escape)),
        st.builds('<div class="cn-scroll" aria-label="{}">'.format, _TEXTS.map(html.escape)),
        st.sampled_from(["<p>", "</p>", "<br>", "<li>a</li>"]),
    ),
    max_size=8,
).map(lambda parts: sanitise("".join(parts)))


@settings(max_examples=cases(300))
@given(_FRAGMENTS, st.text(st.sampled_from("aéx œ"), min_size=1, max_size=6))
def test_without_its_marks_the_page_is_what_it_was(fragment: str, asked: str) -> None:
    written = mark(fragment, query(asked), "ici")
    assert html.unescape(re.sub(r'</?mark(?: id="ici")?>', "", written.html)) == html.unescape(fragment)
    tree = parser.fragment_fromstring(written.html, create_parent="div")
    marks = [each.text or "" for each in tree.iter("mark")]
    assert len(marks) == written.hits
    # Each mark is a hit by itself, and nothing that is not marked is.
    for each in marks:
        assert [piece.hit for piece in highlight(each, query(asked))] == [True]
    plain = parser.fragment_fromstring(fragment, create_parent="div")
    texts = [text for element in plain.iter() for text in (element.text, element.tail) if text]
    assert written.hits == sum(piece.hit for text in texts for piece in highlight(text, query(asked)))
