"""Names of files inside an export."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.rights.names import Names
from tests.cases import cases

AT = datetime(2025, 3, 11, 23, 30, tzinfo=UTC)


def test_a_name_says_the_day_in_france_and_the_title() -> None:
    names = Names()
    assert names.of("Ordonnance : lunettes", AT, "application/pdf") == "2025-03-12 Ordonnance lunettes.pdf"
    assert names.of("ORDONNANCE : Lunettes", AT, "application/pdf") == "2025-03-12 ORDONNANCE Lunettes (2).pdf"
    assert names.of("../../etc/passwd", AT, "text/plain") == "2025-03-12 etc passwd.txt"
    assert names.of("\u202e\x00", AT, "application/x-unknown") == "2025-03-12 document.bin"


@settings(max_examples=cases(200))
@given(st.lists(st.text(max_size=120), max_size=12))
def test_every_system_stores_every_name_and_no_two_are_the_same(titles: list[str]) -> None:
    names = Names()
    given_names = [names.of(title, AT, "application/pdf") for title in titles]
    assert len({name.casefold() for name in given_names}) == len(titles)
    for name in given_names:
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name.isprintable()
        assert name.startswith("2025-03-12 ")
        assert len(name) < 110
