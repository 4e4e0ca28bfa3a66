from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉLÉVATION", "elevation"),
        ("œdème", "oedeme"),
        ("ŒDÈME", "oedeme"),
        ("ex æquo", "ex aequo"),
        ("aiguë", "aigue"),
        ("l’hôpital", "l'hopital"),
        ("sous‑cutané", "sous-cutane"),
        ("25 µg/m²", "25 μg/m2"),
        ("ﬁbrose", "fibrose"),
    ],
)
def test_what_is_written_in_several_ways_becomes_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_what_is_folded_stays(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_or_not_upper_or_lower_is_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.casefold()) == fold(text)


@given(
    st.text(st.characters(min_codepoint=0x61, max_codepoint=0x7A)),
    st.characters(categories=["Mn"], max_codepoint=0x344),
)
def test_accents_say_nothing(text: str, accent: str) -> None:
    assert fold(accent.join(text)) == text
