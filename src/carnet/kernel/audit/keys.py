"""The key that signs seals. It is never in the database: who can change rows cannot sign."""

from __future__ import annotations

import fcntl
import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from carnet.kernel import durable

_PRIVATE = "seal.key"
_PUBLIC = "seal.pub"


class KeyFault(Exception):
    """The key file cannot be used; the message is French and for an operator."""


class SealingKey:
    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key()
        self.id = key_id(self.public)

    def sign(self, statement: bytes) -> bytes:
        return self._private.sign(statement)


def key_id(public: Ed25519PublicKey) -> str:
    return sha256(public.public_bytes_raw()).hexdigest()[:16]


def sealing_key(folder: Path) -> SealingKey:
    """The key of this folder, made at first need. One maker at a time; the public part is durable first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / _PRIVATE
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _make(folder, path)
            os.fsync(lock)
    finally:
        os.close(lock)
    return _read(path)


def _make(folder: Path, path: Path) -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    with (folder / _PUBLIC).open("a", encoding="ascii") as trusted:
        trusted.write(f"{key_id(public)} {public.public_bytes_raw().hex()}\n")
        trusted.flush()
        os.fsync(trusted.fileno())
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    durable.write_private(fresh, private.private_bytes_raw().hex().encode() + b"\n")
    fresh.rename(path)


def _read(path: Path) -> SealingKey:
    if path.stat().st_mode & 0o077:
        raise KeyFault(f"La clé {path.name} est lisible par d'autres : chmod 600 {path}")
    try:
        return SealingKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii"))))
    except ValueError as error:
        raise KeyFault(f"Le fichier {path} n'est pas une clé de scellement.") from error


def trusted_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """Every public key that has ever signed here, by its id; an id that is not its key's own is ignored."""
    keys = {}
    if path.exists():
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            public = _public(line)
            if public is not None:
                keys[key_id(public)] = public
    return keys


def _public(line: str) -> Ed25519PublicKey | None:
    try:
        name, content = line.split()
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(content))
    except ValueError:
        return None
    return public if key_id(public) == name else None


def trusted_file(folder: Path) -> Path:
    return folder / _PUBLIC


def signed_by(public: Ed25519PublicKey, signature: bytes, statement: bytes) -> bool:
    try:
        public.verify(signature, statement)
    except InvalidSignature:
        return False
    return True
