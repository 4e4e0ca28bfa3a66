"""An authenticator in a few lines: makes a key and signs with it, well or, when a test asks, badly."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, COPYABLE, COPIED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def packed(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """`origin` and `rp_id` are where it believes to be."""

    origin: str
    rp_id: str = "localhost"
    count: int = 0
    flags: int = PRESENT | VERIFIED
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(24))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def makes(self, asked: dict[str, Any]) -> str:
        self.handle = unpacked(asked["user"]["id"])
        at = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(cose)
        data = self._data(self.flags | ATTESTED) + attested
        return self._said(
            {
                "clientDataJSON": packed(self._client_data("webauthn.create", asked["challenge"])),
                "attestationObject": packed(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
            }
        )

    def signs(self, asked: dict[str, Any]) -> str:
        self.count += 1
        data, client = self._data(self.flags), self._client_data("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._said(
            {
                "clientDataJSON": packed(client),
                "authenticatorData": packed(data),
                "signature": packed(signature),
                "userHandle": packed(self.handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _said(self, response: dict[str, str]) -> str:
        name = packed(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
