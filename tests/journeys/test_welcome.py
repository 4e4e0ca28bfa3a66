"""A record opened for the first time: counted in screens and in seconds, by the keys alone."""

from __future__ import annotations

import time
from typing import Final

import pytest

from carnet.records.rules import RecordState
from tests.journeys.conftest import PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.people import a_patient

MOST_SCREENS: Final = 5
# Those of the machine alone: a person takes ninety with reading and typing.
MOST_SECONDS: Final = 45


@pytest.mark.parametrize(
    ("visitor", "language"),
    [
        pytest.param({"scripts": False, "size": PHONE}, "fr", id="phone-plain-fr"),
        pytest.param({"scripts": True}, "en", id="desk-scripts-en", marks=pytest.mark.long),
        pytest.param({"scripts": True, "size": PHONE}, "en", id="phone-scripts-en", marks=pytest.mark.long),
        pytest.param({"scripts": False}, "fr", id="desk-plain-fr", marks=pytest.mark.long),
    ],
    indirect=["visitor"],
)
def test_a_record_is_opened_in_five_screens(visitor: Visitor, language: str, request: pytest.FixtureRequest) -> None:
    visitor.speaks(language)
    keys = Keyboard(visitor, language, request.node.callspec.params["visitor"]["scripts"])
    # given somebody whose record has been waiting
    newcomer = a_patient(state=RecordState.UNOPENED)
    visitor.sits_as(newcomer.actor)
    begun, screens = time.monotonic(), []
    visitor.goes_to("/accueil")
    for button in ("Oui, c'est moi", "Ne pas m'écrire", "Continuer"):
        screens.append(visitor.heading())
        keys.follows(keys.finds(button, "button"))
    # when they say three things of themselves
    screens.append(visitor.heading())
    keys.types(visitor.page.locator("#allergies-lesquels"), "Latex")
    keys.ticks(visitor.page.locator("#traitements-1"))
    keys.types(visitor.page.locator("#problemes-lesquels"), "Asthme")
    keys.follows(keys.finds("Ouvrir mon carnet", "button"))
    screens.append(visitor.heading())
    # then it is open, after five different screens
    assert visitor.heading() == keys.says("Votre carnet est ouvert")
    assert len(set(screens)) == len(screens) <= MOST_SCREENS
    assert time.monotonic() - begun < MOST_SECONDS
    keys.ends()
    # and the words are in it
    keys.follows(visitor.page.locator("main a.cn-door[href='/accueil']"))
    visitor.goes_to("/sante")
    for said in ("Latex", "Asthme", keys.says("Je ne prends pas de médicament")):
        assert visitor.page.get_by_text(said).first.is_visible()
