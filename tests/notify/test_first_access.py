"""A professional's first access is told by e-mail, once, to who may know of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, LiteralString
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.declaring import declare
from carnet.consent.emergency import break_glass
from carnet.documents import adding, changing, handing
from carnet.documents import queries as documents
from carnet.documents.powers import Cause
from carnet.health import overview
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.notify import first_access
from carnet.notify.models import Notice
from carnet.notify.rules import Kind
from carnet.people import actions as people_actions
from tests import people
from tests.notify.mailbox import MEDICAL, Box, body, listening, of_another_hour, subjects
from tests.notify.test_notices import RIGHT_OF_ANOTHER
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"
FIRST = "Un premier accès à votre carnet"


def looked_through(box: Box, address: str) -> list[str]:
    """As the worker does every minute; twice, for whoever looks twice tells nothing more."""
    first_access.tell()
    assert first_access.tell() == 0
    return subjects(box, address)


def reads(doctor: Actor, patient: Resident, purpose: Purpose = Purpose.CARE) -> None:
    documents.list_documents(doctor, purpose, patient.record_id)


def test_a_first_access_is_told_once_for_each_professional(box: Box) -> None:
    patient = people.a_patient()
    first, second = (people.authorised(patient, people.a_doctor()) for _ in range(2))
    first_access.tell()
    reads(first, patient)
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    assert looked_through(box, address) == [FIRST]
    (mail,) = box.to(address)
    assert not [word for word in MEDICAL if word in body(mail).lower()]
    assert first.name not in body(mail)
    of_another_hour(patient)
    reads(first, patient)
    assert looked_through(box, address) == [FIRST], "the second reading is no first one"
    reads(second, patient)
    reads(second, patient)
    assert looked_through(box, address) == [FIRST, FIRST]


@pytest.mark.parametrize("reading", [overview.summary, partial(overview.new_since, since=None)], ids=["summary", "new"])
def test_who_reads_the_record_by_software_alone_has_read_in_it(box: Box, reading: Callable[..., object]) -> None:
    patient = people.a_patient()
    first_access.tell()
    doctor = people.authorised(patient, people.a_doctor())
    reading(doctor, Purpose.CARE, patient.record_id)
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    assert looked_through(box, address) == [FIRST]


def test_those_who_come_together_are_one_mail_and_those_of_the_hour_after_it_another(box: Box) -> None:
    patient = people.a_patient()
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    for _ in range(2):
        reads(people.authorised(patient, people.a_doctor()), patient)
    assert looked_through(box, address) == [FIRST]
    for _ in range(3):
        reads(people.authorised(patient, people.a_doctor()), patient)
        assert looked_through(box, address) == [FIRST], "within the hour"
    of_another_hour(patient)
    assert subjects(box, address) == [FIRST, FIRST], "they are told of at its end"
    of_another_hour(patient)
    assert looked_through(box, address) == [FIRST, FIRST]


def test_what_is_no_first_access_of_a_professional_is_not_told_as_one(box: Box) -> None:
    """The holder, an author who reads his own, an emergency (which is told by itself), who is refused, and whoever only
    deposits."""
    patient = people.a_patient()
    author, hurried = people.a_doctor(), people.a_doctor()
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    documents.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    people.deposited(people.software(), patient)
    people.deposited(author, patient, purpose=Purpose.CARE)
    reads(author, patient)
    break_glass(hurried, Purpose.EMERGENCY, record_id=patient.record_id, reason="Chute")
    reads(hurried, patient, Purpose.EMERGENCY)
    with pytest.raises(Refused):
        reads(people.a_doctor(), patient)
    assert looked_through(box, address) == []


def test_who_reads_in_the_place_of_another_is_told_too(box: Box) -> None:
    patient, principal, locum = people.a_patient(), people.a_doctor(), people.a_doctor()
    people.authorised(patient, principal)
    people_actions.add_deputy(deputy_id=locum.id, principal_id=principal.id, kind="locum", since=people.long_ago())
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    reads(people.actor(locum.id), patient)
    assert looked_through(box, address) == [FIRST]


def test_parents_are_not_told_whom_a_minor_consults_in_secret(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    first_access.tell()
    hers, theirs = listening(box, child.actor), listening(box, parent)
    doctor = people.a_doctor()
    declare(doctor, record_id=child.record_id, secret=True)
    reads(doctor, child)
    assert looked_through(box, theirs) == []
    assert FIRST in subjects(box, hers)
    other = people.a_doctor()
    declare(other, record_id=child.record_id)
    reads(other, child)
    # In whichever order they were sent.
    assert sorted(looked_through(box, theirs)) == [
        RIGHT_OF_ANOTHER,
        "Un premier accès au carnet d'une personne que vous représentez",
    ]


def test_parents_are_not_told_of_a_secret_visit_to_the_medecin_traitant(box: Box) -> None:
    """Also where it is said to be one at the deposit only, if nothing has left before."""
    for keeps in ("consent", "deposit", ""):
        child, parent, doctor = people.a_patient(birth_date="2012-03-01"), people.a_person(), people.a_doctor()
        people_actions.represent(
            SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago()
        )
        consent.set_attending(SYSTEM, record_id=child.record_id, professional_id=doctor.id)
        first_access.tell()
        theirs, own = (listening(box, who, Kind.FIRST_ACCESS) for who in (parent, child.actor))
        reads(doctor, child)
        if keeps == "consent":
            declare(doctor, record_id=child.record_id, secret=True)
        if keeps == "deposit":
            secret = people.entry(labels=frozenset({SECRET}))
            people.deposited(doctor, child, of=secret, purpose=Purpose.CARE)
        assert looked_through(box, own) == [FIRST]
        assert bool(subjects(box, theirs)) is not bool(keeps), keeps


def opens(doctor: Actor, patient: Resident, document_id: UUID, purpose: Purpose = Purpose.CARE) -> None:
    """By its address, without any list."""
    assert documents.read_document(doctor, purpose, patient.record_id, document_id, action="document-open")


def test_who_opens_one_document_without_listing_is_told_once(box: Box) -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    made = [people.deposited(people.software(), patient).id for _ in range(2)]
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    opens(doctor, patient, made[0])
    assert looked_through(box, address) == [FIRST]
    of_another_hour(patient)
    opens(doctor, patient, made[1])
    assert looked_through(box, address) == [FIRST], "the second is no first one"
    reads(doctor, patient)
    assert looked_through(box, address) == [FIRST], "nor is the list after it"


def test_the_first_reading_of_what_was_handed_is_told_and_that_of_the_record_later(box: Box) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    whose: dict[str, Any] = {"record_id": patient.record_id}
    words = adding.of_profile(
        patient.actor, **whose, key=uuid4(), title="En bref", day=clock.now().date(), media_type="text/plain"
    )
    handed = handing.hand(
        patient.actor, Purpose.SELF, **whose, entry=words, content=b"Allergie aux noix", readers=(doctor.id,)
    ).id
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    opens(doctor, patient, handed)
    assert looked_through(box, address) == [FIRST]
    of_another_hour(patient)
    reads(doctor, patient)
    assert looked_through(box, address) == [FIRST], "they see that one alone, by whichever way"
    people.authorised(patient, doctor)
    reads(doctor, patient)
    assert looked_through(box, address) == [FIRST, FIRST]


def test_what_waits_for_its_announcement_is_betrayed_by_no_first_access(box: Box) -> None:
    patient, author = people.a_patient(), people.software()
    doctor = people.authorised(patient, people.a_doctor())
    waits = people.deposited(author, patient, of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"}))).id
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    opens(doctor, patient, waits)
    assert looked_through(box, address) == []
    show(author, patient, waits, "INVISIBLE_PATIENT")
    # They opened it before it was shown, and nothing was told of that.
    opens(doctor, patient, waits)
    assert looked_through(box, address) == [FIRST]
    of_another_hour(patient)
    reads(doctor, patient)
    assert looked_through(box, address) == [FIRST]


def test_what_was_withdrawn_before_it_was_looked_for_is_told_of_to_nobody(box: Box) -> None:
    patient, author = people.a_patient(), people.software()
    doctor = people.authorised(patient, people.a_doctor())
    made = people.deposited(author, patient).id
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    opens(doctor, patient, made)
    changing.withdraw(author, Purpose.DEPOSIT, record_id=patient.record_id, document_id=made, cause=Cause.WRONG_PATIENT)
    assert looked_through(box, address) == []


def test_parents_are_told_of_no_opening_of_what_a_minor_keeps_secret(box: Box) -> None:
    child, author = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01"), people.software()
    parent, doctor = people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    people.authorised(child, doctor)
    secret = people.deposited(author, child, of=people.entry(labels=frozenset({SECRET}))).id
    open_one = people.deposited(author, child).id
    first_access.tell()
    hers = listening(box, child.actor, Kind.FIRST_ACCESS)
    theirs = listening(box, parent, Kind.FIRST_ACCESS)
    opens(doctor, child, secret)
    assert looked_through(box, hers) == [FIRST]
    assert subjects(box, theirs) == []
    opens(doctor, child, open_one)
    assert looked_through(box, theirs) == ["Un premier accès au carnet d'une personne que vous représentez"]
    assert subjects(box, hers) == [FIRST]


def show(author: Actor, patient: Resident, document_id: UUID, label: str) -> None:
    changing.set_label(
        author, Purpose.DEPOSIT, record_id=patient.record_id, document_id=document_id, label=label, on=False
    )


def test_what_is_still_being_written_is_told_when_it_has_ended(box: Box) -> None:
    """A line that is committed late falls into a later window: neither lost nor told twice."""
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    with database.connect(config.load(), "writer") as slow:
        slow.execute("select pg_current_xact_id()")
        reads(doctor, patient)
        assert looked_through(box, address) == []
        slow.commit()
    assert looked_through(box, address) == [FIRST]


def test_a_run_that_breaks_off_leaves_nothing_and_the_next_one_tells(box: Box) -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    first_access.tell()
    address = listening(box, patient.actor, Kind.FIRST_ACCESS)
    reads(doctor, patient)
    with suppress(InterruptedError), transaction.atomic(using=WRITER):
        first_access.tell()
        raise InterruptedError
    assert not Notice.objects.filter(person_id=patient.actor.id).exists()
    assert looked_through(box, address) == [FIRST]


@pytest.mark.parametrize("function", ["first_readings", "first_accesses"])
def test_the_login_of_readers_asks_the_trail_for_no_first_accesses(function: LiteralString) -> None:
    with database.connect(config.load(), "reader") as reader, pytest.raises(InsufficientPrivilege):
        reader.execute(f"select * from trail.{function}(1::smallint, '0'::xid8, '9'::xid8, 0)")
