"""A document that is somebody else's."""

from __future__ import annotations

import pytest

from carnet.consent.access import Refused
from carnet.documents import queries, reporting, shelf, shelf_list
from carnet.documents.actions import Deposited
from carnet.documents.changing import NotThere, withdraw
from carnet.documents.powers import Cause
from carnet.documents.shelf_list import View, Wanted
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def patient() -> Resident:
    return people.a_patient()


def reported(patient: Resident, done: Deposited, words: str = "Je n'ai jamais vu ce médecin.") -> None:
    reporting.report(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id, words=words)


def listed(patient: Resident, view: View = View.CURRENT) -> list[object]:
    found = shelf_list.documents(patient.actor, Purpose.SELF, patient.record_id, Wanted(view=view))
    return [line.id for line in found.lines]


def every_case(limit: int = reporting.PAGE) -> list[reporting.Case]:
    """Page by page."""
    operator, found = people.an_operator("support"), list[reporting.Case]()
    while page := reporting.open_cases(operator, after=found[-1].id if found else None, limit=limit):
        found += page
    return found


def cases_of(patient: Resident) -> list[reporting.Case]:
    return [case for case in every_case() if case.record_id == patient.record_id]


def test_it_leaves_the_list_at_once_and_comes_back(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    reported(patient, done)
    assert (listed(patient), listed(patient, View.NOT_MINE)) == ([], [done.id])
    reporting.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)
    assert (listed(patient), listed(patient, View.NOT_MINE)) == ([done.id], [])
    told = [line.action for line in people.trail(patient) if line.action.startswith("document-report")]
    assert told == ["document-report-taken-back", "document-reported"]


def test_the_operators_learn_which_document_and_not_a_word(patient: Resident) -> None:
    software = people.software()
    done = people.deposited(software, patient)
    reported(patient, done)
    reported(patient, done, "Encore.")
    (case,) = cases_of(patient)
    assert (case.document_id, case.depositor_id) == (done.id, software.id)
    with database.connect(config.load(), "owner") as owner:
        said = owner.execute("select words from record.documents_report where document_id = %s order by at", (done.id,))
        assert [row[0] for row in said] == ["Je n'ai jamais vu ce médecin.", "Encore."]
    reporting.take_back(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=done.id)
    assert cases_of(patient) == []


def test_every_page_goes_on_where_the_one_before_ended(patient: Resident) -> None:
    made = [people.deposited(people.software(), patient) for _ in range(3)]
    for each in made:
        reported(patient, each)
    operator = people.an_operator("support")
    assert every_case(limit=1) == every_case()
    assert [case.document_id for case in cases_of(patient)] == [each.id for each in made]
    assert [case.document_id for case in reporting.open_cases(operator, about=made[1].id)] == [made[1].id]
    assert reporting.how_many(operator) == len(every_case())


def test_words_are_kept_as_they_can_be_read(patient: Resident) -> None:
    """A form may hold anything; what shows nothing is no word."""
    done = people.deposited(people.software(), patient)
    reported(patient, done, "Pas\x00 à\u202e moi.\n\tMerci.")
    with database.connect(config.load(), "owner") as owner:
        said = owner.execute("select words from record.documents_report where document_id = %s", (done.id,)).fetchall()
    assert said == [("Pas à moi.\n\tMerci.",)]


def test_a_withdrawal_ends_the_case(patient: Resident) -> None:
    software = people.software()
    done = people.deposited(software, patient)
    reported(patient, done)
    withdraw(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT)
    assert cases_of(patient) == []
    assert listed(patient, View.NOT_MINE) == []


def test_only_the_holder_reports_and_only_operators_have_the_list(patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    done = people.deposited(people.software(), patient)
    with pytest.raises(Refused):
        reporting.report(doctor, Purpose.CARE, record_id=patient.record_id, document_id=done.id, words="")
    for who in (doctor, patient.actor, people.an_operator("steering")):
        with pytest.raises(PermissionError):
            reporting.open_cases(who)
        with pytest.raises(PermissionError):
            reporting.how_many(who)
    # The doctor still finds it: whose it is is not decided yet.
    assert [line.id for line in queries.list_documents(doctor, Purpose.CARE, patient.record_id)] == [done.id]


def test_too_many_words_and_an_unknown_document_change_nothing(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    with pytest.raises(reporting.WordsTooLong):
        reported(patient, done, "x" * (reporting.LONGEST_WORDS + 1))
    other = people.a_patient()
    with pytest.raises(NotThere):
        reported(other, done)
    assert listed(patient) == [done.id]
    assert not shelf.place(patient.actor, Purpose.SELF, patient.record_id, done.id).not_mine  # type: ignore[union-attr]


@pytest.mark.parametrize("remove", [True, False])
def test_the_support_settles_a_case_without_seeing_the_document(patient: Resident, *, remove: bool) -> None:
    done = people.deposited(people.software(), patient)
    reported(patient, done)
    (case,) = cases_of(patient)
    operator = people.an_operator("support")
    for _ in range(2):  # the second time, there is nothing left to settle
        reporting.settle(operator, case.id, remove=remove)
    assert cases_of(patient) == []
    assert listed(patient, View.NOT_MINE) == ([] if remove else [done.id])
    with pytest.raises(Refused):
        queries.read_document(operator, Purpose.SUPPORT, patient.record_id, done.id)
