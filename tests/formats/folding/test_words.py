from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import fold, words

_FRENCH = st.text(st.sampled_from("aàâeéèêioôuùç œæ’'-., \n0123456789ABCÉx²µ\u0301"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HbA1c", ["hba1c"]),
        ("25-OH vitamine D", ["25", "oh", "25oh", "vitamin", "d"]),
        ("25OH", ["25", "oh", "25oh"]),
        ("CA 19-9", ["ca", "19", "9", "199"]),
        ("CA19-9", ["ca", "19", "9", "ca199"]),
        ("CA125 B12 T4", ["ca", "125", "ca125", "b12", "t4"]),
        ("12,5 mg, 7.2 %", ["12.5", "mg", "7.2"]),
        ("500mg", ["500", "mg", "500mg"]),
        ("le 12/03/2024, 12.03.2024", ["le", "12", "03", "2024", "12", "03", "2024"]),
        ("l’analyse d'urine", ["l", "analy", "d", "urin"]),
        ("anti‑inflammatoires", ["anti", "inflammatoir", "antiinflammatoir"]),
        ("— * …", []),
    ],
)
def test_words_numbers_and_codes(text: str, found: list[str]) -> None:
    assert [word.folded for word in words(text)] == found


@given(st.one_of(st.text(), _FRENCH))
def test_every_word_stands_where_it_says(text: str) -> None:
    """What is cut out at its place says the same word again."""
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.folded in [again.folded for again in words(text[word.start : word.end])]


@given(st.one_of(st.text(), _FRENCH))
def test_a_folded_word_is_found_by_itself(text: str) -> None:
    for word in words(text):
        assert word.folded == fold(word.folded)
        assert word.folded in [again.folded for again in words(word.folded)]


@given(_FRENCH)
def test_no_letter_is_lost(text: str) -> None:
    covered = {at for word in words(text) for at in range(word.start, word.end)}
    assert [char for at, char in enumerate(text) if char.isalnum() and at not in covered] == []


def test_a_long_text_takes_no_time() -> None:
    text = ("Le patient présente une hypertension artérielle avec œdèmes cérébraux. " * 14_000)[:1_000_000]
    began = time.thread_time()
    assert len(words(text)) > 100_000
    assert time.thread_time() - began < 5


@pytest.mark.parametrize("run", ["a", "1", "1,", "a1", "a-", "é\u0301"])
def test_a_run_without_end_takes_no_time(run: str) -> None:
    began = time.thread_time()
    assert max(len(word.folded) for word in words(run * 200_000 + "x")) <= 1_000_000
    assert time.thread_time() - began < 5
