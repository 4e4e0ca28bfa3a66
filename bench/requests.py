"""The requests of each scenario: a list of 20, the opening of a letter of 50 kB, its deposit in both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final
from uuid import UUID

from bench.bodies import SYSTEM, filled, provided, simplified
from carnet.kernel.ids import fhir_id

SCENARIOS: Final = ("list", "open", "simplified", "provide")
"""`simplified` deposits by ITI-105, `provide` by ITI-65."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    token: str
    accept: str = "application/fhir+json"
    body: bytes = b""

    def raw(self, host: str) -> bytes:
        """As it goes over a connection that stays open."""
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Accept: {self.accept}\r\n"
        )
        if self.body:
            head += f"Content-Type: application/fhir+json\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Target:
    """A record of the pool: its INS, the token of who reads it, its letter, and a letter to deposit, whose uniqueId is
    left open."""

    record_id: UUID
    ins: str
    token: str
    letter: UUID
    blank: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What the driver is to do. `first` numbers the deposits: no number is used twice; `most` bounds how many are
    prepared."""

    scenario: str
    port: int
    clients: int
    seconds: float
    targets: tuple[Target, ...]
    depositor: str
    first: int
    most: int


def prepared(load: Load) -> Iterator[bytes] | list[bytes]:
    """Bytes ready to be sent: endless where asking again asks the same, else each made before the clock starts."""
    host = f"localhost:{load.port}"
    if load.scenario in {"list", "open"}:
        return cycle([request(load.scenario, each, each.token, 0).raw(host) for each in load.targets])
    numbered = enumerate(islice(cycle(load.targets), load.most), load.first)
    return [request(load.scenario, each, load.depositor, number).raw(host) for number, each in numbered]


def request(scenario: str, target: Target, token: str, number: int) -> Request:
    match scenario:
        case "list":
            path = f"/fhir/DocumentReference?patient.identifier={SYSTEM}%7C{target.ins}&status=current&_count=20"
            return Request("GET", path, token)
        case "open":
            return Request("GET", f"/fhir/Binary/{fhir_id(target.record_id, target.letter)}", token, "text/xml")
        case "simplified":
            content, unique = filled(target.blank, number)
            return Request("POST", "/fhir/DocumentReference", token, body=simplified(target.ins, content, unique))
        case _:
            content, unique = filled(target.blank, number)
            return Request("POST", "/fhir", token, body=provided(target.ins, content, unique))
