from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import Piece, fold, highlight, query, snippet

_TEXT = st.text(st.sampled_from("aàeéœ bcmst 19-9’\n"), max_size=200)


def _hits(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.hit]


def test_hits_are_marked_as_they_are_written() -> None:
    assert _hits(highlight("Les ANALYSES et l’analyse.", query("analyse"))) == ["ANALYSES", "analyse"]
    assert _hits(highlight("Œdème cérébral", query("oedeme cerebraux"))) == ["Œdème", "cérébral"]


def test_a_code_is_marked_where_it_stands_together() -> None:
    text = "Le 9 mai, à 19 h : CA 19-9 élevé. CA19-9 normal."
    assert _hits(highlight(text, query("19-9"))) == ["19-9", "19-9"]


def test_a_snippet_is_where_the_terms_meet() -> None:
    text = "foie " + "bla " * 200 + "les analyses du foie\nsont normales " + "bli " * 200
    pieces = snippet(text, query("analyse foie"), width=100)
    assert _hits(pieces) == ["analyses", "foie"]
    assert "".join(piece.text for piece in pieces).startswith("…bla ")
    assert "foie sont normales" in "".join(piece.text for piece in pieces)


def test_without_a_hit_it_is_the_beginning() -> None:
    assert snippet("Compte rendu d’examen", query("foie"), width=12) == [
        Piece("Compte rendu", hit=False),
        Piece("…", hit=False),
    ]
    assert snippet("court", query("foie")) == [Piece("court", hit=False)]
    assert snippet("", ()) == []


@given(_TEXT, _TEXT)
def test_nothing_is_added_or_lost(text: str, asked: str) -> None:
    pieces = highlight(text, query(asked))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    assert all(one.hit != other.hit or (one.hit and other.hit) for one, other in pairwise(pieces))


@given(_TEXT, _TEXT, st.integers(10, 80))
def test_a_snippet_is_a_piece_of_the_text(text: str, asked: str, width: int) -> None:
    pieces = snippet(text, query(asked), width)
    whole = "".join(piece.text for piece in pieces)
    assert whole.strip("…") in " ".join(text.split("\n"))
    assert len(whole) <= width + 2
    if _hits(highlight(text, query(asked))):
        assert _hits(pieces) or max(map(len, fold(text).split())) > width // 4
