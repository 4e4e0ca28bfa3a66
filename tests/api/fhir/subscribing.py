"""A practice whose software lets itself be told of changes, and what others do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from carnet.apps import receivers, sending
from carnet.documents import changing
from carnet.documents.submission import Deposited
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.kernel.ids import from_fhir_id
from tests import people
from tests.api.caller import Caller, token
from tests.api.fhir.receiver import Receiver
from tests.api.oauth.software import Software, acting_for
from tests.people import Resident

JSON = dict[str, Any]
GUIDE = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
SCOPE = "user/*.cruds system/*.cruds"


def subscription_for(patient: Resident, at: str, topic: str = "documents", **channel: Any) -> JSON:
    resource = {"documents": "DocumentReference?patient.identifier=", "entries": "Patient?identifier="}[topic]
    return {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Prévenir le cabinet",
        "criteria": f"urn:carnet:fhir:topic:{topic}",
        "_criteria": {
            "extension": [{"url": f"{GUIDE}backport-filter-criteria", "valueString": resource + token(patient)}]
        },
        "channel": {
            "type": "rest-hook",
            "endpoint": at,
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": f"{GUIDE}backport-payload-content", "valueCode": "id-only"}]},
            **channel,
        },
    }


@dataclass
class Practice:
    """A doctor whose software listens."""

    receiver: Receiver
    software: Software
    doctor: Actor
    rpps: str
    patient: Resident = field(default_factory=people.a_patient)
    own: bool = False
    """Whether the software listens for itself."""

    def __post_init__(self) -> None:
        people.authorised(self.patient, self.doctor)
        receivers.add(client_id=self.software.id, address=self.receiver.address)

    @property
    def caller(self) -> Caller:
        named = {} if self.own else acting_for(self.rpps)
        token = self.software.token(extensions=named) if named else self.software.token()
        return Caller(self.software.base, token)

    def asked(self, topic: str = "documents", **channel: Any) -> JSON:
        return subscription_for(self.patient, self.receiver.address, topic, **channel)

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


def content(code: str) -> JSON:
    return {"extension": [{"url": f"{GUIDE}backport-payload-content", "valueCode": code}]}


def show(patient: Resident, reference: str, *, hide: bool = False) -> None:
    """By the holder."""
    pair = from_fhir_id(reference.partition("/")[2])
    assert pair
    changing.set_label(patient.actor, Purpose.SELF, record_id=pair[0], document_id=pair[1], label="MASQUE_PS", on=hide)


def woken(subscription: str) -> None:
    pair = from_fhir_id(subscription)
    assert pair
    with transaction.atomic(using=WRITER):
        sending.wake(*pair)


def told(receiver: Receiver) -> list[tuple[str, str]]:
    found = [pair for each in receiver.taken for pair in zip(each.methods, each.events, strict=False)]
    return [(method, focus) for method, (_, focus) in found]


def ref(deposited: Deposited) -> str:
    return f"DocumentReference/{deposited.fhir_id}"
