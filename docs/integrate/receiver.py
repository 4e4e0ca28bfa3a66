"""A receiver of notifications: python receiver.py ADDRESS FHIR-BASE HOW-MANY

It answers 204 to what Carnet has signed for this address, 400 to anything else, prints what came and ends after so
many.
Behind your own server, which speaks https, the ten lines of `received` are all there is to it."""

import json
import sys
import urllib.request
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

ADDRESS, BASE, MANY = sys.argv[1], sys.argv[2], int(sys.argv[3])
KEYS = KeySet.import_key_set(json.load(urllib.request.urlopen(f"{BASE}/jwks.json")))  # noqa: S310
CLAIMS = jwt.JWTClaimsRegistry(aud={"essential": True, "value": ADDRESS}, exp={"essential": True})
seen = set()


def received(signature: str, body: bytes) -> list[dict[str, Any]]:
    claims = jwt.decode(signature, KEYS, algorithms=["ES256"]).claims
    CLAIMS.validate(claims)
    if claims["sha-256"] != urlsafe_b64encode(sha256(body).digest()).rstrip(b"=").decode():
        raise ValueError("another body")
    if claims["jti"] in seen:
        raise ValueError("sent again by somebody else")
    seen.add(claims["jti"])
    parameters: list[dict[str, Any]] = json.loads(body)["entry"][0]["resource"]["parameter"]
    return parameters


def told(parameters: list[dict[str, Any]]) -> None:
    """What a program does with it: here, a line for each event."""
    kind = next(each["valueCode"] for each in parameters if each["name"] == "type")
    events = [each["part"] for each in parameters if each["name"] == "notification-event"]
    for parts in events:
        part = {each["name"]: each for each in parts}
        print(kind, part["event-number"]["valueString"], part["focus"]["valueReference"]["reference"], flush=True)
    if not events:
        print(kind, flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            parameters = received(self.headers["Carnet-Signature"], body)
        except (ValueError, TypeError, KeyError) as wrong:
            self.send_error(400, type(wrong).__name__)
            return
        self.send_response(204)
        self.end_headers()
        told(parameters)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


server = HTTPServer(("127.0.0.1", urlsplit(ADDRESS).port), Receiver)
print("listening", flush=True)
for _ in range(MANY):
    server.handle_request()
