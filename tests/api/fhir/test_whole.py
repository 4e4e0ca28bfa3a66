"""The record as a whole for software: `$everything`, `$summary`, `$new-since`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.formats.clinical.model import Encounter, Entry, Kind, Problem
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.fhir import entries as fhir
from carnet.formats.fhir import ips, structure
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.health import stating as stating_words
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import fhir_id, short
from tests import people
from tests.aging import move_lines
from tests.api.caller import JSON, Caller, refused, token
from tests.api.fhir.given import EVERY, Stated, everything
from tests.documents.test_changing import MASK
from tests.health.stated import result, stating
from tests.people import Resident

IPS: Final = "http://hl7.org/fhir/uv/ips/StructureDefinition/"


@pytest.fixture(scope="module")
def given(server: str) -> Stated:
    return everything()


@pytest.fixture(scope="module")
def holder(server: str, given: Stated) -> Caller:
    return Caller.of(server, given.patient.actor)


def sound(resource: JSON) -> JSON:
    problems = Problems()
    structure.check(resource, resource["resourceType"], problems, resource["resourceType"], strict=True)
    assert problems.issues == ()
    return resource


def on(patient: Resident, operation: str) -> str:
    return f"Patient/{short(patient.record_id)}/${operation}"


def got(caller: Caller, address: str, query: Any = None) -> JSON:
    answer = caller.get(address, query)
    assert answer.status_code == 200, answer.text
    return sound(answer.json())


def resources(bundle: JSON) -> list[JSON]:
    return [each["resource"] for each in bundle.get("entry", ()) if "resource" in each]


def addresses(bundle: JSON) -> list[str]:
    return [f"{each['resourceType']}/{each['id']}" for each in resources(bundle)]


def pages(caller: Caller, address: str, query: Any = None) -> list[JSON]:
    found = []
    while address:
        found.append(got(caller, address, query))
        address = next((each["url"] for each in found[-1]["link"] if each["relation"] == "next"), "")
        query = None
    return found


def test_everything_page_by_page(given: Stated, holder: Caller) -> None:
    whole = addresses(got(holder, on(given.patient, "everything")))
    assert whole[0] == f"Patient/{short(given.patient.record_id)}"
    kinds = {each.partition("/")[0] for each in whole}
    assert kinds == {"Patient", "DocumentReference", "Provenance", *TYPES}
    paged = pages(holder, on(given.patient, "everything"), {"_count": "3"})
    assert len(paged) == 5
    assert sorted(each for page in paged for each in addresses(page)) == sorted(whole)
    for entry in (each for each in whole if each.partition("/")[0] in TYPES):
        assert holder.get(entry).status_code == 200


def test_everything_narrowed(given: Stated, holder: Caller) -> None:
    def found(**query: str) -> set[str]:
        return {each.partition("/")[0] for each in addresses(got(holder, on(given.patient, "everything"), query))}

    assert found(_type="Condition,Patient") == {"Condition", "Patient"}
    assert found(_type="Encounter", start="2024-01-01", end="2024-12-31") == {"Encounter"}
    assert found(_type="Encounter,AllergyIntolerance", start="2025") == {"AllergyIntolerance"}, "what has no date stays"
    assert found(_type="Condition,DocumentReference", _since="2999-01-01T00:00:00Z") == set()
    assert found(_type="Condition,DocumentReference", _since="2020-01-01T00:00:00Z") == {
        "Condition",
        "DocumentReference",
    }
    for wrong in (
        {"_type": "Claim"},
        {"_since": "yesterday"},
        {"start": "ge2024"},
        {"_count": "0"},
        {"_cursor": "a~b"},
    ):
        refused(holder.get(on(given.patient, "everything"), wrong), 400, "search-value")


def test_everything_is_for_the_holder(given: Stated, server: str) -> None:
    doctor = people.authorised(given.patient, people.a_doctor())
    for other in (doctor, people.a_doctor(), people.a_person(), people.software()):
        refused(Caller.of(server, other).get(on(given.patient, "everything")), 403, "forbidden")
    nobody = Caller.of(server, people.a_person())
    unknown = nobody.get(f"Patient/{'a' * 26}/$everything")
    assert unknown.content == nobody.get(on(given.patient, "everything")).content


def masked(patient: Resident, document_id: Any) -> None:
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=document_id, wanted=MASK)


def a_doctor_of(server: str, patient: Resident) -> tuple[Actor, Caller]:
    doctor = people.authorised(patient, people.a_doctor())
    return doctor, Caller.of(server, doctor)


def test_a_summary_says_what_it_says_and_nothing_hidden(given: Stated, server: str) -> None:
    patient = given.patient
    _, caller = a_doctor_of(server, patient)
    summary = got(caller, on(patient, "summary"))
    assert summary["type"] == "document"
    assert summary["meta"]["profile"] == [f"{IPS}Bundle-uv-ips"]
    composition = summary["entry"][0]["resource"]
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    assert {each["resourceType"] for each in resources(summary)} >= {"Patient", *TYPES} - {
        "MedicationRequest",
        "MedicationDispense",
    }
    named = got(caller, "Patient/$summary", {"identifier": token(patient), "language": "en"})
    assert named["entry"][0]["resource"]["language"] == "en"
    for wrong in ({"language": "de"}, {"profile": "http://example.org/other"}, {"persist": "maybe"}):
        refused(caller.get(on(patient, "summary"), wrong), 400, "search-value")
    refused(caller.get(on(patient, "summary"), {"persist": "true"}), 405, "not-allowed")
    refused(Caller.of(server, people.a_doctor()).get(on(patient, "summary")), 403, "forbidden")


def test_an_empty_summary_says_that_nothing_is_known(server: str) -> None:
    patient = people.a_patient()
    summary = got(Caller.of(server, patient.actor), on(patient, "summary"))
    sections = summary["entry"][0]["resource"]["section"]
    assert {each["code"]["coding"][0]["code"] for each in sections} == {"10160-0", "48765-2", "11450-4"}
    assert all(each["emptyReason"]["coding"][0]["code"] == "unavailable" for each in sections)


def test_a_summary_takes_the_latest_value_and_leaves_out_what_was_wrong(server: str) -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    stating(patient, result("9.2", day="2024-05-01"), of=first, by=laboratory)
    stating(patient, result("2.9", day="2024-05-01"), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    stating(patient, result("1.1", day="2020-01-01"))
    hidden = stating(patient, result("7.7", day="2025-01-01"))
    masked(patient, hidden.id)
    _, caller = a_doctor_of(server, patient)

    def values(caller: Caller) -> list[float]:
        summary = got(caller, on(patient, "summary"))
        return [each["valueQuantity"]["value"] for each in resources(summary) if each["resourceType"] == "Observation"]

    assert values(caller) == [2.9]
    assert values(Caller.of(server, patient.actor)) == [7.7]


def test_a_summary_is_deposited_and_read_back_equal(server: str) -> None:
    patient = people.a_patient()
    stating(patient, *EVERY.values())
    doctor, caller = a_doctor_of(server, patient)
    kept_from_others = stating(patient, result("9.9", day="2025-04-01"), by=doctor, of=people.entry())
    masked(patient, kept_from_others.id)
    assert "9.9" in caller.get(on(patient, "summary")).text, "its author sees it"
    answer = caller.post(f"{on(patient, 'summary')}?persist=true", b"")
    assert answer.status_code == 201, answer.text
    assert "9.9" not in answer.text, "what is kept from others is not told to them by a summary"
    stored = caller.get(answer.headers["Location"])
    assert stored.content == answer.content
    read = ips.read(stored.content)
    assert read.faults == ()
    assert {type(each) for each in read.entries} >= {type(each) for each in EVERY.values()}
    entry = caller.get(f"DocumentReference/{answer.headers['Location'].rpartition('/')[2]}").json()
    assert entry["type"]["coding"][0]["code"] == "60591-5"
    actions = [line.action for line in people.trail(patient) if line.actor_id == doctor.id]
    assert "summary-deposited" in actions
    assert "document-deposit" in actions
    mine = Caller.of(server, patient.actor).post(f"{on(patient, 'summary')}?persist=true", b"")
    refused(mine, 403, "scope-insufficient")
    system, number = token(patient).split("|")
    named = {"name": "identifier", "valueIdentifier": {"system": system, "value": number}}
    body = {"resourceType": "Parameters", "parameter": [{"name": "persist", "valueBoolean": True}, named]}
    again = caller.post("Patient/$summary", body)
    assert again.status_code == 201, again.text


_AGED: Final = (
    "update record.health_statement set known_at = known_at - %(by)s where record_id = %(id)s",
    "update record.documents_document set deposited_at = deposited_at - %(by)s where record_id = %(id)s",
    "update record.documents_document set updated_at = updated_at - %(by)s where record_id = %(id)s",
)


def aged(patient: Resident, by: timedelta) -> None:
    """All that was done is longer ago."""
    with database.connect(config.load(), "owner") as owner:
        move_lines(owner, "record_id", patient.record_id, by)
        for statement in _AGED:
            owner.execute(statement, {"by": by, "id": patient.record_id})


def counts(bundle: JSON) -> dict[str, Any]:
    (told,) = bundle["meta"]["extension"]
    return {each["url"]: next(value for name, value in each.items() if name != "url") for each in told["extension"]}


def told(bundle: JSON) -> list[tuple[str, str]]:
    return [
        (each["request"]["method"], each["fullUrl"].rpartition("/fhir/")[2].partition("/")[0])
        for each in bundle.get("entry", ())
    ]


def test_what_is_new_since_the_last_visit(server: str) -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    doctor, caller = a_doctor_of(server, patient)
    stating(patient, result("9.2"), result("5.5", day="2023-01-01"), of=first, by=laboratory)
    fresh = got(caller, on(patient, "new-since"))
    assert counts(fresh) == {"new": 3, "corrected": 0, "withdrawn": 0}
    assert sorted(told(fresh)) == [("POST", "DocumentReference"), ("POST", "Observation"), ("POST", "Observation")]
    assert got(caller, on(patient, "new-since"))["total"] == 3, "asked again within the visit it is answered again"
    aged(patient, timedelta(hours=2))
    assert got(caller, on(patient, "new-since"))["total"] == 0
    aged(patient, timedelta(hours=2))
    before = clock.now()
    second = people.entry(replaces=(first.unique_id,))
    stating(patient, result("2.9"), of=second, by=laboratory)
    stating(patient, result("3.3", day="2024-06-01"), by=doctor)
    hidden = stating(patient, result("7.7", day="2024-07-01"))
    masked(patient, hidden.id)
    news = got(caller, on(patient, "new-since"))
    since = counts(news).pop("since")
    assert since < before.isoformat()
    assert counts(news) == {"since": since, "new": 2, "corrected": 2, "withdrawn": 1}
    assert sorted(told(news)) == [
        ("DELETE", "Observation"),
        ("POST", "DocumentReference"),
        ("POST", "Observation"),
        ("PUT", "DocumentReference"),
        ("PUT", "Observation"),
    ]
    moments = [each["response"]["lastModified"] for each in news["entry"]]
    assert moments == sorted(moments, reverse=True)
    wrong = next(
        each["resource"]
        for each in news["entry"]
        if each["request"]["method"] == "PUT" and each["resource"]["resourceType"] == "Observation"
    )
    assert wrong["status"] == "entered-in-error"
    assert fhir_id(patient.record_id, hidden.id) not in str(news)
    assert {line.action for line in people.trail(patient) if line.actor_id == doctor.id} >= {"new-since-read"}
    everything_since = got(caller, on(patient, "new-since"), {"since": "2020-01-01"})
    assert counts(everything_since)["new"] == 2
    assert got(caller, "Patient/$new-since", {"identifier": token(patient), "since": "2999"})["total"] == 0


def a_problem(name: str) -> Entry:
    return Problem(kind=Kind.PROBLEM, code=Concept(name), status="active")


def noting(doctor: Actor, patient: Resident, name: str, *, instead_of: UUID | None = None) -> UUID:
    made = stating_words.state(
        doctor, Purpose.CARE, record_id=patient.record_id, entry=a_problem(name), instead_of=instead_of
    )
    return made.id


def test_a_note_that_is_corrected_is_one_event(server: str) -> None:
    """The newest, which names what it stands for; to who did not know that, it is new."""
    patient = people.a_patient()
    author = people.authorised(patient, people.a_doctor())
    _, caller = a_doctor_of(server, patient)
    first = noting(author, patient, "Asthme")
    before = got(caller, on(patient, "new-since"))["entry"][0]["resource"]
    aged(patient, timedelta(hours=2))
    second = noting(author, patient, "Asthme léger", instead_of=first)
    noting(author, patient, "Asthme sévère", instead_of=second)
    noting(author, patient, "Migraine")
    news = got(caller, on(patient, "new-since"))
    assert {name: counts(news)[name] for name in ("new", "corrected", "withdrawn")} == {
        "new": 1,
        "corrected": 1,
        "withdrawn": 0,
    }
    (corrected,) = (each for each in news["entry"] if each["request"]["method"] == "PUT")
    assert corrected["resource"]["code"]["text"] == "Asthme sévère"
    assert "entered-in-error" not in str(corrected)
    (extension,) = corrected["extension"]
    assert extension["valueReference"]["reference"] == f"Condition/{before['id']}"
    assert "léger" not in str(news)
    _, other = a_doctor_of(server, patient)
    assert counts(got(other, on(patient, "new-since"))) == {"new": 2, "corrected": 0, "withdrawn": 0}


def test_what_a_correction_stands_for_is_told_to_who_might_know_it(server: str) -> None:
    """What was kept from a reader is not said to have been there."""
    patient = people.a_patient()
    author = people.authorised(patient, people.a_doctor())
    _, caller = a_doctor_of(server, patient)
    hidden = stating_words.state(
        patient.actor, Purpose.SELF, record_id=patient.record_id, entry=a_problem("Tu"), masked=True
    )
    noting(author, patient, "Asthme")
    assert got(caller, on(patient, "new-since"))["total"] == 1
    aged(patient, timedelta(hours=2))
    stating_words.state(
        patient.actor, Purpose.SELF, record_id=patient.record_id, entry=a_problem("Dit"), instead_of=hidden.id
    )
    news = got(caller, on(patient, "new-since"))
    assert told(news) == [("POST", "Condition")]
    assert "extension" not in news["entry"][0]


def withdrawn_since(caller: Caller, patient: Resident, **asked: str) -> set[str]:
    news = got(caller, on(patient, "new-since"), asked)
    return {
        each["fullUrl"].rpartition("/")[2] for each in news.get("entry", ()) if each["request"]["method"] == "DELETE"
    }


def taken_back(patient: Resident, laboratory: Actor, document_id: UUID) -> None:
    withdraw(laboratory, Purpose.DEPOSIT, record_id=patient.record_id, document_id=document_id, cause=Cause.WITHDRAWN)


def test_a_document_that_was_withdrawn_is_told_to_who_knew_it(server: str) -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    _, caller = a_doctor_of(server, patient)
    stating(patient, result(), of=first, by=laboratory)
    kept = stating(patient, result("5.5"), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    hidden = stating(patient, result("7.7"), by=laboratory)
    masked(patient, hidden.id)
    assert got(caller, on(patient, "new-since"))["total"]
    aged(patient, timedelta(hours=2))
    came_and_went = stating(patient, result("3.3"), by=laboratory)
    late = a_doctor_of(server, patient)[1]
    for each in (kept, hidden, came_and_went):
        taken_back(patient, laboratory, each.id)
    address = fhir_id(patient.record_id, kept.id)
    assert withdrawn_since(caller, patient) == {address}, (
        "the last version alone, and nothing of what was kept from them"
    )
    assert withdrawn_since(caller, patient, since="2020-01-01") == set(), "it was not there then"
    assert withdrawn_since(late, patient, since="2999") == set()
    moment = (clock.now() - timedelta(minutes=30)).isoformat()
    assert withdrawn_since(caller, patient, since=moment) == {address}
    assert withdrawn_since(late, patient, since=moment) == set(), "who came later knows of nothing that is gone"
    assert withdrawn_since(Caller.of(server, laboratory), patient, since=moment) == set(), "they did it"


def test_a_document_in_some_hands_alone_goes_unseen_by_others(server: str) -> None:
    patient, laboratory = people.a_patient(), people.software()
    _, caller = a_doctor_of(server, patient)
    done = stating(patient, result(), by=laboratory)
    assert got(caller, on(patient, "new-since"))["total"]
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.documents_document set readers = array[gen_random_uuid()] where record_id = %s and id = %s",
            (patient.record_id, done.id),
        )
    aged(patient, timedelta(hours=2))
    taken_back(patient, laboratory, done.id)
    assert withdrawn_since(caller, patient) == set()


def test_what_was_called_off_is_told_with_its_status(server: str) -> None:
    """A visit that did not take place is no less news than one that did: who takes it over reads its status."""
    patient = people.a_patient()
    _, caller = a_doctor_of(server, patient)
    visit = Encounter(kind=Kind.ENCOUNTER, code=Concept("Consultation"), status="cancelled", when=Span("2026-01-05"))
    stating(patient, visit)
    news = got(caller, on(patient, "new-since"))
    assert [each["status"] for each in resources(news) if each["resourceType"] == "Encounter"] == ["cancelled"]


def test_news_are_refused_like_the_rest(given: Stated, server: str) -> None:
    refused(Caller.of(server, people.a_doctor()).get(on(given.patient, "new-since")), 403, "forbidden")
    caller = Caller.of(server, people.authorised(given.patient, people.a_doctor()))
    refused(caller.get(on(given.patient, "new-since"), {"since": "soon"}), 400, "search-value")
    refused(caller.get("Patient/$new-since"), 400, "search-identifier-required")
    refused(caller.get("Patient/nonsense/$new-since"), 404, "not-found")


def test_the_summary_of_entries_is_read_as_those_entries(given: Stated, holder: Caller) -> None:
    answer = holder.get(on(given.patient, "summary"))
    read = ips.read(answer.content)
    assert read.faults == ()
    assert len(read.entries) == len(EVERY) + 1
    assert fhir.load(answer.content)["resourceType"] == "Bundle"
