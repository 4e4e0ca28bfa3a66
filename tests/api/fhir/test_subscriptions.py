"""Software is told of the changes that it may know of, by whoever it acts for, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from carnet.apps import receivers
from carnet.consent import actions as consent
from carnet.documents import changing
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import from_fhir_id
from tests import people
from tests.api.caller import Caller, token
from tests.api.fhir.receiver import Receiver, receiving, settled
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.people import Resident

JSON = dict[str, Any]
GUIDE = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
SCOPE = "user/*.cruds system/*.cruds"


@dataclass
class Practice:
    """A doctor whose software listens."""

    receiver: Receiver
    software: Software
    doctor: Actor
    rpps: str
    patient: Resident = field(default_factory=people.a_patient)

    def __post_init__(self) -> None:
        people.authorised(self.patient, self.doctor)
        receivers.add(client_id=self.software.id, address=self.receiver.address)

    @property
    def caller(self) -> Caller:
        return Caller(self.software.base, self.software.token(extensions=acting_for(self.rpps)))

    def asked(self, topic: str = "documents", **channel: Any) -> JSON:
        resource = {"documents": "DocumentReference?patient.identifier=", "entries": "Patient?identifier="}[topic]
        return {
            "resourceType": "Subscription",
            "status": "requested",
            "reason": "Prévenir le cabinet",
            "criteria": f"urn:carnet:fhir:topic:{topic}",
            "_criteria": {
                "extension": [
                    {"url": f"{GUIDE}backport-filter-criteria", "valueString": resource + token(self.patient)}
                ]
            },
            "channel": {
                "type": "rest-hook",
                "endpoint": self.receiver.address,
                "payload": "application/fhir+json",
                "_payload": {"extension": [{"url": f"{GUIDE}backport-payload-content", "valueCode": "id-only"}]},
                **channel,
            },
        }

    def subscribe(self, topic: str = "documents", **channel: Any) -> str:
        """Its id, once the receiver has answered the handshake."""
        answer = self.caller.post("Subscription", self.asked(topic, **channel))
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["status"] in {"requested", "active"}
        assert answer.headers["Location"].endswith(f"/Subscription/{made['id']}")
        self.wait(made["id"], "active")
        return str(made["id"])

    def wait(self, subscription: str, status: str) -> None:
        self.receiver.wait(lambda: self.caller.get(f"Subscription/{subscription}").json()["status"] == status)

    def deposited(self, **options: Any) -> str:
        done = people.deposited(people.software(), self.patient, of=people.entry(**options))
        return f"DocumentReference/{done.fhir_id}"


@pytest.fixture
def practice(server: str) -> Iterator[Practice]:
    software = Software(server, SCOPE, acts=True)
    doctor, rpps = a_doctor_of(software)
    with receiving(server) as receiver:
        yield Practice(receiver, software, doctor, rpps)


def test_it_is_told_what_it_may_see_and_nothing_once_the_right_has_ended(practice: Practice) -> None:
    subscription, receiver = practice.subscribe(), practice.receiver
    assert [each.kind for each in receiver.taken] == ["handshake"]
    first = practice.deposited()
    receiver.wait(lambda: receiver.events() == [(1, first)])
    told = receiver.taken[-1]
    assert (told.kind, told.value("status"), told.methods) == ("event-notification", "active", ["POST"])
    assert [set(each) for each in told.bundle["entry"][1:]] == [{"fullUrl", "request", "response"}], "no content"

    hidden = practice.deposited(labels=frozenset({"MASQUE_PS"}))
    second = practice.deposited()
    receiver.wait(lambda: receiver.events() == [(1, first), (2, second)])
    show(practice.patient, hidden)
    receiver.wait(lambda: receiver.events()[2:] == [(3, hidden)])
    assert receiver.taken[-1].methods == ["POST"], "what was hidden is new to them"
    show(practice.patient, second, hide=True)
    settled(subscription)
    assert len(receiver.events()) == 3, "nobody is told of a restriction"

    status = practice.caller.get(f"Subscription/{subscription}/$status").json()
    assert "3" in str(status["entry"][0]["resource"]["parameter"])
    again = practice.caller.get(f"Subscription/{subscription}/$events", {"eventsSinceNumber": "2"}).json()
    parts = [
        each["part"] for each in again["entry"][0]["resource"]["parameter"] if each["name"] == "notification-event"
    ]
    assert [part[0]["valueString"] for part in parts] == ["2", "3"]
    assert [len(part) for part in parts] == [2, 3], "what is hidden by now is a number alone"

    consent.withdraw(
        practice.patient.actor, Purpose.SELF, record_id=practice.patient.record_id, professional_id=practice.doctor.id
    )
    practice.deposited()
    settled(subscription)
    assert len(receiver.events()) == 3
    again = practice.caller.get(f"Subscription/{subscription}/$events").json()
    assert "focus" not in str(again)
    assert practice.caller.get(f"Subscription/{subscription}").json()["status"] == "active", "nothing shows"
    people.authorised(practice.patient, practice.doctor)
    later = practice.deposited()
    receiver.wait(lambda: receiver.events()[3:] == [(4, later)])


def show(patient: Resident, reference: str, *, hide: bool = False) -> None:
    """By the holder."""
    pair = from_fhir_id(reference.partition("/")[2])
    assert pair
    changing.set_label(patient.actor, Purpose.SELF, record_id=pair[0], document_id=pair[1], label="MASQUE_PS", on=hide)
