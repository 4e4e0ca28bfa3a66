"""`carnet token`: what the token of one of the demonstration may do."""

from __future__ import annotations

import pytest

from carnet.people.queries import actor_for_token
from tests.conftest import House, carnet


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        ("labo", "system/*.cruds"),
        ("dr-martin", "user/*.cruds"),
        ("support", "user/*.cruds"),
        ("dominique", "patient/*.rus patient/Consent.c"),
    ],
)
def test_the_whole_scope_of_its_kind_unless_another_is_given(key: str, scope: str, house: House) -> None:
    given = actor_for_token(carnet("token", "--as", key).stdout.strip())
    assert given
    assert given.scope == scope
    narrow = actor_for_token(carnet("token", "--as", key, "--scope", "user/Patient.read").stdout.strip())
    assert narrow
    assert narrow.scope == "user/Patient.rs"


@pytest.mark.parametrize("key", ["samu", "dr-urgence", "dominique", "hopital"])
def test_only_the_regulating_doctor_answers_the_centre_15(key: str, house: House) -> None:
    for purpose in (None, "regulation"):
        asked = ("--purpose", purpose) if purpose else ()
        known = actor_for_token(carnet("token", "--as", key, *asked).stdout.strip())
        assert known is not None
        assert known.actor.regulates is (key == "samu")


def test_a_scope_that_cannot_be_read(house: House) -> None:
    done = carnet("token", "--as", "labo", "--scope", "tout", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "La portée est illisible. Exemple" in done.stderr
