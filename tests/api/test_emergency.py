"""An emergency through FHIR: a purpose and a reason in words break the glass, once, and what is read then is read as
in an emergency."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import httpx2
import pytest

from carnet.consent import actions as consent
from carnet.consent import emergency, queries
from carnet.consent.facts import Choices
from carnet.kernel import config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.people.actions import issue_token
from carnet.people.rules import Capacity
from tests import people
from tests.api.caller import FORM, Caller, codes_of, refused, token
from tests.api.oauth.software import Software, a_doctor_of, acting_for, bearer
from tests.cast import KEYS, OPERATORS, PEOPLE, PROFESSIONALS, SOFTWARE, identifier
from tests.people import Resident

REASON = "Patiente inconsciente, amenée par les pompiers"
EMERGENCY = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": quote(REASON)}
REGULATION = EMERGENCY | {"X-Carnet-Purpose": "regulation"}
STRANGERS = "dr-inconnu", "dr-urgence", "samu", "pharm-leroy"


def in_emergency(server: str, who: Actor, **headers: str) -> Caller:
    return Caller(server, Caller.of(server, who).token, EMERGENCY | headers)


def documents(patient: Resident) -> dict[str, str]:
    return {"patient.identifier": token(patient), "status": "current"}


def _hours_later(patient: Resident, hours: int) -> None:
    """Instants move, never the clock; whoever remembers a right is told."""
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.consent_emergency set since = since - %s, until = until - %s where record_id = %s",
            (timedelta(hours=hours), timedelta(hours=hours), patient.record_id),
        )
        owner.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (patient.record_id,))
        owner.commit()


def a_regulator() -> Actor:
    return replace(people.a_doctor(capacity=Capacity.REGULATION), regulates=True)


def lines(patient: Resident) -> list[tuple[str, str]]:
    """What others did, oldest first, by action and outcome."""
    return [(line.action, line.outcome) for line in people.trail(patient)[::-1] if line.actor_id != patient.actor.id]


def broken(patient: Resident) -> list[queries.Opened]:
    return list(queries.confidentiality(patient.actor, Purpose.SELF, patient.record_id).emergencies)


@pytest.fixture
def patient() -> Resident:
    found = people.a_patient()
    people.deposited(people.software(), found)
    return found


def test_the_first_read_breaks_the_glass_and_the_later_ones_add_nothing(server: str, patient: Resident) -> None:
    doctor = people.a_doctor()
    before = len(lines(patient))
    caller = in_emergency(server, doctor)
    found = caller.ids("DocumentReference", documents(patient))
    assert len(found) == 1
    assert lines(patient)[before:] == [("break-glass", "done"), ("documents-search", "done")]
    for _ in range(3):
        assert caller.get(f"DocumentReference/{next(iter(found))}").status_code == 200
    opened = broken(patient)
    assert [(each.professional.id, each.mode, each.reason) for each in opened] == [
        (doctor.id, Purpose.EMERGENCY, REASON)
    ]
    assert opened[0].until - opened[0].since == emergency.LASTS
    added = lines(patient)[before:]
    assert added.count(("break-glass", "done")) == 1
    assert not [line for line in added if line[1] == "refused"], "what was then granted was never refused"
    assert {line.capacity for line in people.trail(patient) if line.action == "documents-search"} == {"emergency"}


def test_it_opens_for_an_emergency_alone(server: str, patient: Resident) -> None:
    """With the glass broken, care is as before: nobody has consented."""
    doctor = people.a_doctor()
    in_emergency(server, doctor).ids("DocumentReference", documents(patient))
    refused(Caller.of(server, doctor).get("DocumentReference", documents(patient)), 403, "forbidden")
    other = people.a_doctor()
    refused(Caller.of(server, other).get("DocumentReference", documents(patient)), 403, "forbidden")


def test_the_child_protection_service_treats_in_an_emergency_too(server: str, patient: Resident) -> None:
    """Also somebody who has come of age, whose record it does not read otherwise."""
    caller = in_emergency(server, people.a_doctor(capacity=Capacity.CHILD_PROTECTION))
    for _ in range(2):
        assert caller.get("DocumentReference", documents(patient)).status_code == 200


@pytest.mark.parametrize("way", ["search", "form", "list", "id", "instance", "binary"])
def test_every_way_to_read_breaks_it(way: str, server: str, patient: Resident) -> None:
    deposited = people.deposited(people.software(), patient, b"Deux.")
    caller = in_emergency(server, people.a_doctor())
    match way:
        case "search":
            answer = caller.get("DocumentReference", documents(patient))
        case "form":
            answer = caller.send(
                "POST",
                "DocumentReference/_search",
                data={"patient.identifier": token(patient), "status": "current"},
                headers={"Content-Type": FORM},
            )
        case "list":
            answer = caller.get("List", {"patient": short(patient.record_id), "status": "current"})
        case "id":
            answer = caller.get("DocumentReference", {"_id": deposited.fhir_id})
            assert answer.json()["total"] == 1
        case "instance":
            answer = caller.get(f"DocumentReference/{deposited.fhir_id}")
        case _:
            answer = caller.get(f"Binary/{deposited.fhir_id}")
            assert answer.content == b"Deux."
    assert answer.status_code == 200, answer.text
    assert len(broken(patient)) == 1


@pytest.mark.parametrize("header", ["", "%20%20", "42 !", "%E2%80%8B%00", "..."])
@pytest.mark.parametrize("purpose", ["emergency", "regulation"])
def test_without_words_nothing_is_opened(purpose: str, header: str, server: str, patient: Resident) -> None:
    caller = in_emergency(server, a_regulator(), **{"X-Carnet-Purpose": purpose, "X-Carnet-Reason": header})
    told = refused(caller.get("DocumentReference", documents(patient)), 400, "reason-required")
    assert told["issue"][0]["expression"] == ["http.X-Carnet-Reason"]
    assert broken(patient) == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (quote("Arrêt cardiaque à l'arrivée").encode(), "Arrêt cardiaque à l'arrivée"),
        (quote("Arrêt cardiaque".encode("latin-1")).encode(), "Arrêt cardiaque"),
        (b"Arret cardiaque", "Arret cardiaque"),
        (b"Saturation 85 % en air ambiant", "Saturation 85 % en air ambiant"),
        (quote("Coma\u202e\n\x00 depuis\tune heure").encode(), "Coma depuis une heure"),
        (b"a" * 2000, "a" * emergency.LONGEST_REASON),
    ],
)
def test_the_reason_reaches_the_person_as_it_was_meant(sent: bytes, read: str, server: str, patient: Resident) -> None:
    caller = Caller.of(server, people.a_doctor())
    answer = httpx2.get(
        f"{server}/fhir/DocumentReference",
        params=documents(patient),
        headers=[
            (b"Authorization", f"Bearer {caller.token}".encode()),
            (b"X-Carnet-Purpose", b"emergency"),
            (b"X-Carnet-Reason", sent),
        ],
    )
    assert answer.status_code == 200, answer.text
    assert [each.reason for each in broken(patient)] == [read]


def test_a_refusal_beforehand_is_told_like_any_other(server: str, patient: Resident) -> None:
    """And leaves a line, as a refusal does."""
    doctor = people.a_doctor()
    plain = Caller.of(server, doctor).get("DocumentReference", documents(patient))
    consent.choose(
        patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices(emergency=False, regulation=False)
    )
    in_vain = [
        in_emergency(server, doctor).get("DocumentReference", documents(patient)),
        in_emergency(server, a_regulator(), **REGULATION).get("DocumentReference", documents(patient)),
        in_emergency(server, people.a_doctor(capacity=Capacity.SECRETARIAT)).get(
            "DocumentReference", documents(patient)
        ),
    ]
    assert {(each.status_code, each.content) for each in in_vain} == {(plain.status_code, plain.content)}
    assert lines(patient)[-1] == ("documents-search", "refused")
    assert broken(patient) == []


def test_each_choice_holds_for_its_own_mode(server: str, patient: Resident) -> None:
    regulator = a_regulator()
    consent.choose(
        patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices(emergency=False, regulation=True)
    )
    refused(in_emergency(server, regulator).get("DocumentReference", documents(patient)), 403, "forbidden")
    in_emergency(server, regulator, **REGULATION).ids("DocumentReference", documents(patient))
    assert [each.mode for each in broken(patient)] == [Purpose.REGULATION]


def test_a_choice_ends_an_emergency_that_goes_on(server: str, patient: Resident) -> None:
    caller = in_emergency(server, people.a_doctor())
    caller.ids("DocumentReference", documents(patient))
    consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices(emergency=False))
    refused(caller.get("DocumentReference", documents(patient)), 403, "forbidden")


def test_what_is_masked_is_the_holders_choice(server: str, patient: Resident) -> None:
    masked = people.deposited(people.software(), patient, b"Trois.", of=people.entry(labels=frozenset({"MASQUE_PS"})))
    caller = in_emergency(server, people.a_doctor())
    assert masked.fhir_id not in caller.ids("DocumentReference", documents(patient))
    refused(caller.get(f"Binary/{masked.fhir_id}"), 404, "not-found")
    consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=Choices(masked=True))
    assert masked.fhir_id in caller.ids("DocumentReference", documents(patient))


def test_a_write_breaks_nothing(server: str, patient: Resident) -> None:
    deposited = people.deposited(people.software(), patient, b"Quatre.")
    caller = in_emergency(server, people.a_doctor())
    archive = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]
    refused(caller.patch(f"DocumentReference/{deposited.fhir_id}", archive), 403, "forbidden")
    assert lines(patient)[-1][1] == "refused"
    assert broken(patient) == []


def test_at_the_same_instant_it_is_broken_once(server: str, patient: Resident) -> None:
    caller = in_emergency(server, people.a_doctor())
    answers: list[int] = []

    def ask() -> None:
        answers.append(caller.get("DocumentReference", documents(patient)).status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [200] * 6
    assert lines(patient).count(("break-glass", "done")) == 1
    assert len(broken(patient)) == 1


def test_where_there_is_no_record_there_is_no_emergency(server: str) -> None:
    caller = in_emergency(server, people.a_doctor())
    unknown = {"patient.identifier": f"urn:oid:1.2.250.1.213.1.4.10|{people.fresh_ins()}", "status": "current"}
    refused(caller.get("DocumentReference", unknown), 404, "patient-unknown")
    refused(caller.get(f"DocumentReference/{fhir_id(uuid7(), uuid7())}"), 403, "forbidden")


def test_the_whole_cast(server: str, tokens: dict[str, str]) -> None:
    """Whoever treats may, in a record of somebody whom they do not know; the centre 15 regulates alone."""
    patient = people.a_patient()
    people.deposited(people.software(), patient)

    def status(key: str, headers: dict[str, str]) -> int:
        return Caller(server, tokens[key], headers).get("DocumentReference", documents(patient)).status_code

    never = {"med-conseil", "med-travail", "secretaire", "samu"}
    expected = dict.fromkeys(PEOPLE + SOFTWARE + OPERATORS, 403)
    expected |= {key: 403 if key in never else 200 for key in PROFESSIONALS}
    assert {key: status(key, EMERGENCY) for key in KEYS} == expected
    assert {key: status(key, REGULATION) for key in KEYS} == dict.fromkeys(KEYS, 403) | {"samu": 200}
    assert {each.mode for each in broken(patient)} == {Purpose.EMERGENCY, Purpose.REGULATION}


def test_the_centre_15_needs_the_word_of_the_provider_too(server: str) -> None:
    """Whom the directory has as regulating doctor, and whose sign-in does not say so, opens nothing that way."""
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    doctor = people.a_doctor(capacity=Capacity.REGULATION)

    def status(*, regulates: bool, purpose: Purpose = Purpose.CARE, headers: dict[str, str] = REGULATION) -> int:
        held = issue_token(actor_id=doctor.id, purpose=purpose, scope="user/*.rs", regulates=regulates)
        return Caller(server, held, headers).get("DocumentReference", documents(patient)).status_code

    assert status(regulates=False) == 403
    reason = {"X-Carnet-Reason": REGULATION["X-Carnet-Reason"]}
    assert status(regulates=False, purpose=Purpose.REGULATION, headers=reason) == 403, "of the token itself"
    assert broken(patient) == []
    with database.connect(config.load(), "owner") as owner:
        refusals = owner.execute(
            "select outcome, detail from trail.line where actor_id = %s and purpose = 'regulation'", (doctor.id,)
        ).fetchall()
    assert refusals == [("refused", "purpose")] * 2
    tried = [line for line in people.trail(patient) if line.actor_id == doctor.id]
    assert [(line.outcome, line.purpose) for line in tried] == [("refused", "regulation")] * 2, "the person reads it"
    assert status(regulates=True) == 200
    other = people.a_doctor()
    held = issue_token(actor_id=other.id, purpose=Purpose.CARE, scope="user/*.rs", regulates=True)
    there = Caller(server, held, REGULATION).get("DocumentReference", documents(patient))
    assert there.status_code == 403, "nor is the provider's word enough"


def test_a_token_of_an_emergency_says_it_by_itself(server: str, patient: Resident) -> None:
    """Software asks for it with `purpose_of_use`; the reason still comes with each request."""
    software = Software(server, scope="system/*.cruds user/*.cruds", acts=True)
    doctor, rpps = a_doctor_of(software)
    held = software.token("user/*.rs", extensions=acting_for(rpps, purpose_of_use=["ETREAT"]))

    def ask(**headers: str) -> httpx2.Response:
        return httpx2.get(
            f"{server}/fhir/DocumentReference", params=documents(patient), headers=bearer(held, **headers)
        )

    without = ask()
    assert (without.status_code, codes_of(without.json())) == (400, {"reason-required"})
    assert ask(**{"X-Carnet-Reason": quote(REASON)}).status_code == 200
    line = next(line for line in people.trail(patient) if line.action == "break-glass")
    assert (line.actor_id, line.software, line.detail) == (doctor.id, "Logiciel Épreuve", REASON)
    assert ask(**{"X-Carnet-Purpose": "care"}).status_code == 403


def test_an_end_is_an_end(server: str, patient: Resident) -> None:
    """When it is over, the next read breaks it anew, and says so again."""
    doctor = people.a_doctor()
    caller = in_emergency(server, doctor)
    caller.ids("DocumentReference", documents(patient))
    _hours_later(patient, 5)
    caller.ids("DocumentReference", documents(patient))
    assert lines(patient).count(("break-glass", "done")) == 2


@pytest.mark.parametrize("key", STRANGERS)
def test_existence_is_told_without_breaking(key: str, server: str, tokens: dict[str, str]) -> None:
    answer = Caller(server, tokens[key], EMERGENCY).get("Patient", {"identifier": identifier("nadia")})
    assert answer.json()["total"] == 1
