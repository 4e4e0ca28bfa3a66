"""What a backup folder holds. A folder without a manifest, or that differs from it, is no backup."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from carnet.kernel import durable
from carnet.kernel.backup.errors import BackupError
from carnet.kernel.erasing import journal

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
LISTING = "contents.tsv"
CONTENTS = "contents"
KEYS = "keys"
MASTER = "master.key"
SEALS = "seals.log"
ERASURES = journal.NAME

_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Routine:
    """A function that does not belong to the database's owner. Among those who may execute it, `owner`
    stands for the database's owner, whatever it is called, and `public` for everybody."""

    identity: str
    owner: str
    executed_by: list[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: path → sha256, less the contents, which `contents.tsv` lists (name, sha256 of the encrypted
    file).

    `lacking`: contents that the database names and the store did not have, or had altered, when the
    backup was made. `canary`: the wrapped secret (hexadecimal) and the name of its master key that tell
    whether keys are those of this database.
    """

    made_at: str
    server: int
    with_keys: bool
    contents: int
    files: dict[str, str]
    routines: list[Routine] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    canary: list[str] = field(default_factory=list)
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    draft = folder / f".{NAME}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / NAME)
    durable.sync(folder)


def read(folder: Path) -> Manifest:
    try:
        facts: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        routines = [Routine(**routine) for routine in facts.pop("routines")]
        manifest = Manifest(**facts, routines=routines)
    except FileNotFoundError:
        raise BackupError(f"{folder} n'est pas une sauvegarde complète : {NAME} manque.") from None
    except (ValueError, TypeError, KeyError):
        raise BackupError(f"Le fichier {NAME} de la sauvegarde est illisible.") from None
    if manifest.format != FORMAT:
        raise BackupError(f"Cette sauvegarde est d'un format ({manifest.format}) que cette version ne lit pas.")
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Every byte of the backup, before anything is restored. Needs no key."""
    for path, expected in manifest.files.items():
        _verify_one(folder / path, expected)
    lacking = set(manifest.lacking)
    for name, expected in listed(folder):
        if name not in lacking:
            _verify_one(folder / CONTENTS / name, expected)


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """(name in the store, sha256 of the encrypted file) of each content."""
    with (folder / LISTING).open(encoding="ascii") as file:
        for line in file:
            name, _, digest = line.rstrip("\n").partition("\t")
            yield name, digest


def parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_READ):
            yield part


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for part in parts(path):
        digest.update(part)
    return digest.hexdigest()


def _verify_one(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except OSError:
        raise BackupError(f"La sauvegarde est incomplète : {path.name} manque ou ne se lit pas.") from None
    if found != expected:
        raise BackupError(f"La sauvegarde est altérée : {path.name} n'est plus ce qu'il était.")
