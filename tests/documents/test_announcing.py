"""What waits for its announcement: told after two weeks, shown after a month, or when its author says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from carnet.documents import announcing, changing, queries
from carnet.documents.powers import Cause
from carnet.documents.rules import DepositRefused, Fault
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.terminology import labels
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
            "update record.documents_update_notice set at = at - %(days)s, until = until - %(days)s"
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
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([document_id], False)
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


def test_what_its_author_shows_or_withdraws_later_is_told_of_no_more() -> None:
    patient, author, document_id = withheld()
    other = people.deposited(author, patient, of=people.entry(labels=WITHHELD, authors=()), purpose=Purpose.CARE).id
    as_if_later(patient, 15)
    assert told(patient.actor, patient)
    put(author, patient, document_id, on=False)
    assert told(patient.actor, patient), "another one waits yet"
    withdrawn(author, patient, other)
    assert told(patient.actor, patient) is False


def test_of_a_minors_secret_that_waits_the_parents_learn_nothing_by_what_was_shown() -> None:
    patient, author, document_id = withheld(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=people.long_ago())
    people.deposited(author, patient, of=people.entry(labels=SECRET, authors=()), purpose=Purpose.CARE)
    as_if_later(patient, 15)
    assert told(parent, patient, Purpose.REPRESENTATIVE)
    put(author, patient, document_id, on=False)
    assert told(patient.actor, patient)
    assert told(parent, patient, Purpose.REPRESENTATIVE) is False


def test_what_is_withheld_afterwards_waits_from_its_deposit() -> None:
    patient, author, document_id = in_the_open()
    deposited_earlier(patient, 10)
    put(author, patient, document_id, on=True)
    as_if_later(patient, 3)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], False)
    as_if_later(patient, 2)
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], True)
    as_if_later(patient, 17)
    assert seen(patient.actor, patient) == [document_id]


def test_what_is_withheld_after_two_weeks_is_told_of_at_once() -> None:
    patient, author, document_id = in_the_open()
    deposited_earlier(patient, 20)
    put(author, patient, document_id, on=True)
    worked()
    assert (seen(patient.actor, patient), told(patient.actor, patient)) == ([], True)


def announced_by_its_author(patient: Resident, author: Actor, document_id: UUID) -> None:
    put(author, patient, document_id, on=True)
    put(author, patient, document_id, on=False)


def opened_by_the_holder(patient: Resident, author: Actor, document_id: UUID) -> None:
    queries.read_document(patient.actor, Purpose.SELF, patient.record_id, document_id, action="document-open")


def opened_by_a_guardian(patient: Resident, author: Actor, document_id: UUID) -> None:
    guardian = people.a_person()
    people_actions.represent(
        SYSTEM,
        record_id=patient.record_id,
        representative_id=guardian.id,
        since=people.long_ago(),
        until=clock.now() + timedelta(days=30),
        kind="guardian",
        ground="Tribunal judiciaire, 2026",
    )
    queries.read_document(guardian, Purpose.REPRESENTATIVE, patient.record_id, document_id, action="document-open")


def a_month_old(patient: Resident, author: Actor, document_id: UUID) -> None:
    deposited_earlier(patient, 32)


def shown_by_itself(patient: Resident, author: Actor, document_id: UUID) -> None:
    put(author, patient, document_id, on=True)
    as_if_later(patient, 32)


@pytest.mark.parametrize(
    "announced",
    [announced_by_its_author, opened_by_the_holder, opened_by_a_guardian, a_month_old, shown_by_itself],
)
def test_what_was_announced_is_not_withheld_again(announced: Callable[[Resident, Actor, UUID], None]) -> None:
    patient, author, document_id = in_the_open()
    announced(patient, author, document_id)
    with pytest.raises(FhirError) as refused:
        put(author, patient, document_id, on=True)
    assert [issue.details_code for issue in refused.value.issues] == ["already-announced"]
    assert seen(patient.actor, patient) == [document_id]


def test_who_reads_it_for_care_announces_nothing() -> None:
    patient, author, document_id = in_the_open()
    reader = people.authorised(patient, people.a_doctor())
    queries.read_document(reader, Purpose.CARE, patient.record_id, document_id, action="document-open")
    put(author, patient, document_id, on=True)
    assert seen(patient.actor, patient) == []


def test_what_replaces_it_waits_no_longer_than_the_first() -> None:
    patient, author, first = withheld()
    as_if_later(patient, 20)
    replaced(author, patient, first)
    as_if_later(patient, 12)
    current = seen(patient.actor, patient)
    assert len(current) == 1
    assert current != [first]


@pytest.mark.parametrize("between", [0, 1])
def test_what_replaces_what_was_announced_is_not_withheld(between: int) -> None:
    """Nor by a version in between that never was."""
    patient, author, last = withheld()
    put(author, patient, last, on=False)
    for _ in range(between):
        last = replaced(author, patient, last)
    with pytest.raises(DepositRefused) as refused:
        replaced(author, patient, last, WITHHELD)
    assert (refused.value.fault, refused.value.hidden_from) == (Fault.ANNOUNCED, labels.INVISIBLE_PATIENT)
    assert replaced(author, patient, last) in seen(patient.actor, patient)


def test_what_was_never_withheld_may_have_a_next_version_that_is() -> None:
    """What is to be announced may stand in the next version alone; the first stays in sight."""
    patient, author, first = in_the_open()
    opened_by_the_holder(patient, author, first)
    second = replaced(author, patient, first, WITHHELD)
    assert seen(patient.actor, patient) == [first]
    with pytest.raises(FhirError):
        put(author, patient, first, on=True)
    assert seen(patient.actor, patient) == [first]
    as_if_later(patient, 32)
    assert seen(patient.actor, patient) == [second]


def test_a_correction_that_was_seen_is_not_withheld_by_what_it_corrects() -> None:
    """It came first; the label of what comes after it covers it, for as long as nobody has read it."""
    patient, author = people.a_patient(), people.software()
    unique_ids = [people.entry().unique_id for _ in range(2)]
    unseen, read = [
        people.deposited(author, patient, b"2", of=people.entry(replaces=(each,))).id for each in unique_ids
    ]
    opened_by_the_holder(patient, author, read)
    people.deposited(author, patient, b"1", of=people.entry(unique_ids[0], labels=WITHHELD))
    with pytest.raises(DepositRefused) as refused:
        people.deposited(author, patient, b"1", of=people.entry(unique_ids[1], labels=WITHHELD))
    assert refused.value.fault is Fault.ANNOUNCED
    assert seen(patient.actor, patient) == [read]
    as_if_later(patient, 32)
    assert {unseen, read} <= {*seen(patient.actor, patient)}, "what it was withheld with does not keep it for ever"


def in_the_open() -> tuple[Resident, Actor, UUID]:
    return withheld(frozenset())


def put(author: Actor, patient: Resident, document_id: UUID, *, on: bool) -> None:
    target = {"record_id": patient.record_id, "document_id": document_id}
    changing.set_label(author, Purpose.CARE, **target, label="INVISIBLE_PATIENT", on=on)


def withdrawn(author: Actor, patient: Resident, document_id: UUID) -> None:
    changing.withdraw(author, Purpose.CARE, record_id=patient.record_id, document_id=document_id, cause=Cause.WITHDRAWN)


def replaced(author: Actor, patient: Resident, old: UUID, asked: frozenset[str] = frozenset()) -> UUID:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select unique_id from record.documents_document where id = %s", (old,)).fetchone()
    assert row
    entry = people.entry(labels=asked, authors=(), replaces=(row[0],))
    return people.deposited(author, patient, b"Version suivante.", of=entry, purpose=Purpose.CARE).id


def deposited_earlier(patient: Resident, days: int) -> None:
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "update record.documents_document set deposited_at = deposited_at - %s where record_id = %s",
            (timedelta(days=days), patient.record_id),
        )


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
    withdrawn(author, patient, document_id)
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
