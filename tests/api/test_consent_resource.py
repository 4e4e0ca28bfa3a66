"""Consent: what a person gave and refused, as software reads it; who may read, declare and give."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.actions import Grantee
from carnet.consent.facts import Choices
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import FORM, Caller, refused, token
from tests.api.consents import (
    END,
    MAY_DECLARE,
    RPPS,
    a_patient_of_hers,
    declared,
    found,
    given,
    holder,
    sound,
    told_to,
)
from tests.api.test_consent_given import SECRET, VISIBILITY, a_child
from tests.cast import KEYS, OPERATORS, PEOPLE, PROFESSIONALS, SOFTWARE, identifier
from tests.people import Resident


@pytest.fixture
def patient() -> Resident:
    return a_patient_of_hers()


def test_the_holder_reads_all_that_was_given_refused_and_chosen(server: str, patient: Resident) -> None:
    doctor, blocked, declarant = people.a_doctor(), people.a_doctor(), people.a_doctor()
    house = people_actions.add_organisation(
        organisation_id=uuid4(), identifier=f"1{people.fresh_ins()[:9]}", name="Clinique du Parc"
    )
    people.authorised(patient, doctor, until=clock.now() + timedelta(days=30))
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, grantee=Grantee("organisation", house))
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    made = Caller.of(server, declarant).post("Consent", declared(patient)).json()
    consents = found(holder(server, patient), patient)
    care = [each for each in consents if each["provision"]["purpose"][0]["code"] == "TREAT"]
    assert [(each["provision"]["type"], "performer" in each) for each in care] == [
        ("permit", True),
        ("deny", False),
        ("permit", False),
        ("permit", False),
    ], "newest first; what a professional declared names them"
    by_declaration, block, to_house, to_doctor = care
    assert by_declaration == made
    number = to_doctor["provision"]["actor"][0]["reference"]["identifier"]
    assert (number["system"], number["value"]) == (RPPS, f"8{people.rpps_of(doctor)}")
    assert block["provision"]["actor"][0]["reference"]["identifier"]["value"] == f"8{people.rpps_of(blocked)}"
    assert told_to(to_house) == "Clinique du Parc"
    assert to_house["provision"]["actor"][0]["reference"]["type"] == "Organization"
    assert "end" in to_doctor["provision"]["period"]
    assert "end" not in to_house["provision"]["period"]
    emergencies = {each["provision"]["purpose"][0]["code"]: each for each in consents[4:]}
    assert set(emergencies) == {"BTG", "regulation"}


def test_choices_about_emergencies(server: str, patient: Resident) -> None:
    """By default they are allowed but for what is masked, and nobody has chosen it."""

    def told() -> dict[str, tuple[str, bool, bool]]:
        return {
            each["provision"]["purpose"][0]["code"]: (
                each["provision"]["type"],
                "provision" in each["provision"],
                "dateTime" in each,
            )
            for each in found(holder(server, patient), patient)
        }

    assert told() == {"BTG": ("permit", True, False), "regulation": ("permit", True, False)}
    consent.choose(
        patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices(emergency=False, masked=True)
    )
    assert told() == {"BTG": ("deny", False, True), "regulation": ("permit", False, True)}


def test_who_is_to_see_what_is_masked_is_told(server: str, patient: Resident) -> None:
    """To the holder, and to that professional."""
    doctor = people.a_doctor()
    consent.authorise(
        patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id, unmasked=True
    )
    for reader in (holder(server, patient), Caller.of(server, doctor)):
        (given,) = [each for each in found(reader, patient) if "actor" in each["provision"]]
        (nested,) = given["provision"]["provision"]
        assert (nested["type"], nested["securityLabel"][0]["code"]) == ("permit", "MASQUE_PS")


def test_the_holder_ends_an_authorisation(server: str, patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    reader, mine = Caller.of(server, doctor), holder(server, patient)
    documents = {"patient": short(patient.record_id), "status": "current"}
    assert len(reader.ids("DocumentReference", documents)) == 1
    (given,) = [each for each in found(mine, patient) if "actor" in each["provision"]]
    ended = sound(mine.patch(f"Consent/{given['id']}", END).json())
    assert (ended["id"], ended["status"]) == (given["id"], "inactive")
    refused(reader.get("DocumentReference", documents), 403, "forbidden")
    assert mine.get(f"Consent/{given['id']}").json() == ended
    assert mine.patch(f"Consent/{given['id']}", END).json() == ended, "once more changes nothing"
    assert [line.action for line in people.trail(patient)].count("withdraw") == 1
    assert {each["id"] for each in found(mine, patient, status="inactive")} == {given["id"]}
    assert given["id"] not in {each["id"] for each in found(mine, patient, status="active")}


def test_blocks_and_choices_are_read_only(server: str, patient: Resident) -> None:
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=people.a_doctor().id)
    mine = holder(server, patient)
    consents = found(mine, patient)
    assert len(consents) == 3
    for each in consents:
        refused(mine.patch(f"Consent/{each['id']}", END), 422, "consent-not-ended-here")
    assert found(mine, patient) == consents


@pytest.mark.parametrize("chosen", [False, True])
def test_pages(chosen: bool, server: str, patient: Resident) -> None:
    """Choices that were made stand where they were made."""
    for number in range(5):
        people.authorised(patient, people.a_doctor())
        if chosen and number == 2:
            consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices())
    mine = holder(server, patient)
    whole = [each["id"] for each in found(mine, patient)]
    seen: list[str] = []
    page = mine.found("Consent", {"patient": short(patient.record_id), "_count": 2})
    while True:
        assert page["total"] == 7
        seen += [entry["resource"]["id"] for entry in page["entry"]]
        links = {link["relation"]: link["url"] for link in page["link"]}
        if "next" not in links:
            break
        page = mine.get(links["next"]).json()
    assert seen == whole
    assert mine.found("Consent", {"patient": short(patient.record_id), "_count": 0})["total"] == 7


def test_search_by_form_by_ins_and_by_id(server: str, patient: Resident) -> None:
    mine = holder(server, patient)
    whole = {each["id"] for each in found(mine, patient)}
    assert mine.ids("Consent", {"patient.identifier": token(patient)}) == whole
    data = {"patient": short(patient.record_id)}
    form = mine.send("POST", "Consent/_search", data=data, headers={"Content-Type": FORM})
    assert {entry["resource"]["id"] for entry in form.json()["entry"]} == whole
    one = next(iter(whole))
    assert mine.ids("Consent", {"_id": one}) == {one}
    assert mine.ids("Consent", {"_id": fhir_id(patient.record_id, uuid7())}) == set()
    refused(mine.get("Consent", {"status": "active"}), 400, "search-patient-required")
    refused(mine.get("Consent", {"patient": short(patient.record_id), "status": "current"}), 400, "search-value")


# The professional


def test_a_professional_sees_what_is_in_their_own_name_alone(server: str, patient: Resident) -> None:
    doctor, other = people.authorised(patient, people.a_doctor()), people.authorised(patient, people.a_doctor())
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=people.a_doctor().id)
    (mine,) = found(Caller.of(server, doctor), patient)
    (theirs,) = found(Caller.of(server, other), patient)
    assert mine["id"] != theirs["id"]
    assert found(Caller.of(server, people.a_doctor()), patient) == []


def test_who_is_blocked_learns_no_more_than_whose_consent_has_ended(server: str, patient: Resident) -> None:
    """Until they declare another, which is refused in the words of any other refusal."""
    told = []
    for ends in (consent.withdraw, consent.block):
        doctor = people.a_doctor()
        caller = Caller.of(server, doctor)
        made = caller.post("Consent", declared(patient)).json()
        ends(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
        plain = refused(caller.get("DocumentReference", {"patient": short(patient.record_id)}), 403, "forbidden")
        (own,) = found(caller, patient)
        assert (own["id"], own["status"]) == (made["id"], "inactive")
        assert found(caller, patient, status="active") == []
        assert caller.get(f"Consent/{made['id']}").json() == own
        assert caller.patch(f"Consent/{made['id']}", END).json() == own
        nowhere = refused(caller.get(f"Consent/{fhir_id(patient.record_id, uuid7())}"), 404, "not-found")
        unknown = refused(caller.patch(f"Consent/{fhir_id(patient.record_id, uuid7())}", END), 404, "not-found")
        told.append((plain, nowhere, unknown, sorted(own), own["status"]))
    assert told[0] == told[1]
    assert refused(caller.post("Consent", declared(patient)), 403, "forbidden") == plain
    assert len(found(caller, patient)) == 1


def test_whom_a_minor_let_in_by_a_secret_and_blocked_learns_no_more_than_whose_consent_has_ended(server: str) -> None:
    child, _ = a_child(16)
    told = []
    for ends in (consent.withdraw, consent.block):
        doctor = people.a_doctor()
        caller = Caller.of(server, doctor)
        secret = {"meta": {"security": [{"system": VISIBILITY, "code": SECRET}]}}
        made = sound(caller.post("Consent", declared(child) | secret).json())
        ends(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=doctor.id)
        (own,) = found(caller, child)
        answers = [caller.get(f"Consent/{made['id']}"), caller.patch(f"Consent/{made['id']}", END)]
        assert [(each.status_code, each.json()) for each in answers] == [(200, own), (200, own)]
        told.append((sorted(own), own["status"], own["meta"]["security"]))
    assert told[0] == told[1]
    refused(caller.post("Consent", declared(child)), 403, "forbidden")


def test_who_is_blocked_and_never_had_anything_finds_nothing(server: str, patient: Resident) -> None:
    stranger, blocked = people.a_doctor(), people.a_doctor()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    assert found(Caller.of(server, blocked), patient) == found(Caller.of(server, stranger), patient) == []


def test_a_consent_that_the_person_gave_is_not_theirs_to_end_when_blocked(server: str, patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    caller = Caller.of(server, doctor)
    (own,) = found(caller, patient)
    refused(caller.patch(f"Consent/{own['id']}", END), 422, "consent-not-ended-here")


# Everybody


def test_unknown_and_not_yours_are_the_same(server: str, patient: Resident) -> None:
    """For whoever asks, and whether there is such a record or not."""
    doctor = people.authorised(patient, people.a_doctor())
    (given,) = found(Caller.of(server, doctor), patient)
    blocked = people.a_doctor()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    block = next(each for each in found(holder(server, patient), patient) if each["provision"]["type"] == "deny")
    nowhere = [fhir_id(patient.record_id, uuid7()), fhir_id(uuid7(), uuid7()), "a-b"]
    strangers = [people.a_doctor(), blocked, people.a_person(), people.a_patient().actor, people.software()]
    for who in strangers:
        caller = Caller.of(server, who)
        addresses = [f"Consent/{each}" for each in (given["id"], block["id"], *nowhere)]
        read = [caller.get(each) for each in addresses]
        ended = [caller.patch(each, END) for each in addresses]
        assert {(each.status_code, each.content) for each in (*read, *ended)} == {(404, read[0].content)}
    assert found(holder(server, patient), patient, status="active")


def test_the_whole_cast(server: str, tokens: dict[str, str]) -> None:
    """In the record of somebody with no tie to any of them."""
    patient = people.a_patient()
    searched = dict.fromkeys(PEOPLE + SOFTWARE + OPERATORS, 403)
    searched |= {key: 200 if key in MAY_DECLARE else 403 for key in PROFESSIONALS}
    made = {key: 201 if status == 200 else status for key, status in searched.items()}
    callers = {key: Caller(server, tokens[key]) for key in KEYS}
    query = {"patient": short(patient.record_id)}
    assert {key: each.get("Consent", query).status_code for key, each in callers.items()} == searched
    express = [{"url": "urn:carnet:fhir:extension:express-consent", "valueBoolean": True}]
    sent = dict.fromkeys(KEYS, declared(patient, extension=express))
    sent |= dict.fromkeys(PEOPLE, given(patient, people.a_doctor()))
    assert {key: each.post("Consent", sent[key]).status_code for key, each in callers.items()} == made
    assert len(found(holder(server, patient), patient, _count="200")) == len(MAY_DECLARE) + 2
    answers = {key: Caller(server, tokens[key], {"X-Carnet-Purpose": "deposit"}).get("Consent", query) for key in KEYS}
    assert {each.status_code for each in answers.values()} == {403}, "nobody, for any other purpose"


@pytest.mark.parametrize(
    ("key", "status", "code"), [("claire", 404, "patient-unknown"), ("marc", 422, "record-not-open")]
)
def test_records_that_are_not_there(key: str, status: int, code: str, server: str, tokens: dict[str, str]) -> None:
    caller = Caller(server, tokens["dr-inconnu"])
    sent = declared(people.a_patient(), patient={"reference": f"Patient?identifier={identifier(key)}"})
    refused(caller.post("Consent", sent), status, code)
    refused(caller.get("Consent", {"patient.identifier": identifier(key)}), status, code)


def test_a_representative_reads_as_the_holder(server: str) -> None:
    child = people.a_patient(birth_date="2015-01-12")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    as_parent = Caller.of(server, parent, Purpose.REPRESENTATIVE)
    assert len(found(as_parent, child)) == 2
    refused(Caller.of(server, parent).get("Consent", {"patient": short(child.record_id)}), 403, "forbidden")
