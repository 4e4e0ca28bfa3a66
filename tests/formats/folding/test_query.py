from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import matches, query, words

_DOCUMENT = (
    "Dosage du CA 19-9 et de la 25-OH vitamine D. Œdèmes cérébraux, traitement anti-inflammatoire 500mg. SARS-CoV-2."
)


def _finds(asked: str, text: str = _DOCUMENT) -> bool:
    vocabulary = {word.folded for word in words(text)}
    return all(matches(term, vocabulary) for term in query(asked))


@pytest.mark.parametrize(
    "asked",
    [
        "CA 19-9", "ca19-9", "ca 19 9", "25 OH", "25oh", "25-oh vitamine d", "oedeme cerebral", "ŒDÈME CÉRÉBRALE",
        "anti inflammatoires", "antiinflammatoire", "500 mg", "500mg", "sars cov 2", "le dosage de la vitamine",
    ],
)  # fmt: skip
def test_each_spelling_finds(asked: str) -> None:
    assert _finds(asked)


@pytest.mark.parametrize("asked", ["CA 125", "25 OH foie", "CA 19-8", "50 mg"])
def test_what_is_not_there_is_not_found(asked: str) -> None:
    assert not _finds(asked)


def test_joined_or_apart_in_the_document() -> None:
    for asked in ("covid-19", "covid 19", "Covid19", "COVID‑19"):
        for text in ("COVID-19 positif", "Covid 19", "covid19"):
            assert _finds(asked, text), (asked, text)


def test_stop_words_count_only_when_alone() -> None:
    assert [term.joined for term in query("l’analyse de la thyroïde")] == ["analy", "thyroid"]
    assert [term.joined for term in query("de la")] == ["de", "la"]
    assert query("  ?! ") == ()


def test_a_question_without_end_is_cut() -> None:
    assert len(query(" ".join(f"mot{n}x" for n in range(1000)))) == 16


@given(st.text(max_size=80))
def test_a_text_is_found_by_itself(text: str) -> None:
    assert _finds(text, text)
