"""The structured record for software: what is found by which parameter, and what each reader is told."""

from __future__ import annotations

from typing import Any, Final

import pytest

from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.health.stating import state as stating_oneself
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import short
from tests import people
from tests.api.caller import FORM, JSON, Caller, refused, token
from tests.api.fhir.given import CODES, EVERY, Stated, everything
from tests.documents.test_changing import MASK
from tests.health.stated import kept, result, stating
from tests.people import Resident

SILENT: Final = "_total=none"


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


def of(patient: Resident, **more: str) -> dict[str, str]:
    return {"patient": short(patient.record_id), **more}


def resources(bundle: JSON, mode: str = "match") -> list[JSON]:
    return [each["resource"] for each in bundle.get("entry", ()) if each["search"]["mode"] == mode]


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_found_read_and_told_from_where(kind: str, given: Stated, holder: Caller) -> None:
    by_code = of(given.patient, code=CODES[kind], _revinclude="Provenance:target")
    bundle = holder.found(kind, by_code)
    (found,) = resources(bundle)
    assert bundle["total"] == 1
    sound(found)
    assert found["resourceType"] == kind
    (origin,) = resources(bundle, "include")
    sound(origin)
    assert [each["reference"] for each in origin["target"]] == [f"{kind}/{found['id']}"]
    assert [each["what"]["reference"] for each in origin["entity"]] == [f"DocumentReference/{given.document.fhir_id}"]
    assert holder.get(f"{kind}/{found['id']}").json() == found
    assert holder.get(f"Provenance/{found['id']}").json() == origin
    (other,) = resources(holder.found("Provenance", {"target": f"{kind}/{found['id']}"}))
    assert other == origin
    form = holder.post(f"{kind}/_search", b"code=" + CODES[kind].encode(), FORM)
    refused(form, 400, "search-patient-required")
    named = f"patient.identifier={token(given.patient)}&code={CODES[kind]}".encode()
    assert [each["id"] for each in resources(holder.post(f"{kind}/_search", named, FORM).json())] == [found["id"]]
    elsewhere = next(each for each in TYPES if each != kind)
    refused(holder.get(f"{elsewhere}/{found['id']}"), 404, "not-found")
    assert holder.found("Provenance", {"target": f"{elsewhere}/{found['id']}"}).get("entry", []) == []


# Parameters that find the one entry of the type, and others that find none.
ASKED: Final[dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "Observation": (
        {
            "code": "http://loinc.org|3016-3",
            "category": "http://terminology.hl7.org/CodeSystem/observation-category|laboratory",
            "date": "ge2024-03-12&date=lt2024-03-13",
            "status": "final",
            "status:not": "preliminary",
            "_lastUpdated": "gt2020",
        },
        {"code": "718-7", "date": "2023", "status": "entered-in-error", "_lastUpdated": "lt2020"},
    ),
    "Condition": (
        {
            "code": "38341003",
            "onset-date": "2019",
            "date": "2019",
            "clinical-status": "active",
            "verification-status": "confirmed",
            "verification-status:not": "refuted",
        },
        {
            "onset-date": "gt2020",
            "clinical-status": "resolved",
            "clinical-status:not": "active",
            "verification-status": "entered-in-error",
        },
    ),
    "AllergyIntolerance": (
        {"category": "medication", "clinical-status": "active", "verification-status": "unconfirmed,confirmed"},
        {"category": "food", "date": "gt1900"},
    ),
    "MedicationStatement": (
        {"effective": "2020-01-01", "status": "active", "code": "http://www.whocc.no/atc|C09AA05"},
        {"effective": "lt2019", "status": "stopped"},
    ),
    "MedicationRequest": ({"authoredon": "2024-03", "date": "2024-03"}, {"authoredon": "2023"}),
    "MedicationDispense": ({"whenhandedover": "2024-03-02", "status": "completed"}, {"whenhandedover": "2025"}),
    "Immunization": ({"vaccine-code": "J07AM51", "date": "2018-06"}, {"vaccine-code": "J07", "status": "not-done"}),
    "Procedure": ({"date": "2001-07-04", "status": "completed"}, {"date": "ne2001-07-04", "status": "unknown"}),
    "Encounter": ({"type": "11429006", "class": "IMP", "date": "2024"}, {"class": "AMB", "status": "planned"}),
    "FamilyMemberHistory": (
        {"code": "73211009", "relationship": "MTH", "status": "completed"},
        {"code": "MTH", "relationship": "FTH"},
    ),
    "DeviceUseStatement": ({"code": "14106009", "date": "2015", "status": "active"}, {"status": "completed"}),
}


