"""The short lists from which people choose."""

from __future__ import annotations

import re

import pytest

from carnet.formats.terminology import choices
from carnet.formats.terminology.choices import Of

SHAPES = {Of.PROBLEM: r"[A-Z]\d\d(\.\d)?", Of.SUBSTANCE: r"[A-Z]\d\d[A-Z]{2}\d\d", Of.ALLERGEN: r"([A-Z]\d\d\w*)?"}


@pytest.mark.parametrize("of", list(Of))
def test_every_code_has_the_shape_of_its_classification_and_every_label_is_found(of: Of) -> None:
    for each in choices.find(of):
        assert re.fullmatch(SHAPES[of], each.code), each
        assert choices.named(of, each.label.upper()) == each
        assert each in choices.search(of, each.label, most=40)


@pytest.mark.parametrize(
    ("of", "words", "first"),
    [
        (Of.PROBLEM, "asthm", "Asthme"),
        (Of.PROBLEM, "type 2 diab", "Diabète de type 2"),
        (Of.PROBLEM, "crise cardiaque", "Infarctus du myocarde"),
        (Of.SUBSTANCE, "doliprane", "Paracétamol"),
        (Of.ALLERGEN, "cacahuete", "Arachide"),
    ],
)
def test_people_find_by_their_own_words(of: Of, words: str, first: str) -> None:
    assert choices.search(of, words)[0].label == first


def test_nothing_is_found_for_nothing_nor_for_what_is_not_there() -> None:
    assert choices.search(Of.PROBLEM, "  ") == choices.search(Of.PROBLEM, "xylophone") == []
    assert choices.named(Of.PROBLEM, "Un mal à moi") is None


def test_the_name_of_a_medicine_holds_its_substance_the_longest_one() -> None:
    held = choices.substance_in("AMOXICILLINE ET ACIDE CLAVULANIQUE 1 g, sachet")
    assert held is not None
    assert held.code == "J01CR02"
    assert choices.substance_in("Pommade de ma grand-mère") is None
    assert all(choices.source())
