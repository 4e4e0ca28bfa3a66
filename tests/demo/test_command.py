"""`carnet demo-data`, as somebody types it."""

from __future__ import annotations

import pytest

from carnet.demo.people import inhabitants
from tests.conftest import House, carnet


@pytest.mark.long
def test_people_and_seed_are_taken_from_the_command_line(house: House) -> None:
    added = len(next(inhabitants(1, 77)).documents)
    first = carnet("demo-data", "--people", "1", "--seed", "77")
    assert first.stdout == f"La population de démonstration est prête : {added} documents ajoutés.\n"
    assert "rien à ajouter" in carnet("demo-data", "--people", "1", "--seed", "77").stdout


def test_a_number_of_people_is_a_number(house: House) -> None:
    refused = carnet("demo-data", "--people", "beaucoup", check=False)
    assert refused.returncode == 2
    assert "nombre de personnes" in refused.stderr


def test_there_is_no_demonstration_population_outside_the_demonstration(house: House) -> None:
    refused = carnet("demo-data", check=False, CARNET_DEMO="0")
    assert refused.returncode == 1
    assert "CARNET_DEMO=1" in refused.stderr
    assert "Traceback" not in refused.stderr
