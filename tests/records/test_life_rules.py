"""What may become of a record, told twice: by `records.rules`, and here by each person's own list of what they may do.
Lives are walked through at random, with the instants that the law names in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.records.rules import (
    ERASED_AFTER,
    KEPT_YEARS,
    OPENS_AFTER,
    Act,
    Fault,
    Life,
    RecordState,
    Who,
    after,
    fault,
    kept_until,
    years_later,
)
from tests.cases import cases

START = datetime(2026, 2, 28, 12, tzinfo=UTC)
# The law: six weeks, ten years, three months at most.
SIX_WEEKS, THREE_MONTHS = timedelta(days=42), timedelta(days=89)
# person: state: act -> state that follows ("*": the one before the suspension, the death or the closing; "=": the same)
BY_PERSON = {
    "holder": {
        "informed": {"create": "unopened", "oppose": "opposed"},
        "opposed": {"create": "unopened"},
        "unopened": {"activate": "active", "close": "closed", "ask-erasing": "closed"},
        "active": {"close": "closed", "ask-erasing": "closed"},
        "closed": {"reopen": "*", "ask-erasing": "closed", "withdraw-erasing": "closed"},
        "suspended": {},
        "deceased": {},
    },
    "parent": {
        "unopened": {"close": "closed"},
        "active": {"close": "closed"},
        "closed": {"reopen": "*"},
    },
    "letter": {"informed": {"oppose": "opposed"}},
    "counter": {
        "informed": {"create": "unopened", "oppose": "opposed"},
        "opposed": {"create": "unopened"},
        "unopened": {
            "activate": "active",
            "close": "closed",
            "ask-erasing": "closed",
            "suspend": "suspended",
            "record-death": "deceased",
        },
        "active": {
            "close": "closed",
            "ask-erasing": "closed",
            "suspend": "suspended",
            "record-death": "deceased",
        },
        "closed": {
            "reopen": "*",
            "ask-erasing": "closed",
            "withdraw-erasing": "closed",
            "record-death": "deceased",
        },
        "suspended": {"resume": "*", "record-death": "deceased"},
        "deceased": {"undo-death": "*", "grant-heirs": "=", "refuse-heirs": "="},
    },
    "system": {
        "informed": {"open": "unopened"},
        "unopened": {"join": "joined"},
        "closed": {"erase": ""},
        "deceased": {"erase": ""},
        "joined": {"erase": ""},
    },
}


def in_time(life: Life, act: Act, now: datetime) -> bool:
    """Whether the hour allows it."""
    if act.value == "open":
        return life.opens_at is not None and life.opens_at <= now
    if act.value == "oppose":
        return life.opens_at is None or life.opens_at > now
    ended = life.erase_at is not None and life.erase_at <= now
    if act.value == "erase":
        return ended
    asked = {"ask-erasing": not life.erasing_asked, "withdraw-erasing": life.erasing_asked}.get(act.value, True)
    return asked and not (ended and act.value in {"reopen", "ask-erasing", "withdraw-erasing"})


moves = st.tuples(
    st.sampled_from(Act),
    st.sampled_from(Who),
    st.sampled_from(
        [timedelta(), timedelta(days=1), ERASED_AFTER, SIX_WEEKS, timedelta(days=365 * 3), timedelta(days=3652)]
    ),
)


@settings(max_examples=cases(400))
@given(st.sampled_from(RecordState), st.lists(moves, max_size=25))
def test_every_life_goes_as_the_lists_say(first: RecordState, walk: list[tuple[Act, Who, timedelta]]) -> None:
    now = START
    opens_at = now + OPENS_AFTER if first is RecordState.INFORMED else None
    former = RecordState.ACTIVE if first in {RecordState.SUSPENDED, RecordState.DECEASED} else None
    erase_at = kept_until(now) if first in {RecordState.CLOSED, RecordState.DECEASED} else None
    life = Life(first, now, former, opens_at, erase_at)
    before = "active"
    for act, who, passing in walk:
        now += passing
        listed = BY_PERSON[who.value].get(life.state.value, {}).get(act.value)
        allowed = fault(life, act, who, now) is None
        thinks_again = who is Who.PARENT and life.erasing_asked
        assert allowed == (listed is not None and in_time(life, act, now) and not thinks_again)
        if not allowed:
            continue
        following = after(life, act, now)
        if following is None:
            assert listed == ""
            return
        expected = {"*": before, "=": life.state.value}.get(listed or "", listed)
        assert following.state.value == expected
        if following.state is not life.state:
            before = _before(life, following)
        _holds(life, following, act, now)
        life = following


def _before(left: Life, entered: Life) -> str:
    """What an end leads back to. Two ends in a row remember the last one: then what was closed was in use, and what was
    suspended had not been."""
    if entered.state is RecordState.CLOSED and left.state is RecordState.DECEASED:
        return "active"
    if entered.state is RecordState.SUSPENDED and left.state is RecordState.DECEASED:
        return "unopened"
    return left.state.value


def _holds(before: Life, life: Life, act: Act, now: datetime) -> None:
    """What is promised of every life, whatever came before."""
    ends = life.state in {RecordState.CLOSED, RecordState.DECEASED}
    assert (life.erase_at is not None) == ends, "what is closed has an end, and nothing else has"
    assert life.former is None or life.state in {RecordState.SUSPENDED, RecordState.DECEASED, RecordState.CLOSED}
    assert life.former is not None or life.state not in {RecordState.SUSPENDED, RecordState.DECEASED}
    assert not (life.erasing_asked and not ends)
    if act is Act.ASK_ERASING and life.erase_at:
        assert life.erase_at - now <= THREE_MONTHS
        assert life.erase_at - now == ERASED_AFTER or life.erase_at == before.erase_at
    if act is Act.CLOSE:
        assert life.erase_at == years_later(now, KEPT_YEARS)
    if life.erase_at and not life.erasing_asked:
        assert life.erase_at <= years_later(now, KEPT_YEARS)


@given(st.sampled_from(RecordState), st.sampled_from(Act))
def test_nobody_but_the_holder_or_a_counter_undoes_what_the_holder_did(state: RecordState, act: Act) -> None:
    if act in {Act.REOPEN, Act.ASK_ERASING, Act.WITHDRAW_ERASING}:
        life = Life(state, START, erase_at=kept_until(START), erasing_asked=True)
        others = [who for who in Who if who not in {Who.HOLDER, Who.COUNTER}]
        refused = {fault(life, act, who, START) for who in others}
        assert refused <= {Fault.NOT_YOURS, Fault.NOT_NOW}
        assert fault(Life(RecordState.CLOSED, START, erasing_asked=True), act, Who.PARENT, START) is Fault.NOT_YOURS


def test_the_clock_of_the_letter() -> None:
    told = Life(RecordState.INFORMED, START, opens_at=START + SIX_WEEKS)
    just_before, then = START + SIX_WEEKS - timedelta(microseconds=1), START + SIX_WEEKS
    assert OPENS_AFTER == SIX_WEEKS
    assert fault(told, Act.OPPOSE, Who.LETTER, just_before) is None
    assert fault(told, Act.OPPOSE, Who.LETTER, then) is Fault.TOO_LATE
    assert fault(told, Act.OPEN, Who.SYSTEM, just_before) is Fault.TOO_EARLY
    assert fault(told, Act.OPEN, Who.SYSTEM, then) is None


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (datetime(2026, 3, 12, tzinfo=UTC), datetime(2036, 3, 12, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2038, 3, 1, tzinfo=UTC)),
    ],
)
def test_ten_years_to_the_day(day: datetime, until: datetime) -> None:
    assert kept_until(day) == until


def test_a_suspended_record_whose_holder_dies_by_mistake_is_still_suspended() -> None:
    aside = after(Life(RecordState.ACTIVE, START), Act.SUSPEND, START)
    assert aside
    dead = after(aside, Act.RECORD_DEATH, START)
    assert dead
    back = after(dead, Act.UNDO_DEATH, START)
    assert back
    assert back.state is RecordState.SUSPENDED
    assert back.erase_at is None
    assert fault(back, Act.RESUME, Who.COUNTER, START) is None
