"""AuditEvent: the trail of one's own record, as the page has it, in the shapes of IHE BALP."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.documents import queries, trail
from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import FORM, JSON, Caller, refused, token
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.cast import KEYS, identifier
from tests.people import Resident

RPPS = "urn:oid:1.2.250.1.71.4.2.1"
OUR_ACTION = "urn:carnet:action"


def sound(event: JSON) -> JSON:
    """Valid FHIR R4; a name or a query, not both (sev-1)."""
    problems = Problems()
    structure.check(event, "AuditEvent", problems, "AuditEvent", strict=True)
    assert problems.issues == ()
    assert not any("name" in each and "query" in each for each in event["entity"])
    assert sum(each["requestor"] for each in event["agent"]) == 1
    return event


def holder(server: str, patient: Resident) -> Caller:
    return Caller.of(server, patient.actor)


def query(patient: Resident, **more: str) -> dict[str, str]:
    return {"patient": short(patient.record_id), "_count": "200", **more}


def events(caller: Caller, patient: Resident, **more: str) -> list[JSON]:
    bundle = caller.found("AuditEvent", query(patient, **more))
    assert "total" not in bundle
    return [sound(entry["resource"]) for entry in bundle.get("entry", ())]


def action(event: JSON) -> str:
    return next(str(each["code"]) for each in event["subtype"] if each["system"] == OUR_ACTION)


def of(found: list[JSON], name: str) -> JSON:
    return next(each for each in found if action(each) == name)


def who(event: JSON) -> JSON:
    return next(agent["who"] for agent in event["agent"] if agent["requestor"])


def reads(server: str, doctor: Actor, patient: Resident, **headers: str) -> None:
    token_of = Caller.of(server, doctor).token
    documents = {"patient.identifier": token(patient), "status": "current"}
    Caller(server, token_of, headers).get("DocumentReference", documents)


@pytest.fixture
def patient() -> Resident:
    return people.a_patient()


def test_the_same_lines_as_the_page(server: str, patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    deposited = people.deposited(people.software(), patient)
    Caller.of(server, doctor).get(f"DocumentReference/{deposited.fhir_id}")
    reads(server, people.a_doctor(), patient)
    lines = people.trail(patient)
    found = [each for each in events(holder(server, patient), patient) if action(each) != "trail-read"]
    assert [action(each) for each in found] == [line.action for line in lines]
    assert [each["recorded"][:23] for each in found] == [line.at.isoformat()[:23] for line in lines]
    assert [each["outcome"] for each in found] == ["4" if line.outcome == "refused" else "0" for line in lines]


def test_who_read_what_and_what_for(server: str, patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    deposited = people.deposited(people.software(), patient, of=people.entry(title="Bilan sanguin"))
    Caller.of(server, doctor).get(f"DocumentReference/{deposited.fhir_id}")
    event = of(events(holder(server, patient), patient), "document-read")
    assert event["type"]["code"] == "rest"
    assert event["subtype"][0] == {
        "system": "http://hl7.org/fhir/restful-interaction",
        "code": "read",
        "display": "read",
    }
    assert event["action"] == "R"
    assert [each["code"] for each in event["purposeOfEvent"][0]["coding"]] == ["TREAT", "care"]
    assert who(event)["display"] == doctor.name
    assert (who(event)["identifier"]["system"], who(event)["identifier"]["value"]) == (
        RPPS,
        f"8{people.rpps_of(doctor)}",
    )
    assert event["agent"][0]["role"][0]["coding"][0]["code"] == "authorised"
    assert event["agent"][0]["policy"] == ["urn:carnet:access-rules:2026-11:authorised"]
    assert not any("network" in agent for agent in event["agent"]), "addresses are not kept"
    subject, document = event["entity"]
    assert (subject["type"]["code"], subject["role"]["code"]) == ("1", "1")
    assert subject["what"]["reference"] == f"Patient/{short(patient.record_id)}"
    assert (document["type"]["code"], document["role"]["code"]) == ("2", "3")
    assert document["what"]["reference"] == f"DocumentReference/{deposited.fhir_id}"
    assert document["name"] == "Bilan sanguin"


def test_an_emergency_says_why(server: str, patient: Resident) -> None:
    reason = "Inconsciente, amenée par les pompiers"
    reads(server, people.a_doctor(), patient, **{"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": quote(reason)})
    found = events(holder(server, patient), patient)
    broken = of(found, "break-glass")
    assert (broken["type"]["code"], broken["subtype"][0]["code"], broken["action"]) == ("110113", "110127", "E")
    assert broken["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert broken["entity"][0]["detail"] == [{"type": "reason", "valueString": reason}]
    assert of(found, "documents-search")["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"


def test_a_refused_attempt_names_nothing_that_was_asked_for(server: str, patient: Resident) -> None:
    deposited = people.deposited(people.software(), patient)
    Caller.of(server, people.a_doctor()).get(f"DocumentReference/{deposited.fhir_id}")
    event = of(events(holder(server, patient), patient), "document-read")
    assert event["outcome"] == "4"
    assert event["outcomeDesc"]
    assert len(event["entity"]) == 1


def test_the_software_stands_beside_the_professional(server: str, patient: Resident) -> None:
    software = Software(server, scope="system/*.cruds user/*.cruds", acts=True)
    doctor, rpps = a_doctor_of(software)
    people.authorised(patient, doctor)
    caller = Caller(server, software.token("user/*.rs", extensions=acting_for(rpps)))
    caller.get("DocumentReference", {"patient.identifier": token(patient)})
    event = of(events(holder(server, patient), patient), "documents-search")
    assert {each["who"]["display"] for each in event["agent"]} == {
        doctor.name,
        "Clinique de l'Essai",
        "Logiciel Épreuve",
        "Carnet",
    }


def test_ones_own_acts_are_the_patients(server: str, patient: Resident) -> None:
    mine = holder(server, patient)
    mine.get("DocumentReference", {"patient.identifier": token(patient)})
    event = of(events(mine, patient), "documents-search")
    assert who(event)["reference"] == f"Patient/{short(patient.record_id)}"
    assert event["purposeOfEvent"][0]["coding"][0]["code"] == "PATRQT"


def test_by_id(server: str, patient: Resident) -> None:
    people.deposited(people.software(), patient)
    mine = holder(server, patient)
    for event in events(mine, patient):
        assert mine.get(f"AuditEvent/{event['id']}").json() == event
    address, _, instant = event["id"].rpartition("-")
    other = fhir_id(patient.record_id, uuid7())
    unknown = (f"{other}-{instant}", address, f"{address}-aaaaaaaaa", f"{address}-{instant[:-1]}1", "a", "a-b-c")
    for each in unknown:
        refused(mine.get(f"AuditEvent/{each}"), 404, "not-found")


def test_pages_hold_every_line_once(server: str, patient: Resident) -> None:
    for number in range(12):
        people.deposited(people.software(), patient, bytes([65 + number]))
    mine = holder(server, patient)
    whole = [each["id"] for each in events(mine, patient)]
    seen: list[str] = []
    page = mine.found("AuditEvent", query(patient, _count="5"))
    while True:
        seen += [entry["resource"]["id"] for entry in page.get("entry", ())]
        links = {link["relation"]: link["url"] for link in page["link"]}
        if "next" not in links:
            break
        page = mine.get(links["next"]).json()
    assert seen[1:] == whole, "the reading of the pages is a line of its own"
    assert len(set(seen)) == len(seen)


def test_pages_of_what_is_rare(server: str, patient: Resident) -> None:
    for number in range(6):
        people.deposited(people.software(), patient, bytes([65 + number]))
        consent.authorise(
            patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=people.a_doctor().id
        )
    mine = holder(server, patient)
    created = [each["id"] for each in events(mine, patient, action="C")]
    assert len(created) >= 12
    seen: list[str] = []
    address: str | None = None
    while address != "":
        answer = mine.get(address) if address else mine.get("AuditEvent", query(patient, action="C", _count="5"))
        page = answer.json()
        seen += [entry["resource"]["id"] for entry in page.get("entry", ())]
        address = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
    assert seen == created


def test_dates_with_every_prefix(server: str, patient: Resident) -> None:
    for number in range(3):
        people.deposited(people.software(), patient, bytes([65 + number]))
    mine = holder(server, patient)
    whole = events(mine, patient)
    at = [datetime.fromisoformat(each["recorded"]) for each in whole]
    middle = at[len(at) // 2]
    text = middle.isoformat(timespec="milliseconds")
    last = middle + timedelta(milliseconds=1)

    def ids(*dates: str) -> set[str]:
        pairs = [("patient", short(patient.record_id)), ("_count", "200"), *(("date", each) for each in dates)]
        bundle = mine.found("AuditEvent", pairs)
        return {entry["resource"]["id"] for entry in bundle.get("entry", ())} & {each["id"] for each in whole}

    def expected(keep: list[bool]) -> set[str]:
        return {each["id"] for each, kept in zip(whole, keep, strict=True) if kept}

    assert ids(f"ge{text}") == expected([each >= middle for each in at])
    assert ids(f"lt{text}") == expected([each < middle for each in at])
    assert ids(f"gt{text}") == ids(f"sa{text}") == expected([each >= last for each in at])
    assert ids(f"le{text}") == expected([each < last for each in at])
    assert ids(f"eb{text}") == expected([each < middle for each in at])
    assert ids(text) == ids(f"eq{text}") == expected([middle <= each < last for each in at])
    assert ids(f"ne{text}") == expected([not middle <= each < last for each in at])
    assert ids(f"ge{text}", f"le{text}") == ids(text)
    today = at[0].date()
    assert ids(str(today.year)) == ids(f"ge{today - timedelta(days=1)}", f"le{today + timedelta(days=1)}")
    assert ids("2001") == ids("lt2001") == set()
    refused(mine.get("AuditEvent", query(patient, date="hier")), 400, "search-value")


def test_by_action_and_type(server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    people.deposited(people.software(), patient)
    reads(server, doctor, patient, **{"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": "Coma"})
    mine = holder(server, patient)
    letter = "http://hl7.org/fhir/audit-event-action"
    assert {each["action"] for each in events(mine, patient, action="C")} == {"C"}
    assert {each["action"] for each in events(mine, patient, action="C,E")} == {"C", "E"}
    assert events(mine, patient, action=f"{letter}|C") == events(mine, patient, action="C")
    assert events(mine, patient, action="urn:x|C") == []
    assert events(mine, patient, action="D") == []
    assert [action(each) for each in events(mine, patient, type="110113")] == ["break-glass"]
    assert events(mine, patient, type="http://dicom.nema.org/resources/ontology/DCM|110113")
    assert "break-glass" not in {action(each) for each in events(mine, patient, type="rest")}


def test_by_outcome(server: str, patient: Resident) -> None:
    stranger = people.a_doctor()
    people.deposited(people.software(), patient)
    with pytest.raises(Refused):
        queries.list_documents(stranger, Purpose.CARE, patient.record_id)
    mine = holder(server, patient)
    (told,) = events(mine, patient, outcome="4")
    assert told["outcome"] == "4"
    assert told["agent"][0]["who"]["display"] == stranger.name
    assert "document-deposit" in {action(each) for each in events(mine, patient, outcome="0")}
    assert events(mine, patient, outcome="8") == []


def test_how_many_there_are_is_told_by_itself_and_is_what_the_pages_hold(server: str) -> None:
    child, parent = people.a_patient(birth_date="2012-01-12"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    for labels in (frozenset[str](), frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}), frozenset({"INVISIBLE_PATIENT"})):
        people.deposited(people.software(), child, of=people.entry(labels=labels))
    with pytest.raises(Refused):
        queries.list_documents(people.a_doctor(), Purpose.CARE, child.record_id)
    theirs = Caller(server, Caller.of(server, parent).token, {"X-Carnet-Purpose": "representative"})
    counted = []
    for caller in (holder(server, child), theirs):
        for asked in ({"action": "C"}, {"outcome": "4"}, {"date": "lt2012-01-01"}):
            told = len(events(caller, child, **asked))
            counted.append(told)
            for only in ({"_summary": "count"}, {"_count": "0"}):
                bundle = caller.found("AuditEvent", query(child) | asked | only)
                assert (bundle["total"], bundle.get("entry")) == (told, None)
                assert {link["relation"] for link in bundle["link"]} == {"self"}
        self_link = caller.found("AuditEvent", query(child, _summary="count"))["link"][0]["url"]
        assert "_summary=count" in self_link
    created, refusals, _, of_parents, *others = counted
    assert (created - of_parents, refusals, others) == (1, 1, [1, 0]), "what is kept from them is not counted"
    refused(Caller.of(server, people.a_doctor()).get("AuditEvent", query(child, _summary="count")), 403, "forbidden")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"_count": "many"}, "search-value"),
        ({"_summary": "much"}, "search-value"),
        ({"action:not": "R"}, "search-modifier"),
        ({"date:missing": "true"}, "search-modifier"),
        ({"_cursor": "x~y"}, "search-value"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, str], code: str, server: str, patient: Resident) -> None:
    refused(holder(server, patient).get("AuditEvent", query(patient) | asked), 400, code)


def test_somebody_must_be_named(server: str, patient: Resident) -> None:
    refused(holder(server, patient).get("AuditEvent"), 400, "search-patient-required")
    strict = holder(server, patient).get("AuditEvent", query(patient, agent="x"), Prefer="handling=strict")
    refused(strict, 400, "search-parameter")


def test_by_form_and_by_ins(server: str, patient: Resident) -> None:
    people.deposited(people.software(), patient)
    mine = holder(server, patient)
    data = {"patient.identifier": token(patient)}
    form = mine.send("POST", "AuditEvent/_search", data=data, headers={"Content-Type": FORM})
    assert {action(entry["resource"]) for entry in form.json()["entry"]} >= {"document-deposit"}


def test_a_cursor_serves_one_person_and_one_search(server: str, patient: Resident) -> None:
    for number in range(4):
        people.deposited(people.software(), patient, bytes([65 + number]))
    page = holder(server, patient).found("AuditEvent", query(patient, _count="2"))
    further = next(link["url"] for link in page["link"] if link["relation"] == "next")
    refused(Caller.of(server, people.a_person()).get(further), 400, "search-value")
    refused(holder(server, patient).get(f"{further}&action=C"), 400, "search-value")


# Who may not


def test_a_secret_leaves_no_event_for_representatives(server: str) -> None:
    child = people.a_patient(birth_date="2012-01-12")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    mine, theirs = holder(server, child), Caller.of(server, parent, Purpose.REPRESENTATIVE)
    before = [each["id"] for each in events(theirs, child) if action(each) != "trail-read"]
    secret = people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    doctor = people.a_doctor()
    people.deposited(doctor, child, of=secret, purpose=Purpose.CARE)
    assert [each["id"] for each in events(theirs, child) if action(each) != "trail-read"] == before
    event = of(events(mine, child), "document-deposit")
    refused(theirs.get(f"AuditEvent/{event['id']}"), 404, "not-found")
    assert mine.get(f"AuditEvent/{event['id']}").status_code == 200


def test_nobody_reads_the_trail_of_another(server: str, tokens: dict[str, str], patient: Resident) -> None:
    """All are told the same, of whatever record; and the holder sees who tried."""
    doctor = people.authorised(patient, people.a_doctor())
    event = events(holder(server, patient), patient)[0]
    records = (short(patient.record_id), short(uuid7()), "nobody")
    answers = []
    for caller in (Caller.of(server, doctor), *(Caller(server, tokens[key]) for key in KEYS)):
        answers += [caller.get("AuditEvent", {"patient": each}) for each in records]
        refused(caller.get(f"AuditEvent/{event['id']}"), 404, "not-found")
    assert {(each.status_code, each.content) for each in answers} == {(403, answers[0].content)}
    found = trail.lines(patient.actor, Purpose.SELF, patient.record_id)
    tried = [line for line in found if (line.action, line.outcome) == ("trail-read", "refused")]
    assert doctor.id in {line.actor_id for line in tried}
    assert {line.title for line in tried} == {None}


@pytest.mark.parametrize("key", ["marc", "claire"])
def test_a_record_that_is_closed_or_refused_has_none(key: str, server: str, tokens: dict[str, str]) -> None:
    refused(Caller(server, tokens[key]).get("AuditEvent", {"patient.identifier": identifier(key)}), 403, "forbidden")
