"""Master keys: they wrap the records' data keys, and never touch content. Kept in a file, or in
Vault/OpenBao (`transit.py`)."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carnet.kernel import durable
from carnet.kernel.vault.crypto import KEY_BYTES, hkdf
from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.folder import make_folder

_NONCE = 12


class KeyKeeper(Protocol):
    def wrap(self, key: bytes, context: bytes) -> tuple[bytes, str]:
        """The wrapped key, and the name of the master key that did it."""

    def unwrap(self, wrapped: bytes, master_id: str, context: bytes) -> bytes: ...

    def current(self) -> str:
        """The name of the master key that wraps from now on."""

    def derive(self, purpose: str) -> bytes:
        """A secret of 32 bytes for one purpose; the same after every rotation."""


@dataclass(frozen=True)
class FileKeys:
    """The file: one base64 key of 32 bytes a line, the oldest first; empty lines and lines that begin with #
    do not count.

    The last line wraps, every line unwraps, and the first one also gives the derived secrets: it never
    leaves the file.
    """

    keys: tuple[bytes, ...]

    @classmethod
    def load(cls, path: Path, *, may_create: Callable[[], bool]) -> FileKeys:
        """`may_create` tells whether nothing encrypted exists yet; otherwise a missing file is a fault,
        never a new key."""
        if not path.exists():
            if not may_create():
                raise KeyFault(
                    f"Le fichier de la clé maîtresse manque ({path}) alors que des contenus chiffrés existent : "
                    "remettez la clé depuis sa copie. Aucune clé nouvelle n'est créée, elle n'ouvrirait rien."
                )
            _create(path, [os.urandom(KEY_BYTES)])
        _refuse_loose(path)
        return cls(tuple(_parse(path)))

    def wrap(self, key: bytes, context: bytes) -> tuple[bytes, str]:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.keys[-1]).encrypt(nonce, key, context), self.current()

    def unwrap(self, wrapped: bytes, master_id: str, context: bytes) -> bytes:
        for key in self.keys:
            if master_name(key) == master_id:
                return _unwrap(key, wrapped, context)
        raise KeyFault(f"La clé maîtresse {master_id} n'est pas dans le fichier des clés : remettez sa ligne.")

    def current(self) -> str:
        return master_name(self.keys[-1])

    def derive(self, purpose: str) -> bytes:
        return hkdf(self.keys[0], salt=b"", info=b"carnet derived|" + purpose.encode())


def master_name(key: bytes) -> str:
    return "file:" + hkdf(key, salt=b"", info=b"carnet master key name", length=8).hex()


def add_key(path: Path) -> str:
    """A new master key as the last line; the name of the key that wraps from now on."""
    _refuse_loose(path)
    keys = [*_parse(path), os.urandom(KEY_BYTES)]
    _replace(path, keys)
    return master_name(keys[-1])


def _unwrap(key: bytes, wrapped: bytes, context: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], context)
    except (InvalidTag, ValueError):
        raise KeyFault("Une clé de dossier ne s'ouvre pas : elle a été altérée dans la base.") from None


def _parse(path: Path) -> list[bytes]:
    lines = [line.strip() for line in path.read_text(encoding="ascii", errors="replace").splitlines()]
    keys = [_key(line, path) for line in lines if line and not line.startswith("#")]
    if not keys:
        raise KeyFault(f"Le fichier de la clé maîtresse est vide ({path}).")
    return keys


def _key(line: str, path: Path) -> bytes:
    try:
        key = b64decode(line, validate=True)
    except (Base64Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFault(
            f"Le fichier de la clé maîtresse ({path}) doit contenir des clés de 32 octets en base64, une par ligne."
        )
    return key


def _refuse_loose(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise KeyFault(f"Le fichier de la clé maîtresse ne peut pas être lu ({path}) : {reason}.") from None
    if mode & 0o077:
        raise KeyFault(
            f"Le fichier de la clé maîtresse est lisible par d'autres ({path}, droits {mode & 0o777:o}) : "
            "corrigez par chmod 600, et remplacez la clé si quelqu'un a pu la lire."
        )


def _create(path: Path, keys: list[bytes]) -> None:
    """Two processes may start at once: the first key that is linked under the name is the one, for both."""
    draft = _draft(path, keys)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    durable.sync(path.parent)


def _replace(path: Path, keys: list[bytes]) -> None:
    _draft(path, keys).rename(path)
    durable.sync(path.parent)


def _draft(path: Path, keys: list[bytes]) -> Path:
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    durable.write_private(draft, b"".join(b64encode(key) + b"\n" for key in keys))
    return draft
