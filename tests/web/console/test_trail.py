"""What operators did, for operators: acts, and nobody whom they were about."""

from __future__ import annotations

import pytest

from carnet.kernel import audit
from carnet.kernel.actor import Purpose
from carnet.people import accounts, operators
from tests import people
from tests.web.browsing import plain
from tests.web.console.desk import sitting

ADDRESS = "/console/journal"


def test_operators_read_what_operators_did_and_never_on_whom(server: str) -> None:
    patient, operator = people.a_patient(), people.an_operator("support")
    accounts.look_up(operator, patient.ins)
    accounts.look_up(operator, "nobody-of-this-name")
    with sitting(server, operator) as desk:
        page = desk.opens(ADDRESS).text
    words = plain(page)
    assert "Compte recherché" in words
    assert "Sans suite" in words
    for named in (str(patient.record_id), str(patient.actor.id), patient.ins, "Camille", "nobody-of-this-name"):
        assert named not in page
    lines = operators.lines(operator, limit=3)
    assert [line.action for line in lines] == ["operators-read", "account-looked-up", "account-looked-up"]
    assert {line.actor_id for line in lines} == {operator.id}


@pytest.mark.usefixtures("house")
def test_it_goes_on_page_by_page_without_a_gap() -> None:
    operator = people.an_operator("support")
    for number in range(5):
        audit.done(operator, Purpose.SUPPORT, record_id=None, capacity="account", action=f"act-{number}")
    first = operators.lines(operator, limit=2)
    second = operators.lines(operator, limit=2, before=(first[-1].at, first[-1].id))
    assert [line.action for line in (*first, *second)] == ["act-4", "act-3", "act-2", "act-1"]


def test_what_is_done_again_and_again_is_one_row(server: str) -> None:
    operator = people.an_operator("support")
    for _ in range(3):
        accounts.look_up(operator, "nobody-of-this-name")
    with sitting(server, operator) as desk:
        desk.opens(ADDRESS)
        assert "3 fois" in desk.text(ADDRESS)


def test_an_address_that_makes_no_sense_begins_at_the_newest(server: str) -> None:
    with sitting(server, people.an_operator("support")) as desk:
        for before in ("x", "2026-01-01_x", "2026-01-01T00:00:00_01234567-89ab-7def-8123-456789abcdef"):
            assert desk.opens(f"{ADDRESS}?avant={before}").status_code == 200
        assert "Rien de plus ancien." in desk.text(
            f"{ADDRESS}?avant=2020-01-01T00:00:00%2B00:00_01234567-89ab-7def-8123-456789abcdef"
        )


@pytest.mark.usefixtures("house")
def test_nobody_else_reads_it() -> None:
    for stranger in (people.an_operator("steering"), people.a_doctor(), people.a_person(), people.software()):
        with pytest.raises(PermissionError):
            operators.lines(stranger)
