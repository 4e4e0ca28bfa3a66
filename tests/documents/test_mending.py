"""What may have been meant, against trying every document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.documents import mending
from carnet.formats import folding
from tests.cases import cases

WORDS = ("scanner", "scanners", "thorax", "genou", "ca125", "arthroscopie", "arthrose", "vitamine", "vitaminee")
MISTYPED = ("scaner", "torax", "genuo", "ca126", "arthroscpie", "vit", "xyz", "scanenr")
LINES = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=5).map(lambda words: f" {' '.join(sorted(words))} "), max_size=6
)


@settings(max_examples=cases(200))
@given(LINES, st.lists(st.sampled_from((*WORDS, *MISTYPED)), min_size=1, max_size=3).map(" ".join))
def test_what_is_proposed_is_found_and_says_no_more_than_was_asked(lines: list[str], asked: str) -> None:
    terms = folding.query(asked)
    mended = mending.mend(terms, lines)
    meant = [mended.get(term, term.joined) for term in terms]
    if mended:
        assert any(all(f" {word} " in line for word in meant) for line in lines)
    for term in mended:
        assert not any(term.joined in line.split() for line in lines)


@pytest.mark.parametrize(
    ("asked", "lines", "meant"),
    [
        ("L'Arthroscpie du genou", [" arthroscopi genou "], "L'arthroscopie du genou"),
        ("arthroscpie", [" genou "], "arthroscpie"),
        ("genuo scaner", [" genou ", " scanner "], "genuo scaner"),
        ("genuo scaner", [" genou scanner "], "genou scanner"),
        ("arthrosc arthrosc", [" arthroscopi "], "arthroscopie arthroscopie"),
    ],
)
def test_words_are_put_where_they_were_mistyped(asked: str, lines: list[str], meant: str) -> None:
    mended = mending.mend(folding.query(asked), lines)
    assert mending.reworded(asked, mended, ["Arthroscopies", "Arthroscopie du genou au scanner"]) in {
        meant,
        meant.replace("arthroscopie", "arthroscopies"),
    }


@pytest.mark.parametrize("asked", ["rthroscopie", "xrthroscopie", "rathroscopie", "xarthroscopie", "artroscopie"])
def test_the_first_letter_may_be_the_wrong_one(asked: str) -> None:
    [mended] = mending.mend(folding.query(asked), [" genou ", " arthroscopi genou "]).values()
    assert mended == "arthroscopi"
