"""Few bytes of health content in a table that is under no second lock: encrypted for one row and one use."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from carnet.kernel import vault
from carnet.kernel.vault import crypto


def seal(use: str, row_id: UUID, value: dict[str, Any]) -> bytes:
    return b"".join(crypto.encrypt(vault.derive(use), row_id.bytes, [orjson.dumps(value)]))


def unseal(use: str, row_id: UUID, sealed: bytes) -> dict[str, Any]:
    opened: dict[str, Any] = orjson.loads(b"".join(crypto.decrypt(vault.derive(use), row_id.bytes, [sealed])))
    return opened
