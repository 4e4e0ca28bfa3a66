"""Software as an integrator writes it: a key of its own, an assertion, a request for a token."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx2
from joserfc import jwk, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from carnet.kernel import jwk as public_keys
from carnet.kernel.actor import Actor
from carnet.people import actions, client_queries, clients
from tests import people

Key = RSAKey | ECKey | OKPKey
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@cache
def key_for(algorithm: str) -> Key:
    """One of each kind is enough; each registration names it anew."""
    if algorithm in {"ES256", "ES384"}:
        return jwk.ECKey.generate_key({"ES256": "P-256", "ES384": "P-384"}[algorithm])
    if algorithm == "Ed25519":
        return jwk.OKPKey.generate_key("Ed25519")
    return jwk.RSAKey.generate_key(2048)


def public(key: Key, **members: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), **members}


@dataclass
class Software:
    """A client of a new organisation, with one key."""

    base: str
    scope: str = "system/*.cruds"
    acts: bool = False
    algorithm: str = "ES384"
    kid: str = "first"
    name: str = field(default_factory=lambda: f"logiciel-{uuid4().hex[:12]}")
    organisation: str = field(default_factory=lambda: f"1{uuid4().int % 10**9:09d}")
    house: UUID = field(default_factory=uuid4)
    id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        actions.add_organisation(organisation_id=self.house, identifier=self.organisation, name="Clinique de l'Essai")
        actions.add_client(
            actor_id=self.id,
            key=self.name,
            name="Logiciel Épreuve",
            organisation_id=self.house,
            acts_for_professionals=self.acts,
            scope=self.scope,
        )
        self.add_key(self.kid)

    @property
    def endpoint(self) -> str:
        return f"{self.base}/oauth/token"

    @property
    def key(self) -> Key:
        return key_for(self.algorithm)

    def add_key(self, kid: str, **members: Any) -> None:
        clients.add_key(client_id=self.id, key=public_keys.read(json.dumps(public(self.key, kid=kid))), **members)

    def registered(self) -> client_queries.RegisteredClient:
        found = client_queries.client_by_key(self.name)
        assert found
        return found

    def assertion(
        self,
        *,
        header: dict[str, Any] | None = None,
        key: Any = None,
        drop: tuple[str, ...] = (),
        **claims: Any,
    ) -> str:
        """A good one, but for what is said."""
        now = int(time.time())
        said = {
            "iss": self.name,
            "sub": self.name,
            "aud": self.endpoint,
            "iat": now,
            "exp": now + 240,
            "jti": uuid4().hex,
            **claims,
        }
        head = {"alg": self.algorithm, "kid": self.kid, **(header or {})}
        kept = {name: value for name, value in said.items() if name not in drop}
        return jwt.encode(head, kept, key or self.key, algorithms=[head["alg"]])

    def ask(self, scope: str | None = None, *, assertion: str | None = None, **claims: Any) -> httpx2.Response:
        form = {"grant_type": "client_credentials", **self.proof(assertion or self.assertion(**claims))}
        return httpx2.post(self.endpoint, data=form | ({"scope": scope} if scope is not None else {}))

    def token(self, scope: str | None = None, **claims: Any) -> str:
        answer = self.ask(scope, **claims)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def proof(self, assertion: str | None = None) -> dict[str, str]:
        return {"client_assertion_type": TYPE, "client_assertion": assertion or self.assertion()}

    def post(self, address: str, **form: str) -> httpx2.Response:
        return httpx2.post(f"{self.base}/oauth/{address}", data=self.proof() | form)


def acting_for(rpps: str, **stated: Any) -> dict[str, Any]:
    """The claim with which software names a professional, in the form of UDAP."""
    return {"hl7-b2b": {"version": "1", "subject_id": f"8{rpps}", "subject_name": "Dr Essai", **stated}}


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **headers}


def a_doctor_of(software: Software) -> tuple[Actor, str]:
    """A doctor of the software's organisation, with their RPPS."""
    doctor = people.a_doctor(organisation_id=software.house)
    return doctor, people.rpps_of(doctor)
