"""The table of views is whole and sound, or says what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from importlib.resources import files
from typing import Any

import orjson
import pytest

from carnet.formats.terminology import systems
from carnet.web.pro.screen import views
from carnet.web.pro.screen.views import CARDS, BadViews
from tests.web.test_words import TEMPLATES

TOLD: dict[str, Any] = orjson.loads((files("carnet.web.pro.screen") / "views.json").read_bytes())
PROFESSIONS = {"10": "medecin", "21": "pharmacien", "60": "infirmier", "50": "sage-femme", "40": "dentiste"}
SPECIALITIES = {"SM04": "cardiologue", "SM40": "pediatre", "SM20": "gynecologue", "SM62": "endocrinologue"}


def test_each_profession_has_its_view_and_the_others_the_general_one() -> None:
    every = views.every()
    for code, key in PROFESSIONS.items():
        assert every.of(("G15", code)).key == every.of((systems.canonical("G15"), code)).key == key
        assert every.of(("G15", code), emergency=True) is every.emergency()
    assert every.of(("G16", "10")).key == "medecin", "who learns the profession sees what it sees"
    assert every.of(None).key == "general"
    for system, code in (("G15", "91"), ("R85", "331"), ("", "")):
        assert every.of((system, code)).key == "general"
    assert every.emergency().cards[0] == "vigilance"
    assert len({each.en for each in every.views}) == len({each.fr for each in every.views}) == len(every.views)


def test_a_speciality_has_its_own_view_or_that_of_its_profession() -> None:
    every = views.every()
    for speciality, key in SPECIALITIES.items():
        assert every.of(("G15", "10"), speciality).key == key
        assert every.of(("G15", "10"), speciality, emergency=True) is every.emergency()
        assert every.of(("G15", "60"), speciality).key == "infirmier", "it is one of doctors"
    for speciality in ("SM54", "SM15", ""):
        assert every.of(("G15", "10"), speciality).key == "medecin"
    heart, child = every.of(("G15", "10"), "SM04"), every.of(("G15", "10"), "SM40")
    assert heart.analytes[0] == "nt_probnp"
    assert "head_circumference" in child.measures
    assert child.documents[0] == "59283-2"
    assert child.cards.index("vaccins") < child.cards.index("traitements")


def test_every_card_has_a_template_and_is_in_a_view() -> None:
    used = {card for view in views.every().views for card in view.cards}
    assert used == set(CARDS)
    for card in CARDS:
        assert (TEMPLATES / "pro" / "screen" / f"{card}.html").exists(), card


def _first(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["views"][0]
    return found


FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no source": lambda told: told.pop("source"),
    "an unknown card": lambda told: _first(told)["cards"][2].append("horoscope"),
    "a card twice": lambda told: _first(told)["cards"][2].append("vigilance"),
    "a table in a narrow column": lambda told: _first(told)["cards"].__setitem__(2, ["biologie"]),
    "what must be known is not first": lambda told: _first(told)["cards"][0].reverse(),
    "two columns": lambda told: _first(told)["cards"].pop(),
    "an unknown analyte": lambda told: _first(told)["analytes"].append("hba1d"),
    "an analyte twice": lambda told: _first(told)["analytes"].append("hba1c"),
    "an unknown measure": lambda told: _first(told)["measures"].append("aura"),
    "an unknown document": lambda told: _first(told)["documents"].append("0-0"),
    "an unknown kind": lambda told: _first(told)["weights"]["facts"].update(mood=3),
    "an unknown category": lambda told: told["fold"].append("DOC"),
    "an unknown profession": lambda told: _first(told)["for"].append(["G15", "999"]),
    "an unknown speciality": lambda told: _first(told)["for"].append(["G15", "10", "SM999"]),
    "a speciality in two views": lambda told: _first(told)["for"].append(["G15", "10", "SM04"]),
    "a profession in two views": lambda told: told["views"][-1]["for"].append(["G15", "10"]),
    "a view twice": lambda told: told["views"].append(_first(told)),
    "no general view": lambda told: told["views"].pop(),
    "a name too few": lambda told: _first(told).pop("en"),
    "a list without an end": lambda told: _first(told).update(months=0),
    "all the years": lambda told: told.update(years=0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_table_is_found_when_it_is_loaded(fault: str) -> None:
    told = deepcopy(TOLD)
    views.parse(told)
    FAULTS[fault](told)
    with pytest.raises(BadViews):
        views.parse(told)
