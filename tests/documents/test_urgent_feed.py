"""Who objects to what emergencies feed: the documents of a passage there are not taken in, by whichever door, and all
others are; until the person takes it back."""

from __future__ import annotations

import pytest

from carnet.documents.rules import DepositRefused, Fault
from carnet.kernel.actor import Purpose
from carnet.records.rules import OptOut
from carnet.rights import choices
from tests import people
from tests.sessions import COOKIE, session_of
from tests.web.browsing import browsing

PASSAGE = "15507-7"


def test_a_passage_to_the_emergencies_is_not_fed_where_the_person_objects(server: str) -> None:
    patient, software = people.a_patient(), people.software()
    people.deposited(software, patient, of=people.entry(type_code=PASSAGE, title="Passage d'avant"))
    choices.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, unwanted={OptOut.EMERGENCY_FEED})
    late = people.entry(type_code=PASSAGE, title="Passage d'après")
    with pytest.raises(DepositRefused) as refused:
        people.deposited(software, patient, of=late)
    assert refused.value.fault is Fault.URGENT_FEED
    people.deposited(software, patient, of=people.entry(title="Analyses du lendemain"))
    with browsing(server) as at:
        at.client.cookies.set(COOKIE, session_of(patient.actor), domain="localhost.local")
        listed = at.text("/documents")
        assert "Passage d'avant" in listed
        assert "Analyses du lendemain" in listed
        assert "Passage d'après" not in listed
        assert "refus" in at.text("/acces?qui=tous"), "the attempt is told"
        page = at.text("/confidentialite/choix")
        assert "Laisser les urgences déposer des documents Sans ce choix" in page
    choices.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, unwanted=set())
    people.deposited(software, patient, of=late)
