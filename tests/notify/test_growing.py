"""Who follows a child's record is told before and on the day that the young person is alone in charge; once each. The
day is moved by the birth date, never by the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carnet.consent.access import Refused
from carnet.consent.queries import confidentiality
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.notify import growing
from carnet.notify.rules import Kind
from carnet.people import actions as people_actions
from carnet.people import identities
from carnet.records.ages import AGES
from carnet.records.rules import birthday, years_later
from tests import people
from tests.notify.mailbox import Box, listening, subjects
from tests.people import Resident
from tests.working import worked

pytestmark = pytest.mark.usefixtures("house")
SOON = "Bientôt dix-huit ans : ce qui va changer"
DONE = "Dix-huit ans : ce qui a changé"


def turning_eighteen(in_days: int) -> str:
    return _birth(years_later(_now(), -AGES.alone).date() + timedelta(days=in_days)).isoformat()


def _now() -> datetime:
    return clock.now().astimezone(ZoneInfo("Europe/Paris"))


def _birth(day: date) -> date:
    assert birthday(day, AGES.alone)
    return day


def born(who: Resident, birth: str) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.records_record set birth_date = %s where id = %s", (birth, who.record_id))
        owner.commit()


def a_family(in_days: int) -> tuple[Resident, Resident]:
    child, parent = people.a_patient(birth_date=turning_eighteen(in_days)), people.a_patient()
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    return child, parent


def test_both_are_told_before_and_on_the_day_once_each(box: Box) -> None:
    child, parent = a_family(AGES.days_before + 40)
    hers, theirs = listening(box, child.actor, Kind.EMERGENCY), listening(box, parent.actor, Kind.EMERGENCY)
    growing.tell(child.record_id)
    assert subjects(box, hers) == subjects(box, theirs) == []
    born(child, turning_eighteen(AGES.days_before - 5))
    for _ in range(2):
        growing.tell(child.record_id)
        assert subjects(box, hers) == subjects(box, theirs) == [SOON]
    born(child, turning_eighteen(0))
    for _ in range(2):
        growing.tell(child.record_id)
        assert subjects(box, hers) == subjects(box, theirs) == [SOON, DONE]
    with pytest.raises(Refused):
        confidentiality(parent.actor, Purpose.REPRESENTATIVE, child.record_id)
    confidentiality(child.actor, Purpose.SELF, child.record_id)


def test_who_begins_to_represent_late_is_told_at_once(box: Box) -> None:
    child, parent = people.a_patient(birth_date=turning_eighteen(20)), people.a_patient()
    theirs = listening(box, parent.actor)
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    worked()
    assert SOON in subjects(box, theirs)


def test_the_job_comes_back_on_the_day_on_which_something_changes(box: Box) -> None:
    child, _ = a_family(30)
    growing.tell(child.record_id)
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select (run_at at time zone 'Europe/Paris')::date from app.kernel_job where key = %s and run_at > now()"
            " and attempts = 0",
            (str(child.record_id),),
        ).fetchall()
    assert {row[0] for row in found} == {_now().date() + timedelta(days=30)}


def test_a_guardian_and_who_was_withdrawn_are_told_nothing_of_it(box: Box) -> None:
    child, parent = a_family(20)
    theirs = listening(box, parent.actor)
    people_actions.end_representation(SYSTEM, record_id=child.record_id, representative_id=parent.actor.id)
    growing.tell(child.record_id)
    assert subjects(box, theirs) == []


def test_the_parents_are_told_of_an_own_access_beside_theirs(box: Box) -> None:
    young, old = people.a_patient(birth_date=turning_eighteen(400)), people.a_patient()
    parent = people.a_patient()
    theirs = listening(box, parent.actor, Kind.RIGHTS)
    people_actions.represent(
        SYSTEM, record_id=young.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    identities.tell_of_own_access(young.record_id, young.actor.id)
    identities.tell_of_own_access(old.record_id, old.actor.id)
    assert subjects(box, theirs) == ["Un droit d'accès a changé dans le carnet d'une personne que vous représentez"]
