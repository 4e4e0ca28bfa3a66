"""What a page leaves out is left out before it is read: for each reader the rest is told as if nothing had been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.consent.access import reading
from carnet.formats.clinical.model import Kind
from carnet.health.columns import KINDS
from carnet.health.queries import Line, Over, read_lines, read_treatments
from carnet.health.treatment_rules import LONGEST
from carnet.kernel import clock
from carnet.kernel.db import Permit
from tests.cases import cases
from tests.health.drawn import DOCUMENTS, READERS, Shelf, a_shelf, stated

pytestmark = pytest.mark.usefixtures("house")

TREATED: Final = (Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION)
LASTING: Final = {Kind.PRESCRIPTION: LONGEST["prescribed"], Kind.DISPENSATION: LONGEST["dispensed"]}
PROFILE: Final = (Kind.ENCOUNTER, Kind.PROBLEM)
NEVER: Final = 1000


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return a_shelf()


@st.composite
def written(draw: st.DrawFn, kinds: tuple[Kind, ...]) -> list[dict[str, Any]]:
    other = st.none() | st.none() | st.integers(0, DOCUMENTS - 1)
    days = st.integers(0, 500)
    drawn = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "document": st.integers(0, DOCUMENTS - 1),
                    "fact": st.integers(0, 7),
                    "kind": st.sampled_from([KINDS.index(each) for each in kinds]),
                    "series": st.just(""),
                    "label": st.sampled_from(("Paracétamol", "Métformine")),
                    "since": st.none() | days,
                    "until": st.integers(1, 400),
                    "known_at": days,
                    "state": st.sampled_from(("active", "completed", "entered-in-error")),
                    "setting": st.sampled_from(("AMB", "AMB", "IMP", "")),
                    "said_by": st.sampled_from(("document", "document", "person")),
                    "absence": st.sampled_from((False, False, False, True)),
                    "corrected_by": other,
                    "dropped": st.sampled_from((False, False, False, True)),
                }
            ),
            max_size=14,
            unique_by=lambda row: (row["document"], row["fact"]),
        )
    )
    return [_dated(row) for row in drawn]


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    now = clock.now()
    since = None if row["since"] is None else now - timedelta(days=row["since"])
    until = since and since + timedelta(days=row["until"])
    return row | {"since": since, "until": until, "known_at": now - timedelta(days=row["known_at"])}


def is_over(line: Line) -> bool:
    now = clock.now()
    longest = LASTING.get(line.kind)
    if longest is None or line.struck or line.absence:
        return False
    return (line.since or line.known_at) <= now - longest and (line.until is None or line.until <= now)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=cases(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=written(TREATED))
def test_treatments_that_are_over_are_left_out_and_no_other(
    shelf: Shelf, name: str, drawn: list[dict[str, Any]]
) -> None:
    stated(shelf, drawn)

    def read(permit: Permit) -> tuple[tuple[Line, ...], ...]:
        some, _ = read_treatments(permit, TREATED, Over())
        every, _ = read_treatments(permit, TREATED, Over(NEVER))
        return some, every, read_lines(permit, kinds=TREATED)

    reader, record_id = shelf.readers[name], shelf.patient.record_id
    some, every, told = reading(reader.actor, reader.purpose, record_id, read, action="entries-list")
    assert [line.fact for line in every] == [line.fact for line in told]
    assert some == tuple(line for line in told if not is_over(line))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=cases(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=written(PROFILE))
def test_visits_that_were_no_stay_are_left_out_and_no_other(
    shelf: Shelf, name: str, drawn: list[dict[str, Any]]
) -> None:
    """What one of several sources calls otherwise may be there too: the page looks at each."""
    stated(shelf, [row | {"label": row["setting"]} for row in drawn])

    def read(permit: Permit) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        return read_lines(permit, kinds=PROFILE, stays=True), read_lines(permit, kinds=PROFILE)

    reader, record_id = shelf.readers[name], shelf.patient.record_id
    some, every = reading(reader.actor, reader.purpose, record_id, read, action="entries-list")
    left = [line for line in every if line not in some]
    assert [line for line in every if line in some] == [*some]
    assert {(line.kind, line.said_by, line.label) for line in left} <= {(Kind.ENCOUNTER, "document", "AMB")}
    alone = [line for line in some if (line.kind, line.said_by, line.label) == (Kind.ENCOUNTER, "document", "AMB")]
    visit = (KINDS.index(Kind.ENCOUNTER), "document", "AMB")
    others = {row["fact"] for row in drawn if (row["kind"], row["said_by"], row["setting"]) != visit}
    assert {line.fact for line in alone} <= {uuid5(record_id, str(each)) for each in others}
