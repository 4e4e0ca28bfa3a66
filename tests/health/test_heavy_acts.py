"""Every act on a record that has been filled for twenty years ends soon: what is estimated as one row is not gone
through once for each of nine thousand. Figures are printed (`-s`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from carnet.consent import actions as consent
from carnet.documents import masking, reporting
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.health import disputing, profile, queries, stating
from carnet.health.profile_models import Own
from carnet.health.reading import read_record
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.records.rules import Act, OptOut
from carnet.rights import choices, erasing, life
from tests import people
from tests.documents.test_changing import MASK
from tests.health.heavy import a_heavy_record
from tests.health.stated import kept, result
from tests.people import Resident
from tests.rights.test_life import move
from tests.web.patient.test_health import diabetes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("house")]

LIMIT = 10.0
"""Seconds, beside others: the database ends a statement after fifteen. At rest the longest takes a second."""
MANY_TIMES = 2.5
"""As long as to read what is corrected: at rest they take the same."""


class Timed:
    """Does what it is asked, and keeps how many seconds that took, by name."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def __call__(self, name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        found = act()
        self.took[name] = time.perf_counter() - began
        return found


@pytest.fixture(scope="module")
def heavy(house: object) -> Resident:
    """With what PostgreSQL knows of a table that has been there for a while."""
    patient = a_heavy_record()
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("analyze")
    return patient


@pytest.fixture
def timed(capsys: pytest.CaptureFixture[str]) -> Iterator[Timed]:
    found = Timed()
    took = found.took
    yield found
    with capsys.disabled():
        print("", *(f"{name}: {1000 * seconds:.0f} ms" for name, seconds in took.items()), sep="\n")  # noqa: T201
    assert {name: seconds for name, seconds in took.items() if seconds > LIMIT} == {}


def test_documents_come_are_corrected_hidden_and_withdrawn(heavy: Resident, timed: Timed) -> None:
    laboratory, first = people.software(), people.entry()
    again = people.entry(replaces=(first.unique_id,))
    done = people.deposited(laboratory, heavy, of=first)
    said = [result(str(number), day=f"2024-{1 + number % 12:02d}-03") for number in range(500)]
    other = [result(str(number + 1000), day=f"2024-{1 + number % 12:02d}-03") for number in range(500)]
    timed("500 facts read", partial(kept, heavy, done.id, *said, by=laboratory))
    corrected = people.deposited(laboratory, heavy, of=again)
    timed("500 facts corrected", partial(kept, heavy, corrected.id, *other, by=laboratory))
    assert timed.took["500 facts corrected"] <= MANY_TIMES * timed.took["500 facts read"]
    struck = [line for line in queries.lines(heavy.actor, Purpose.SELF, heavy.record_id) if line.struck]
    assert len(struck) == 500
    of: dict[str, Any] = {"record_id": heavy.record_id, "document_id": corrected.id}
    timed("masked", partial(change, heavy.actor, Purpose.SELF, **of, wanted=MASK))
    timed("said to be another's", partial(reporting.report, heavy.actor, Purpose.SELF, **of, words=""))
    timed("its report taken back", partial(reporting.take_back, heavy.actor, Purpose.SELF, **of))
    timed("withdrawn", partial(withdraw, laboratory, Purpose.DEPOSIT, **of, cause=Cause.WITHDRAWN))


def test_standing_masks_and_blocks(heavy: Resident, timed: Timed) -> None:
    mine = partial(masking.mask, heavy.actor, Purpose.SELF, record_id=heavy.record_id)
    rules = {
        "a category masked": masking.of_category("BIOLOGIE"),
        "all of before masked": masking.before(date(2015, 1, 1), today=date(2026, 1, 1)),
        "everything masked": masking.of_everything(),
    }
    for name, rule in rules.items():
        timed(f"{name}, foreseen", partial(masking.foresee, heavy.actor, Purpose.SELF, heavy.record_id, rule))
        mask = timed(name, partial(mine, rule=rule))
        timed(
            f"{name}, ended",
            partial(masking.unmask, heavy.actor, Purpose.SELF, record_id=heavy.record_id, mask_id=mask),
        )
    doctor = people.authorised(heavy, people.a_doctor())
    whom: dict[str, Any] = {"record_id": heavy.record_id, "professional_id": doctor.id}
    timed("blocked", partial(consent.block, heavy.actor, Purpose.SELF, **whom))
    assert not masking.masks(heavy.actor, Purpose.SELF, heavy.record_id), "each was ended"
    timed("unblocked", partial(consent.unblock, heavy.actor, Purpose.SELF, **whom))


def test_what_people_and_professionals_say(heavy: Resident, timed: Timed) -> None:
    doctor = people.authorised(heavy, people.a_doctor())
    of: dict[str, Any] = {"record_id": heavy.record_id}
    note = partial(stating.state, doctor, Purpose.CARE, **of)
    noted = timed("noted", partial(note, entry=diabetes()))
    timed("noted anew", partial(note, entry=diabetes(), instead_of=noted.id))
    timed("said", partial(profile.say, heavy.actor, Purpose.SELF, **of, kind=Own.CONTACT, name="Sam Essai"))
    line = queries.lines(heavy.actor, Purpose.SELF, heavy.record_id)[0]
    target = {**of, "fact": line.fact, "source_id": line.sources[0]}
    timed("an error reported", partial(disputing.report, heavy.actor, Purpose.SELF, **target, words=""))
    assert disputing.of_document(heavy.actor, Purpose.SELF, heavy.record_id, line.sources[0])
    timed("taken back", partial(disputing.take_back, heavy.actor, Purpose.SELF, **target))
    assert not disputing.of_document(heavy.actor, Purpose.SELF, heavy.record_id, line.sources[0])


def test_the_whole_record_is_closed_opened_and_its_reading_refused(heavy: Resident, timed: Timed) -> None:
    for act in (Act.CLOSE, Act.REOPEN):
        timed(act.value, partial(life.act, heavy.actor, record_id=heavy.record_id, act=act))
    unwanted = partial(choices.choose, heavy.actor, Purpose.SELF, record_id=heavy.record_id)
    timed("reading refused", partial(unwanted, unwanted=[OptOut.EXTRACTION]))
    timed("what was read dropped", partial(read_record, heavy.record_id))
    assert not [
        each for each in queries.lines(heavy.actor, Purpose.SELF, heavy.record_id) if each.said_by == "document"
    ]


def test_it_is_erased(timed: Timed) -> None:
    patient = a_heavy_record()
    asked = partial(life.act, patient.actor, record_id=patient.record_id, act=Act.ASK_ERASING)
    timed("erasing asked", asked)
    move(patient.record_id, timedelta(days=31))
    assert timed("erased", partial(erasing.carry_out, patient.record_id))
