"""Which type is proposed for a professional's file, and from what it is known."""

from __future__ import annotations

import pytest

from carnet.documents.type_proposal import TypeProposal, Why, propose_type
from carnet.documents.writing import TYPES

ORDER, LETTER, VISIT, ANALYSES = "57833-6", "96349-6", "11488-4", "11502-2"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("ordonnance_12-10.pdf", "Compte rendu de biologie", TypeProposal(ORDER, Why.NAME)),
        ("scan0001.pdf", "Cher confrère, je vous adresse Mme X", TypeProposal(LETTER, Why.WORDS)),
        ("IMG_2041.jpg", "", TypeProposal(VISIT, Why.PROFESSION)),
        ("doc.pdf", "HÉMOGRAMME\nGlycémie 0,9 g/L", TypeProposal(ANALYSES, Why.WORDS)),
    ],
)
def test_the_name_comes_before_the_words_and_these_before_the_profession(
    name: str, text: str, expected: TypeProposal
) -> None:
    assert propose_type(name, text, {}, VISIT) == expected


def test_what_one_deposits_most_is_proposed_where_nothing_is_told_and_decides_between_equals() -> None:
    assert propose_type("IMG.jpg", "", {LETTER: 3, VISIT: 1}, VISIT) == TypeProposal(LETTER, Why.HABIT)
    assert propose_type("IMG.jpg", "", {LETTER: 1}, VISIT) == TypeProposal(VISIT, Why.PROFESSION)
    both = "Consultation. Ordonnance."
    assert propose_type("a.pdf", both, {VISIT: 9}, "").code == VISIT
    assert propose_type("a.pdf", both, {ORDER: 9}, "").code == ORDER
    assert propose_type("a.pdf", "", {}, "") == TypeProposal()


def test_every_type_that_words_tell_is_one_that_professionals_write() -> None:
    from carnet.documents.type_proposal import _WORDS

    assert {code for code, _ in _WORDS} <= {kind.code for kind in TYPES}