def asked(given: Stated, name: str, value: str) -> list[tuple[str, str]]:
    first, *more = value.split("&")
    others = [(key, rest) for key, _, rest in (each.partition("=") for each in more)]
    return [("patient", short(given.patient.record_id)), (name, first), *others]


@pytest.mark.parametrize("kind", ASKED)
def test_each_parameter_finds_and_leaves_out(kind: str, given: Stated, holder: Caller) -> None:
    code = CODES[kind]
    (mine,) = holder.ids(kind, of(given.patient, code=code))
    finding, missing = ASKED[kind]
    for name, value in finding.items():
        assert mine in holder.ids(kind, asked(given, name, value)), (name, value)
    for name, value in missing.items():
        assert mine not in holder.ids(kind, asked(given, name, value)), (name, value)


def test_a_part_is_found_by_its_code(given: Stated, holder: Caller) -> None:
    for name in ("component-code", "combo-code"):
        assert len(holder.ids("Observation", of(given.patient, **{name: "8480-6"}))) == 1
    assert holder.ids("Observation", of(given.patient, code="8480-6")) == set()


def test_pages_go_on_in_their_order_and_only_for_who_asked(server: str) -> None:
    patient = people.a_patient()
    days = [f"2024-{month:02d}-01" for month in range(1, 10)]
    stating(patient, *(result(f"{number}.5", day=day) for number, day in enumerate(days)))
    caller = Caller.of(server, patient.actor)
    for sort, expected in (("-date", days[::-1]), ("date", days), ("", days[::-1])):
        seen, address = [], "Observation"
        query: Any = of(patient, _count="4", **({"_sort": sort} if sort else {}))
        while address:
            bundle = caller.found(address, query)
            assert bundle["total"] == len(days)
            seen += [each["effectiveDateTime"] for each in resources(bundle)]
            links = {each["relation"]: each["url"] for each in bundle["link"]}
            address, query = links.get("next", ""), None
        assert seen == expected
    following = next(
        each["url"]
        for each in caller.found("Observation", of(patient, _count="4"))["link"]
        if each["relation"] == "next"
    )
    doctor = people.authorised(patient, people.a_doctor())
    refused(Caller.of(server, doctor).get(following), 400, "search-value")
    refused(caller.get(following.replace("Observation", "Condition")), 400, "search-value")


def test_counts_totals_and_what_is_not_understood(given: Stated, holder: Caller) -> None:
    counted = holder.found("Observation", of(given.patient, _summary="count"))
    assert (counted["total"], counted.get("entry")) == (2, None)
    assert "total" not in holder.found("Observation", of(given.patient, _total="none"))
    lenient = holder.found("Observation", of(given.patient, flavour="sweet"))
    assert "flavour" not in lenient["link"][0]["url"]
    strict = {"Prefer": "handling=strict"}
    refused(holder.get("Observation", of(given.patient, flavour="sweet"), **strict), 400, "search-parameter")
    refused(holder.get("Observation", of(given.patient, _revinclude="Patient:general-practitioner")), 400)
    refused(holder.get("Observation", of(given.patient, **{"code:below": "3016-3"})), 400, "search-modifier")
    refused(holder.get("Provenance", of(given.patient)), 400, "search-target-required")
    refused(holder.post("Observation", EVERYTHING_WRONG), 405, "not-allowed")


EVERYTHING_WRONG: Final[JSON] = {"resourceType": "Observation"}


def hidden_and_shown() -> tuple[Resident, str, str]:
    """A result of two documents, of which one is masked, and another result of the masked one alone."""
    patient = people.a_patient()
    shown = stating(patient, result())
    hidden = stating(patient, result(), result("9.9", day="2024-04-01"))
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=hidden.id, wanted=MASK)
    return patient, shown.fhir_id, hidden.fhir_id


def test_a_hidden_source_is_nowhere(server: str) -> None:
    patient, shown, hidden = hidden_and_shown()
    doctor = Caller.of(server, people.authorised(patient, people.a_doctor()))
    mine = Caller.of(server, patient.actor)
    whole = mine.found("Observation", of(patient))
    assert whole["total"] == 2
    bundle = doctor.found("Observation", of(patient, _revinclude="Provenance:target"))
    (seen,) = resources(bundle)
    assert bundle["total"] == 1
    (origin,) = resources(bundle, "include")
    assert [each["what"]["reference"] for each in origin["entity"]] == [f"DocumentReference/{shown}"]
    (secret,) = [each for each in resources(whole) if each["id"] != seen["id"]]
    unknown = f"{short(patient.record_id)}-{'a' * 26}"
    for kind in ("Observation", "Provenance"):
        told = doctor.get(f"{kind}/{secret['id']}")
        assert told.status_code == 404
        assert told.content == doctor.get(f"{kind}/{unknown}").content
    assert doctor.found("Provenance", {"target": f"Observation/{secret['id']}"}).get("total") == 0
    assert doctor.ids("Observation", of(patient, _id=secret["id"])) == set()
    assert hidden not in doctor.get("Observation", of(patient, _revinclude="Provenance:target")).text


