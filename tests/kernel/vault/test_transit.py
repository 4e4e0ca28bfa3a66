"""Master keys in a Vault or OpenBao: against a small server that speaks the documented transit API over real
HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.transit import TransitKeys

TOKEN = "a token of the test"


class Transit(BaseHTTPRequestHandler):
    """POST encrypt, decrypt and hmac, GET keys, as the transit engine documents them."""

    versions: ClassVar[list[bytes]] = []
    derive: ClassVar[bytes] = os.urandom(32)

    def do_GET(self) -> None:
        self._answer({"latest_version": len(self.versions), "type": "aes256-gcm96"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-Vault-Token"] != TOKEN:
            return self._refuse(403)
        actions = {
            "/v1/transit/encrypt/carnet": self._encrypt,
            "/v1/transit/decrypt/carnet": self._decrypt,
            "/v1/transit/hmac/carnet-derive/sha2-256": self._hmac,
        }
        if self.path not in actions:
            return self._refuse(404)
        return actions[self.path](body)

    def _encrypt(self, body: dict[str, Any]) -> None:
        nonce = os.urandom(12)
        sealed = AESGCM(self.versions[-1]).encrypt(
            nonce, b64decode(body["plaintext"]), b64decode(body["associated_data"])
        )
        self._answer({"ciphertext": f"vault:v{len(self.versions)}:{b64encode(nonce + sealed).decode()}"})

    def _decrypt(self, body: dict[str, Any]) -> None:
        _, version, text = body["ciphertext"].split(":")
        sealed = b64decode(text)
        try:
            plain = AESGCM(self.versions[int(version[1:]) - 1]).decrypt(
                sealed[:12], sealed[12:], b64decode(body["associated_data"])
            )
        except InvalidTag:
            return self._refuse(400)
        return self._answer({"plaintext": b64encode(plain).decode()})

    def _hmac(self, body: dict[str, Any]) -> None:
        digest = hmac.digest(self.derive, b64decode(body["input"]), hashlib.sha256)
        self._answer({"hmac": f"vault:v{body['key_version']}:{b64encode(digest).decode()}"})

    def _answer(self, data: dict[str, Any]) -> None:
        self._send(200, json.dumps({"request_id": "x", "data": data}).encode())

    def _refuse(self, status: int) -> None:
        self._send(status, b'{"errors": ["refused"]}')

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Transit.versions[:] = [os.urandom(32)]
    with ThreadingHTTPServer(("127.0.0.1", 0), Transit) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/transit/carnet"
        server.shutdown()
        thread.join()


@pytest.fixture
def keys(url: str) -> Iterator[TransitKeys]:
    keys = TransitKeys(url, TOKEN)
    yield keys
    keys.close()


def test_wrap_and_unwrap(keys: TransitKeys) -> None:
    wrapped, master = keys.wrap(b"k" * 32, b"scope")
    assert master == "transit:carnet:v1" == keys.current()
    assert keys.unwrap(wrapped, master, b"scope") == b"k" * 32
    with pytest.raises(KeyFault, match="400"):
        keys.unwrap(wrapped, master, b"another")


def test_rotation(keys: TransitKeys) -> None:
    wrapped, old = keys.wrap(b"k" * 32, b"scope")
    derived = keys.derive("locator")
    Transit.versions.append(os.urandom(32))
    assert keys.current() == "transit:carnet:v2" == keys.wrap(b"k" * 32, b"scope")[1]
    assert keys.unwrap(wrapped, old, b"scope") == b"k" * 32
    assert keys.derive("locator") == derived != keys.derive("cookies")
    assert len(derived) == 32


def test_a_wrong_token_is_said_without_showing_it(url: str) -> None:
    keys = TransitKeys(url, "wrong token")
    with pytest.raises(KeyFault, match="403") as caught:
        keys.wrap(b"k" * 32, b"scope")
    assert "token" not in str(caught.value)
    keys.close()


def test_a_key_that_the_engine_does_not_have(url: str) -> None:
    keys = TransitKeys(f"{url}-other", TOKEN)
    with pytest.raises(KeyFault, match="404"):
        keys.wrap(b"k" * 32, b"scope")
    keys.close()


def test_unreachable() -> None:
    keys = TransitKeys("http://127.0.0.1:1/transit/carnet", TOKEN)
    with pytest.raises(KeyFault, match="ne répond pas"):
        keys.derive("locator")
    keys.close()


@pytest.mark.parametrize("url", ["https://host", "https://host/transit", "ftp://host/transit/carnet", "host"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(KeyFault, match="CARNET_KEY_VAULT_URL"):
        TransitKeys(url, TOKEN)
