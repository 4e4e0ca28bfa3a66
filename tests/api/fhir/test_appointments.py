"""Software lays out the day of the professional for whom it acts, and learns nothing of anybody's record by it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.formats.ins import Ins
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.people import appointments, tasks
from carnet.records.rules import RecordState
from tests import people
from tests.api.caller import FHIR, Caller, refused
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.cast import TEST_OID
from tests.sessions import COOKIE, session_of
from tests.smart.app import App, Browser, doctor_of
from tests.web.browsing import plain

JSON = dict[str, Any]
PARIS = ZoneInfo("Europe/Paris")
SCOPE = "user/*.cruds system/*.cruds"


def at(hour: int, minute: int = 0, days: int = 0) -> str:
    noon = clock.now().astimezone(PARIS).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (noon + timedelta(days=days)).isoformat()


def visit(ins: str, *, name: str = "MOREAU Camille", start: str = "", end: str = "", **more: Any) -> JSON:
    actor = {"identifier": {"system": f"urn:oid:{TEST_OID}", "value": ins}, "display": name}
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "start": start or at(9),
        "end": end or at(9, 20),
        "participant": [{"actor": actor, "status": "accepted"}],
        **more,
    }


class Desk:
    """A doctor with software of their own, and their page."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.software = Software(server, SCOPE, acts=True)
        self.doctor, self.rpps = a_doctor_of(self.software)

    @property
    def caller(self) -> Caller:
        return caller_of(self.software, self.rpps)

    def lays(self, body: JSON, status: int = 201) -> JSON:
        answer = self.caller.post("Appointment", body)
        assert answer.status_code == status, answer.text
        found: JSON = answer.json()
        return found

    def puts(self, fhir_id: str, body: JSON) -> httpx2.Response:
        return self.caller.send("PUT", f"Appointment/{fhir_id}", json=body, headers={"Content-Type": FHIR})

    def page(self, who: Actor | None = None) -> str:
        cookies = {COOKIE: session_of(who or self.doctor)}
        return httpx2.get(f"{self.server}/pro/", cookies=cookies, timeout=30).text


def caller_of(software: Software, rpps: str) -> Caller:
    return Caller(software.base, software.token(extensions=acting_for(rpps)))


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def rows(page: str) -> list[str]:
    found = re.search(r'id="journee".*?</section>', page, re.DOTALL)
    return [plain(each) for each in re.findall(r"<li.*?</li>", found[0], re.DOTALL)] if found else []


def test_the_day_is_laid_out_changed_and_cancelled(desk: Desk) -> None:
    patient, other = people.a_patient(), people.a_patient()
    assert rows(desk.page()) == []
    late = desk.lays(visit(patient.ins, start=at(11), end=at(11, 15)))
    early = desk.lays(visit(other.ins, name="O’BRIEN-ROUX Zoé", start=at(8), end=at(8, 15)))
    assert [row[:21] for row in rows(desk.page())] == ["8 h 00 O'BRIEN-ROUX Z", "11 h 00 MOREAU Camill"]
    assert early["participant"][1]["actor"]["reference"].startswith("Practitioner/")
    # The same again is the same; another time is a change of it.
    again = desk.lays(visit(patient.ins, start=at(11), end=at(11, 15)), status=200)
    assert again["id"] == late["id"]
    moved = desk.puts(late["id"], visit(patient.ins, start=at(7), end=at(7, 15)))
    assert (moved.status_code, moved.headers["ETag"]) == (200, 'W/"2"')
    assert [row[:4] for row in rows(desk.page())] == ["7 h ", "8 h "]
    tomorrow = desk.lays(visit(other.ins, start=at(9, days=1), end=at(9, 10, days=1)))
    assert len(rows(desk.page())) == 2, "of tomorrow nothing is shown today"
    assert desk.caller.ids("Appointment") == {late["id"], early["id"], tomorrow["id"]}
    assert desk.caller.ids("Appointment", {"date": at(9)[:10]}) == {late["id"], early["id"]}
    cancelled = desk.puts(early["id"], visit(other.ins, status="cancelled"))
    assert cancelled.json()["status"] == "cancelled"
    assert desk.caller.send("DELETE", f"Appointment/{tomorrow['id']}").status_code == 204
    refused(desk.caller.get(f"Appointment/{early['id']}"), 404, "not-found")
    assert [row[:4] for row in rows(desk.page())] == ["7 h "]
    # From the list to the person's page, by what one would have typed.
    page = desk.page()
    assert f'name="ins" value="{patient.ins}"' in page
    assert patient.ins.encode() not in sealed(desk.doctor), "the tables alone do not tell who comes"
    # The day is over: nothing of it is left.
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.people_appointment set day = day - 1 where actor_id = %s", (desk.doctor.id,))
    assert rows(desk.page()) == []
    refused(desk.caller.get(f"Appointment/{late['id']}"), 404, "not-found")
    tasks.purge_what_has_passed()
    assert sealed(desk.doctor) == b""


