"""What somebody says themselves stands beside what documents say, and is theirs to correct."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from carnet.consent.access import Refused
from carnet.formats.clinical.model import Allergy, Entry, Kind
from carnet.formats.clinical.values import Concept, Span
from carnet.health import queries, stating
from carnet.health.queries import Line
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.health.stated import stating as document_stating
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def penicillin(note: str = "") -> Allergy:
    return Allergy(kind=Kind.ALLERGY, code=Concept("Pénicilline"), clinical="active", when=Span("2010"), note=note)


def told(patient: Resident, reader: Actor | None = None, purpose: Purpose | None = None) -> tuple[Line, ...]:
    how = purpose or (Purpose.CARE if reader else Purpose.SELF)
    return queries.lines(reader or patient.actor, how, patient.record_id)


def says(patient: Resident, entry: Entry, **options: object) -> stating.Stated:
    return stating.state(
        patient.actor,
        Purpose.SELF,
        record_id=patient.record_id,
        entry=entry,
        **options,  # type: ignore[arg-type]
    )


def test_what_the_person_says_is_told_as_hers() -> None:
    patient = people.a_patient()
    done = says(patient, penicillin())
    (line,) = told(patient)
    assert (line.fact, line.sources, line.said_by, line.mine, line.label) == (
        done.fact,
        (done.id,),
        "person",
        True,
        "Pénicilline",
    )
    assert "entry-stated" in {each.action for each in people.trail(patient)}


def test_her_words_and_those_of_a_document_and_of_her_doctor_stand_side_by_side() -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    document_stating(patient, penicillin())
    says(patient, penicillin())
    stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=penicillin())
    assert sorted(line.said_by for line in told(patient)) == ["document", "person", "professional"]
    assert sorted(line.said_by for line in told(patient, doctor)) == ["document", "person", "professional"]


def test_she_corrects_and_takes_back_her_own_words() -> None:
    patient = people.a_patient()
    first = says(patient, penicillin())
    second = says(patient, penicillin("Urticaire"), instead_of=first.id)
    assert [line.sources for line in told(patient)] == [(second.id,)]
    stating.retract(patient.actor, Purpose.SELF, record_id=patient.record_id, statement_id=second.id)
    assert told(patient) == ()
    assert {"entry-amended", "entry-retracted"} <= {each.action for each in people.trail(patient)}


@pytest.mark.parametrize("who", ["nobody's", "a document's", "a professional's", "another record's"])
def test_she_changes_no_words_but_her_own(who: str) -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())

    def theirs() -> UUID:
        if who == "a document's":
            return document_stating(patient, penicillin()).id
        if who == "a professional's":
            return stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=penicillin()).id
        return says(people.a_patient(), penicillin()).id if who == "another record's" else uuid4()

    words = theirs()
    before = told(patient)
    with pytest.raises(stating.NotYours):
        says(patient, penicillin("Non"), instead_of=words)
    with pytest.raises(stating.NotYours):
        stating.retract(patient.actor, Purpose.SELF, record_id=patient.record_id, statement_id=words)
    assert told(patient) == before


def test_a_professional_corrects_their_own_words_and_no_others() -> None:
    patient = people.a_patient()
    doctor, other = (people.authorised(patient, people.a_doctor()) for _ in range(2))
    done = stating.state(doctor, Purpose.CARE, record_id=patient.record_id, entry=penicillin())
    with pytest.raises(stating.NotYours):
        stating.retract(other, Purpose.CARE, record_id=patient.record_id, statement_id=done.id)
    stating.retract(doctor, Purpose.CARE, record_id=patient.record_id, statement_id=done.id)
    assert told(patient) == ()


def test_what_she_hides_is_hidden_from_her_doctors_alone() -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    says(patient, penicillin(), masked=True)
    assert told(patient, doctor) == ()
    assert len(told(patient)) == 1


def test_a_parent_speaks_for_a_child_and_corrects_what_the_other_parent_said() -> None:
    child = people.a_patient(birth_date="2020-01-01")
    parents = [people.a_person() for _ in range(2)]
    for parent in parents:
        people_actions.represent(
            SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago()
        )
    one, other = parents
    done = stating.state(one, Purpose.REPRESENTATIVE, record_id=child.record_id, entry=penicillin())
    stating.state(other, Purpose.REPRESENTATIVE, record_id=child.record_id, entry=penicillin("Vu"), instead_of=done.id)
    (line,) = told(child, one, Purpose.REPRESENTATIVE)
    assert (line.said_by, line.mine) == ("person", False)


def test_a_blocked_doctor_may_state_and_reads_but_their_own() -> None:
    patient = people.a_patient()
    stranger = people.a_doctor()
    says(patient, penicillin())
    stating.state(stranger, Purpose.CARE, record_id=patient.record_id, entry=penicillin())
    with pytest.raises(Refused):
        told(patient, people.a_doctor())
    assert len(told(patient)) == 2
