"""Where a result lies: as its laboratory says itself, else by the range that it printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from carnet.formats.clinical.values import Quantity
from carnet.health.flags import stands
from carnet.health.trends import Place

INSIDE, ABOVE, BELOW = Quantity(Decimal(5)), Quantity(Decimal(12)), Quantity(Decimal(1))
RANGE = (Decimal(2), Decimal(10))


@pytest.mark.parametrize(
    ("code", "number", "told"),
    [
        ("", INSIDE, Place.INSIDE),
        ("", ABOVE, Place.ABOVE),
        ("", BELOW, Place.BELOW),
        ("", Quantity(Decimal(5), comparator="<"), None),
        ("", Quantity(Decimal(12), comparator=">"), Place.ABOVE),
        ("", None, None),
        ("H", INSIDE, Place.ABOVE),
        ("HH", BELOW, Place.ABOVE),
        ("L", INSIDE, Place.BELOW),
        ("LX", None, Place.BELOW),
        ("N", ABOVE, Place.INSIDE),
        # What names no side leaves it to the range.
        ("A", ABOVE, Place.ABOVE),
        ("AA", INSIDE, Place.INSIDE),
        ("A", None, None),
    ],
)
def test_the_laboratory_s_own_word_comes_first(code: str, number: Quantity | None, told: Place | None) -> None:
    assert stands(code, number, *RANGE) is told


def test_the_laboratory_s_own_word_needs_no_range() -> None:
    assert stands("H", INSIDE, None, None) is Place.ABOVE
    assert stands("", INSIDE, None, None) is None
