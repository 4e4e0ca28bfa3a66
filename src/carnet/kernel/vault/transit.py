"""Master keys kept by Vault or OpenBao: the transit engine wraps and unwraps, and the keys never leave it.

Two keys of the engine: NAME (AES-256-GCM, rotated freely) wraps the data keys; NAME-derive (any type;
HMAC) gives the derived secrets, always with its first version. Transit API: encrypt, decrypt, hmac, keys.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import urlsplit

import httpx2

from carnet.kernel.vault.crypto import hkdf
from carnet.kernel.vault.errors import KeyFault

_TIMEOUT = httpx2.Timeout(5.0, connect=3.0)


class TransitKeys:
    def __init__(self, url: str, token: str) -> None:
        """`url` is https://host:8200/MOUNT/NAME, for instance https://vault.example:8200/transit/carnet."""
        parts = urlsplit(url)
        mount, _, self._name = parts.path.strip("/").rpartition("/")
        if parts.scheme not in {"http", "https"} or not parts.netloc or not mount or not self._name:
            raise KeyFault("CARNET_KEY_VAULT_URL : adresse attendue de la forme https://hôte:8200/transit/NOM.")
        self._client = httpx2.Client(
            base_url=f"{parts.scheme}://{parts.netloc}/v1/{mount}/",
            headers={"X-Vault-Token": token, "X-Vault-Request": "true"},
            timeout=_TIMEOUT,
            trust_env=False,
        )

    def wrap(self, key: bytes, context: bytes) -> tuple[bytes, str]:
        answer = self._call(
            "POST", f"encrypt/{self._name}", {"plaintext": _text(key), "associated_data": _text(context)}
        )
        ciphertext = str(answer["ciphertext"])
        return ciphertext.encode(), self._named(ciphertext.split(":")[1])

    def unwrap(self, wrapped: bytes, master_id: str, context: bytes) -> bytes:
        body = {"ciphertext": wrapped.decode("ascii", "replace"), "associated_data": _text(context)}
        return b64decode(self._call("POST", f"decrypt/{self._name}", body)["plaintext"])

    def current(self) -> str:
        return self._named(f"v{self._call('GET', f'keys/{self._name}')['latest_version']}")

    def derive(self, purpose: str) -> bytes:
        body = {"input": _text(b"carnet derived|" + purpose.encode()), "key_version": 1}
        answer = self._call("POST", f"hmac/{self._name}-derive/sha2-256", body)
        return hkdf(str(answer["hmac"]).encode(), salt=b"", info=b"carnet derived|" + purpose.encode())

    def close(self) -> None:
        self._client.close()

    def _named(self, version: str) -> str:
        return f"transit:{self._name}:{version}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, json=body)
        except httpx2.HTTPError as error:
            raise KeyFault(
                f"Le coffre de clés (CARNET_KEY_VAULT_URL) ne répond pas : {type(error).__name__}."
            ) from None
        if answer.status_code != httpx2.codes.OK:
            raise KeyFault(f"Le coffre de clés (CARNET_KEY_VAULT_URL) refuse {path} : réponse {answer.status_code}.")
        try:
            return dict(answer.json()["data"])
        except (ValueError, KeyError, TypeError):
            raise KeyFault("Le coffre de clés (CARNET_KEY_VAULT_URL) donne une réponse inattendue.") from None


def _text(data: bytes) -> str:
    return b64encode(data).decode()
