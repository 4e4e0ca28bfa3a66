"""A mail that has waited tells of what its reader would find: of what was kept from them meanwhile it would tell that
there was something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import httpx2
import pytest

from carnet.documents import changing
from carnet.documents.powers import Cause
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.notify.rules import Kind
from carnet.people import actions as people_actions
from tests import people
from tests.notify.mailbox import Box, listening, of_another_hour, subjects
from tests.people import Resident
from tests.sessions import COOKIE, session_of

pytestmark = pytest.mark.usefixtures("house")

NEWS: Final = "Du nouveau dans votre carnet"
OF_ANOTHER: Final = "Du nouveau dans le carnet d'une personne que vous représentez"
OF_WHOM_ONE_HELPS: Final = "Du nouveau dans le carnet d'une personne que vous aidez"


def a_child() -> tuple[Resident, Resident]:
    child, parent = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01"), people.a_patient()
    people.represents(child, parent.actor)
    return child, parent


def deposited(doctor: Actor, patient: Resident) -> UUID:
    entry = people.entry(authors=())
    return people.deposited(doctor, patient, of=entry, purpose=Purpose.CARE).id


def labelled(label: str) -> Callable[[Actor, Resident, UUID], None]:
    def put(doctor: Actor, patient: Resident, document_id: UUID) -> None:
        target = {"record_id": patient.record_id, "document_id": document_id}
        changing.set_label(doctor, Purpose.CARE, **target, label=label, on=True)

    return put


def withdrawn(doctor: Actor, patient: Resident, document_id: UUID) -> None:
    target = {"record_id": patient.record_id, "document_id": document_id}
    changing.withdraw(doctor, Purpose.CARE, **target, cause=Cause.WITHDRAWN)


kept, withheld = labelled("INVISIBLE_REPRESENTANTS_LEGAUX"), labelled("INVISIBLE_PATIENT")


@pytest.mark.parametrize(
    ("meanwhile", "theirs", "hers"),
    [(kept, [], [NEWS]), (withheld, [], []), (withdrawn, [], [])],
    ids=["secret", "withheld", "withdrawn"],
)
def test_what_is_kept_from_them_before_the_server_takes_the_mail_is_not_told(
    box: Box,
    server: str,
    meanwhile: Callable[[Actor, Resident, UUID], None],
    theirs: list[str],
    hers: list[str],
) -> None:
    (child, parent), doctor = a_child(), people.a_doctor()
    to_parent, to_child = listening(box, parent.actor), listening(box, child.actor)
    box.refusing = True
    document_id = deposited(doctor, child)
    assert subjects(box, to_parent) == []
    meanwhile(doctor, child, document_id)
    box.refusing = False
    assert (subjects(box, to_parent), subjects(box, to_child)) == (theirs, hers)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        assert "Quelque chose à voir" not in client.get("/carnets").text


def test_a_secret_makes_no_mail_at_the_end_of_the_hour_after_another_document(box: Box) -> None:
    (child, parent), doctor = a_child(), people.a_doctor()
    to_parent, to_child = listening(box, parent.actor), listening(box, child.actor)
    deposited(doctor, child)
    assert (subjects(box, to_parent), subjects(box, to_child)) == ([OF_ANOTHER], [NEWS])
    of_another_minute(child)
    kept(doctor, child, deposited(doctor, child))
    of_another_hour(child)
    assert (subjects(box, to_parent), subjects(box, to_child)) == ([OF_ANOTHER], [NEWS, NEWS])
    deposited(doctor, child)
    of_another_hour(child)
    assert subjects(box, to_parent) == [OF_ANOTHER, OF_ANOTHER]


def of_another_minute(patient: Resident) -> None:
    """What has been deposited lies a minute back."""
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "update record.documents_document set updated_at = updated_at - interval '1 minute' where record_id = %s",
            (patient.record_id,),
        )


def test_who_helps_gets_no_mail_about_what_was_withdrawn_meanwhile(box: Box) -> None:
    patient, carer, doctor = people.a_patient(), people.a_patient(), people.a_doctor()
    people_actions.care_for(
        SYSTEM,
        record_id=patient.record_id,
        carer_id=carer.actor.id,
        rights={"documents"},
        acts=False,
        since=people.long_ago(),
    )
    to_carer = listening(box, carer.actor, Kind.CARED)
    box.refusing = True
    document_id = deposited(doctor, patient)
    assert subjects(box, to_carer) == []
    withdrawn(doctor, patient, document_id)
    box.refusing = False
    assert subjects(box, to_carer) == []
    deposited(doctor, patient)
    assert subjects(box, to_carer) == [OF_WHOM_ONE_HELPS]


def test_what_comes_after_its_own_correction_is_told_as_anything_new(box: Box) -> None:
    patient, labo = people.a_patient(), people.software()
    first = people.entry().unique_id
    people.deposited(labo, patient, b"2", of=people.entry(replaces=(first,)))
    of_another_minute(patient)
    to_patient = listening(box, patient.actor, Kind.DOCUMENT)
    people.deposited(labo, patient, b"1", of=people.entry(first))
    assert subjects(box, to_patient) == [NEWS]
