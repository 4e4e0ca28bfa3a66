"""A program that calls the FHIR face, and what every refusal must be."""

from __future__ import annotations

import atexit
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson

from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.people.actions import issue_token
from carnet.people.scopes import full
from tests.cast import TEST_OID
from tests.people import Resident

JSON = dict[str, Any]
Query = dict[str, Any] | list[tuple[str, Any]]
FHIR = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"
_USUAL = {
    ActorKind.PERSON: Purpose.SELF,
    ActorKind.PROFESSIONAL: Purpose.CARE,
    ActorKind.CLIENT: Purpose.DEPOSIT,
    ActorKind.OPERATOR: Purpose.SUPPORT,
}
# One for all: connections are kept between requests, and closed once.
_CONNECTIONS = httpx2.Client(timeout=120)
atexit.register(_CONNECTIONS.close)


@dataclass(frozen=True)
class Caller:
    """`headers` go with every request."""

    server: str
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, server: str, actor: Actor, purpose: Purpose | None = None) -> Caller:
        return cls(
            server,
            issue_token(
                actor_id=actor.id,
                purpose=purpose or _USUAL[actor.kind],
                scope=full(actor.kind),
                regulates=actor.regulates,
            ),
        )

    def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> httpx2.Response:
        """`path` is relative to the base of FHIR, or an address of it."""
        address = path if path.startswith("http") else f"{self.server}/fhir/{path}".rstrip("/")
        mine = {"Authorization": f"Bearer {self.token}", **self.headers, **(headers or {})}
        return _CONNECTIONS.request(method, address, headers=mine, **options)

    def get(self, path: str, query: Query | None = None, **headers: str) -> httpx2.Response:
        return self.send("GET", path, params=query, headers=headers)

    def post(self, path: str, body: bytes | JSON, media_type: str = FHIR, **headers: str) -> httpx2.Response:
        return self.send("POST", path, content=_bytes(body), headers={"Content-Type": media_type, **headers})

    def patch(
        self, path: str, body: Any, media_type: str = "application/json-patch+json", **headers: str
    ) -> httpx2.Response:
        return self.send("PATCH", path, content=_bytes(body), headers={"Content-Type": media_type, **headers})

    def found(self, resource: str, query: Query | None = None) -> JSON:
        """The searchset, after it has been seen to be one."""
        answer = self.get(resource, query)
        assert answer.status_code == 200, answer.text
        bundle: JSON = answer.json()
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "searchset")
        return bundle

    def ids(self, resource: str, query: Query | None = None) -> set[str]:
        """What is found, which is what is counted."""
        bundle = self.found(resource, query)
        found = [entry["resource"]["id"] for entry in bundle.get("entry", ())]
        assert len(set(found)) == len(found)
        assert bundle["total"] == len(found), "nothing is counted that is not shown"
        return set(found)


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body)


def token(patient: Resident) -> str:
    return f"urn:oid:{TEST_OID}|{patient.ins}"


def refused(answer: httpx2.Response, status: int, *codes: str) -> JSON:
    """An OperationOutcome that says what is wrong and how to mend it; `codes` are all that it names."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    return explained(answer, *codes)


def explained(answer: httpx2.Response, *codes: str) -> JSON:
    """The same, whatever the status of the error."""
    assert answer.status_code >= 400, answer.text[:500]
    assert answer.headers["Content-Type"].split(";")[0] == FHIR, answer.headers
    outcome: JSON = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"], "an error names at least one problem"
    assert any(issue["severity"] in {"error", "fatal"} for issue in outcome["issue"])
    for issue in outcome["issue"]:
        assert issue["code"]
        assert issue["diagnostics"].strip(), issue
        assert issue["details"]["text"].strip(), issue
    if codes:
        assert codes_of(outcome) == set(codes), outcome
    return outcome


def codes_of(outcome: JSON) -> set[str]:
    return {issue["details"]["coding"][0]["code"] for issue in outcome["issue"]}
