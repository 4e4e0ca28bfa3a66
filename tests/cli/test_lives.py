"""`carnet inform` and `carnet erasures`, as an operator types them."""

from __future__ import annotations

import re

import pytest

from carnet.records.letters import object_by_letter
from carnet.records.rules import Traits
from tests import people
from tests.conftest import carnet

pytestmark = pytest.mark.usefixtures("house")


def test_a_letter_is_noted_once_and_its_code_says_no() -> None:
    ins = people.fresh_ins()
    said = carnet("inform", ins, "ESSAI", "CAMILLE", "1985-01-12", "--sex", "F").stdout
    code = re.search(r"Code de la lettre : ([A-Z0-9]{8})", said)
    assert code
    assert "/opposition" in said
    assert "existe déjà" in carnet("inform", ins, "ESSAI", "CAMILLE", "1985-01-12", check=False).stderr
    assert "clé" in carnet("inform", ins[:-1], "ESSAI", "CAMILLE", "1985-01-12", check=False).stderr
    object_by_letter(number=ins, traits=Traits("ESSAI", "CAMILLE", "1985-01-12"), code=code[1])


def test_nothing_that_was_erased_has_come_back() -> None:
    assert "effacés de nouveau : 0" in carnet("erasures").stdout
    assert "n'existe pas" in carnet("erasures", "--log", "/nowhere/erasures.log", check=False).stderr
