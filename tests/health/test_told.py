"""A fact stands once, by the sources that its reader may see, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest

from carnet.consent.access import Refused
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.documents.queries import Asked
from carnet.formats.clinical.model import Kind, Problem
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology.choices import ICD10
from carnet.health import disputing, goals, queries, results
from carnet.health.queries import Line
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.documents.test_changing import MASK
from tests.health.stated import kept, result, stating
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def told(patient: Resident, reader: Actor | None = None) -> tuple[Line, ...]:
    purpose = Purpose.CARE if reader else Purpose.SELF
    return queries.lines(reader or patient.actor, purpose, patient.record_id, [Kind.RESULT])


def values(lines: tuple[Line, ...]) -> list[tuple[str, bool]]:
    return [(str(line.value.normalize()) if line.value else "", line.struck) for line in lines]


def found(patient: Resident, reader: Actor | None = None, **asked: object) -> list[UUID]:
    purpose = Purpose.CARE if reader else Purpose.SELF
    wanted = Asked(**asked)  # type: ignore[arg-type]
    answer = queries.search(reader or patient.actor, purpose, patient.record_id, [Kind.RESULT], wanted)
    assert answer.total == len(answer.entries)
    return [each.fact for each in answer.entries]


def test_a_result_of_a_document_is_told_with_its_source() -> None:
    patient = people.a_patient()
    done = stating(patient, result())
    (line,) = told(patient)
    assert (values((line,)), line.sources, line.label) == ([("2.1", False)], (done.id,), "TSH")
    assert found(patient) == [line.fact]


def test_the_same_fact_of_two_documents_is_one_entry_with_two_sources() -> None:
    patient = people.a_patient()
    first, second = stating(patient, result()), stating(patient, result(), result("3.4", day="2024-09-01"))
    both, other = sorted(told(patient), key=lambda line: line.since or 0)
    assert both.sources == (second.id, first.id)
    assert other.sources == (second.id,)


def test_for_a_reader_a_fact_is_what_the_sources_in_their_sight_say() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor)
    shown = stating(patient, result())
    hidden = stating(patient, result(), result("9.9", day="2024-04-01"))
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=hidden.id, wanted=MASK)
    (line,) = told(patient, doctor)
    assert line.sources == (shown.id,)
    assert found(patient, doctor) == [line.fact]
    assert len(told(patient)) == 2


def test_what_is_only_in_a_hidden_document_is_not_there() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor)
    hidden = stating(patient, result())
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=hidden.id, wanted=MASK)
    assert told(patient, doctor) == ()
    assert found(patient, doctor) == []
    (line,) = told(patient)
    assert found(patient, doctor, ids=[line.fact]) == []


def test_a_fact_has_the_same_id_for_everybody_and_it_does_not_tell_when_it_came() -> None:
    patient = people.a_patient()
    stating(patient, result())
    (before,) = told(patient)
    stating(patient, result())
    (after,) = told(patient)
    assert before.fact == after.fact
    other = people.a_patient()
    stating(other, result())
    assert told(other)[0].fact != before.fact


def corrected(patient: Resident, old: str, new: str | None) -> tuple[UUID, UUID, Actor]:
    """A document, and the one that replaces it and says otherwise, or nothing of it."""
    laboratory, first = people.software(), people.entry()
    before = stating(patient, result(old), of=first, by=laboratory)
    second = people.entry(replaces=(first.unique_id,))
    after = stating(patient, *([result(new)] if new else []), of=second, by=laboratory)
    return before.id, after.id, laboratory


def test_a_corrected_value_is_struck_beside_the_one_that_holds() -> None:
    patient = people.a_patient()
    corrected(patient, "9.2", "2.9")
    assert sorted(values(told(patient))) == [("2.9", False), ("9.2", True)]
    assert len(found(patient)) == 1, "software is told what holds"
    assert len(found(patient, statuses=["entered-in-error"])) == 1


def test_a_corrected_value_is_struck_wherever_it_stood() -> None:
    patient = people.a_patient()
    letter = stating(patient, result("9.2"))
    before, _, _ = corrected(patient, "9.2", "2.9")
    struck = next(line for line in told(patient) if line.struck)
    assert set(struck.sources) == {letter.id, before}


def test_whoever_may_not_see_the_correction_learns_nothing_of_it() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor)
    stating(patient, result("9.2"))
    before, after, _ = corrected(patient, "9.2", "2.9")
    for each in (before, after):
        change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=each, wanted=MASK)
    assert values(told(patient, doctor)) == [("9.2", False)]


def test_what_a_new_version_says_no_more_is_gone() -> None:
    patient = people.a_patient()
    corrected(patient, "9.2", None)
    assert told(patient) == ()


def test_what_a_new_version_says_again_holds() -> None:
    patient = people.a_patient()
    _, after, _ = corrected(patient, "2.9", "2.9")
    (line,) = told(patient)
    assert (line.struck, line.sources[0]) == (False, after)


@pytest.mark.parametrize("newest_first", [True, False])
def test_in_whatever_order_the_versions_are_read(newest_first: bool) -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    before = people.deposited(laboratory, patient, of=first)
    after = people.deposited(laboratory, patient, of=people.entry(replaces=(first.unique_id,)))
    said = [(before.id, result("9.2")), (after.id, result("2.9"))]
    for document_id, entry in reversed(said) if newest_first else said:
        kept(patient, document_id, entry, by=laboratory)
    assert sorted(values(told(patient))) == [("2.9", False), ("9.2", True)]


def test_a_withdrawn_document_takes_its_entries_with_it() -> None:
    patient, laboratory = people.a_patient(), people.software()
    done = stating(patient, result(), by=laboratory)
    withdraw(laboratory, Purpose.DEPOSIT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT)
    assert told(patient) == ()
    assert found(patient) == []


def test_a_reading_that_finds_less_drops_the_rest_and_one_that_finds_it_again_brings_it_back() -> None:
    patient, laboratory = people.a_patient(), people.software()
    done = stating(patient, result(), result("3.4", day="2024-09-01"), by=laboratory)
    ids = {line.fact for line in told(patient)}
    kept(patient, done.id, result(), by=laboratory)
    assert values(told(patient)) == [("2.1", False)]
    kept(patient, done.id, result("3.4", day="2024-09-01"), result(), by=laboratory)
    assert {line.fact for line in told(patient)} == ids


def test_a_stranger_is_refused() -> None:
    patient = people.a_patient()
    stating(patient, result())
    with pytest.raises(Refused):
        told(patient, people.a_doctor())


def test_a_document_that_says_the_same_twice_means_two_and_so_does_another() -> None:
    patient = people.a_patient()
    first = stating(patient, result(), result())
    assert len(told(patient)) == 2
    second = stating(patient, result(), result(), result())
    assert sorted(len(line.sources) for line in told(patient)) == [1, 2, 2]
    assert {first.id, second.id} == {source for line in told(patient) for source in line.sources}


def test_what_was_written_in_error_is_no_value() -> None:
    patient = people.a_patient()
    stating(patient, result(), replace(result("9.9", day="2024-09-01"), status="entered-in-error"))
    (series,) = results.latest(patient.actor, Purpose.SELF, patient.record_id, Kind.RESULT)
    whole = results.one(patient.actor, Purpose.SELF, patient.record_id, Kind.RESULT, series.key)
    assert whole
    for each in (series, whole):
        assert values(tuple(found.line for found in each.found)) == [("2.1", False)]


def test_what_is_said_to_be_wrong_stays_said_when_the_document_is_read_again() -> None:
    """Known by another fact: what is called the same, in its place, is still what the person speaks of."""
    patient, laboratory = people.a_patient(), people.software()
    asthma = Problem(kind=Kind.PROBLEM, code=Concept("Asthme", (Coded("J45", ICD10, ""),)), clinical="active")
    done = stating(patient, asthma, by=laboratory)
    of = patient.actor, Purpose.SELF, patient.record_id
    (line,) = queries.lines(*of, [Kind.PROBLEM])
    disputing.report(
        patient.actor, Purpose.SELF, record_id=patient.record_id, fact=line.fact, source_id=done.id, words="Non"
    )
    kept(patient, done.id, replace(asthma, when=Span("2019")), by=laboratory)
    (again,) = queries.lines(*of, [Kind.PROBLEM])
    assert again.fact != line.fact
    (told_wrong,) = disputing.of_document(*of, done.id)
    assert (told_wrong.fact, told_wrong.words) == (again.fact, "Non")


def test_a_code_of_thousands_of_characters_names_a_series_like_any() -> None:
    """No index holds it; what a goal is about is known all the same."""
    patient, code = people.a_patient(), "".join(sha256(bytes([each])).hexdigest() for each in range(60))
    stating(patient, result("1.1", code=code, day="2024-01-01"), result("2.2", code=code))
    (series,) = results.latest(patient.actor, Purpose.SELF, patient.record_id, Kind.RESULT)
    assert [str(each.line.value.normalize()) for each in series.found if each.line.value] == ["2.2", "1.1"]
    target = goals.stated(series.key, Kind.RESULT, "TSH", Quantity(Decimal(2), "m[IU]/L", "m[IU]/L"), "2024-03-12")
    kept(patient, series.found[0].line.sources[0], result("2.2", code=code), target, by=people.software())
    (again,) = results.latest(patient.actor, Purpose.SELF, patient.record_id, Kind.RESULT)
    assert (again.key, len(again.goals)) == (series.key, 1)
