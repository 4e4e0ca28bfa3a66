"""`Consent` by professionals: what they declare at a visit, and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carnet.consent import actions as consent
from carnet.consent.declaring import this_visit
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import short
from carnet.people.rules import Capacity
from tests import people
from tests.api.caller import JSON, Caller, codes_of, refused, token
from tests.api.consents import END, RPPS, SCOPE, a_patient_of_hers, declared, found, sound, told_to
from tests.people import Resident


@pytest.fixture
def patient() -> Resident:
    return a_patient_of_hers()


def test_a_declaration_opens_the_record_for_this_visit(server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    caller = Caller.of(server, doctor)
    documents = {"patient": short(patient.record_id), "status": "current"}
    refused(caller.get("DocumentReference", documents), 403, "forbidden")
    answer = caller.post("Consent", declared(patient))
    assert answer.status_code == 201, answer.text
    made = sound(answer.json())
    assert answer.headers["Location"].endswith(f"/fhir/Consent/{made['id']}")
    assert datetime.fromisoformat(made["provision"]["period"]["end"]) == this_visit(clock.now())
    assert made["performer"] == [made["provision"]["actor"][0]["reference"]]
    assert told_to(made) == doctor.name
    assert [line.action for line in people.trail(patient) if line.actor_id == doctor.id] == [
        "declare",
        "documents-search",
    ]
    assert len(caller.ids("DocumentReference", documents)) == 1
    assert caller.get(f"Consent/{made['id']}").json() == made
    assert found(caller, patient) == [made]


@pytest.mark.parametrize("form", ["day", "instant", "reference", "contained", "role", "minimal"])
def test_ways_to_declare(form: str, server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    number = {"system": RPPS, "value": f"8{people.rpps_of(doctor)}"}
    person = {"resourceType": "Practitioner", "id": "me", "identifier": [number]}
    role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]}
    day = (clock.now() + timedelta(days=90)).date()
    end = f"{day}T12:00:00+00:00"
    provision: JSON = {"type": "permit"}
    more: JSON = {}
    match form:
        case "day":
            provision["period"] = {"end": str(day)}
        case "instant":
            provision["period"] = {"start": clock.now().isoformat(timespec="seconds"), "end": end}
        case "reference":
            bare = {"system": "https://rpps.esante.gouv.fr", "value": people.rpps_of(doctor)}
            provision["actor"] = [{"role": role, "reference": {"type": "Practitioner", "identifier": bare}}]
            provision["purpose"] = [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]
        case "contained":
            more["contained"] = [person]
            provision["actor"] = [{"role": role, "reference": {"reference": "#me"}}]
        case "role":
            mine = {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "#me"}}
            more["contained"] = [person, mine]
            provision["actor"] = [{"role": role, "reference": {"reference": "#role"}}]
        case _:
            more["patient"] = {"identifier": {"system": token(patient).partition("|")[0], "value": patient.ins}}
    answer = Caller.of(server, doctor).post(
        "Consent", declared(patient, provision=provision, **more), Prefer=f"return={form}"
    )
    assert answer.status_code == 201, answer.text
    if form == "minimal":
        assert answer.content == b""
        return
    until = datetime.fromisoformat(sound(answer.json())["provision"]["period"]["end"])
    if form == "day":
        assert until.astimezone(UTC) > datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=22)
    elif form == "instant":
        assert until == datetime.fromisoformat(end)


def test_occupational_medicine_needs_it_in_so_many_words(server: str, patient: Resident) -> None:
    caller = Caller.of(server, people.a_doctor(capacity=Capacity.OCCUPATIONAL))
    documents = {"patient": short(patient.record_id), "status": "current"}
    assert codes_of(refused(caller.post("Consent", declared(patient)), 422)) == {"consent-express"}
    refused(caller.get("DocumentReference", documents), 403, "forbidden")
    assert found(caller, patient) == []
    # Who is blocked is told the same, and leaves no line either.
    blocked = people.a_doctor(capacity=Capacity.OCCUPATIONAL)
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=blocked.id)
    before = people.acts_of_people(patient.record_id)
    answer = Caller.of(server, blocked).post("Consent", declared(patient))
    assert codes_of(refused(answer, 422)) == {"consent-express"}
    assert people.acts_of_people(patient.record_id) == before
    express = [{"url": "urn:carnet:fhir:extension:express-consent", "valueBoolean": True}]
    assert sound(caller.post("Consent", declared(patient, extension=express)).json())["extension"] == express
    assert caller.get("DocumentReference", documents).status_code == 200


def test_a_professional_ends_what_they_declared(server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    caller = Caller.of(server, doctor)
    made = caller.post("Consent", declared(patient)).json()
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "operation",
                "part": [
                    {"name": "type", "valueCode": "replace"},
                    {"name": "path", "valueString": "Consent.status"},
                    {"name": "value", "valueCode": "inactive"},
                ],
            }
        ],
    }
    ended = sound(caller.patch(f"Consent/{made['id']}", parameters, "application/fhir+json").json())
    assert ended["status"] == "inactive"
    documents = {"patient": short(patient.record_id), "status": "current"}
    refused(caller.get("DocumentReference", documents), 403, "forbidden")
    assert [line.action for line in people.trail(patient) if line.outcome == "done" and line.actor_id == doctor.id] == [
        "withdraw",
        "declare",
    ]


def test_what_the_person_gave_is_the_persons_to_end(server: str, patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    caller = Caller.of(server, doctor)
    (given,) = found(caller, patient)
    assert "performer" not in given
    refused(caller.patch(f"Consent/{given['id']}", END), 422, "consent-not-ended-here")
    assert found(caller, patient) == [given]
    assert [(line.action, line.outcome) for line in people.trail(patient)].count(("withdraw", "refused")) == 1


@pytest.mark.parametrize(
    "patch",
    [
        [],
        [{"op": "replace", "path": "/status", "value": "active"}],
        [{"op": "replace", "path": "/status", "value": "entered-in-error"}],
        [{"op": "remove", "path": "/status"}],
        [*END, {"op": "replace", "path": "/provision/period/end", "value": "2099-01-01"}],
        [{"op": "test", "path": "/status", "value": "active"}],
        ["status"],
        [None],
    ],
)
def test_nothing_else_changes(patch: Any, server: str, patient: Resident) -> None:
    caller = Caller.of(server, people.a_doctor())
    made = caller.post("Consent", declared(patient)).json()
    refused(caller.patch(f"Consent/{made['id']}", patch), 422)
    assert found(caller, patient) == [made]
    for method in ("PUT", "DELETE"):
        refused(caller.send(method, f"Consent/{made['id']}"), 405, "not-allowed")


TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
OTHER = {"reference": {"identifier": {"system": RPPS, "value": "810001001014"}}, "role": {"text": "x"}}
HOUSE = {
    "reference": {"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1490000123"}},
    "role": {"text": "x"},
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "proposed"}, "consent-status"),
        ({"scope": {"coding": [SCOPE | {"code": "research"}]}}, "consent-scope"),
        ({"provision": {"type": "deny"}}, "consent-permit"),
        ({"provision": {"period": {"end": TOMORROW}}}, "required"),
        ({"provision": None}, "required"),
        ({"provision": {"type": "permit", "actor": [OTHER]}}, "consent-actor"),
        ({"provision": {"type": "permit", "actor": [HOUSE]}}, "consent-actor"),
        ({"provision": {"type": "permit", "actor": [OTHER, OTHER]}}, "too-many"),
        ({"provision": {"type": "permit", "period": {"end": "2020-01-01"}}}, "consent-period"),
        ({"provision": {"type": "permit", "period": {"end": "2999"}}}, "consent-period"),
        ({"provision": {"type": "permit", "period": {"start": TOMORROW}}}, "consent-period"),
        ({"provision": {"type": "permit", "purpose": [{"code": "HMARKT"}]}}, "consent-purpose"),
        ({"provision": {"type": "permit", "securityLabel": [{"code": "N"}]}}, "consent-narrower"),
        ({"provision": {"type": "permit", "provision": [{"type": "deny"}]}}, "consent-narrower"),
        ({"sourceAttachment": {"title": "Accord signé"}}, "forbidden-element"),
        ({"modifierExtension": [{"url": "urn:x:y", "valueBoolean": True}]}, "modifier-not-supported"),
        ({"patient": {"display": "Camille"}}, "subject-form"),
        ({"provison": {}}, "element-unknown"),
    ],
)
def test_what_cannot_be_declared(changes: JSON, code: str, server: str, patient: Resident) -> None:
    caller = Caller.of(server, people.a_doctor())
    sent = {name: value for name, value in declared(patient, **changes).items() if value is not None}
    answer = caller.post("Consent", sent)
    assert code in codes_of(refused(answer, 422))
    assert found(caller, patient) == []
