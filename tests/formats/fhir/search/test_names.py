from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir.search import names
from tests.cases import cases
from tests.formats.fhir.search import evaluate, naive


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("MARTIN", "martin"),
        ("Lefèvre", "lefevre"),
        ("Le\u0301a", "lea"),
        ("Cœur-Æsir", "coeur aesir"),
        ("  d’Ormesson\t Jean ", "d ormesson jean"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("PAT-TROIS", "pat trois"),
        ("-’_", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert names.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "modifier", "found"),
    [
        ("mart", "", True),
        ("LEFEVRE-MART", "", False),
        ("rtin lef", "contains", True),
        ("artin", "", False),
        ("artin", "contains", True),
        ("Martin-Lefèvre", "exact", True),
        ("Martin-Lefe\u0300vre", "exact", True),
        ("martin-lefèvre", "exact", False),
        ("Martin", "exact", False),
        ("%", "exact", False),
        ("M_rtin-Lefèvre", "exact", False),
        ("Martin-Lefèvre\\", "exact", False),
        ("m+", "", False),
    ],
)
def test_patterns(text: str, modifier: str, found: bool) -> None:
    (pattern,) = names.patterns(["family"], text, modifier)
    stored = names.stored("family", "Martin-Lefèvre")
    assert any(evaluate.like(pattern, each) for each in stored) == found


def test_wild_cards_are_only_letters() -> None:
    stored = names.stored("family", r"100%_\x")
    for text in (r"100%_\x", r"100%\_\x"):
        (pattern,) = names.patterns(["family"], text, "exact")
        assert any(evaluate.like(pattern, each) for each in stored) == (text == r"100%_\x")


def test_nothing_to_look_for() -> None:
    assert names.patterns(["family"], " -’ ", "") == ()
    assert names.patterns(["family"], "\u0301", "contains") == ()
    assert names.stored("family", "") == ()


def test_what_no_database_keeps_is_left_out() -> None:
    assert names.stored("family", "Mar\x00tin\ud83d") == ("family=martin", "family!Martin")
    assert names.stored("family", "\x00") == ()


@settings(max_examples=cases(300))
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
    st.text(max_size=3),
    st.sampled_from(["", "exact", "contains"]),
)
def test_patterns_find_what_the_rule_says(name: str, asked: str, modifier: str) -> None:
    patterns = names.patterns(["given"], asked, modifier)
    if not patterns:
        assert names.fold(asked) == ""
    else:
        found = any(evaluate.like(patterns[0], each) for each in names.stored("given", name))
        assert found == (name != "" and naive.text_is(asked, name, modifier, names.fold))
