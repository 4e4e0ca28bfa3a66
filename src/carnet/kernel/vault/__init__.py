"""The content store: documents' bytes, checked, encrypted with their record's own key, durable before their
row.

Order of a deposit: `check`, `scan`, `put` (outside the transaction), then `register` inside it, `forget`
after a roll-back.
"""

from __future__ import annotations

from carnet.kernel.vault import antivirus
from carnet.kernel.vault.content import StoredBlob, described, forget, open, put, read, register, row_of  # noqa: A004  (vault.open)
from carnet.kernel.vault.errors import (
    Altered,
    ContentFault,
    KeyFault,
    Missing,
    Refused,
    ScannerUnavailable,
    StoreFault,
    VaultError,
)
from carnet.kernel.vault.place import configure, here
from carnet.kernel.vault.sniff import ACCEPTED, check, guess

__all__ = [
    "ACCEPTED",
    "Altered",
    "ContentFault",
    "KeyFault",
    "Missing",
    "Refused",
    "ScannerUnavailable",
    "StoreFault",
    "StoredBlob",
    "VaultError",
    "check",
    "configure",
    "derive",
    "described",
    "forget",
    "guess",
    "open",
    "prepare",
    "put",
    "read",
    "register",
    "row_of",
    "scan",
]


def scan(data: bytes | bytearray | memoryview) -> None:
    """Asks the antivirus when one is configured. Raises Refused, or ScannerUnavailable when it does not
    answer."""
    address = here().config.clamd
    if address:
        antivirus.scan(data, address)


def derive(purpose: str) -> bytes:
    """A secret of 32 bytes for one purpose, the same on every machine and after every rotation. Needs no
    database."""
    return here().keeper.derive(purpose)


def prepare() -> None:
    """After the migrations: makes the master key of a new installation, and ties this database to its keys."""
    here().data_keys.prepare()
