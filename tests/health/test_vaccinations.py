"""The vaccination card: reckoned from what its reader may see, and from nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from carnet.consent.access import Refused
from carnet.formats.clinical.model import Kind, Vaccination
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Span
from carnet.formats.entry import Coded
from carnet.health import stating
from carnet.health.schedule import Answer, State, Withheld
from carnet.health.vaccinations import Card, card
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.health.stated import kept
from tests.health.stated import stating as deposited
from tests.people import Resident
from tests.web.patient.test_family import a_child

pytestmark = pytest.mark.usefixtures("house")

ATC = "2.16.840.1.113883.6.73"
REASON = "2.16.840.1.113883.5.8"
TODAY = date(2026, 11, 26)
MMR, BOOSTER, FLU = "J07BD52", "J07CA01", "J07BB02"
SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"


def vaccinated(code: str, day: str = "", *, text: str = "", status: str = "completed", why: str = "") -> Vaccination:
    return Vaccination(
        kind=Kind.VACCINATION,
        code=Concept(text or code, (Coded(code, ATC, code),) if code else ()),
        status=status,
        when=Span(day) if day else NEVER,
        reason=Concept("", (Coded(why, REASON, why),)) if why else NOTHING,
        path=f"Immunization {code} {text}",
    )


def card_of(patient: Resident, reader: Actor | None = None, purpose: Purpose = Purpose.SELF) -> Card:
    return card(reader or patient.actor, purpose, patient.record_id, TODAY)


def about(found: Card, disease: str) -> Answer:
    return next(each for each in found.answers if each.disease == disease)


def test_a_dose_of_a_document_counts_and_leads_to_it() -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    done = deposited(patient, vaccinated(BOOSTER, "2024-04-09"))
    found = card_of(patient)
    told = about(found, "tetanus")
    assert (told.state, told.soonest, told.edition) == (State.UP_TO_DATE, date(2044, 3, 28), "2025")
    (given,) = found.given.values()
    assert (given.sources, given.confirmed, given.first) == ((done.id,), True, date(2024, 4, 9))
    assert [each.dose.key for each in told.doses] == [given.key]


def test_what_the_person_says_counts_and_is_told_as_theirs() -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    stating.state(patient.actor, Purpose.SELF, record_id=patient.record_id, entry=vaccinated(BOOSTER, "2024-04"))
    (given,) = card_of(patient).given.values()
    assert (given.confirmed, given.sources) == (False, ())
    assert (given.first, given.last) == (date(2024, 4, 1), date(2024, 4, 30))
    assert about(card_of(patient), "tetanus").state is State.UP_TO_DATE


def test_a_reader_is_told_by_what_they_may_see() -> None:
    """What a minor keeps from their parents is neither on the parents' card nor in what it is reckoned from."""
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date="2012-01-10")
    deposited(child, vaccinated(MMR, "2013-02-01"))
    deposited(child, vaccinated(MMR, "2013-06-01"), of=people.entry(labels=frozenset({SECRET})))
    own = card_of(child)
    assert (len(own.given), about(own, "measles").state) == (2, State.COMPLETE)
    seen = card_of(child, parent.actor, Purpose.REPRESENTATIVE)
    assert (len(seen.given), about(seen, "measles").state) == (1, State.LATE)
    with pytest.raises(Refused):
        card_of(child, people.a_doctor(), Purpose.CARE)


def test_what_cannot_be_placed_is_shown_and_counts_for_nothing() -> None:
    patient = people.a_patient(birth_date="1979-03-28")
    deposited(
        patient,
        vaccinated("", "2020-05-01", text="Vaccin du voyageur"),
        vaccinated("J07BG01", "2021-05-01"),
        vaccinated("J07AH", "2022-05-01"),
        vaccinated(BOOSTER),
    )
    found = card_of(patient)
    assert [each.name for each in found.others] == ["J07AH", "J07BG01", "Vaccin du voyageur"]
    assert about(found, "tetanus").state is State.UNKNOWN
    assert about(found, "tetanus").doubts == {"undated"}


def test_a_refusal_is_told_with_who_noted_it() -> None:
    patient = people.a_patient(birth_date="1950-06-08")
    deposited(
        patient,
        vaccinated(FLU, "2026-10-20", status="not-done", why="PATOBJ"),
        vaccinated("J07BK03", "2026-10-20", status="not-done", why="MEDPREC"),
        vaccinated("J07BN01", "2026-10-20", status="not-done", why="OSTOCK"),
    )
    found = card_of(patient)
    assert about(found, "influenza").state is State.REFUSED
    assert about(found, "zoster").state is State.CONTRAINDICATED
    assert about(found, "covid19").state is State.DUE
    assert {each.withheld for each in found.given.values()} == {Withheld.REFUSED, Withheld.CONTRAINDICATED, None}
    assert found.others == ()


def test_what_was_corrected_counts_no_more() -> None:
    patient, software = people.a_patient(birth_date="1979-03-28"), people.software()
    done = deposited(patient, vaccinated(BOOSTER, "2024-04-09"), by=software)
    kept(patient, done.id, by=software)
    found = card_of(patient)
    assert found.given == {}
    assert about(found, "tetanus").state is State.LATE


def test_nothing_is_reckoned_from_a_part_of_a_birth_date() -> None:
    patient = people.a_patient(birth_date="1979")
    deposited(patient, vaccinated(BOOSTER, "2024-04-09"))
    found = card_of(patient)
    assert found.answers == ()
    assert found.others == ()
    assert [each.name for each in found.received["tetanus"]] == [BOOSTER]
