"""« d'Alix », « de Léa »: the words before a name, as French speakers write them."""

from __future__ import annotations

import pytest

from carnet.formats.elision import elided, of


@pytest.mark.parametrize(
    "name",
    ["Alix", "Émile", "Inès", "Ophélie", "Ugo", "Œdipe", "Ælis", "ÉLISE", "Yves", "Yvonne", "Ysé", "Hélène", "HENRI"],
)
def test_a_vowel_and_a_mute_h_take_the_apostrophe(name: str) -> None:
    assert of(name) == f"d’{name}"


@pytest.mark.parametrize("name", ["Léa", "Yann", "Youssef", "Hugo", "Hassan", "Y", "Dr Alix", "", "42"])
def test_everybody_else_keeps_the_whole_word(name: str) -> None:
    assert of(name) == f"de {name}"


def test_in_a_sentence_each_place_follows_its_own_name() -> None:
    said = "Le carnet de %(one)s, ce que %(other)s voit, celle %(one)s, de %(count)s pages"
    values = {"one": "Alix", "other": "Inès", "count": 3}
    assert elided(said, values) % values == "Le carnet d’Alix, ce qu’Inès voit, celle Alix, de 3 pages"
    assert elided("De %(one)s", {"one": "Alix"}) == "D’%(one)s"
    assert elided("code %(one)s", {"one": "Alix"}) == "code %(one)s", "a word that ends so is another one"
