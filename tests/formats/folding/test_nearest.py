from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import nearest

_WORDS = ["radiographi", "cardiologi", "glycemi", "hemoglobin", "foie", "vaccin", "diabet", "19", "hba1c", "tsh"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("radiograhpi", "radiographi"),  # two exchanged
        ("radiogrphi", "radiographi"),  # one missing
        ("raddiographi", "radiographi"),  # one too many
        ("rqdiogrqphi", "radiographi"),  # two wrong, in a long word
        ("glicemi", "glycemi"),
        ("vacin", "vaccin"),
        ("foei", "foie"),
    ],
)
def test_a_typing_error_is_mended(typed: str, meant: str) -> None:
    assert nearest(typed, _WORDS) == meant


@pytest.mark.parametrize("typed", ["18", "hba2c", "tss", "foieeee", "diabolo", "", "psychologi"])
def test_another_word_is_left_alone(typed: str) -> None:
    assert nearest(typed, _WORDS) is None


def test_the_likeliest_of_several() -> None:
    assert nearest("coude", ["soude", "coupe", "coule"]) == "coule"
    assert nearest("coude", ["soude"]) == "soude"


def _distance(one: str, other: str) -> int:
    """Optimal string alignment, by its definition."""
    rows = [[max(i, j) if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", min_size=4, max_size=7), st.lists(st.text("abc", min_size=1, max_size=8), max_size=30))
def test_one_error_is_one_error(word: str, vocabulary: list[str]) -> None:
    found = nearest(word, vocabulary)
    best = min((_distance(word, other) for other in vocabulary), default=9)
    assert (found is not None) == (best <= 1)
    assert found is None or (found in vocabulary and _distance(word, found) == best)


def test_fifty_thousand_words_in_some_tens_of_milliseconds() -> None:
    choose = random.Random(1)
    parts = ["ra", "dio", "ther", "a", "pie", "card", "io", "gra", "phe", "hemo", "glo", "bine", "neph", "ro", "log"]
    vocabulary: set[str] = set()
    while len(vocabulary) < 50_000:
        vocabulary.add("".join(choose.choices(parts, k=choose.randint(2, 6))))
    known = [*vocabulary, "polyarthrit"]
    times = []
    for _ in range(10):
        began = time.perf_counter()
        assert nearest("ployarthrit", known) == "polyarthrit"
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05
