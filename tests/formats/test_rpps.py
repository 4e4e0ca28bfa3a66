from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats import rpps
from tests.cases import cases

_ENDS = "01014 11112 02020 03036 04042 05056 06062 07078 08084 09090 10106 12128 13134 14140"
CAST = [f"100010{end}" for end in _ENDS.split()]


def test_known_numbers() -> None:
    assert rpps.rpps_ok("01234567897")
    assert not rpps.rpps_ok("01234567896")
    assert not rpps.rpps_ok("801234567897")
    assert all(map(rpps.finess_ok, ("750803447", "750712184", "130786049")))
    assert not rpps.finess_ok("2A0803447")
    assert rpps.siren_ok("356000000")
    assert rpps.siret_ok("35600000000048")
    assert rpps.siret_ok("35600000049837")
    assert not rpps.siret_ok("35600000000049")
    assert not rpps.siret_ok("3560000000004")
    assert not rpps.luhn("²")


@pytest.mark.parametrize("number", CAST)
def test_numbers_of_the_cast_are_of_the_right_shape(number: str) -> None:
    assert rpps.professional(rpps.national_id_of_rpps(number)).number == number


def test_professionals() -> None:
    found = rpps.professional("801234567897")
    assert (found.kind, found.number, found.check_ok) == ("RPPS", "01234567897", True)
    assert rpps.professional("899700218896").check_ok is not None
    assert rpps.professional("02A1234567").kind == "ADELI"
    assert rpps.professional("3750803447/12").kind == "FINESS_INTERNAL"
    assert rpps.professional("3750803447/12").check_ok is None


def test_structures() -> None:
    assert rpps.structure("1750803447") == rpps.NationalId(
        rpps.STRUCTURE_OID, "1750803447", "FINESS", "750803447", check_ok=True
    )
    assert rpps.structure("1120456789").kind == "FINESS"
    assert rpps.structure("1120456789").check_ok is False
    assert rpps.structure("410101201234").kind == "RPPS_RANK"
    assert rpps.structure("99999").kind == "TECHNICAL"
    assert rpps.structure("112").kind == "TECHNICAL"


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "empty"), ("   ", "empty"), ("8 1", "characters"), ("8123", "shape"), ("2123", "shape")],
)
def test_impossible_professionals(value: str, code: str) -> None:
    with pytest.raises(rpps.RppsError) as caught:
        rpps.professional(value)
    assert caught.value.code == code


@settings(max_examples=cases(100))
@given(st.integers(0, 10**10 - 1), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: int, shift: int) -> None:
    start = f"{number:010d}"
    whole = next(start + digit for digit in "0123456789" if rpps.luhn(start + digit))
    wrong = whole[:-1] + str((int(whole[-1]) + shift) % 10)
    assert rpps.rpps_ok(whole)
    assert not rpps.rpps_ok(wrong)


@settings(max_examples=cases(100))
@given(st.text(max_size=30))
def test_any_text_is_split_or_refused(text: str) -> None:
    for read in (rpps.professional, rpps.structure):
        with contextlib.suppress(rpps.RppsError):
            found = read(text)
            assert found.value.endswith(found.number)