def test_a_corrected_result_is_told_to_who_asks_for_it(server: str) -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    stating(patient, result("9.2"), of=first, by=laboratory)
    caller = Caller.of(server, patient.actor)
    (wrong,) = resources(caller.found("Observation", of(patient)))
    stating(patient, result("2.9"), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    (right,) = resources(caller.found("Observation", of(patient)))
    assert right["valueQuantity"]["value"] == 2.9
    (struck,) = resources(caller.found("Observation", of(patient, status="entered-in-error")))
    assert sound(struck)["status"] == "entered-in-error"
    assert (struck["id"], struck["valueQuantity"]) == (wrong["id"], wrong["valueQuantity"])
    assert caller.get(f"Observation/{wrong['id']}").json() == struck
    assert caller.ids("Observation", of(patient, **{"status:not": "final"})) == set()
    assert caller.ids("Observation", of(patient, status="final")) == {right["id"]}


def test_the_words_of_a_person_have_no_document(server: str) -> None:
    patient = people.a_patient()
    said = stating_oneself(patient.actor, Purpose.SELF, record_id=patient.record_id, entry=EVERY["AllergyIntolerance"])
    caller = Caller.of(server, patient.actor)
    bundle = caller.found("AllergyIntolerance", of(patient, _revinclude="Provenance:target"))
    (allergy,), (origin,) = resources(bundle), resources(bundle, "include")
    assert allergy["id"].rpartition("-")[2] == short(said.fact)
    assert "entity" not in sound(origin)
    assert "ESSAI" in str(origin["contained"])


def test_what_is_withdrawn_is_gone(server: str) -> None:
    patient, laboratory = people.a_patient(), people.software()
    done = stating(patient, result(), by=laboratory)
    caller = Caller.of(server, patient.actor)
    (seen,) = caller.ids("Observation", of(patient))
    withdraw(laboratory, Purpose.DEPOSIT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT)
    assert caller.ids("Observation", of(patient)) == set()
    refused(caller.get(f"Observation/{seen}"), 404, "not-found")


def test_software_reads_what_is_of_its_own_documents(server: str) -> None:
    patient, laboratory = people.a_patient(), people.software()
    stating(patient, result(), by=laboratory)
    stating(patient, result("9.9", day="2024-04-01"))
    (mine,) = resources(Caller.of(server, laboratory).found("Observation", of(patient)))
    assert mine["valueQuantity"]["value"] == 2.1


def test_a_stranger_learns_nothing(given: Stated, holder: Caller, server: str) -> None:
    stranger = Caller.of(server, people.a_doctor())
    (known,) = holder.ids("Condition", of(given.patient))
    refused(stranger.get("Condition", of(given.patient)), 403, "forbidden")
    refused(stranger.get(f"Condition/{known}"), 403, "forbidden")
    assert stranger.ids("Condition", {"_id": known}) == set()
    assert stranger.found("Provenance", {"target": f"Condition/{known}"}).get("entry", []) == []


def test_a_search_leaves_its_line(server: str) -> None:
    patient = people.a_patient()
    stating(patient, result())
    doctor = people.authorised(patient, people.a_doctor())
    caller = Caller.of(server, doctor)
    (seen,) = caller.ids("Observation", of(patient))
    caller.get(f"Observation/{seen}")
    caller.get(f"Provenance/{seen}")
    lines = [line for line in people.trail(patient) if line.actor_id == doctor.id]
    assert [line.action for line in lines] == ["entries-search"] * 3
    assert {line.outcome for line in lines} == {"done"}


def test_what_the_reader_of_an_entry_is_given_again_is_the_entry(given: Stated, holder: Caller) -> None:
    """Read back from the interface, an entry is the one that the document states."""
    from dataclasses import replace

    from carnet.formats.fhir import entries as fhir

    for kind, entry in EVERY.items():
        answer = holder.get(kind, of(given.patient, code=CODES[kind]))
        (text,) = [each["resource"] for each in fhir.load(answer.content)["entry"]]
        read = fhir.read(text)
        assert read is not None
        assert replace(read, path="") == replace(entry, path=""), kind


def test_kept_again_it_has_the_same_address(server: str) -> None:
    patient, laboratory = people.a_patient(), people.software()
    done = stating(patient, result(), by=laboratory)
    caller = Caller.of(server, patient.actor)
    before = caller.ids("Observation", of(patient))
    kept(patient, done.id, result(), by=laboratory)
    assert caller.ids("Observation", of(patient)) == before
