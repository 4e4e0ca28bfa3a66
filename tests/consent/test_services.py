"""Services of an organisation: what is given to one is read by who is of it, and by nobody else of the house."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.actions import Grantee
from carnet.documents import queries
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people import queries as people_queries
from tests import people

pytestmark = pytest.mark.usefixtures("house")


def an_organisation(part_of_id: UUID | None = None) -> UUID:
    number = str(uuid4().int)[:9]
    return people_actions.add_organisation(
        organisation_id=uuid4(), identifier=f"1{number}", name=f"Hôpital {number}", part_of_id=part_of_id
    )


def reads(doctor: Actor, record_id: UUID) -> bool:
    try:
        return bool(queries.list_documents(people.actor(doctor.id), Purpose.CARE, record_id))
    except Refused:
        return False


def test_a_service_reads_by_its_own_right_and_by_that_of_the_whole() -> None:
    hospital = an_organisation()
    cardiology, surgery = an_organisation(hospital), an_organisation(hospital)
    heart, knife, desk = (people.a_doctor(organisation_id=each) for each in (cardiology, surgery, hospital))
    also = people.a_doctor(organisation_id=hospital)
    people_actions.add_situation(professional_id=also.id, organisation_id=cardiology, since=people.long_ago())
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    record = patient.record_id

    def who() -> set[str]:
        cast = {"heart": heart, "knife": knife, "desk": desk, "also": also}
        return {name for name, doctor in cast.items() if reads(doctor, patient.record_id)}

    assert who() == set()
    service = Grantee("organisation", cardiology)
    consent.authorise(patient.actor, Purpose.SELF, grantee=service, record_id=record)
    assert who() == {"heart", "also"}
    assert {each.id for each in people_queries.members(cardiology, limit=9)} == {heart.id, also.id}
    people_actions.end_situation(professional_id=also.id, organisation_id=cardiology)
    assert who() == {"heart"}
    consent.withdraw(patient.actor, Purpose.SELF, grantee=service, record_id=record)
    assert who() == set()
    consent.authorise(patient.actor, Purpose.SELF, grantee=Grantee("organisation", hospital), record_id=record)
    assert who() == {"heart", "knife", "desk", "also"}
    told = people_queries.group(hospital)
    assert told
    assert told.members == 4