def sealed(doctor: Actor) -> bytes:
    with database.connect(config.load(), "owner") as owner:
        sql = "select sealed from app.people_appointment where actor_id = %s"
        return b"".join(bytes(row[0]) for row in owner.execute(sql, (doctor.id,)).fetchall())


def test_whether_there_is_a_record_is_told_by_nothing(desk: Desk) -> None:
    known, blocks, mine = people.a_patient(), people.a_patient(), people.a_patient()
    people.authorised(mine, desk.doctor)
    consent.block(blocks.actor, Purpose.SELF, record_id=blocks.record_id, professional_id=desk.doctor.id)
    states = (RecordState.OPPOSED, RecordState.CLOSED, RecordState.INFORMED, RecordState.DECEASED)
    numbers = [
        known.ins,
        blocks.ins,
        mine.ins,
        people.fresh_ins(),
        *(people.a_patient(state=each).ins for each in states),
    ]
    answers = [desk.caller.post("Appointment", visit(ins)) for ins in numbers]
    told = {plain_of(each.text, ins) for each, ins in zip(answers, numbers, strict=True)}
    assert len(told) == 1
    assert {tuple(sorted(each.headers)) for each in answers} == {tuple(sorted(answers[0].headers))}
    shown = rows(desk.page())
    assert len(shown) == len(numbers)
    assert len({re.sub(r"\d{13,15}[\dAB]*", "INS", row) for row in shown}) == 1
    for each in (known, blocks, mine):
        assert desk.doctor.id not in {line.actor_id for line in people.trail(each)} - {None}, "nobody was looked up"


def plain_of(text: str, ins: str) -> str:
    text = text.replace(ins, "INS")
    return re.sub(r'"id":"[^"]*"|"lastUpdated":"[^"]*"', "", text)


WRONG: dict[str, list[dict[str, Any]]] = {
    "appointment-status": [{"status": "fulfilled"}, {"status": "cancelled"}],
    "appointment-content": [
        {"description": "Chimiothérapie"},
        {"reasonCode": [{"text": "Grossesse"}]},
        {"comment": "x"},
    ],
    "appointment-day": [
        {"start": at(9, days=-1), "end": at(10, days=-1)},
        {"start": at(9, days=2), "end": at(10, days=2)},
        {"end": at(9)},
        {"end": at(1, days=1)},
    ],
    "required": [{"start": None}, {"participant": None}],
}


def test_what_is_wrong_is_told_at_its_place_and_nothing_is_kept(desk: Desk) -> None:
    ins = people.fresh_ins()
    for code, changes in WRONG.items():
        for change in changes:
            body = {name: value for name, value in (visit(ins) | change).items() if value is not None}
            refused(desk.caller.post("Appointment", body), 422, code)
    refused(desk.caller.post("Appointment", visit(ins, name="MOREAU, chimio n° 3")), 422, "appointment-name")
    for value in (ins[:13], "2850199999999", None):
        body = visit(ins)
        body["participant"][0]["actor"]["identifier"]["value"] = value
        refused(desk.caller.post("Appointment", body), 422, "appointment-patient")
    both = visit(ins)
    both["participant"] *= 2
    refused(desk.caller.post("Appointment", both), 422, "appointment-participant")
    by_record = visit(ins)
    by_record["participant"][0]["actor"]["reference"] = "Patient/x"
    refused(desk.caller.post("Appointment", by_record), 422, "appointment-patient")
    _, another = a_doctor_of(desk.software)
    number = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": f"8{another}"}
    named = visit(ins)
    named["participant"].append({"actor": {"identifier": number}, "status": "accepted"})
    refused(desk.caller.post("Appointment", named), 422, "appointment-participant")
    number["value"] = f"8{desk.rpps}"
    assert desk.caller.post("Appointment", named).status_code in {200, 201}


