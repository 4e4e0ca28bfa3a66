"""A real OpenID provider on a free port, whose answers a test can spoil."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class TestProvider:
    """`claims` and `metadata` replace parts of the honest answers; `token` replaces the whole ID token."""

    __test__ = False

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: new_key("one"))
    published: list[ECKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    signed: Callable[[dict[str, Any]], str] | None = None
    token_status: int = 200
    nonce: str = ""
    received: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    def id_token(self) -> str:
        now = int(time.time())
        honest = {
            "iss": self.issuer,
            "aud": "carnet",
            "sub": "somebody",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
            "acr": "eidas2",
            "auth_time": now,
            "sid": "here",
        }
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def sign(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        known = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid, "typ": typ}, known, self.key)

    def logout_token(self, **changes: Any) -> str:
        honest = {
            "iss": self.issuer,
            "aud": "carnet",
            "iat": int(time.time()),
            "exp": int(time.time()) + 120,
            "jti": uuid4().hex,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            "sid": "here",
            "sub": "somebody",
        }
        return self.sign(honest | changes, "logout+jwt")

    def with_secret(self) -> str:
        """A token signed with the published key as if it were a secret."""
        secret = OctKey.import_key(json.dumps(self.key.as_dict(private=False)))
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "carnet", "sub": "x", "iat": now, "exp": now + 60, "nonce": self.nonce}
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret, algorithms=["HS256"])

    def answer(self, path: str) -> tuple[int, Any]:
        match path:
            case "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "auth", "token_endpoint": "token", "userinfo_endpoint": "who"}
                found = {name: f"{self.issuer}/{end}" for name, end in names.items()}
                return 200, {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **found, **self.metadata}
            case "/jwks":
                return 200, {"keys": [key.as_dict(private=False) for key in self.published or [self.key]]}
            case "/token" if self.token_status != HTTPStatus.OK:
                return self.token_status, {"error": "invalid_grant"}
            case "/token":
                token = self.id_token() if self.token is None else self.token
                return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}
            case "/who":
                told = {"sub": "somebody", "SubjectNameID": "810001001014"} | self.userinfo
                self.asked += 1
                return 200, self.signed(told) if self.signed else told
        return 404, {}


@contextmanager
def running() -> Iterator[TestProvider]:
    provider = TestProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*provider.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.received = dict(pair.split("=", 1) for pair in body.split("&"))
            self._send(*provider.answer(self.path))

        def _send(self, status: int, answer: Any) -> None:
            token = isinstance(answer, str)
            data = answer.encode() if token else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/jwt" if token else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
