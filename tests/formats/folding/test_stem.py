from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.folding import fold, stem

_ALIKE = """
    analyse analyses; cérébral cérébraux cérébrale cérébrales; hôpital hôpitaux; normal normaux normale;
    artériel artérielle artériels artérielles; ancien ancienne anciens; aigu aiguë aigus aiguës; net nette nettes;
    douloureux douloureuse douloureuses; veineux veineuse; opéré opérée opérés opérées; vaccin vaccins; genou genoux;
    noyau noyaux; œil yeux; eau eaux; mal maux; travail travaux; premier première premières; rein reins; sein seins;
    dose doses; foie foies; positif positive positives; complet complète; rénal rénaux; cheveu cheveux; muscle muscles;
    glucose glucoses; moyen moyenne; grippe grippes; intestin intestins
"""
_APART = """
    dose dos; sel selle; foie foi; toux tous; sang sein; taux tau; rein rénal; virus vie; stress strie; hanche hache
"""


def _sets(table: str) -> list[list[str]]:
    return [line.split() for line in table.split(";")]


@pytest.mark.parametrize("forms", _sets(_ALIKE), ids=" ".join)
def test_forms_of_a_word_are_one(forms: list[str]) -> None:
    assert len({stem(fold(form)) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), _sets(_APART))
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


_letters = st.text(st.characters(min_codepoint=0x61, max_codepoint=0x7A), max_size=14)


@given(_letters)
def test_a_stem_is_its_own(word: str) -> None:
    assert stem(stem(word)) == stem(word)
    assert word == "" or stem(word) != ""


@given(st.text("bcdfgklmnprtvaeiou", min_size=3, max_size=12))
def test_a_plural_in_s_is_its_singular(word: str) -> None:
    assert stem(word + "s") == stem(word)


@given(st.text("bcdfgklmnprtvi", min_size=2, max_size=10))
def test_a_plural_in_aux_is_its_singular_in_al(root: str) -> None:
    assert stem(root + "aux") == stem(root + "al")
