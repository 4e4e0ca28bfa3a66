"""What waits for its announcement: told after two weeks, shown after a month, or when its author says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from carnet.documents import announcing, changing, queries
from carnet.documents.powers import Cause
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident
from tests.working import worked

pytestmark = pytest.mark.usefixtures("house")

WITHHELD = frozenset({"INVISIBLE_PATIENT"})
SECRET = frozenset({"INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})


def withheld(labels: frozenset[str] = WITHHELD, birth_date: str = "1985-01-12") -> tuple[Resident, Actor, UUID]:
    patient, author = people.a_patient(birth_date=birth_date), people.a_doctor()
    done = people.deposited(author, patient, of=people.entry(labels=labels, authors=()), purpose=Purpose.CARE)
    return patient, author, done.id


def as_if_later(patient: Resident, days: int) -> None:
    """Moves the instants of the record and of its jobs, never the clock; then the worker works."""
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        values = {"record": patient.record_id, "days": timedelta(days=days)}
        owner.execute(
            "update record.documents_document set notice_at = notice_at - %(days)s, release_at = release_at - %(days)s"
            " where record_id = %(record)s",
            values,
        )
        owner.execute(
            "update app.kernel_job set run_at = run_at - %(days)s"
            " where state = 'waiting' and task like 'announcements.%%' and args->>'record_id' = %(record)s::text",
            values,
        )
    worked()


def seen(reader: Actor, patient: Resident, purpose: Purpose = Purpose.SELF) -> list[UUID]:
    return [line.id for line in queries.list_documents(reader, purpose, patient.record_id)]


def told(reader: Actor, patient: Resident, purpose: Purpose = Purpose.SELF) -> bool:
    return announcing.told(reader, purpose, patient.record_id)


def test_two_weeks_later_the_holder_is_told_and_a_month_later_it_shows_itself() -> None:
    patient, author, document_id = withheld()
    as_if_later(patient, 13)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], False)
    as_if_later(patient, 2)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], True)
    before = [line.action for line in people.trail(patient)]
    assert "announcement-due" not in before, "what is withheld leaves no trace for the holder"
    as_if_later(patient, 17)
    assert seen(patient.actor, patient) == [document_id]
    assert seen(author, patient, Purpose.CARE) == [document_id]
    (line,) = [line for line in people.trail(patient) if line.action == "document-shown-to-patient"]
    assert (line.actor_id, line.target_id) == (SYSTEM.id, document_id)
    found = queries.read_document(patient.actor, Purpose.SELF, patient.record_id, document_id)
    assert found
    assert found.version == 2
    assert "INVISIBLE_PATIENT" not in found.fhir


def test_what_its_author_announced_before_is_not_told_of() -> None:
    patient, author, document_id = withheld()
    target = {"record_id": patient.record_id, "document_id": document_id}
    changing.set_label(author, Purpose.CARE, **target, label="INVISIBLE_PATIENT", on=False)
    as_if_later(patient, 40)
    assert told(patient.actor, patient) is False
    shown = [line for line in people.trail(patient) if line.action == "document-shown-to-patient"]
    assert [line.actor_id for line in shown] == [author.id]


def test_what_is_withheld_afterwards_waits_from_then_on() -> None:
    patient, author = people.a_patient(), people.a_doctor()
    done = people.deposited(author, patient, of=people.entry(authors=()), purpose=Purpose.CARE)
    target = {"record_id": patient.record_id, "document_id": done.id}
    changing.set_label(author, Purpose.CARE, **target, label="INVISIBLE_PATIENT", on=True)
    as_if_later(patient, 27)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], True)
    as_if_later(patient, 5)
    assert seen(patient.actor, patient) == [done.id]


def test_a_minors_secret_is_not_told_to_the_parents() -> None:
    patient, _, document_id = withheld(SECRET, birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=people.long_ago())
    as_if_later(patient, 20)
    assert told(patient.actor, patient) is True
    assert told(parent, patient, Purpose.REPRESENTATIVE) is False
    as_if_later(patient, 20)
    assert seen(patient.actor, patient) == [document_id]
    assert seen(parent, patient, Purpose.REPRESENTATIVE) == []


def test_what_was_withdrawn_meanwhile_does_not_come_back() -> None:
    patient, author, document_id = withheld()
    changing.withdraw(
        author,
        Purpose.CARE,
        record_id=patient.record_id,
        document_id=document_id,
        cause=Cause.WITHDRAWN,
    )
    as_if_later(patient, 40)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], False)


@pytest.mark.parametrize(
    ("withheld_at", "release_at"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 12, 15, 9, tzinfo=UTC), datetime(2027, 1, 15, 9, tzinfo=UTC)),
        # The hour stays that of the clock on the wall.
        (datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 4, 1, 8, tzinfo=UTC)),
    ],
)
def test_a_month_is_one_of_the_calendar(withheld_at: datetime, release_at: datetime) -> None:
    assert announcing.instants(withheld_at).release_at == release_at
