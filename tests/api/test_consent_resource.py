"""Consent: what a person gave and refused, as software reads it; declared and ended by professionals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.actions import Grantee
from carnet.consent.declaring import this_visit
from carnet.consent.facts import Choices
from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from tests import people
from tests.api.caller import FORM, JSON, Caller, codes_of, refused, token
from tests.cast import KEYS, OPERATORS, PEOPLE, PROFESSIONALS, SOFTWARE, identifier
from tests.people import Resident

RPPS = "urn:oid:1.2.250.1.71.4.2.1"
SCOPE = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
END = [{"op": "replace", "path": "/status", "value": "inactive"}]
MAY_DECLARE = set(PROFESSIONALS) - {"med-conseil", "secretaire", "pmi"}


def declared(patient: Resident, /, **changes: Any) -> JSON:
    """As a professional's software sends it."""
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [SCOPE]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": f"Patient?identifier={token(patient)}"},
        "policy": [{"uri": "urn:oid:1.2.3"}],
        "provision": {"type": "permit"},
    } | changes


def sound(resource: JSON) -> JSON:
    """Valid FHIR R4, and what ppc-1 and ppc-2 ask beyond its structure."""
    problems = Problems()
    structure.check(resource, "Consent", problems, "Consent", strict=True)
    assert problems.issues == ()
    assert resource["policy"][0]["uri"].startswith("urn:carnet:access-rules:")
    assert resource["patient"]["reference"].startswith("Patient/")
    return resource


def found(caller: Caller, patient: Resident, **query: str) -> list[JSON]:
    bundle = caller.found("Consent", {"patient": short(patient.record_id), **query})
    entries = [sound(entry["resource"]) for entry in bundle.get("entry", ())]
    assert bundle["total"] == len(entries)
    for entry in bundle.get("entry", ()):
        assert entry["fullUrl"].endswith(f"Consent/{entry['resource']['id']}")
    return entries


def holder(server: str, patient: Resident) -> Caller:
    return Caller.of(server, patient.actor)


def told_to(resource: JSON) -> str:
    return str(resource["provision"]["actor"][0]["reference"]["display"])


@pytest.fixture
def patient() -> Resident:
    found = people.a_patient()
    people.deposited(people.software(), found)
    return found


# The holder


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
    plain = caller.post("Consent", declared(patient)).json()
    refused(caller.get("DocumentReference", documents), 403, "forbidden")
    assert [each["id"] for each in found(caller, patient)] == [plain["id"]], "one's own declaration is there"
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
    assert {key: each.post("Consent", declared(patient)).status_code for key, each in callers.items()} == made
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
