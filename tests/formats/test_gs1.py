"""The code of a medicine's box as scanners type it: whole, without separators, as people read it, or something else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.gs1 import Box, BoxError, cip_of, read

GTIN = "03400932857241"


def checked(body: str) -> str:
    weighed = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(body))
    return body + str(-weighed % 10)


gtins = st.text("0123456789", min_size=13, max_size=13).map(checked)
values = st.text("ABCDEFGHIJ0123456789-", min_size=1, max_size=20)
days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(gtins, values, values, days)
def test_with_its_separators_everything_is_read_in_any_order(gtin: str, lot: str, serial: str, end: date) -> None:
    box = Box(gtin, lot, end.isoformat())
    parts = [f"01{gtin}", f"17{end:%y%m%d}", f"10{lot}\x1d", f"21{serial}\x1d"]
    assert read("".join(parts)) == box
    assert read("]d2" + "".join(reversed(parts))) == box
    assert read("".join(parts).replace("\x1d", "<GS>") + "\r\n") == box
    assert read(f"(01){gtin} (17){end:%y%m%d} (10){lot} (21){serial}") == box


@given(gtins, values, values, days)
def test_without_them_nothing_is_read_that_is_not_there(gtin: str, lot: str, serial: str, end: date) -> None:
    found = read(f"01{gtin}17{end:%y%m%d}10{lot}21{serial}")
    assert found.gtin == gtin
    assert found.lot in {"", lot}
    assert found.expires in {"", end.isoformat()}


def test_a_day_zero_is_a_whole_month_and_a_french_box_has_its_presentation_code() -> None:
    assert read(f"01{GTIN}1727050010L7") == Box(GTIN, "L7", "2027-05")
    assert cip_of(GTIN) == "3400932857241"
    assert cip_of("05412345678908") == ""


@pytest.mark.parametrize(
    "text", ["", "bonjour", "IS01000", f"01{GTIN[:-1]}3", f"01{GTIN}17279900", "10LOT", "9" * 5000]
)
def test_what_is_of_no_box_is_told_without_being_repeated(text: str) -> None:
    with pytest.raises(BoxError) as told:
        read(text)
    assert not text or text not in str(told.value)