def test_a_day_holds_a_hundred(desk: Desk) -> None:
    client = desk.software.id
    for number in range(appointments.MOST):
        start = datetime.fromisoformat(at(6)) + timedelta(minutes=number)
        number_of = Ins(TEST_OID, people.fresh_ins())
        wish = appointments.Wish(number_of, "", start, start + timedelta(minutes=1))
        appointments.lay(desk.doctor, client, wish)
    refused(desk.caller.post("Appointment", visit(people.fresh_ins())), 422, "appointment-many")


def test_the_whole_cast(desk: Desk, server: str) -> None:
    patient = people.a_patient()
    laid = desk.lays(visit(patient.ins))["id"]
    colleague, their_rpps = a_doctor_of(desk.software)
    elsewhere = Software(server, SCOPE, acts=True)
    people.authorised(patient, desk.doctor)
    app = App(server, scope="launch/patient openid patient/*.cruds user/*.cruds")
    browser = Browser(server, doctor_of(patient))
    address = app.asks(scope="launch/patient patient/*.cruds user/Appointment.cruds")
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    launched = app.changes(browser.code(address)).json()["access_token"]
    never = {
        "patient": Caller.of(server, patient.actor),
        "carer": Caller.of(server, people.a_person(), Purpose.CARER),
        "agent": Caller.of(server, people.an_operator("support")),
        "without software": Caller.of(server, desk.doctor),
        "in an emergency": Caller(
            server, desk.caller.token, {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": "Chute"}
        ),
        "software for itself": Caller(server, desk.software.token()),
        "an app launched for one patient": Caller(server, launched),
    }
    for name, caller in never.items():
        for answer in (
            caller.post("Appointment", visit(patient.ins)),
            caller.get("Appointment"),
            caller.get(f"Appointment/{laid}"),
            caller.send("DELETE", f"Appointment/{laid}"),
        ):
            assert answer.status_code == 403, (name, answer.text)
    for path in ("Appointment", f"Appointment/{laid}"):
        refused(Caller(server, "nobody").get(path), 401)
    # Each professional their own, each software its own: another's is as unknown.
    others = (caller_of(desk.software, their_rpps), caller_of(elsewhere, _joins(elsewhere)))
    for other in others:
        assert other.found("Appointment")["total"] == 0
        unknown = other.get(f"Appointment/{'a' * 26}")
        answer = other.get(f"Appointment/{laid}")
        assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
        assert other.send("DELETE", f"Appointment/{laid}").status_code == 404
        body = visit(patient.ins)
        assert other.send("PUT", f"Appointment/{laid}", json=body, headers={"Content-Type": FHIR}).status_code == 404
    assert rows(desk.page(colleague)) == []
    assert len(rows(desk.page())) == 1


def _joins(software: Software) -> str:
    return a_doctor_of(software)[1]


def test_a_revoked_token_ends_with_the_next_request(desk: Desk) -> None:
    body = visit(people.a_patient().ins)
    token = desk.software.token(extensions=acting_for(desk.rpps))
    caller = Caller(desk.server, token)
    made = caller.post("Appointment", body)
    assert made.status_code == 201, made.text
    address = f"Appointment/{made.json()['id']}"
    assert caller.get(address).status_code == 200
    assert desk.software.post("revoke", token=token).status_code == 200
    assert 'error="invalid_token"' in caller.get(address).headers["WWW-Authenticate"], "another one is to be asked for"
    assert "error" not in httpx2.get(f"{desk.server}/fhir/{address}").headers["WWW-Authenticate"]
    for method, path in (("GET", "Appointment"), ("GET", address), ("DELETE", address)):
        assert caller.send(method, path).status_code == 401
    assert caller.post("Appointment", body).status_code == 401
    assert desk.puts(made.json()["id"], body).status_code == 200
