"""How old somebody is, in words."""

from __future__ import annotations

from datetime import date

import pytest

from carnet.kernel import clock
from carnet.web import ages
from tests import people
from tests.people import a_patient, authorised
from tests.web.browsing import plain
from tests.web.pro.desk import at_desk, record

DAY = date(2026, 3, 31)
TOLD = {
    DAY: "0 jour",
    date(2026, 3, 30): "1 jour",
    date(2026, 3, 1): "30 jours",
    date(2026, 2, 28): "1 mois",
    date(2025, 3, 31): "12 mois",
    date(2024, 4, 1): "23 mois",
    date(2024, 3, 31): "2 ans",
    date(1979, 4, 1): "46 ans",
    date(2026, 4, 2): "0 jour",
}


@pytest.mark.parametrize("birth", TOLD)
def test_an_age(birth: date) -> None:
    assert ages.told(birth, DAY) == TOLD[birth]


def test_the_band_of_a_newborn_counts_days(server: str) -> None:
    child = a_patient(birth_date=clock.now().date().isoformat())
    with at_desk(server, authorised(child, people.a_doctor())) as desk:
        desk.finds(child.ins)
        page = plain(desk.opens(record(child.record_id)).text)
    assert "0 an" not in page
    assert "0 jour" in page or "1 jour" in page
